"""What a new compose window begins with: nothing, an answer to one or all, or a mail to pass on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from addon.i18n import Words
from addon.sandbox.inbox.reading import Mail, Person
from addon.sandbox.inbox.writing import answer_subject, forward_subject, quoted


@dataclass(frozen=True)
class Attached:
    """A file as the compose window lists it; `value` says where it is kept."""

    value: str
    name: str
    size: int


@dataclass(frozen=True)
class Writing:
    """What stands in the compose window."""

    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    body: str = ""
    sender: str = ""
    """The address that it goes out from."""
    draft: str = ""
    """Gmail's id of the draft, once there is one."""
    thread: str = ""
    message: str = ""
    """The mail that it answers."""
    kept: Sequence[Attached] = field(default_factory=tuple)
    """Files of the draft, by their number in it."""
    carried: Sequence[Attached] = field(default_factory=tuple)
    """Files of the mail that is passed on, until the draft holds them."""


def answer(mail: Mail, mine: Iterable[str], words: Words, zone: ZoneInfo, *, to_all: bool = False) -> Writing:
    """`mine` are all the addresses of whoever answers."""
    own = {address.lower() for address in mine}
    by_me = mail.sender.email.lower() in own
    to = mail.to if by_me else [mail.answered_at]
    others = [*mail.to, *mail.cc] if to_all and not by_me else mail.cc if to_all else []
    there = own | {person.email.lower() for person in to}
    cc = [person for person in others if person.email.lower() not in there]
    said = words("sandbox.write.wrote", when=_when(mail, words, zone), name=_named(mail.sender))
    return Writing(
        to=listed(to),
        cc=listed(cc),
        subject=answer_subject(mail.subject),
        body=f"\n\n{said}\n{quoted(mail.text)}",
        sender=_reached(mail, own),
        thread=mail.thread_id,
        message=mail.id,
    )


def forward(mail: Mail, words: Words, zone: ZoneInfo) -> Writing:
    """With the mail's words and, until they are in the draft, its files."""
    head = [
        words("sandbox.write.passed_on"),
        words("sandbox.write.passed_from", names=_named(mail.sender)),
        words("sandbox.write.passed_date", when=_when(mail, words, zone)),
        words("sandbox.write.passed_subject", subject=mail.subject),
        words("sandbox.write.passed_to", names=listed(mail.to)),
    ]
    if mail.cc:
        head.append(words("sandbox.write.passed_cc", names=listed(mail.cc)))
    return Writing(
        subject=forward_subject(mail.subject),
        body="\n".join(["\n", *head, "", mail.text.replace("\r\n", "\n").rstrip()]),
        carried=[Attached(f"{mail.id}/{file.part or '_'}", file.name, file.size) for file in mail.attachments],
    )


def _when(mail: Mail, words: Words, zone: ZoneInfo) -> str:
    """Tue, 24 Nov 2026 at 14:02, in the mailbox's zone."""
    local = mail.at.astimezone(zone)
    day = format_date(local.date(), "EEE, d MMM y", locale=words.locale)
    return words("sandbox.write.day_and_time", day=day, time=format_time(local, "HH:mm", locale=words.locale))


def _reached(mail: Mail, own: set[str]) -> str:
    """The address of mine that the mail was written to, or from."""
    there = [mail.sender, *mail.to, *mail.cc]
    return next((person.email.lower() for person in there if person.email.lower() in own), "")


def _named(person: Person) -> str:
    return f"{person.name} <{person.email}>" if person.name else person.email


def listed(people: Iterable[Person]) -> str:
    """As they stand in an address field; a name that would break it is quoted."""
    return ", ".join(_quoted_name(person) for person in people)


def _quoted_name(person: Person) -> str:
    if any(sign in person.name for sign in ',;<>"@()'):
        name = person.name.replace("\\", "").replace('"', "")
        return f'"{name}" <{person.email}>'
    return _named(person)
