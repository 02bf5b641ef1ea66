"""Who of an uploaded list gets the mail, and why the others do not. Pure: the table and the texts decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from addon.domain.errors import DomainError
from addon.domain.tables import Row, Table, address_of
from addon.domain.templates import rendering
from addon.domain.templates.language import MailTooLong, MissingField, Problem


class Skip(StrEnum):
    """Why somebody gets nothing, the first that applies."""

    BAD_ADDRESS = "bad_address"
    OWN_ADDRESS = "own_address"
    """The mailbox that the campaign is sent from."""
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    ROW_TOO_LONG = "row_too_long"
    """More cells than columns: nobody knows which value belongs where."""
    MISSING_FIELD = "missing_field"
    MAIL_TOO_LONG = "mail_too_long"
    DUPLICATE = "duplicate"


class NoEmailColumn(DomainError):
    """No column of the table holds addresses."""

    code = "campaigns.no_email_column"


class TextsRefused(DomainError):
    """Subject or body cannot be used for these rows; `problems` says all that is wrong."""

    code = "campaigns.texts_refused"

    def __init__(self, problems: Sequence[TextProblem]) -> None:
        super().__init__(n=len(problems))
        self.problems = problems


class Part(StrEnum):
    SUBJECT = "subject"
    BODY = "body"


@dataclass(frozen=True)
class TextProblem:
    part: Part
    problem: Problem


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """A row, as far as the list itself can say. `detail`: the missing field, or why the address is none."""

    row: int
    email: str
    """As uploaded."""
    address: str | None
    """In one spelling; None where there is none."""
    values: Mapping[str, str] = field(default_factory=dict)
    skip: Skip | None = None
    detail: str = ""


def check_texts(subject: str, body: str, fields: Sequence[str]) -> list[TextProblem]:
    """What is wrong with the two texts for rows that have these fields; hints are among them (not `blocking`)."""
    problems = []
    for part, text in ((Part.SUBJECT, subject), (Part.BODY, body)):
        if not text.strip():
            problems.append(TextProblem(part, Problem(code="templates.empty")))
        problems.extend(TextProblem(part, problem) for problem in rendering.check(text, fields))
    return problems


def fields_of(table: Table) -> list[str]:
    """The merge fields that a table offers."""
    return [column.key for column in table.columns]


def require_usable(subject: str, body: str, table: Table) -> None:
    """Raises NoEmailColumn, TextsRefused."""
    if table.email_column is None:
        raise NoEmailColumn(columns=[column.label for column in table.columns])
    blocking = [found for found in check_texts(subject, body, fields_of(table)) if found.problem.blocking]
    if blocking:
        raise TextsRefused(blocking)


def prospects(table: Table, subject: str, body: str) -> Iterator[Prospect]:
    """Each row judged by its own address and values. Takes some 0.1 ms a row, so no transaction should be open."""
    for row, email in zip(table.rows, table.addresses(), strict=True):
        yield _judged(row, email, subject, body)


def _judged(row: Row, email: str, subject: str, body: str) -> Prospect:
    address = address_of(email)
    if address is None or not address.rpartition("@")[0].isascii():  # Gmail's API takes no other local parts for sure
        return Prospect(row=row.number, email=email[:320], address=None, values=row.values, skip=Skip.BAD_ADDRESS)
    skip, detail = _fault(row, subject, body)
    return Prospect(
        row=row.number, email=email[:320], address=address, values=row.values, skip=skip, detail=detail[:300]
    )


def _fault(row: Row, subject: str, body: str) -> tuple[Skip | None, str]:
    if row.problem:
        return Skip.ROW_TOO_LONG, " · ".join(row.surplus)
    try:
        if not rendering.render_line(subject, row.values):
            return Skip.MISSING_FIELD, Part.SUBJECT
        rendering.render(body, row.values)
    except MissingField as missing:
        return Skip.MISSING_FIELD, missing.field
    except MailTooLong:
        return Skip.MAIL_TOO_LONG, ""
    return None, ""
