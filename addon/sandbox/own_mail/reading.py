"""From a mail of an export to a mail of a mailbox: its date, its labels, its thread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from addon.sandbox.gmail.mailbox.accounts import fold
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.old_mail import Old
from addon.sandbox.own_mail import dates
from addon.sandbox.own_mail.labels import Labels, of_folder, of_takeout
from addon.sandbox.own_mail.source import Found

LABELS, THREAD = "X-Gmail-Labels", "X-GM-THRID"
"""What Takeout adds to each mail; it is no part of the mail, so it goes again."""

_HEX = re.compile(r"[0-9A-Fa-f]{4}")
_READ, _MARKED, _EXPUNGED = 0x1, 0x4, 0x8


@dataclass(frozen=True)
class Reading:
    """How the mails of one export are read."""

    me: str
    """Whose mail it is, folded."""
    has_inbox: bool
    """Whether one of the export's folders is an inbox; where none is, what came in lies in it as well."""
    in_parts: bool
    """Whether a mail may come several times, once for each of its labels."""
    now: datetime

    def old(self, found: Found) -> Old:
        """The mail as it is put into the mailbox. `found.raw` must be there."""
        mail = Mail(found.raw or b"")
        thread = mail.first(THREAD)
        at = dates.receipt(mail, found.line, exact=bool(thread), modified=found.part.modified, now=self.now)
        labels = self.labels(mail, found).settled()
        twice = self.in_parts and bool(thread)
        if thread or mail.first(LABELS):
            mail = mail.without(LABELS, THREAD)
        return Old(mail, labels.ids, labels.names, int(at.timestamp() * 1000), thread, twice, found.where)

    def labels(self, mail: Mail, found: Found) -> Labels:
        """Takeout says all; elsewhere the folder, the flags and who wrote it have to."""
        told = mail.first(LABELS)
        if told or mail.first(THREAD):
            return of_takeout(told)
        return self._placed(mail, found).also(*_flags(mail, found.part.flags))

    def _placed(self, mail: Mail, found: Found) -> Labels:
        labels = of_folder(found.part.folder)
        own_place = bool(labels.ids) or (bool(found.part.folder) and not labels.names)
        if self._wrote(mail):
            return labels if own_place and "INBOX" not in labels.ids else labels.also("SENT")
        if own_place or (labels.names and self.has_inbox):
            return labels
        return labels.also("INBOX")

    def _wrote(self, mail: Mail) -> bool:
        return any(fold(address) == self.me for _, address in mail.addresses("From"))


def _flags(mail: Mail, maildir: str | None) -> list[str]:
    """UNREAD, STARRED, DRAFT and TRASH, as mail programs note them in a file's name or in headers of their own."""
    mozilla = mail.first("X-Mozilla-Status")
    if maildir is not None:
        told = _told(unread="S" not in maildir, starred="F" in maildir, trash="T" in maildir, draft="D" in maildir)
    elif _HEX.fullmatch(mozilla):
        bits = int(mozilla, 16)
        # An expunged mail is one that Thunderbird has not yet cut out of its file.
        told = _told(unread=not bits & _READ, starred=bool(bits & _MARKED), trash=bool(bits & _EXPUNGED))
    else:
        status, more = mail.first("Status"), mail.first("X-Status")
        unread = bool(status) and "R" not in status
        told = _told(unread=unread, starred="F" in more, trash="D" in more, draft="T" in more)
    return told


def _told(*, unread: bool, starred: bool, trash: bool, draft: bool = False) -> list[str]:
    told = {"UNREAD": unread, "STARRED": starred, "TRASH": trash, "DRAFT": draft}
    return [label for label, is_so in told.items() if is_so]
