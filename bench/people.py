"""Who is in the run: Anna reads, Ben sends, and people whom they know, each with a deal."""

from __future__ import annotations

from dataclasses import dataclass

from addon import clock
from addon.domain.access import Database, Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines.operations import StageDraft
from addon.domain.rules import operations as rules
from addon.domain.teams import operations as teams
from addon.models import Role, StageKind
from bench.zero_work_gmail import HEAD, KNOWN_PEOPLE

ANNA, BEN = "anna@halyard.example", "ben@halyard.example"
_SLICE = 100
STAGES = [
    StageDraft("New", 10),
    StageDraft("Talking", 40),
    StageDraft("Offer", 70),
    StageDraft("Won", 100, kind=StageKind.WON),
    StageDraft("Lost", 0, kind=StageKind.LOST),
]


@dataclass(frozen=True)
class Team:
    team_id: int
    annas_mailbox: int
    """Mails arrive in it for ever; its sync stands at the beginning."""
    bens_mailbox: int
    """Nothing arrives in it; it is covered."""

    @property
    def viewer(self) -> Viewer:
        return Viewer.operator(self.team_id)


def team_at_work(database: Database, *, others: int) -> Team:
    """`others`: people with a deal each, besides those who write."""
    at = clock.now()
    with database.writing(Viewer.operator(0)) as session:
        team_id = teams.create_team(session, "Halyard", at=at).id
    viewer = Viewer.operator(team_id)
    boxes, owners = [], []
    with database.writing(viewer) as session:
        pipeline_id = pipelines.create(session, "Sales", STAGES, at=at).id
        rules.create_standard_rule(session, pipeline_id, "A person answered", at=at)
        for email, name, cursor in ((ANNA, "Anna Kowalczyk", 0), (BEN, "Ben Okafor", HEAD)):
            user = teams.add_user(session, email, role=Role.REP, at=at, name=name)
            mailbox = mailboxes.connect(session, owner_id=user.id, email=email, refresh_token="zero", at=at)
            mailbox.cursor = cursor
            boxes.append(mailbox.id)
            owners.append(user.id)
    names = [f"person{number}" for number in range(KNOWN_PEOPLE)] + [f"other{number}" for number in range(others)]
    for start in range(0, len(names), _SLICE):
        with database.writing(viewer) as session:
            for name in names[start : start + _SLICE]:
                contact = contacts.create(session, f"{name}@acme.example", name=name.title(), at=at)
                draft = DealDraft(title=f"Ramps for {name}", owner_id=owners[0], contact_id=contact.id)
                ladder.open_deal(session, draft, at=at, pipeline_id=pipeline_id)
    return Team(team_id, *boxes)
