"""Making rules, and letting a mail move its deal.

A rule fires on a mail, never on what a rule caused. It moves open deals forward only, once a deal and mail at most, and
names the sentence it went by. In doubt nothing moves.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain import verdicts
from addon.domain.activity import operations as activity
from addon.domain.activity.operations import ByRule
from addon.domain.errors import DomainError
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.domain.rules import matching, queries, senders
from addon.domain.rules.matching import Candidate, Conditions, Situation
from addon.domain.verdicts import Kind, MessageFacts, What
from addon.models import (
    Activity,
    Deal,
    Evidence,
    EvidenceKind,
    Message,
    Reaction,
    Rule,
    RuleEvidence,
    RuleVersion,
    Stage,
    StageKind,
)

REFUSALS = frozenset({What.NOT_INTERESTED, What.REMOVE_ME, What.WRONG_PERSON})


class NoEvidenceKind(DomainError):
    """A rule goes by at least one kind of evidence."""

    code = "rules.no_evidence_kind"


def create_rule(
    session: Session,
    pipeline_id: int,
    name: str,
    *,
    from_stage_id: int | None,
    to_stage_id: int,
    conditions: Conditions,
    evidence_kinds: Collection[EvidenceKind],
    at: datetime,
) -> Rule:
    """Add a rule, last in its pipeline's order and active at once; `from_stage_id` None means any open stage before.

    Raises NotFound, StageOfAnotherPipeline, NoEvidenceKind.
    """
    pipelines.get(session, pipeline_id)
    for stage_id in (from_stage_id, to_stage_id):
        if stage_id is not None and pipelines.get_stage(session, stage_id).pipeline_id != pipeline_id:
            raise ladder.StageOfAnotherPipeline(stage=pipelines.get_stage(session, stage_id).name)
    if not evidence_kinds:
        raise NoEvidenceKind
    last = session.scalar(select(func.max(Rule.position)).where(Rule.pipeline_id == pipeline_id))
    rule = Rule(pipeline_id=pipeline_id, name=name[:200], position=(last or 0) + 1, version=1, created_at=at)
    session.add(rule)
    session.flush()
    session.add(
        RuleVersion(
            rule_id=rule.id,
            version=1,
            from_stage_id=from_stage_id,
            to_stage_id=to_stage_id,
            conditions=conditions.stored(),
            created_at=at,
        )
    )
    session.flush()
    session.add_all(RuleEvidence(rule_id=rule.id, version=1, kind=kind) for kind in sorted(set(evidence_kinds)))
    session.flush()
    activity.record(
        session,
        "rule.created",
        ("rule", rule.id),
        at=at,
        after={"version": 1, "from_stage_id": from_stage_id, "to_stage_id": to_stage_id},
        texts={"name": rule.name},
    )
    return rule


def create_standard_rule(session: Session, pipeline_id: int, name: str, *, at: datetime) -> Rule | None:
    """What every pipeline begins with: a person's answer that is no refusal moves a deal from the first open stage to
    the second. None where the pipeline has only one open stage. Raises NotFound.
    """
    first = pipelines.entry_stage(session, pipelines.get(session, pipeline_id).id)
    second = pipelines.next_stage(session, first)
    if second is None or second.kind != StageKind.OPEN:
        return None
    return create_rule(
        session,
        pipeline_id,
        name,
        from_stage_id=first.id,
        to_stage_id=second.id,
        conditions=Conditions(kinds=frozenset({Kind.HUMAN}), not_said=REFUSALS, answer=True),
        evidence_kinds=[EvidenceKind.SENTENCE],
        at=at,
    )


def switch(session: Session, rule_id: int, active: bool, *, at: datetime) -> None:
    """Let a rule act, or rest. Raises NotFound."""
    rule = queries.get(session, rule_id)
    if rule.active != active:
        rule.active = active
        session.flush()
        kind = "rule.switched_on" if active else "rule.switched_off"
        activity.record(session, kind, ("rule", rule.id), at=at)


def react(
    session: Session,
    message: Message,
    facts: MessageFacts,
    deal: Deal,
    *,
    at: datetime,
    cause: Activity | None,
) -> Activity | None:
    """Let the rules of the deal's pipeline act on a mail: the move, or None where nothing moves.

    `facts.evidence` holds what may be shown, the telling sentence of a person's answer included. A mail that came
    before the deal entered its stage speaks of another time and moves nothing.
    """
    held = _hold(session, deal.id)
    if held is None or held.closed_at is not None or facts.kind is Kind.OWN:
        return None
    if message.received_at < held.entered_stage_at or queries.reaction(session, held.id, message.id) is not None:
        return None
    rule = matching.first_fitting(
        queries.in_force(session, held.pipeline_id),
        _situation(session, message, facts, held),
        _forward(session, held),
    )
    return _move(session, held, message, facts, rule, at=at, cause=cause) if rule else None


def bar(session: Session, move: Activity, *, at: datetime) -> None:
    """A person took an automatic move back: this mail never moves this deal again."""
    reaction = queries.reaction_behind(session, move)
    if reaction is not None and reaction.barred_at is None:
        reaction.barred_at = at
        session.flush()


def _hold(session: Session, deal_id: int) -> Deal | None:
    """The deal, ours until the transaction ends, so that nobody moves it between the decision and the move."""
    return session.scalar(
        select(Deal)
        .where(Deal.id == deal_id, Deal.deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _situation(session: Session, message: Message, facts: MessageFacts, deal: Deal) -> Situation:
    answers = message.answers_id is not None or bool(message.references)
    return Situation(
        kind=facts.kind,
        said=frozenset(hit.what for hit in facts.said),
        answers=answers and senders.is_from_their_side(session, message, deal),
        stage_id=deal.stage_id,
        evidence=frozenset(evidence.kind for evidence in facts.evidence),
        understood=facts.understood,
    )


def _forward(session: Session, deal: Deal) -> list[int]:
    current = pipelines.get_stage(session, deal.stage_id)
    stages: Collection[Stage] = pipelines.stages(session, deal.pipeline_id)
    return [stage.id for stage in stages if ladder.is_forward(deal, current, stage)]


def _move(
    session: Session,
    deal: Deal,
    message: Message,
    facts: MessageFacts,
    rule: Candidate,
    *,
    at: datetime,
    cause: Activity | None,
) -> Activity | None:
    shown = _best_evidence(facts, rule)
    evidence = Evidence(
        kind=shown.kind, message_id=message.id, position=shown.position, quote=shown.text[:300], name=shown.name[:100]
    )
    session.add(evidence)
    session.flush()
    move = ladder.move(
        session,
        deal.id,
        rule.to_stage_id,
        seen=None,
        at=at,
        rule=ByRule(rule.rule_id, rule.version, evidence),
        cause=cause,
    )
    if move is not None:
        session.add(Reaction(deal_id=deal.id, message_id=message.id, rule_id=rule.rule_id, activity_id=move.id))
        session.flush()
    return move


def _best_evidence(facts: MessageFacts, rule: Candidate) -> verdicts.Evidence:
    """The sentence that said what the rule listens for; else a person's own words before anything else it may use."""
    sentence = verdicts.EvidenceKind.SENTENCE
    if sentence in rule.may_use:
        for said in facts.said:
            if said.what in rule.conditions.said:
                return verdicts.Evidence(kind=sentence, name=said.phrase, text=said.sentence, position=said.position)
    usable = [evidence for evidence in facts.evidence if evidence.kind in rule.may_use]
    return next((evidence for evidence in usable if evidence.kind is sentence), usable[0])
