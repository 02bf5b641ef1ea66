"""From Gmail's JSON to what a page shows: who wrote, when, and the words of a mail in paragraphs. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses
from typing import Any

import nh3
from markupsafe import Markup, escape

from addon.sandbox.inbox.attachments import Attachment, attached, parts
from addon.sandbox.inbox.gmail import decoded

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
    cc: list[Person] = field(default_factory=list)
    bcc: list[Person] = field(default_factory=list)
    text: str = ""
    """Its words, taken from the HTML where it has no plain ones."""
    html: str = ""
    """As it came; never to be shown without safe_html."""
    attachments: list[Attachment] = field(default_factory=list)
    holds_files: bool = False
    """Known from the headers alone, too, where only these were asked for."""

    @property
    def unread(self) -> bool:
        return "UNREAD" in self.labels

    @property
    def is_draft(self) -> bool:
        return "DRAFT" in self.labels

    @property
    def starred(self) -> bool:
        return "STARRED" in self.labels

    @property
    def answered_at(self) -> Person:
        """Where an answer goes."""
        return next(iter(people(self.reply_to)), self.sender)


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
        cc=people(headers.get("cc", "")),
        bcc=people(headers.get("bcc", "")),
        text=_text(payload),
        html=_joined(payload, "text/html"),
        attachments=attached(payload),
        holds_files=payload.get("mimeType") == "multipart/mixed",
    )


def people(header: str) -> list[Person]:
    """The people of an address header."""
    return [Person(_decoded(name), email) for name, email in getaddresses([header]) if email]


def _decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError):
        return value


def _text(payload: Json) -> str:
    return _joined(payload, "text/plain") or without_html(_joined(payload, "text/html"))


def _joined(payload: Json, kind: str) -> str:
    """The mail's own texts of a kind. Gmail hands them over in UTF-8, whatever the mail's charset was."""
    found = [part for part in parts(payload) if part.get("mimeType") == kind and not part.get("filename")]
    texts = [decoded(str(part.get("body", {}).get("data", ""))).decode("utf-8", "replace") for part in found]
    return "\n\n".join(text for text in texts if text.strip())


def without_html(text: str) -> str:
    """The words of HTML, in lines."""
    broken = re.sub(r"(?i)<br\s*/?>|</(?:p|div|tr|li|h\d|blockquote)>", "\n", text)
    words = html.unescape(nh3.clean(broken, tags=set(), clean_content_tags={"script", "style", "title"}))
    lines = "\n".join(" ".join(line.split()) for line in words.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


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


_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_LINK = Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>')


def _lines(text: str) -> Markup:
    """With its line breaks, and with links where web addresses stand."""
    pieces, at = [], 0
    for found in _ADDRESS.finditer(text):
        pieces += [escape(text[at : found.start()]), _LINK.format(found[0])]
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])]).replace("\n", Markup("<br>\n"))


def says(text: str, sentence: str) -> bool:
    """Whether the text holds this sentence, however it is broken into lines."""
    return " ".join(sentence.split()) in " ".join(text.split())
