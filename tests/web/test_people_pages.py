"""People: made, shown, changed by two at once, deleted and brought back; several addresses each."""

from __future__ import annotations

import html
import re
from decimal import Decimal
from typing import Any

import pytest

from addon.domain.access import Viewer
from addon.domain.contacts import addressing
from addon.domain.contacts import operations as contacts
from addon.domain.contacts import queries as found_contacts
from addon.domain.deals import operations as deals
from addon.domain.fields import operations as fields
from addon.domain.fields import options, queries, stored
from addon.domain.fields.keys import key_of
from addon.domain.suppressions import operations as suppressions
from addon.domain.tasks import operations as tasks
from addon.domain.teams import operations as teams
from addon.models import Contact, FieldKind, Mailbox, Role, Sharing, Subject, SuppressionReason, SuppressionScope
from tests.web.web_world import MONDAY, World

NASTY = "<script>alert(1)</script>"
RIGHT_TO_LEFT = "مريم العلي"
ONE_WORD = "W" * 280


def opened(made: World, path: str) -> dict[str, Any]:
    """The form as a browser would send it back untouched."""
    page = made.client().get(path).text
    form: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        ticked = 'type="checkbox"' not in tag or " checked" in tag
        if named and named[1] not in ("csrf_token", "q") and ticked:
            text = html.unescape(value[1] if value else "")
            if 'type="checkbox"' in tag and named[1] in form:
                form[named[1]] = [*([form[named[1]]] if isinstance(form[named[1]], str) else form[named[1]]), text]
            else:
                form[named[1]] = text
    for name, chosen in re.findall(r'<select[^>]* name="([^"]+)".*?<option value="([^"]*)" selected', page, re.DOTALL):
        form[name] = html.unescape(chosen)
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        form[name] = html.unescape(text).replace("\n", "\r\n")
    return form


def someone(made: World, name: str = "Jane Doe", email: str = "jane@kartonex.test", **more: Any) -> int:
    with made.database.writing(made.viewer) as session:
        return contacts.create(session, email, name=name, at=MONDAY, **more).id


def there(made: World, contact_id: int) -> Contact:
    with made.database.reading(made.viewer) as session:
        who = found_contacts.get(session, contact_id)
        _ = who.company, [address.email for address in who.addresses]
        return who


def own_fields(made: World) -> dict[str, str]:
    """A field of each kind that people are asked for, by kind: their keys."""
    keys = {}
    with made.database.writing(Viewer.operator(made.viewer.team_id)) as session:
        for kind in ("text", "long_text", "number", "checkbox", "select", "multi_select", "date", "money"):
            choices = ["Red", "Green", "Blue"] if "select" in kind else []
            made_field = fields.create(
                session, Subject.CONTACT, FieldKind(kind), f"Own {kind}", options=choices, at=MONDAY
            )
            keys[kind] = key_of(made_field.id)
    return keys


def held(made: World, contact_id: int) -> dict[str, Any]:
    with made.database.reading(made.viewer) as session:
        specs = queries.specs(session, Subject.CONTACT)
        return stored.read_many(session, Subject.CONTACT, [contact_id], specs).get(contact_id, {})


def test_a_person_is_made_with_a_company_that_nobody_knew(small_world):
    answer = small_world.post(
        "/people/new", {"name": "Jane Doe", "email": "jane@kartonex.test", "company": "Kartonex", "job": "Buyer"}
    )

    assert answer.status_code == 302
    page = small_world.client().get(answer.headers["Location"]).text
    assert "Added “Jane Doe”" in page
    assert "Undo" in page
    assert "Kartonex" in page
    who = there(small_world, 1)
    assert (who.title, who.company and who.company.name) == ("Buyer", "Kartonex")


def test_a_person_can_be_known_without_an_address(small_world):
    answer = small_world.post("/people/new", {"name": RIGHT_TO_LEFT})

    assert answer.status_code == 302
    page = small_world.client().get("/people/1").text
    assert RIGHT_TO_LEFT in page
    assert "No address is known" in page


