"""Adding and changing companies. A domain belongs to a company only where a person says so; free-mail ones never do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import WHOLE_TEAM
from addon.domain.activity import operations as activity
from addon.domain.contacts import queries
from addon.domain.contacts.free_mail import is_free_mail
from addon.domain.errors import DomainError
from addon.domain.fields import editing
from addon.domain.teams import queries as teams
from addon.models import Activity, Company, Subject

_DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]", re.ASCII)


class NoName(DomainError):
    code = "contacts.no_name"


class FreeMail(DomainError):
    """Params: domain."""

    code = "contacts.free_mail"


class NotADomain(DomainError):
    """Params: given."""

    code = "contacts.not_a_domain"


class DomainTaken(DomainError):
    """Another company has it. Params: domain, name (of the company), company_id."""

    code = "contacts.domain_taken"


class DomainTakenUnseen(DomainError):
    """A company that the viewer may not see has it. Params: domain. It says as little as `AddressTakenUnseen`."""

    code = "contacts.domain_refused"


def create(
    session: Session,
    name: str,
    *,
    at: datetime,
    domain: str = "",
    owner_id: int | None = None,
    values: Mapping[str, Any] | None = None,
    cause: Activity | None = None,
) -> Company:
    """Add a company; `values` are custom fields. Two may be called the same (`queries.companies_named` tells).

    Raises NoName, Refused, FreeMail, NotADomain, DomainTaken, DomainTakenUnseen, NotFound.
    """
    if not name.strip():
        raise NoName
    found = _columns(session, None, {"name": name, "domain": domain, "owner": owner_id})
    company = Company(created_at=at, **found)
    session.add(company)
    session.flush()
    editing.write(session, Subject.COMPANY, company, {}, values or {})
    texts = {"name": company.name}
    activity.record(session, "company.created", ("company", company.id), at=at, texts=texts, cause=cause)
    return company


def edit(
    session: Session,
    company_id: int,
    changes: Mapping[str, Any],
    *,
    at: datetime,
    cause: Activity | None = None,
    undoes: Activity | None = None,
) -> Activity | None:
    """Change built-in and custom fields in one act; None where nothing differs. Keys: name, domain, owner, f<id>.

    Raises NotFound, Refused, UnknownField, FreeMail, NotADomain, DomainTaken, DomainTakenUnseen.
    """
    company = queries.hold_company(session, company_id)
    noted = editing.write(session, Subject.COMPANY, company, _columns(session, company, changes), changes)
    if noted is None:
        return None
    return activity.record(
        session,
        "company.edited",
        ("company", company.id),
        at=at,
        before=noted.before,
        after=noted.after,
        texts=noted.texts,
        cause=cause,
        undoes=undoes,
    )


def edits_of(session: Session, entry: Activity) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a `company.edited` entry changed: before and after, as `changes` for `edit`."""
    return editing.edits_of(session, Subject.COMPANY, entry)


def delete(
    session: Session, company_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity:
    """Take a company away; its people and deals stay. Its domain is free for another. Raises NotFound."""
    company = queries.hold_company(session, company_id)
    texts = {"name": company.name, "domain": company.domain}
    company.deleted_at, company.domain = at, None
    session.flush()
    about = ("company", company.id)
    return activity.record(session, "company.deleted", about, at=at, texts=texts, cause=cause, undoes=undoes)


def restore(
    session: Session, company_id: int, *, at: datetime, cause: Activity | None = None, undoes: Activity | None = None
) -> Activity | None:
    """Bring a deleted company back, with its domain unless another company has that now; None where it is there.

    Raises NotFound.
    """
    company = queries.hold_company(session, company_id, deleted=True)
    if company.deleted_at is None:
        return None
    gone = queries.deletion_of(session, "company", company_id)
    domain = gone.detail.texts.get("domain") if gone and gone.detail else None
    company.deleted_at = None
    company.domain = domain if domain and _holder(session, domain) is None else None
    session.flush()
    texts = {"name": company.name, "domain": company.domain}
    about = ("company", company.id)
    return activity.record(session, "company.restored", about, at=at, texts=texts, cause=cause, undoes=undoes)


def _columns(session: Session, company: Company | None, changes: Mapping[str, Any]) -> dict[str, Any]:
    found = editing.columns(Subject.COMPANY, changes)
    if "domain" in found:
        found["domain"] = _domain(session, found["domain"], but=company)
    owner_id = found.get("owner_id")
    if owner_id and (company is None or owner_id != company.owner_id):
        teams.get_user(session, owner_id)
    return found


def _domain(session: Session, given: str | None, *, but: Company | None) -> str | None:
    """In its one spelling: lower case, no www, in the letters that travel."""
    if not given:
        return None
    bare = re.sub(r"^(https?://)?(www\.)?", "", given.strip().lower()).rstrip("/.").rpartition("@")[2]
    try:
        domain = bare.encode("idna").decode() if not bare.isascii() else bare
    except UnicodeError:
        raise NotADomain(given=given[:100]) from None
    if not _DOMAIN.fullmatch(domain):
        raise NotADomain(given=given[:100])
    if is_free_mail(domain):
        raise FreeMail(domain=domain)
    holder = _holder(session, domain)
    if holder is not None and (but is None or holder != but.id):
        seen = session.scalar(select(Company).where(Company.id == holder))
        if seen is None:
            raise DomainTakenUnseen(domain=domain)
        raise DomainTaken(domain=domain, name=seen.name, company_id=seen.id)
    return domain


def _holder(session: Session, domain: str) -> int | None:
    """Whose domain it is, whether the viewer sees that company or not: the database knows one of each."""
    return session.scalar(select(Company.id).where(Company.domain == domain).execution_options(**WHOLE_TEAM))
