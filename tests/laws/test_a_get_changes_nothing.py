"""Law 12: scanners open every address there is. No row changes by it, and a reading session could not change one.

Of the law's two exceptions one exists: the return from Google's consent page, which changes something only with an
answer of Google's for the very browser that asked (tests/web). Opens and clicks are not noted yet.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from addon.app import House, create_app
from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.access.tokens import unsubscribe_token
from addon.domain.campaigns import importing
from addon.domain.contacts import addresses, companies
from addon.domain.fields import operations as fields
from addon.domain.imports import operations as imports
from addon.domain.tasks import operations as tasks
from addon.domain.threads import operations as threads
from addon.domain.views import asking, board
from addon.domain.views import operations as views
from addon.integrations.google.parts import Google
from addon.models import (
    Activity,
    Company,
    Contact,
    Deal,
    FieldKind,
    LinkedHow,
    Outgoing,
    OutgoingState,
    Role,
    Run,
    Stage,
    Subject,
    User,
)
from addon.settings import Settings
from addon.web.seat import SIGNED_IN
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork, mail
from tests.laws import whole_database

ASKED = {
    "web.boards.state_at": "at=/board/{pipeline_id}",
    "web.boards.more": "at=/board/{pipeline_id}&column={stage_id}&after={mark}",
    "web.board_drops.reasons": "at=/board/{pipeline_id}",
    "web.board_many.stages": "at=/deals",
    "web.board_many.tags": "at=/deals",
    "web.board_many.under_way": "at=/board/{pipeline_id}",
    "web.cells.edit": "at=/board/{pipeline_id}",
    "web.filters.edit": "at=/board/{pipeline_id}&field=owner",
    "web.filters.apply": "at=/board/{pipeline_id}&field=title&op=contains&value=Ramp",
    "web.filters.columns": "at=/deals&key=title",
    "web.filters.shown": "at=/board/{pipeline_id}&listed={stage_id}",
    "web.views.file": "at=/deals",
}
"""What a page cannot do without, by endpoint: these answer about the page at another address."""


@dataclass
class Site:
    app: Flask
    team: TeamAtWork
    values: dict[str, object]
    """What stands in an address, by the name of its part; a new part wants a value here."""

    def signed_in(self, email: str | None) -> FlaskClient:
        client = self.app.test_client()
        if email is not None:
            serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
            assert serializer is not None
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], serializer.dumps({SIGNED_IN: email}))
        return client

    def opened(self, email: str | None) -> Iterator[str]:
        """Open every page there is; those that refuse."""
        client = self.signed_in(email)
        for address in self.addresses():
            with client.get(address) as answer:
                assert answer.status_code != 500, address
                if answer.status_code >= 400 and "tokens.css" not in address:
                    yield address

    def scanned(self, email: str) -> None:
        """As a scanner does: with whatever it makes up, and by HEAD."""
        client = self.signed_in(email)
        made_up = "code=1&state=2&next=/&mailbox=x@y.example&after=1"
        for address in self.addresses():
            for method, query in (("GET", f"{'&' if '?' in address else '?'}{made_up}"), ("HEAD", "")):
                with client.open(address + query, method=method) as answer:
                    assert answer.status_code != 500, address

    def addresses(self) -> list[str]:
        return sorted({self.address(rule) for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())})

    def address(self, rule: Rule) -> str:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(self.values[part[1]]), rule.rule)
        query = ASKED.get(rule.endpoint)
        return f"{path}?{query.format_map(self.values)}" if query else path


@pytest.fixture
def site(team: TeamAtWork) -> Iterator[Site]:
    """The whole app on a team that has everything: deals, linked mail, a question, a rule's move, a campaign."""
    values = _fill(team)
    settings = Settings(
        secret_keys=SecretStr(KEY),
        google_url="http://127.0.0.1:9",
        google_client_id="client",
        google_client_secret=SecretStr("secret"),
    )
    google = Google.of(settings)
    try:
        yield Site(create_app(House(settings, team.database, google)), team, values)
    finally:
        google.close()


