"""Which rules there are, and what one went by when it moved a deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.errors import NotFound
from addon.domain.rules.matching import Candidate, Conditions
from addon.domain.threads import queries as threads
from addon.domain.threads import sharing
from addon.models import Activity, Evidence, Reaction, Rule, RuleEvidence, RuleVersion, Sharing


def get(session: Session, rule_id: int) -> Rule:
    """Raises NotFound."""
    rule = session.scalar(select(Rule).where(Rule.id == rule_id))
    if rule is None:
        raise NotFound(what="rule", given=rule_id)
    return rule


def of_pipeline(session: Session, pipeline_id: int, *, only_active: bool = False) -> Sequence[Rule]:
    """In the team's order."""
    query = select(Rule).where(Rule.pipeline_id == pipeline_id).order_by(Rule.position, Rule.id)
    return session.scalars(query.where(Rule.active) if only_active else query).all()


def in_force(session: Session, pipeline_id: int) -> Sequence[Candidate]:
    """The active rules of a pipeline as they stand now, in the team's order."""
    versions = session.scalars(
        select(RuleVersion)
        .join(Rule, (Rule.id == RuleVersion.rule_id) & (Rule.version == RuleVersion.version))
        .where(Rule.pipeline_id == pipeline_id, Rule.active)
        .order_by(Rule.position, Rule.id)
    ).all()
    return [
        Candidate(
            rule_id=version.rule_id,
            version=version.version,
            from_stage_id=version.from_stage_id,
            to_stage_id=version.to_stage_id,
            conditions=Conditions.read(version.conditions),
            may_use=_may_use(session, version),
        )
        for version in versions
    ]


def reaction(session: Session, deal_id: int, message_id: int) -> Reaction | None:
    """The automatic move that a mail made to a deal, if it made one; barred or not."""
    return session.scalar(select(Reaction).where(Reaction.deal_id == deal_id, Reaction.message_id == message_id))


def reaction_behind(session: Session, move: Activity) -> Reaction | None:
    """The reaction whose move this is; None where no rule made it."""
    return session.scalar(select(Reaction).where(Reaction.activity_id == move.id))


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why a deal was moved by itself."""

    rule: str
    version: int
    message_id: int | None
    quote: str | None
    """The sentence; None where the mailbox's owner does not share it, or it was erased."""
    position: int | None
    shared: bool
    """Whether the viewer may see what the mail says."""


def why(session: Session, move: Activity) -> Why | None:
    """The rule and the words behind an automatic move; None for a move that a person made."""
    if move.rule_id is None or move.evidence_id is None:
        return None
    evidence = session.get_one(Evidence, move.evidence_id)
    shared = evidence.message_id is None or sharing.allows(
        threads.level_of_message(session, evidence.message_id), Sharing.QUOTE
    )
    return Why(
        rule=get(session, move.rule_id).name,
        version=move.rule_version or 1,
        message_id=evidence.message_id,
        quote=evidence.quote if shared else None,
        position=evidence.position,
        shared=shared,
    )


def _may_use(session: Session, version: RuleVersion) -> frozenset[str]:
    kinds = session.scalars(
        select(RuleEvidence.kind).where(
            RuleEvidence.rule_id == version.rule_id, RuleEvidence.version == version.version
        )
    )
    return frozenset(kinds)
