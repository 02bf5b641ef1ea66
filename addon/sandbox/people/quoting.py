"""How mail programs quote what they answer, each in its own way: the text below a line, a block of headers, in between.

Each returns an answer's plain text and, where the program writes pages, the page.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from babel.dates import format_datetime

_WIDTH = 76


@dataclass(frozen=True)
class Original:
    """The mail that is answered, as its reader saw it; `date` is in the reader's zone."""

    name: str
    address: str
    to: str
    subject: str
    date: datetime
    text: str


@dataclass(frozen=True)
class Answer:
    """What the person typed, and the program's words in their language."""

    text: str
    signature: str
    language: str
    words: Mapping[str, Any]


def written(program: str, answer: Answer, original: Original) -> tuple[str, str]:
    """(plain text, page) of an answer; the page is empty where the program writes none."""
    return _PROGRAMS[program](answer, original)


def _gmail(answer: Answer, original: Original) -> tuple[str, str]:
    line = _line(answer, original)
    plain = f"{answer.text}\n\n{answer.signature}\n\n\n{_wrapped(line)}\n\n{_marked(original.text)}\n"
    page = (
        f'<div dir="ltr"><div>{_lines(answer.text)}</div><div><br></div><div dir="ltr" class="gmail_signature"'
        f' data-smartmail="gmail_signature">{_lines(answer.signature)}</div></div><br>'
        '<div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{_linked(line, original)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);'
        f'padding-left:1ex">{_lines(original.text)}</blockquote></div>\n'
    )
    return plain, page


def _yahoo(answer: Answer, original: Original) -> tuple[str, str]:
    line = _line(answer, original)
    plain = f"{answer.text}\n\n{answer.signature}\n\n    {line}  \n \n {_marked(original.text)}\n"
    page = (
        f'<html><body><div class="ydp1yahoo-style-wrap"><div dir="ltr">{_lines(answer.text)}</div><div><br></div>'
        f'<div>{_lines(answer.signature)}</div></div><div id="ydp2yahoo_quoted_1" class="yahoo_quoted">'
        f"<div>{_linked(line, original)}</div><div><br></div><div>{_lines(original.text)}</div></div></body></html>\n"
    )
    return plain, page


def _outlook(answer: Answer, original: Original) -> tuple[str, str]:
    head = _fields(answer, original)
    plain = f"{answer.text}\n\n{answer.signature}\n\n" + "".join(f"{name}: {value}\n" for name, value in head)
    shown = "<br>".join(f"<b>{escape(name)}:</b> {escape(value)}" for name, value in head)
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" '
        'content="text/html; charset=utf-8"></head><body lang="EN-GB"><div class="WordSection1">'
        f'{_paragraphs(answer.text)}<p class="MsoNormal">&nbsp;</p>{_paragraphs(answer.signature)}'
        '<p class="MsoNormal">&nbsp;</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm '
        f'0cm 0cm"><p class="MsoNormal">{shown}</p></div><p class="MsoNormal">&nbsp;</p>'
        f"{_paragraphs(original.text)}</div></body></html>\n"
    )
    return f"{plain}\n{original.text}\n", page


def _iphone(answer: Answer, original: Original) -> tuple[str, str]:
    """The line that introduces the quotation is itself quoted."""
    line, sent_from = _line(answer, original), str(answer.words["sent_from"])
    plain = f"{answer.text}\n\n{sent_from}\n\n{_marked(f'{line}{chr(10)}{chr(10)}{original.text}')}\n"
    page = (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{_lines(answer.text)}<br><br><div dir="ltr">{escape(sent_from)}</div>'
        f'<div dir="ltr"><br><blockquote type="cite">{_linked(line, original)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">{_lines(original.text)}</div></blockquote></body></html>\n'
    )
    return plain, page


def _samsung(answer: Answer, original: Original) -> tuple[str, str]:
    head = "".join(f"{name}: {value} \n" for name, value in _fields(answer, original))
    return (
        f"{answer.text}\n\n\n{answer.words['sent_from']}\n\n\n{answer.words['original']}\n{head}\n{original.text}\n",
        "",
    )


def _thunderbird(answer: Answer, original: Original) -> tuple[str, str]:
    """In between: the greeting above, the answer below the paragraph that asks."""
    quoted = original.text.split("\n\n")
    asking = next((place for place, one in enumerate(quoted) if "?" in one), len(quoted) - 1) + 1
    greeting, _, rest = answer.text.partition("\n\n")
    above, below = "\n\n".join(quoted[:asking]), "\n\n".join(quoted[asking:])
    plain = f"{greeting}\n\n{_line(answer, original)}\n{_marked(above)}\n\n{rest}\n\n"
    plain += f"{_marked(below)}\n\n" if below else ""
    return f"{plain}-- \n{answer.signature}\n", ""


_PROGRAMS: dict[str, Callable[[Answer, Original], tuple[str, str]]] = {
    "gmail": _gmail,
    "iphone": _iphone,
    "outlook": _outlook,
    "samsung": _samsung,
    "thunderbird": _thunderbird,
    "yahoo": _yahoo,
}


def _when(answer: Answer, original: Original) -> str:
    shown = format_datetime(
        original.date, str(answer.words["when"]), locale=answer.language, tzinfo=original.date.tzinfo
    )
    return shown.replace("\u202f", " ")


def _line(answer: Answer, original: Original) -> str:
    return str(answer.words["line"]).format(
        when=_when(answer, original), name=original.name or original.address, address=original.address
    )


def _fields(answer: Answer, original: Original) -> list[tuple[str, str]]:
    who = f"{original.name} <{original.address}>" if original.name else original.address
    values = (who, _when(answer, original), original.to, original.subject)
    return list(zip(answer.words["fields"], values, strict=True))


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False))


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() if not line.startswith(">") else f">{line}" for line in text.splitlines())


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())


def _linked(line: str, original: Original) -> str:
    address = escape(original.address)
    return escape(line).replace(address, f'<a href="mailto:{address}">{address}</a>')


def _paragraphs(text: str) -> str:
    return "".join(
        f'<p class="MsoNormal">{_lines(one)}</p><p class="MsoNormal">&nbsp;</p>' for one in re.split(r"\n{2,}", text)
    )
