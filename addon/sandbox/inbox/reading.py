"""From Gmail's JSON to what a page shows: who wrote, when, and the words of a mail in paragraphs. Pure."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

import nh3
from markupsafe import Markup, escape

Json = dict[str, Any]


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    number: int | None = field(default=None, compare=False)
    """Of a colleague in the workspace, which tones them by it."""

    @property
    def shown(self) -> str:
        return self.name or self.email

    @property
    def initials(self) -> str:
        words: list[str] = re.findall(r"\w+", self.name) or [self.email or "?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @property
    def colour(self) -> str:
        """One of four grounds for the avatar, the same everywhere: a colleague's is the workspace's own."""
        number = sum(self.email.lower().encode()) if self.number is None else self.number
        return ("", "b", "c", "d")[number % 4]


@dataclass(frozen=True)
class Mail:
    """A message as the page shows it."""

    id: str
    thread_id: str
    sender: Person
    to: list[Person]
    subject: str
    at: datetime
    labels: frozenset[str]
    snippet: str
    rfc_id: str
    references: str
    reply_to: str
    text: str = ""
    attachments: list[str] = field(default_factory=list)

    @property
    def unread(self) -> bool:
        return "UNREAD" in self.labels

    @property
    def is_draft(self) -> bool:
        return "DRAFT" in self.labels


def mail_of(message: Json) -> Mail:
    """A message of the API, `metadata` or `full`."""
    payload = message.get("payload", {})
    headers = {str(h["name"]).lower(): str(h["value"]) for h in reversed(payload.get("headers", []))}
    senders = people(headers.get("from", ""))
    return Mail(
        id=message["id"],
        thread_id=message["threadId"],
        sender=senders[0] if senders else Person("", ""),
        to=people(headers.get("to", "")),
        subject=_decoded(headers.get("subject", "")),
        at=datetime.fromtimestamp(int(message.get("internalDate", "0")) / 1000, UTC),
        labels=frozenset(message.get("labelIds", [])),
        snippet=html.unescape(str(message.get("snippet", ""))),  # Gmail sends it as HTML
        rfc_id=headers.get("message-id", "").strip(),
        references=" ".join(headers.get("references", "").split()),
        reply_to=headers.get("reply-to", "") or headers.get("from", ""),
        text=_text(payload),
        attachments=[name for part in _parts(payload) if (name := str(part.get("filename") or ""))],
    )


def people(header: str) -> list[Person]:
    """The people of an address header."""
    return [Person(_decoded(name), email) for name, email in getaddresses([header]) if email]


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError):
        return value


def _parts(part: Json) -> Iterator[Json]:
    yield part
    for inner in part.get("parts", []):
        yield from _parts(inner)


def _text(payload: Json) -> str:
    parts = list(_parts(payload))
    for kind in ("text/plain", "text/html"):
        bodies = [_body(part) for part in parts if part.get("mimeType") == kind and not part.get("filename")]
        text = "\n\n".join(body for body in bodies if body.strip())
        if text:
            return text if kind == "text/plain" else _without_html(text)
    return ""


def _body(part: Json) -> str:
    """Gmail hands texts over in UTF-8, whatever the mail's own charset was."""
    data = str(part.get("body", {}).get("data", ""))
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode("utf-8", "replace")


def _without_html(text: str) -> str:
    broken = re.sub(r"(?i)<br\s*/?>|</(?:p|div|tr|li|h\d|blockquote)>", "\n", text)
    return html.unescape(nh3.clean(broken, tags=set(), clean_content_tags={"script", "style", "title"}))


_ATTRIBUTION = re.compile(r"^(?:On|Il|W dniu|Dnia|Pada|Le|Am)\b.{5,200}(?::|wrote|menulis|napisał\(a\):?)\s*$")


def split_quoted(text: str) -> tuple[str, str]:
    """The new words, and the earlier mail quoted beneath them (empty where there is none)."""
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines):
        rest = [each for each in lines[number + 1 :] if each.strip()]
        quoted_from_here = line.startswith(">") and all(each.startswith(">") for each in rest)
        attribution = _ATTRIBUTION.match(line) and rest and rest[0].startswith(">")
        if quoted_from_here or attribution:
            return "\n".join(lines[:number]).rstrip(), "\n".join(lines[number:])
    return text.rstrip(), ""


def paragraphs(text: str, marked: Iterable[str] = ()) -> list[Markup]:
    """The text's paragraphs with their line breaks; the sentences of `marked` stand in the marker."""
    sentences = [re.compile(r"\s+".join(map(re.escape, words.split()))) for words in marked if words.strip()]
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if block.strip()]
    return [_with_marks(block, sentences) for block in blocks]


def _with_marks(block: str, sentences: list[re.Pattern[str]]) -> Markup:
    for sentence in sentences:
        if hit := sentence.search(block):
            before, inside, after = (_lines(s) for s in (block[: hit.start()], hit[0], block[hit.end() :]))
            return before + Markup('<mark class="dt-mark">') + inside + Markup("</mark>") + after
    return _lines(block)


def _lines(text: str) -> Markup:
    return escape(text).replace("\n", Markup("<br>\n"))


def says(text: str, sentence: str) -> bool:
    """Whether the text holds this sentence, however it is broken into lines."""
    return " ".join(sentence.split()) in " ".join(text.split())
