"""What is kept from whom, in an office where much of one's own points at what one may not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from addon.domain.fields import operations as fields
from addon.domain.rules import operations as rules
from addon.domain.rules import queries as rule_queries
from addon.domain.threads import operations as threads
from addon.models import (
    Contact,
    FieldKind,
    Sight,
    Subject,
    Thread,
    ThreadLink,
)
from tests.domain.team_at_work import ANNA, BEN, MONDAY
from tests.laws.kept_office import ADA, EVE, MIA, NUMBAT, QUOKKA, WOMBAT, KeptOffice, Words

HALYARD = (ANNA, MIA, ADA)


@dataclass
class KeptThings:
    office: KeptOffice
    quokka: dict[str, Any]
    """Of Ben, in the pipeline that is open to all."""
    numbat: dict[str, Any]
    """Of Ben, in one that is his alone."""
    wombat: dict[str, Any]
    """Of another team."""

    def from_(self, email: str, sight: Sight) -> list[str]:
        """Words that this person may not read."""
        return [
            word
            for words, names in _kept(email, sight)
            for name in names
            for word in [str(getattr(words, name)).lower()]
        ]

    def bags(self, email: str, sight: Sight) -> Iterator[dict[str, Any]]:
        """What is kept from this person, one of everything."""
        by_words = {QUOKKA: self.quokka, NUMBAT: self.numbat, WOMBAT: self.wombat}
        for words, _ in _kept(email, sight):
            if words in by_words and (sight is not Sight.ALL or words is not QUOKKA or email == EVE):
                yield by_words[words]


_ALL_WORDS = ("deals", "people", "file", "view", "pipeline", "amount")


def _kept(email: str, sight: Sight) -> Sequence[tuple[Words, Sequence[str]]]:
    if email == EVE:
        return [(QUOKKA, [n for n in _ALL_WORDS if n != "pipeline"]), (NUMBAT, _ALL_WORDS)]
    if email == ADA:
        return [(WOMBAT, _ALL_WORDS)]
    files = ["file"] if email == ANNA else []  # managers see all imports
    strange = (WOMBAT, _ALL_WORDS)
    if sight is Sight.ALL:  # who sees the deals of all sees all people
        return [(QUOKKA, ["view", *files]), (NUMBAT, ["deals", "view", "pipeline", "amount", *files]), strange]
    return [
        (QUOKKA, ["deals", "people", "view", "amount", *files]),
        (NUMBAT, ["deals", "people", "view", "pipeline", "amount", *files]),
        strange,
    ]


def mine_alone(office: KeptOffice) -> None:
    """What the walk needs of everybody's own, before anything is kept from them."""
    for email, ids in office.mine.items():
        with office.shaping(email) as session:
            pointing = {
                "field_of_contacts": (FieldKind.CONTACT, f"Mentor {email}"),
                "field_of_companies": (FieldKind.COMPANY, f"Reseller {email}"),
            }
            for part, (kind, name) in pointing.items():
                ids[part] = f"f{fields.create(session, Subject.DEAL, kind, name, at=MONDAY).id}"
            thread = threads.ensure_thread(session, int(ids["mailbox_id"]), f"a{ids['deal_id']:x}", at=MONDAY)
            question = threads.ask(session, thread, None, [int(ids["deal_id"])], at=MONDAY)
            link = session.scalars(select(ThreadLink).where(ThreadLink.deal_id == ids["deal_id"])).first()
            assert question is not None
            assert link is not None
            ids.update({"question_id": question.id, "link_id": link.id})
        _complete(office, email, ids, WOMBAT if email == EVE else QUOKKA)
        if email != EVE:
            ids.update({"people": f"{email[:3].title()}mark", "deals": f"{email[:3].title()} deal"})


def kept_things(office: KeptOffice) -> KeptThings:
    closed = office.line(BEN, NUMBAT.pipeline, closed=True)
    box = office.team.mailboxes[BEN]
    quokka: dict[str, Any] = office.belongings(BEN, QUOKKA, office.mine[ANNA], box=box)
    numbat: dict[str, Any] = office.belongings(BEN, NUMBAT, closed, box=box)
    for ids, words in ((quokka, QUOKKA), (numbat, NUMBAT)):
        _complete(office, BEN, ids, words)
        ids.update({name: office.mine[ANNA][name] for name in ("campaign_id", "outgoing_id")})
    made = KeptThings(office, quokka, numbat, dict(office.mine[EVE]))
    return made


def _complete(office: KeptOffice, email: str, ids: dict[str, Any], words: Words) -> None:
    """What `belongings` does not make: words in every other text, a rule, a mail with what it says."""
    with office.shaping(email) as session:
        line = int(ids["pipeline_id"])
        rule = next(iter(rule_queries.of_pipeline(session, line)), None)
        rule = rule or rules.create_standard_rule(session, line, "A person answered", at=MONDAY)
        ids["rule_id"] = rule.id if rule is not None else 0
        who = session.get_one(Contact, ids["contact_id"])
        ids["email"] = who.addresses[0].email
        thread = session.get_one(Thread, ids["thread_id"])
        ids["gmail_thread_id"] = thread.gmail_thread_id
    ids.update({"bulk_id": 1, "message_id": 1, "domain": "acme.example", "people": words.people, "deals": words.deals})
