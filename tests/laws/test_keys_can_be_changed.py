"""SECRET_KEYS rotate: what was sealed opens, and nothing that the world holds of us (keys, tokens) changes."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from addon.domain.access import Database, Vault, doors
from addon.domain.access.tokens import read_unsubscribe_token, unsubscribe_token
from addon.domain.access.vault import NoKeys, WrongKeys
from addon.domain.contacts import addresses
from addon.domain.mailboxes import operations as mailboxes
from addon.domain.mailboxes import queries
from addon.domain.outgoing import operations as outgoing
from addon.models import Mailbox, Run, RunKind
from tests.databases import KEY
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork

NEW = Fernet.generate_key().decode()


@pytest.fixture
def rotated(team: TeamAtWork) -> Database:
    """The same rows, opened by a process that was started with a new key before the old one."""
    return Database(team.database.engine, Vault([NEW, KEY]))


def refresh_token(database: Database, team: TeamAtWork, email: str) -> str | None:
    with database.reading(team.viewer()) as session:
        return queries.refresh_token(session, session.get_one(Mailbox, team.mailboxes[email]))


def sealed(team: TeamAtWork, email: str) -> bytes:
    with team.looking() as session:
        return bytes(session.get_one(Mailbox, team.mailboxes[email]).sealed_refresh_token or b"")


def test_tokens_still_open(team: TeamAtWork, rotated: Database) -> None:
    assert refresh_token(rotated, team, ANNA) == "r"


def test_the_new_key_writes_and_the_old_one_does_not(team: TeamAtWork, rotated: Database) -> None:
    with rotated.writing(team.viewer(BEN)) as session:
        mailboxes.connect(session, owner_id=team.users[BEN], email=BEN, refresh_token="fresh", at=MONDAY)

    assert Vault([NEW]).open(sealed(team, BEN)) == "fresh"
    with pytest.raises(WrongKeys):
        Vault([KEY]).open(sealed(team, BEN))
    with pytest.raises(WrongKeys):
        Vault([NEW]).open(sealed(team, ANNA))
    assert Vault([NEW]).open(rotated.vault.renew(sealed(team, ANNA))) == "r"


def test_address_keys_stay_what_they_are(team: TeamAtWork, rotated: Database) -> None:
    with team.looking() as session:
        before = addresses.key_of(session, JANE)

    with rotated.reading(team.viewer()) as session:
        assert addresses.key_of(session, JANE) == before
    assert rotated.secret == team.database.secret


def test_a_link_in_a_mail_of_last_year_still_unsubscribes(team: TeamAtWork, rotated: Database) -> None:
    with team.acting() as session:
        run = outgoing.begin_run(session, RunKind.CAMPAIGN, at=MONDAY)
        key = addresses.key_of(session, JANE)
    link = unsubscribe_token(team.database.secret, team_id=team.team_id, address_key=key, run_ref=run.ref)

    guest = doors.guest_by_token(rotated, link)

    assert (guest.team_id, guest.address_key, guest.run_ref) == (team.team_id, key, run.ref)
    with team.looking() as session:
        assert session.scalars(select(Run.ref)).one() == run.ref
    assert read_unsubscribe_token(rotated.secret, link[:-2] + "AA") is None


def test_without_the_old_key_nothing_is_read_wrongly(team: TeamAtWork) -> None:
    only_new = Database(team.database.engine, Vault([NEW]))

    with pytest.raises(WrongKeys):
        _ = only_new.secret
    with pytest.raises(WrongKeys):
        refresh_token(only_new, team, ANNA)
    with pytest.raises(NoKeys):
        _ = Database(team.database.engine, Vault([])).secret
