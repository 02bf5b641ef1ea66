"""The way out of campaigns: one click by a mail program, or a button for a person; opening the link changes nothing."""

from __future__ import annotations

import functools
from datetime import UTC, datetime

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from addon.domain import tables
from addon.domain.access import Database, Viewer
from addon.domain.access.tokens import unsubscribe_token
from addon.domain.campaigns import importing, queries
from addon.domain.contacts import addresses
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.suppressions import queries as suppressions
from addon.domain.teams import operations as teams
from addon.intake import unsubscribing
from addon.models import Activity, Outgoing, Role, Run, Team
from addon.shipped import place
from addon.web import frame

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def operator(database: Database) -> Viewer:
    """A team that is sending a campaign to Bo and Cy."""
    assert database.secret
    with Session(database.engine) as session, session.begin():
        team = Team(name="Acme", created_at=MONDAY)
        session.add(team)
        session.flush()
        viewer = Viewer.operator(team.id)
    with database.writing(viewer) as session:
        ana = teams.add_user(session, "ana@acme.test", role=Role.REP, at=MONDAY)
        mailbox = mailboxes.connect(session, owner_id=ana.id, email="ana@acme.test", refresh_token="x", at=MONDAY)
        mailbox_id = mailbox.id
    writing = functools.partial(database.writing, viewer)
    table = tables.read(b"email\nbo@x.test\ncy@x.test\n")
    draft = importing.Draft(mailbox_id=mailbox_id, name="Spring", subject="Hi", body="Hi", table=table)
    importing.launch_campaign(writing, importing.create_campaign(writing, draft, at=MONDAY), at=MONDAY)
    return viewer


@pytest.fixture
def token(database: Database, operator: Viewer) -> str:
    """Of the mail to Bo."""
    with database.reading(operator) as session:
        return unsubscribe_token(
            database.secret,
            team_id=operator.team_id,
            address_key=addresses.key_of(session, "bo@x.test"),
            run_ref=session.scalars(select(Run.ref)).one(),
        )


@pytest.fixture
def woken() -> list[None]:
    return []


@pytest.fixture
def client(database: Database, woken: list[None]) -> FlaskClient:
    app = Flask("addon", static_folder=None)
    app.register_blueprint(unsubscribing.blueprint(database=database, wake=lambda: woken.append(None)))
    frame.join(app)
    app.register_blueprint(
        Blueprint("web", "web", static_folder=str(place("templates") / "web" / "static"), static_url_path="/assets/web")
    )
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app.test_client()


def states(database: Database, operator: Viewer) -> list[str]:
    with database.reading(operator) as session:
        [campaign] = queries.all_of_team(session)
        return [str(line.state) for line in queries.recipients(session, campaign.id)]


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_programs_one_click_ends_it_at_once(client, database, operator, token, woken, kind):
    answer = client.post(f"/u/{token}", data=ONE_CLICK, content_type=kind)

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert states(database, operator) == ["stopped", "due"]
    assert woken
    with database.reading(operator) as session:
        [proof] = suppressions.of_key(session, addresses.key_of(session, "Bo+tag@x.test"))
        assert (proof.scope, proof.reason, proof.lifted_at) == ("campaigns", "unsubscribed", None)
        assert proof.run_id == session.scalars(select(Run.id)).one()
        act = session.scalars(select(Activity).where(Activity.subject_kind == "suppression")).one()
        assert act.actor_kind == "guest"


def test_opening_the_link_shows_a_button_and_changes_nothing(client, database, operator, token):
    for method in (client.get, client.head):
        answer = method(f"/u/{token}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"

    page = client.get(f"/u/{token}").text
    assert '<form method="post"' in page
    assert "bo@x.test" not in page
    assert states(database, operator) == ["due", "due"]
    with database.reading(operator) as session:
        assert suppressions.of_key(session, addresses.key_of(session, "bo@x.test")) == []


def test_clicking_twice_changes_nothing_more_and_is_thanked_again(client, database, operator, token):
    first = client.post(f"/u/{token}", data=ONE_CLICK)
    second = client.post(f"/u/{token}", data=ONE_CLICK)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text == second.text == client.get(f"/u/{token}").text
    with database.reading(operator) as session:
        assert session.scalar(select(func.count(Activity.id)).where(Activity.subject_kind == "suppression")) == 1


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: t[:40], lambda t: "x"])
def test_a_link_that_is_not_ours_says_what_to_do(client, database, operator, token, change):
    for method in (client.get, client.post):
        answer = method(f"/u/{change(token)}")
        assert answer.status_code == 404
        assert "Nothing was changed" in answer.text

    assert states(database, operator) == ["due", "due"]


def test_a_mail_that_is_not_a_campaigns_still_goes(client, database, operator, token):
    """A personal follow-up is no campaign: its own way out ends it."""
    with database.writing(operator) as session:
        run = Run(kind="enrolment", ref="8d9f0b5c-3c8e-4c9c-9d7c-3f1a6a0c4c11", created_at=MONDAY)
        session.add(run)
        session.flush()
        mail = session.scalars(select(Outgoing).order_by(Outgoing.id)).first()
        session.add(
            Outgoing(
                run_id=run.id,
                address_key=mail.address_key,
                address_id=mail.address_id,
                mailbox_id=mail.mailbox_id,
                ref="0e6b3f7e-51f4-4b3e-8f3a-0c7a2b1d9e55",
                due_at=MONDAY,
            )
        )

    client.post(f"/u/{token}", data=ONE_CLICK)

    with database.reading(operator) as session:
        assert session.scalars(select(Outgoing.state).where(Outgoing.ref.startswith("0e6b"))).one() == "due"
