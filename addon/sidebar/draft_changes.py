"""What a press makes of the mail being written, in Gmail's words (`updateDraftActionMarkup`). Pure.

Recipients and subject replace what stands in the draft; a text is put in beside what is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from addon.sidebar.widgets import Json

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def greeting(words: str) -> Json:
    """The mail's first line, and an empty one below it."""
    return {"updateBody": _body(f"{words}\n\n", "TEXT")}


def copies(everybody: Sequence[str]) -> Json:
    """Those who get a copy from now on: all of them, also who had one before."""
    return {"updateCcRecipients": {"ccRecipients": [{"email": email} for email in everybody]}}


def text(subject: str, body: str) -> Json:
    """A whole mail: its subject, where it has one, and its words before whatever is written already."""
    change: Json = {"updateBody": _body(paragraphs(body), "MUTABLE_HTML")}
    if subject:
        change["updateSubject"] = {"subject": subject}
    return change


def paragraphs(words: str) -> str:
    """Plain text as HTML: a paragraph for each block.

    >>> paragraphs("Dear <Jan>,\\n\\none\\ntwo\\n")
    '<p>Dear &lt;Jan&gt;,</p><p>one<br>two</p>'
    """
    clean = _UNSEEN.sub("", words.replace("\r\n", "\n"))
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", clean) if block.strip()]
    return "".join(f"<p>{escape(block, quote=False).replace(chr(10), '<br>')}</p>" for block in blocks)


def _body(content: str, kind: str) -> Json:
    return {"type": "INSERT_AT_START", "insertContents": [{"content": content, "contentType": kind}]}
