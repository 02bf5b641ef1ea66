"""People and companies are edited with their own fields; people have several addresses; what goes can come back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from addon.domain.access import Viewer
from addon.domain.contacts import addressing, companies, naming, queries
from addon.domain.contacts import operations as contacts
from addon.domain.errors import NotFound
from addon.domain.fields import operations as fields
from addon.domain.fields import stored
from addon.domain.fields.keys import UnknownField, key_of
from addon.domain.fields.queries import specs
from addon.domain.fields.refusals import Missing, NotAPhone, NotEditable, TooLong
from addon.domain.teams import operations as teams
from addon.i18n import Words
from addon.models import Address, Contact, FieldKind, Role, Sight, Subject
from tests.domain.team_at_work import ANNA, BEN, JANE, MONDAY, TeamAtWork

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def session(team: TeamAtWork) -> Iterator[Session]:
    with team.database.writing(Viewer.operator(team.team_id)) as opened:
        yield opened


def jane(session: Session) -> Contact:
    return contacts.create(session, JANE, name="Jane Doe", at=MONDAY)


def emails(session: Session, contact_id: int) -> list[str]:
    return [address.email for address in queries.addresses_of(session, contact_id)]


def test_one_edit_changes_built_in_and_custom_fields_and_can_be_read_back(session: Session, team: TeamAtWork) -> None:
    person = jane(session)
    acme = companies.create(session, "Acme", at=MONDAY)
    key = key_of(fields.create(session, Subject.CONTACT, FieldKind.CHECKBOX, "Customer", at=MONDAY).id)
    changes = {"name": "Jane Roe", "job": "Buyer", "company": acme.id, "owner": team.users[ANNA], key: True}

    entry = contacts.edit(session, person.id, changes, at=LATER)

    assert entry is not None
    assert (entry.kind, person.first_name, person.last_name, person.title) == ("contact.edited", "Jane", "Roe", "Buyer")
    assert entry.after == {"company_id": acme.id, "owner_id": team.users[ANNA], key: True}
    before, after = contacts.edits_of(session, entry)
    assert after == {**changes, "last_name": "Roe"}
    undone = contacts.edit(session, person.id, before, at=LATER, undoes=entry)
    assert undone is not None
    assert (person.name, person.last_name, person.title, person.company_id) == ("Jane Doe", "Doe", "", None)
    assert stored.read_many(session, Subject.CONTACT, [person.id], specs(session, Subject.CONTACT)) == {person.id: {}}
    assert contacts.edit(session, person.id, before, at=LATER) is None


def test_parts_of_a_name_make_the_name(session: Session) -> None:
    person = jane(session)
    contacts.edit(session, person.id, {"last_name": "Kowalska-Doe"}, at=LATER)
    assert person.name == "Jane Kowalska-Doe"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, Missing),
        ({"name": "x" * 10_000}, TooLong),
        ({"phone": "call me"}, NotAPhone),
        ({"locale": "klingon!"}, naming.OddLocale),
        ({"email": "a@b.example"}, NotEditable),
        ({"company": 99}, NotFound),
        ({"owner": 99}, NotFound),
        ({"f99": "x"}, UnknownField),
        ({"team_id": 2}, UnknownField),
    ],
)
def test_an_odd_edit_is_refused_and_changes_nothing(
    session: Session, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    person = jane(session)
    with pytest.raises(refusal):
        contacts.edit(session, person.id, {"job": "Buyer", **changes}, at=LATER)
    assert person.title == ""


class TestAddresses:
    def test_mail_goes_to_the_first_of_several(self, session: Session) -> None:
        person = jane(session)
        added = addressing.add(session, person.id, "jane@home.example", at=LATER)
        assert added is not None
        assert addressing.add(session, person.id, "jane@home.example", at=LATER) is None

        addressing.make_first(session, person.id, added.after["address_id"], at=LATER)

        assert emails(session, person.id) == ["jane@home.example", JANE]
        assert [address.email for address in person.addresses] == ["jane@home.example", JANE]

    def test_one_that_is_taken_away_stays_for_what_holds_of_it(self, session: Session) -> None:
        person = jane(session)
        address = queries.addresses_of(session, person.id)[0]

        entry = addressing.take_away(session, person.id, address.id, at=LATER)

        assert (emails(session, person.id), address.contact_id) == ([], None)
        assert (entry.before["order"], entry.after["order"]) == ([address.id], [])
        back = addressing.add(session, person.id, JANE.upper(), at=LATER)
        assert back is not None
        assert back.after["address_id"] == address.id, "the same row"

    def test_somebody_elses_is_refused_in_any_spelling(self, session: Session) -> None:
        jane(session)
        ben = contacts.create(session, "ben@acme.example", at=MONDAY)
        with pytest.raises(addressing.AddressTaken) as refused:
            addressing.add(session, ben.id, "JANE+spam@acme.example", at=LATER)
        assert refused.value.params["name"] == "Jane Doe"
        with pytest.raises(contacts.NotAnAddress):
            addressing.add(session, ben.id, "not an address", at=LATER)
        with pytest.raises(NotFound):
            addressing.make_first(session, ben.id, 9999, at=LATER)

    def test_of_many_people_are_read_at_once(self, session: Session) -> None:
        people = [contacts.create(session, f"p{n}@acme.example", at=MONDAY).id for n in range(3)]
        assert [a[0].email for a in queries.with_addresses(session, people).values()] == [
            f"p{n}@acme.example" for n in range(3)
        ]


def test_a_deleted_person_comes_back_with_the_addresses_that_are_still_free(session: Session) -> None:
    person = jane(session)
    addressing.add(session, person.id, "jane@home.example", at=MONDAY)

    contacts.delete(session, person.id, at=LATER)
    newcomer = contacts.create(session, JANE, name="Jane Again", at=LATER)
    contacts.restore(session, person.id, at=LATER)

    assert newcomer.id != person.id
    assert emails(session, newcomer.id) == [JANE]
    assert emails(session, person.id) == ["jane@home.example"]
    assert contacts.restore(session, person.id, at=LATER) is None
    assert len(session.scalars(select(Address)).all()) == 2


def test_somebody_of_whom_no_address_is_known_has_a_name(session: Session) -> None:
    key = key_of(fields.create(session, Subject.CONTACT, FieldKind.TEXT, "Met at", at=MONDAY).id)
    person = contacts.create_unaddressed(session, {"name": "Ada Byron", key: "The fair"}, at=MONDAY)
    assert (person.first_name, person.last_name) == ("Ada", "Byron")
    with pytest.raises(Missing):
        contacts.create_unaddressed(session, {"job": "Buyer"}, at=MONDAY)


FREE = """
outlook.it outlook.de yahoo.co.uk yahoo.es yahoo.com.br hotmail.co.uk hotmail.de hotmail.be live.it t-online.de
freenet.de gmx.at gmx.ch email.it inwind.it iol.it vp.pl tlen.pl gazeta.pl rocketmail.com comcast.net att.net inbox.ru
bk.ru tuta.com duck.com bigpond.com btinternet.com bluewin.ch skynet.be ziggo.nl abv.bg freemail.hu uol.com.br sapo.pt
docomo.ne.jp yahoo.co.id plasa.com gmail.com googlemail.com web.de interia.pl poczta.fm laposte.net qq.com ukr.net
mac.com telkom.net
"""


class TestCompanies:
    def test_a_domain_is_anybodys_who_says_so_but_free_mail_is_nobodys(self, session: Session) -> None:
        acme = companies.create(session, "Acme", domain="https://WWW.Acme.Example/", at=MONDAY)
        assert acme.domain == "acme.example"
        with pytest.raises(companies.FreeMail):
            companies.edit(session, acme.id, {"domain": "gmail.com"}, at=LATER)
        with pytest.raises(companies.NotADomain):
            companies.edit(session, acme.id, {"domain": "no domain"}, at=LATER)
        with pytest.raises(companies.DomainTaken) as taken:
            companies.create(session, "Acme Two", domain="acme.example", at=LATER)
        assert taken.value.params["name"] == "Acme"
        with pytest.raises(companies.NoName):
            companies.create(session, " ", at=LATER)

    def test_free_mail_of_any_country_is_nobodys(self, session: Session) -> None:
        for domain in FREE.split():
            with pytest.raises(companies.FreeMail):
                companies.create(session, "Acme", domain=domain, at=MONDAY)

    def test_a_name_that_only_sounds_like_free_mail_is_a_companys(self, session: Session) -> None:
        for domain in ("live.example", "yahoo.acme.com", "myyahoo.example", "outlook.acme.it", "web.example"):
            assert companies.create(session, domain, domain=domain, at=MONDAY).domain == domain

    def test_deleting_frees_the_domain_and_restoring_takes_it_back(self, session: Session) -> None:
        acme = companies.create(session, "Acme", domain="acme.example", at=MONDAY)
        companies.delete(session, acme.id, at=LATER)
        assert queries.companies(session) == []
        assert contacts.company_named(session, "Acme", at=LATER).id != acme.id
        companies.restore(session, acme.id, at=LATER)
        assert acme.domain == "acme.example"
        with pytest.raises(NotFound):
            queries.get_company(session, 9999)

    def test_an_edit_can_be_read_back(self, session: Session, team: TeamAtWork) -> None:
        acme = companies.create(session, "Acme", domain="acme.example", at=MONDAY)
        entry = companies.edit(session, acme.id, {"domain": "", "owner": team.users[ANNA]}, at=LATER)
        assert entry is not None
        assert acme.domain is None
        before, _ = companies.edits_of(session, entry)
        companies.edit(session, acme.id, before, at=LATER, undoes=entry)
        assert (acme.domain, acme.owner_id) == ("acme.example", None)

    def test_its_people_are_found(self, session: Session) -> None:
        acme = companies.create(session, "Acme", at=MONDAY)
        person = contacts.create(session, JANE, company=acme, at=MONDAY)
        assert [each.id for each in queries.of_company(session, acme.id)] == [person.id]


def test_an_address_of_somebody_unseen_says_nothing_of_them(team: TeamAtWork) -> None:
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        hidden = contacts.create(session, "secret@acme.example", name="Hidden Person", at=MONDAY)
        contacts.edit(session, hidden.id, {"owner": team.users[BEN]}, at=MONDAY)
        companies.create(session, "Hidden Firm", domain="acme.example", owner_id=team.users[BEN], at=MONDAY)
        mine = jane(session).id
        teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)

    with team.acting() as session:
        for act in (
            lambda: contacts.create(session, "secret@acme.example", at=LATER),
            lambda: addressing.add(session, mine, "secret+x@acme.example", at=LATER),
            lambda: companies.create(session, "Mine", domain="acme.example", at=LATER),
        ):
            with pytest.raises((contacts.AddressTakenUnseen, companies.DomainTakenUnseen)) as refused:
                act()
            assert "Hidden" not in str(refused.value.params)
            text = Words("en")(refused.value.code, **refused.value.params)
            assert re.fullmatch(
                r"[\w.+@-]+ can’t be used here\. Nothing was changed\. An admin of your team can help\.", text
            ), "it says neither that it is somebody's nor whose"


def test_how_a_person_unseen_writes_their_address_is_not_told(team: TeamAtWork) -> None:
    with team.database.writing(Viewer.operator(team.team_id)) as session:
        hidden = contacts.create(session, "Se.Cret@gmail.com", at=MONDAY)
        contacts.edit(session, hidden.id, {"owner": team.users[BEN]}, at=MONDAY)
        teams.set_sight(session, Role.REP, Sight.OWN, at=MONDAY)

    for typed in ("secret@gmail.com", "SE.CRET@gmail.com"):
        with pytest.raises(contacts.AddressTakenUnseen) as refused, team.acting() as session:
            contacts.create(session, typed, at=LATER)
        assert refused.value.params == {"email": typed}
