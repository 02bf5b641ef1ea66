"""A mail under way, kept as a Gmail draft: read, saved, sent. Its id stays while the message in it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import requests
from werkzeug.datastructures import FileStorage, MultiDict

from addon.sandbox.inbox import writing as mails
from addon.sandbox.inbox.addresses import NotAnAddress, addresses
from addon.sandbox.inbox.answering import Attached, Writing, listed
from addon.sandbox.inbox.attachments import MOST_BYTES, Attachment, attached
from addon.sandbox.inbox.gmail import Json, Mailbox, NoSuchMail, decoded
from addon.sandbox.inbox.reading import Mail, Person, mail_of
from addon.sandbox.inbox.writing import Draft, File


class TooLarge(ValueError):
    """The files weigh `size` bytes together, and that is too much."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class DraftGone(LookupError):
    """The draft was sent or thrown away elsewhere."""


def check(writing: Writing) -> None:
    """Raises NotAnAddress unless it can go out to everybody named."""
    if not [addresses(typed) for typed in (writing.to, writing.cc, writing.bcc) if typed.strip(" ,;")]:
        raise NotAnAddress


def read(mailbox: Mailbox, id: str) -> Writing:
    """A draft as the compose window shows it. Raises NoSuchMail."""
    message = mailbox.draft(id, "raw")["message"]
    before = mails.draft_in(decoded(str(message["raw"])))
    mail = mail_of(mailbox.draft(id)["message"])
    answers = any(name.lower() == "in-reply-to" for name, _ in before.headers)
    return Writing(
        to=listed(mail.to),
        cc=listed(mail.cc),
        bcc=listed(mail.bcc),
        subject=mail.subject,
        body=mail.text.replace("\r\n", "\n").removesuffix("\n"),
        sender=mail.sender.email.lower(),
        draft=id,
        thread=mail.thread_id if answers else "",
        kept=_kept(before.files),
    )


def named(mailbox: Mailbox, writing: Writing) -> Writing:
    """With the names and sizes of its files, of which a form only knows the numbers."""
    if not any(not file.name for file in (*writing.kept, *writing.carried)):
        return writing
    try:
        before = _before(mailbox, writing.draft)
    except DraftGone:
        return replace(writing, kept=(), carried=())
    there = {file.value: file for file in _kept(before.files)}
    return replace(
        writing,
        kept=[there[file.value] for file in writing.kept if file.value in there],
        carried=[replace(file, name=_original(mailbox, file.value)[1].name) for file in writing.carried],
    )


def save(
    mailbox: Mailbox, sender: Person, writing: Writing, answers: Mail | None, uploads: MultiDict[str, FileStorage]
) -> Writing:
    """Keep it, with its files; an empty one is not begun. Raises TooLarge, DraftGone, NoSuchMail."""
    before = _before(mailbox, writing.draft)
    wanted = {file.value for file in writing.kept}
    files = [file for number, file in enumerate(before.files) if str(number) in wanted]
    files += [_carried(mailbox, file.value) for file in writing.carried]
    files += [_uploaded(file) for file in uploads.getlist("files") if file.filename]
    size = sum(len(file.octets) for file in files)
    if size > MOST_BYTES:
        raise TooLarge(size)
    if not writing.draft and not files and not _begun(writing):
        return writing
    typed = {name: getattr(writing, name) for name in ("to", "cc", "bcc", "subject", "body")}
    raw = mails.compose_draft(sender, typed, answers=answers, files=files, before=before)
    try:
        draft = mailbox.save_draft(raw, id=writing.draft, thread_id=answers.thread_id if answers else "")
    except NoSuchMail:
        if writing.draft:
            raise DraftGone from None
        raise
    return replace(writing, draft=str(draft["id"]), kept=_kept(files), carried=())


def send(mailbox: Mailbox, draft: str) -> Json | None:
    """Send a saved draft. None where Gmail's answer was lost and the draft is gone: it went out, most likely.

    Raises requests.RequestException where it surely did not, NoSuchMail where Gmail refuses it.
    """
    try:
        return mailbox.send_draft(draft)
    except requests.RequestException:
        try:
            mailbox.draft(draft, "minimal")
        except NoSuchMail:
            return None
        raise


def _begun(writing: Writing) -> bool:
    return any((writing.to, writing.cc, writing.bcc, writing.subject, writing.body.strip()))


def _before(mailbox: Mailbox, draft: str) -> Draft:
    if not draft:
        return Draft()
    try:
        return mails.draft_in(decoded(str(mailbox.draft(draft, "raw")["message"]["raw"])))
    except NoSuchMail:
        raise DraftGone from None


def _kept(files: Sequence[File]) -> list[Attached]:
    return [Attached(str(number), file.name, len(file.octets)) for number, file in enumerate(files)]


def _carried(mailbox: Mailbox, value: str) -> File:
    message, file = _original(mailbox, value)
    return File(file.name, file.kind, mailbox.attachment(message, file.id), file.cid)


def _original(mailbox: Mailbox, value: str) -> tuple[str, Attachment]:
    """The file of another mail, by `message/part`. Raises NoSuchMail."""
    message, _, part = value.partition("/")
    for file in attached(mailbox.message(message).get("payload", {})):
        if file.part == part.removeprefix("_"):
            return message, file
    raise NoSuchMail(value)


def _uploaded(file: FileStorage) -> File:
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2] or "file"
    return File(name, mails.kind_of(name), file.read())