def test_a_name_made_of_its_parts_is_enough(small_world):
    answer = small_world.post("/people/new", {"name": "", "first_name": "Jane", "last_name": "Doe"})

    assert answer.status_code == 302
    assert there(small_world, 1).name == "Jane Doe"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"name": ""}, "needs"),
        ({"name": "Jane", "email": "nowhere@"}, "is not an e-mail address"),
        ({"name": "J" * 301}, "300"),
        ({"name": "Jane", "email": "jane@kartonex.test", "phone": "no digits"}, "phone"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(small_world, typed, wrong):
    answer = small_world.post("/people/new", {"job": "Buyer & Co", **typed})

    assert answer.status_code == 422
    assert wrong in answer.text
    assert 'value="Buyer &amp; Co"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert small_world.client().get("/people/1").status_code == 404


def test_an_address_that_somebody_has_is_not_taken_from_them(small_world):
    someone(small_world)

    answer = small_world.post("/people/new", {"name": "Another", "email": "JANE@kartonex.test"})

    assert answer.status_code == 422
    assert "belongs to somebody else already: Jane Doe" in answer.text


def test_a_form_that_is_opened_and_sent_changes_nothing(small_world):
    keys, who = own_fields(small_world), someone(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        spec = queries.spec(session, Subject.CONTACT, keys["multi_select"])
        values = {
            keys["long_text"]: "One\n\nTwo",
            keys["number"]: Decimal("1.125"),
            keys["checkbox"]: True,
            keys["multi_select"]: frozenset({spec.options[0].id, spec.options[2].id}),
        }
        contacts.edit(session, who, values, at=MONDAY)
    with small_world.database.writing(Viewer.operator(small_world.viewer.team_id)) as session:
        options.order(session, spec.field_id or 0, [one.id for one in reversed(spec.options)], at=MONDAY)
    before = held(small_world, who)

    answer = small_world.post(f"/people/{who}/edit", opened(small_world, f"/people/{who}/edit"))

    assert answer.status_code == 302
    assert "done" not in answer.headers["Location"]
    assert held(small_world, who) == before


def test_two_people_at_one_form_lose_nothing(small_world):
    keys, who = own_fields(small_world), someone(small_world)
    first, second = (opened(small_world, f"/people/{who}/edit") for _ in range(2))

    small_world.post(f"/people/{who}/edit", first | {"job": "Buyer", keys["checkbox"]: "yes"}, user=small_world.dimas)
    answer = small_world.post(f"/people/{who}/edit", second | {keys["long_text"]: "One\r\nTwo"})

    assert answer.status_code == 302
    assert there(small_world, who).title == "Buyer"
    assert held(small_world, who) == {keys["checkbox"]: True, keys["long_text"]: "One\nTwo"}


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten_unseen(small_world):
    who = someone(small_world)
    first, second = (opened(small_world, f"/people/{who}/edit") for _ in range(2))
    small_world.post(f"/people/{who}/edit", first | {"job": "Buyer"}, user=small_world.dimas)

    answer = small_world.post(f"/people/{who}/edit", second | {"job": "Head of buying", "phone": "+48 600 700 800"})

    assert answer.status_code == 409
    assert "Dimas Prasetyo changed this person first, just now." in answer.text
    assert "It is “Buyer” now." in answer.text
    assert 'value="Head of buying"' in answer.text
    assert there(small_world, who).title == "Buyer"
    again = {**second, "job": "Head of buying", "was_job": "Buyer"}
    assert small_world.post(f"/people/{who}/edit", again).status_code == 302
    assert there(small_world, who).title == "Head of buying"


def test_a_field_that_was_made_while_the_form_was_open_is_left_alone(small_world):
    who = someone(small_world)
    form = opened(small_world, f"/people/{who}/edit")
    keys = own_fields(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        contacts.edit(session, who, {keys["text"]: "Kept", keys["checkbox"]: True}, at=MONDAY)

    answer = small_world.post(f"/people/{who}/edit", form | {"job": "Buyer"})

    assert answer.status_code == 302
    assert held(small_world, who) == {keys["text"]: "Kept", keys["checkbox"]: True}


def test_an_edit_is_told_in_the_diary_and_can_be_taken_back(small_world):
    who = someone(small_world)

    answer = small_world.post(f"/people/{who}/edit", opened(small_world, f"/people/{who}/edit") | {"job": NASTY})
    page = small_world.client().get(answer.headers["Location"]).text
    assert NASTY not in page
    assert html.escape(NASTY) in page
    done = re.search(r"done=(\d+)", answer.headers["Location"])
    assert done
    small_world.post(f"/undo/{done[1]}", {"back": f"/people/{who}"})

    assert there(small_world, who).title == ""


def test_a_deleted_person_is_brought_back_from_the_list(small_world):
    who = someone(small_world)

    answer = small_world.post(f"/people/{who}/delete")
    page = small_world.client().get(answer.headers["Location"]).text
    assert "Deleted “Jane Doe”" in page
    gone = small_world.client().get(f"/people/{who}")
    assert gone.status_code == 302
    assert gone.headers["Location"] == answer.headers["Location"]
    done = re.search(r"done=(\d+)", answer.headers["Location"])
    assert done
    small_world.post(f"/undo/{done[1]}", {"back": "/people"})

    assert [address.email for address in there(small_world, who).addresses] == ["jane@kartonex.test"]


def test_addresses_are_added_put_first_and_taken_away_each_with_a_way_back(small_world):
    who = someone(small_world)

    small_world.post(f"/people/{who}/addresses", {"email": "jane@home.test"})
    second = there(small_world, who).addresses[1].id
    answer = small_world.post(f"/people/{who}/addresses/{second}/first")
    assert [a.email for a in there(small_world, who).addresses] == ["jane@home.test", "jane@kartonex.test"]
    assert "Undo" in small_world.client().get(answer.headers["Location"]).text
    small_world.post(f"/people/{who}/addresses/{second}/remove")

    assert [a.email for a in there(small_world, who).addresses] == ["jane@kartonex.test"]


@pytest.mark.parametrize(
    ("email", "wrong"), [("nowhere@", "is not an e-mail address"), ("ben@x.test", "belongs to somebody else already")]
)
def test_an_address_that_cannot_be_added_stays_typed(small_world, email, wrong):
    who = someone(small_world)
    someone(small_world, "Ben", "ben@x.test")

    answer = small_world.post(f"/people/{who}/addresses", {"email": email})

    assert answer.status_code == 422
    assert wrong in answer.text
    assert f'value="{email}"' in answer.text


def test_an_address_of_somebody_else_cannot_be_touched_through_a_person(small_world):
    who = someone(small_world)
    other = someone(small_world, "Ben", "ben@x.test")
    theirs = there(small_world, other).addresses[0].id

    assert small_world.post(f"/people/{who}/addresses/{theirs}/remove").status_code == 404
    assert small_world.post(f"/people/{who}/addresses/{theirs}/first").status_code == 404
    assert len(there(small_world, other).addresses) == 1


def test_addresses_that_get_no_mail_say_so(small_world):
    who = someone(small_world)
    with small_world.database.writing(small_world.viewer) as session:
        contacts.mark_bounced(session, found_contacts.addresses_of(session, who)[0], at=MONDAY)
        addressing.add(session, who, "jane@home.test", at=MONDAY)
        address = found_contacts.addresses_of(session, who)[1]
        suppressions.suppress(
            session,
            address.key,
            scope=SuppressionScope.CAMPAIGNS,
            reason=SuppressionReason.UNSUBSCRIBED,
            at=MONDAY,
        )

    page = small_world.client().get(f"/people/{who}").text

    assert "Does not exist, today" in page
    assert "Wants no campaigns" in page
    assert "Mail goes here" in page


def test_a_persons_page_shows_deals_mail_and_tasks(small_world):
    deal = small_world.deal(
        "Pilot",
        company="Kartonex",
        amount="86400",
        currency="PLN",
        step="Call",
        on=MONDAY.date(),
        person=("Katarzyna Wiśniewska", "katarzyna@bursztyn.test"),
    )
    other = small_world.deal("Other", amount="5")
    small_world.answer_moves(deal, "Proposal", "Send us a proposal.")
    with small_world.database.writing(small_world.viewer) as session:
        who = found_contacts.by_email(session, "katarzyna@bursztyn.test")
        assert who is not None
        deals.add_person(session, other, who, role="Decides", at=MONDAY)
        tasks.create(session, "Send samples", assignee_id=small_world.anna.id, contact_id=who.id, at=MONDAY)
        contact_id = who.id

    page = small_world.client().get(f"/people/{contact_id}").text

    for words in ("Pilot", "PLN\u00a086,400", "Proposal", "Call · today", "Other", "Send samples", "Wycena dla 40"):
        assert words in page


def test_a_task_is_added_done_and_done_not_after_all(small_world):
    who = someone(small_world)
    form = {"title": "Send samples", "due_on": "2026-11-20", "assignee_id": str(small_world.dimas.id)}

    answer = small_world.post(f"/people/{who}/tasks", form)
    page = small_world.client().get(answer.headers["Location"]).text
    assert "Send samples" in page
    assert "was due" in page
    assert "Dimas Prasetyo" in page
    small_world.post("/tasks/1/done", {"back": f"/people/{who}"})

    assert 'aria-pressed="true"' in small_world.client().get(f"/people/{who}").text


@pytest.mark.parametrize(
    ("typed", "where"),
    [({"title": ""}, "title"), ({"due_on": "soon"}, "due_on"), ({"assignee_id": "999"}, "assignee_id")],
)
def test_a_task_that_cannot_be_stays_typed(small_world, typed, where):
    who = someone(small_world)
    form = {"title": "Send samples", "due_on": "2026-11-20", "assignee_id": str(small_world.dimas.id)} | typed

    answer = small_world.post(f"/people/{who}/tasks", form)

    assert answer.status_code == 422
    assert f'id="e-{where}"' in answer.text
    assert f'value="{form["title"]}"' in answer.text


def test_a_colleague_sees_no_subject_that_its_owner_keeps(small_world):
    deal = small_world.deal("Pilot", person=("Katarzyna", "katarzyna@bursztyn.test"))
    small_world.answer_moves(deal, "Proposal", "Send us a proposal.")
    with small_world.database.writing(small_world.viewer) as session:
        session.get_one(Mailbox, small_world.mailbox.id).sharing = Sharing.HAPPENED

    page = small_world.client(small_world.dimas).get("/people/1").text

    assert "Wycena dla 40" not in page
    assert "A mail in Anna Kowalczyk’s mailbox" in page


def test_html_long_words_and_right_to_left_names_are_only_words(small_world):
    keys = own_fields(small_world)
    who = someone(small_world, NASTY, "odd@x.test")
    with small_world.database.writing(small_world.viewer) as session:
        contacts.edit(
            session, who, {"job": NASTY, keys["text"]: NASTY, keys["long_text"]: f"{NASTY}\n{ONE_WORD}"}, at=MONDAY
        )

    for path in (f"/people/{who}", f"/people/{who}/edit", "/people"):
        page = small_world.client().get(path).text
        assert NASTY not in page
        assert html.escape(NASTY) in page


def test_whom_one_may_not_see_is_not_there(small_world):
    who = someone(small_world)
    with small_world.database.writing(Viewer.operator(0)) as session:
        other = teams.create_team(session, "Elsewhere", at=MONDAY).id
    with small_world.database.writing(Viewer.operator(other)) as session:
        eve = teams.add_user(session, "eve@elsewhere.test", role=Role.ADMIN, name="Eve", at=MONDAY)

    client = small_world.client(eve)
    assert client.get(f"/people/{who}").status_code == 404
    assert client.get(f"/people/{who}/edit").status_code == 404
    for act in ("delete", "edit", "addresses", "addresses/1/first", "addresses/1/remove"):
        assert small_world.post(f"/people/{who}/{act}", {"email": "x@x.test"}, user=eve).status_code == 404
    assert there(small_world, who).name == "Jane Doe"


def test_forms_from_elsewhere_are_refused(small_world):
    who = someone(small_world)
    client = small_world.client()

    assert client.post(f"/people/{who}/delete").status_code == 400
    assert client.post("/people/new", data={"name": "Eve"}).status_code == 400
    assert there(small_world, who).name == "Jane Doe"


@pytest.mark.parametrize("number", ["0", "99999999999", "-1", "x"])
def test_odd_numbers_in_addresses_of_pages_are_no_pages(small_world, number):
    for path in (f"/people/{number}", f"/companies/{number}", f"/people/{number}/edit"):
        assert small_world.client().get(path).status_code == 404
    assert small_world.client().get(f"/people/new?company={number}").status_code == 200
