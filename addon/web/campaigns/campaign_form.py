"""Writing a campaign: the list that was read, the fields it offers, the texts and what is wrong with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.campaigns.audience import Part, TextProblem
from addon.domain.mailboxes import queries as mailboxes
from addon.domain.tables import Table
from addon.i18n import Words
from addon.models import Campaign, MailboxState, Recipient
from addon.web import uploads
from addon.web.fields.forms import FieldView, Form

SHOWN_ROWS = 3
SHOWN_COLUMNS = 8


@dataclass(frozen=True, kw_only=True)
class ListView:
    """The uploaded list, as far as one must see it to trust it."""

    name: str
    kept: str
    """The file itself, packed."""
    said: str
    fields: Sequence[str]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    doubt: str
    """What to look at before trusting it; empty where nothing is."""


def list_view(table: Table, name: str, data: bytes, say: Words) -> ListView:
    shown = table.columns[:SHOWN_COLUMNS]
    doubt = say("web.list.guessed", encoding=table.encoding) if table.guessed else ""
    if table.email_column is None:
        doubt = say("web.list.no_addresses")
    return ListView(
        name=name,
        kept=uploads.pack(data),
        said=say("web.list.rows", n=len(table.rows)),
        fields=[column.key for column in table.columns],
        heads=[column.label or column.key for column in shown],
        rows=[[row.values[column.key] for column in shown] for row in table.rows[:SHOWN_ROWS]],
        doubt=doubt,
    )


def form(session: Session, given: Mapping[str, str], user_id: int, say: Words) -> Form:
    """Name, mailbox and texts with what is in them."""
    own = mailboxes.of_owner(session, user_id)
    choices = [(str(box.id), _mailbox_words(box.email, box.state, say)) for box in own]
    return [
        FieldView(name="name", label=say("web.write.name"), value=given.get("name", ""), limit=200, required=True),
        FieldView(
            name="mailbox",
            label=say("web.write.mailbox"),
            value=given.get("mailbox", ""),
            kind="select",
            choices=choices,
        ),
        FieldView(name="subject", label=say("web.write.subject"), value=given.get("subject", ""), required=True),
        FieldView(
            name="body",
            label=say("web.write.body"),
            value=given.get("body", ""),
            kind="area",
            rows=12,
            required=True,
            hint=say("web.write.body_hint"),
        ),
    ]


def text_errors(problems: Sequence[TextProblem], say: Words) -> dict[str, str]:
    """What is wrong with subject and body, all of it."""
    errors: dict[str, str] = {}
    for part in Part:
        said = [problem_words(found, say) for found in problems if found.part == part]
        if said:
            errors[part.value] = " ".join(dict.fromkeys(said))
    return errors


def problem_words(found: TextProblem, say: Words) -> str:
    problem = found.problem
    key = f"web.text.{problem.code.removeprefix('templates.')}"
    if problem.params.get("meant") and say.has(f"{key}_meant"):
        key += "_meant"
    where = say("web.text.line", line=problem.line) if found.part is Part.BODY else ""
    params = {"field": "", "meant": "", "name": "", "limit": "", **problem.params}
    return f"{where}{say(key if say.has(key) else 'web.text.syntax', **params)}"


def stem(filename: str) -> str:
    """A first name for a campaign: that of its list."""
    return PurePath(filename.replace("\\", "/")).stem.replace("_", " ").strip()[:200]


def list_of(session: Session, campaign: Campaign) -> bytes:
    """The list of a campaign as a file again, for writing it anew."""
    keys = [str(key) for key, _ in campaign.columns]
    rows = session.scalars(select(Recipient).where(Recipient.campaign_id == campaign.id).order_by(Recipient.row))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([label or key for key, label in campaign.columns])
    writer.writerows([row.values.get(key, "") for key in keys] for row in rows)
    return out.getvalue().encode()


def _mailbox_words(email: str, state: str, say: Words) -> str:
    return email if state == MailboxState.CONNECTED else say("web.write.mailbox_reconnect", email=email)
