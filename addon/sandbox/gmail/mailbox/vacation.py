"""The vacation responder: whoever writes while somebody is away hears so, once in four days.

Nothing that a machine sent is answered, nothing from a list, nothing of one's own, no spam. "Contacts" are the people
the mailbox has written to: there are no others here.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr
from typing import Any

from addon.sandbox.gmail.errors import invalid
from addon.sandbox.gmail.ids import whole
from addon.sandbox.gmail.mailbox.accounts import Account, fold
from addon.sandbox.gmail.mailbox.confirming import is_address
from addon.sandbox.gmail.mailbox.listing import Listing, Wanted
from addon.sandbox.gmail.mailbox.markup import plain, sanitized
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.preferences import Preferences, yes_or_no
from addon.sandbox.gmail.mailbox.send_as import SendAs
from addon.sandbox.gmail.store import Store

_NAME = "vacation"
_PAUSE = int(timedelta(days=4).total_seconds() * 1000)
_TEXTS = ("responseSubject", "responseBodyPlainText", "responseBodyHtml")
_FLAGS = ("enableAutoReply", "restrictToContacts", "restrictToDomain")
_TIMES = ("startTime", "endTime")
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|listserv|majordomo|no-?reply|owner-.*|.*-request)@.*", re.IGNORECASE
)
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Autoreply", "X-Autorespond")
_ID = re.compile(r"<[^<>\s]+>")
_ANSWERED = re.compile(r"\s*re\s*:", re.IGNORECASE)


class Vacation:
    """Keeps the settings and writes the answers; sending them is the post's part."""

    def __init__(self, store: Store, preferences: Preferences, send_as: SendAs, listing: Listing) -> None:
        self._store, self._preferences, self._send_as, self._listing = store, preferences, send_as, listing

    def get(self, account: Account) -> dict[str, Any]:
        """The settings as `settings.getVacation` answers them."""
        return dict.fromkeys(_FLAGS, False) | self._preferences.get(account, _NAME)

    def update(self, account: Account, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Replace the settings. 400 for nonsense. New words, or a new start, are news for everybody."""
        value = _checked(wanted)
        with self._store.write() as db:
            known = self.get(account)
            if any(known.get(key) != value.get(key) for key in (*_TEXTS, "enableAutoReply")):
                db.execute("DELETE FROM vacation_answers WHERE account = ?", (account.number,))
            self._preferences.put(db, account, _NAME, value)
        return dict.fromkeys(_FLAGS, False) | value

    def answer(
        self, db: sqlite3.Connection, account: Account, mail: Mail, labels: Sequence[str], *, sender: str, date: int
    ) -> Mail | None:
        """The answer to a mail that came in at `date` (milliseconds), noted as given; None where none is due."""
        settings = self._preferences.get(account, _NAME)
        if not settings.get("enableAutoReply") or not _within(settings, date):
            return None
        to = fold(sender)
        if (
            not is_address(to)
            or {"SPAM", "TRASH"} & set(labels)
            or _by_machine(mail, to)
            or to in self._send_as.addresses(account)
        ):
            return None
        if not self._concerns(account, settings, to) or _answered(db, account, to, date):
            return None
        db.execute(
            "INSERT OR REPLACE INTO vacation_answers (account, sender, date) VALUES (?, ?, ?)",
            (account.number, to, date),
        )
        return self._letter(account, settings, mail, to)

    def _concerns(self, account: Account, settings: Mapping[str, Any], sender: str) -> bool:
        if settings.get("restrictToDomain") and sender.rpartition("@")[2] != account.domain:
            return False
        if not settings.get("restrictToContacts"):
            return True
        written = Wanted(query=f'in:sent to:"{sender}"', hidden=True, limit=1)
        return bool(self._listing.messages(account, written).rows)

    def _letter(self, account: Account, settings: Mapping[str, Any], mail: Mail, to: str) -> Mail:
        own = self._send_as.default(account)
        letter = EmailMessage(policy=SMTP)
        letter["From"] = formataddr((own["displayName"] or account.name, own["sendAsEmail"]))
        letter["To"] = to
        letter["Subject"] = _subject(str(settings.get("responseSubject", "")), mail.first("Subject"))
        if _ID.fullmatch(mail.message_id):
            letter["In-Reply-To"] = mail.message_id
            letter["References"] = " ".join([*mail.references, mail.message_id])
        letter["Auto-Submitted"] = "auto-replied"
        letter["Precedence"] = "bulk"
        letter["X-Autoreply"] = "yes"
        marked = str(settings.get("responseBodyHtml", ""))
        letter.set_content(plain(marked) if marked else str(settings.get("responseBodyPlainText", "")))
        if marked:
            letter.add_alternative(marked, subtype="html")
        return Mail(letter.as_bytes())


def _checked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    yes_or_no(wanted, *_FLAGS)
    value: dict[str, Any] = {key: wanted[key] for key in _FLAGS if key in wanted}
    for key in _TEXTS:
        if not isinstance(wanted.get(key) or "", str):
            raise invalid(f"Invalid value at 'vacation_settings.{key}' (TYPE_STRING)")
        if wanted.get(key):
            value[key] = sanitized(wanted[key]) if key == "responseBodyHtml" else wanted[key]
    for key in _TIMES:
        if wanted.get(key) not in (None, "", 0, "0"):
            value[key] = str(_milliseconds(wanted[key], key))
    if all(key in value for key in _TIMES) and int(value["startTime"]) >= int(value["endTime"]):
        raise invalid("Invalid vacation settings: startTime must precede endTime")
    if value.get("enableAutoReply") and not any(str(value.get(key, "")).strip() for key in _TEXTS):
        raise invalid("Invalid vacation settings: the response needs a subject or a body")
    return value


def _milliseconds(value: object, key: str) -> int:
    moment = None if isinstance(value, bool) else whole(str(value))
    if moment is None:
        raise invalid(f"Invalid value at 'vacation_settings.{key}' (TYPE_INT64), \"{value}\"")
    return moment


def _within(settings: Mapping[str, Any], date: int) -> bool:
    return int(settings.get("startTime", 0)) <= date < int(settings.get("endTime", date + 1))


def _by_machine(mail: Mail, sender: str) -> bool:
    submitted = mail.first("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or mail.first("Precedence").strip().lower() in ("bulk", "junk", "list"):
        return True
    if mail.first("Return-Path").strip() == "<>" or mail.is_report or _MACHINES.fullmatch(sender):
        return True
    return any(mail.first(name) for name in _LISTS)


def _answered(db: sqlite3.Connection, account: Account, sender: str, date: int) -> bool:
    row = db.execute(
        "SELECT date FROM vacation_answers WHERE account = ? AND sender = ?", (account.number, sender)
    ).fetchone()
    return row is not None and date - int(row[0]) < _PAUSE


def _subject(own: str, asked: str) -> str:
    reply = asked if _ANSWERED.match(asked) else f"Re: {asked}"
    return " ".join(f"{own} {reply}".split())