def _fill(team: TeamAtWork) -> dict[str, object]:
    team.standard_rule()
    deal_id = team.deal()
    team.deal("Another of Jane's")
    team.deal("A third of hers")
    with team.acting() as session:
        thread = threads.ensure_thread(session, team.mailboxes[ANNA], "t1", at=MONDAY)
        threads.link(session, thread, deal_id, how=LinkedHow.EXPLICIT, at=MONDAY)
    team.receive(mail(answers="<asked@halyard.example>"))
    team.receive(mail("And what about the other one?", message_id="<other@acme.example>"), thread="t9")
    table = tables.read(f"email\n{JANE}\nnobody\njoe@b.example\n".encode())
    draft = importing.Draft(mailbox_id=team.mailboxes[ANNA], name="Spring", subject="Hi", body="Hi", table=table)
    writing = functools.partial(team.database.writing, team.viewer())
    campaign_id = importing.create_campaign(writing, draft, at=MONDAY)
    importing.create_campaign(writing, draft, at=MONDAY)
    importing.launch_campaign(writing, campaign_id, at=MONDAY)
    with team.acting() as session:
        row = session.scalars(select(Outgoing).order_by(Outgoing.id)).first()
        assert row is not None
        row.state = OutgoingState.UNCERTAIN
        run = session.get_one(Run, row.run_id)
        key = addresses.key_of(session, JANE)
        token = unsubscribe_token(team.database.secret, team_id=team.team_id, address_key=key, run_ref=run.ref)
    return {
        **_records(team),
        "subject": "deal",
        "card": deal_id,
        "key": "title",
        "pipeline_id": team.pipeline_id,
        "deal_id": deal_id,
        "campaign_id": campaign_id,
        "outgoing_id": row.id,
        "thread_id": thread.id,
        "stage_id": team.stages["New"],
        "mailbox_id": team.mailboxes[ANNA],
        "token": token,
        "filename": "tokens.css",
    }


def _records(team: TeamAtWork) -> dict[str, object]:
    """What people shape and keep; Anna is an admin, to whom every page opens."""
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        session.get_one(User, team.users[ANNA]).role = Role.ADMIN
    with team.looking() as session:
        ask = asking.standard(Subject.DEAL, pipeline_id=team.pipeline_id)
        mark = next(one.mark for one in board.board(session, ask, at=MONDAY, limit=1).columns if one.mark)
    with team.acting() as session:
        made = imports.start(session, Subject.CONTACT, "list.csv", b"email,name\nx@y.example,X\n", at=MONDAY)
        return {
            "ref": views.save(session, "Mine", asking.standard(Subject.DEAL), at=MONDAY).ref,
            "company_id": companies.create(session, "Acme", at=MONDAY).id,
            "contact_id": session.scalars(select(Contact.id)).first(),
            "field_id": fields.create(session, Subject.DEAL, FieldKind.TEXT, "Colour", at=MONDAY).id,
            "activity_id": session.scalars(select(Activity.id).where(Activity.kind == "deal.created")).first(),
            "task_id": tasks.create(session, "Call", assignee_id=team.users[ANNA], at=MONDAY).id,
            "user_id": team.users[ANNA],
            "import_id": made.id,
            "mark": mark,
        }


def test_opening_every_page_that_there_is_changes_no_row(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does it ask for a session that could: the database holds the law where pages read by `reading`."""
    before = whole_database.state(site.team.database)
    writing, asked = Database.writing, []
    monkeypatch.setattr(Database, "writing", lambda *given: asked.append(given) or writing(*given))

    refused = {who: set(site.opened(who)) for who in (ANNA, BEN, None)}
    site.scanned(ANNA)

    assert refused[ANNA] == {"/mailboxes/connected", "/signin/return"}, "these come back from Google, with an answer"
    assert len(site.addresses()) > 60
    assert whole_database.state(site.team.database) == before
    assert asked == []


class TestAReadingSession:
    CHANGES = (
        lambda session, team: session.execute(update(Deal).values(title="x")),
        lambda session, team: session.execute(delete(Company)),
        lambda session, team: session.execute(
            insert(Company), {"team_id": team.team_id, "name": "x", "created_at": MONDAY}
        ),
        lambda session, team: session.connection().exec_driver_sql("UPDATE deal SET title = 'x'"),
        lambda session, team: _flush(session),
        lambda session, team: session.connection().exec_driver_sql("CREATE TABLE x (id integer)"),
    )

    def test_cannot_change_a_row_whatever_it_says(self, team: TeamAtWork) -> None:
        team.deal()
        before = whole_database.state(team.database)

        for change in self.CHANGES:
            with team.looking() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
                change(session, team)

        assert whole_database.state(team.database) == before

    def test_leaves_nothing_behind_for_the_next_who_writes(self, team: TeamAtWork) -> None:
        deal_id = team.deal()
        for _ in range(25):
            with team.looking() as session:
                session.get_one(Deal, deal_id)
        for number in range(25):
            with team.acting() as session:
                session.get_one(Deal, deal_id).title = f"Ramp {number}"

        with team.looking() as session:
            assert session.get_one(Deal, deal_id).title == "Ramp 24"

    def test_sees_what_was_there_when_others_write(self, team: TeamAtWork) -> None:
        """A page is never half old and half new, and nobody waits for a reader."""
        deal_id = team.deal()
        with team.looking() as session:
            session.scalars(select(Stage)).all()
            team.move(deal_id, "Offer")
            [stage_id] = session.scalars(select(Deal.stage_id)).all()
        names = {number: name for name, number in team.stages.items()}

        assert names[stage_id] == "New"


def _flush(session: Session) -> None:
    session.scalars(select(Deal)).first().title = "x"  # type: ignore[union-attr]
    session.flush()
