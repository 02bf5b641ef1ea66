"""The fields of a team: added, chosen from ready sets, renamed, ordered, deleted and brought back on their pages."""

from __future__ import annotations

import html
import re

import pytest

from addon.domain.access import Viewer
from addon.domain.fields import queries
from addon.models import FieldKind, Role, Subject, User
from tests.web.web_world import World


@pytest.fixture
def shop(small_world: World) -> World:
    """Anna is a manager."""
    with small_world.database.writing(Viewer.operator(small_world.anna.team_id)) as session:
        session.get_one(User, small_world.anna.id).role = Role.MANAGER
    small_world.anna.role = Role.MANAGER
    return small_world


def follow(made: World, answer: object) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)[-500:]  # type: ignore[attr-defined]
    return html.unescape(made.client().get(answer.location).get_data(as_text=True))  # type: ignore[attr-defined]


def fields(made: World, subject: Subject = Subject.DEAL) -> list[str]:
    with made.database.reading(made.viewer) as session:
        return [spec.name for spec in queries.specs(session, subject, everywhere=True) if spec.custom]


def choices(made: World, key: str = "f1") -> list[tuple[str, int]]:
    with made.database.reading(made.viewer) as session:
        return [(one.name, one.score) for one in queries.spec(session, Subject.DEAL, key).choices]


def form_of(made: World, **more: object) -> dict[str, object]:
    """The form of the field f1 as its page shows it."""
    with made.database.reading(made.viewer) as session:
        spec = queries.spec(session, Subject.DEAL, "f1")
    return {
        "name": spec.name,
        "help": spec.help,
        "weight": str(spec.weight),
        "option_id": [one.id for one in spec.choices],
        "option": [one.name for one in spec.choices],
        "score": [str(one.score) for one in spec.choices],
        **more,
    }


@pytest.mark.parametrize("subject", list(Subject))
def test_a_field_of_every_kind_is_added(shop, subject):
    page = shop.client().get(f"/settings/fields/{subject}").get_data(as_text=True)
    for kind in FieldKind:
        assert f'<option value="{kind}"' in page
        follow(shop, shop.post(f"/settings/fields/{subject}", {"name": f"My {kind}", "kind": kind}))
    assert fields(shop, subject) == [f"My {kind}" for kind in FieldKind]


def test_choices_are_typed_one_a_line_with_scores_and_all_go_with_one_undo(shop):
    form = {"name": "Size", "kind": "select", "options": "Big; 100\n\nA; B\nSmall", "pipeline": shop.pipeline.id}
    page = follow(shop, shop.post("/settings/fields/deal", form))

    assert "The field Size was added." in page
    assert "Only in Outbound" in page
    assert "3 other changes go with it." in page
    assert choices(shop) == [("Big", 100), ("A; B", 0), ("Small", 0)]
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo
    shop.post(undo[1], {"back": "/settings/fields/deal"})
    assert fields(shop) == []


def test_a_second_field_of_the_same_name_is_refused_and_what_was_typed_stays(shop):
    form = {"name": "Size", "kind": "select", "help": "How big", "options": "Big"}
    shop.post("/settings/fields/deal", form)

    refused = shop.post("/settings/fields/deal", form | {"name": "size"})

    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "There is a field called Size already" in page
    assert all(kept in page for kept in ('value="size"', 'value="How big"', "Big</textarea>"))
    assert '<option value="select" selected' in page


def test_ready_sets_are_added_by_one_button_and_offered_once(shop):
    page = follow(shop, shop.post("/settings/fields/deal/ready/bant"))
    assert fields(shop) == ["Need", "Budget", "Decision", "Timing"]
    assert "weight 30" in page
    assert "/ready/bant" not in page
    assert "/ready/tags" in page
    follow(shop, shop.post("/settings/fields/deal/ready/tags"))
    assert fields(shop)[-1] == "Tags"
    assert "Ready sets" not in shop.client().get("/settings/fields/company").get_data(as_text=True)


def test_a_whole_field_is_changed_as_one_act(shop):
    shop.post("/settings/fields/deal", {"name": "Size", "kind": "select", "options": "Big\nSmall"})
    form = form_of(shop, name="Team size", help="Seats", weight="40", score=["90", "10"], more="Tiny; 5")
    form["option"] = ["Large", "Small"]

    page = follow(shop, shop.post("/settings/fields/deal/1", form))

    assert "The field Team size was changed." in page
    assert choices(shop) == [("Large", 90), ("Small", 10), ("Tiny", 5)]
    undo = re.search(r'action="(/undo/\d+)"', page)
    assert undo
    shop.post(undo[1], {"back": "/settings/fields/deal/1"})
    assert (fields(shop), choices(shop)) == (["Size"], [("Big", 0), ("Small", 0)])


def test_choices_are_ordered_deleted_and_brought_back(shop):
    shop.post("/settings/fields/deal", {"name": "Size", "kind": "select", "options": "Big\nSmall\nTiny"})
    ids = form_of(shop)["option_id"]
    assert isinstance(ids, list)

    follow(shop, shop.post("/settings/fields/deal/1", form_of(shop, choice=f"down-{ids[0]}")))
    assert [name for name, _ in choices(shop)] == ["Small", "Big", "Tiny"]
    page = follow(shop, shop.post("/settings/fields/deal/1", form_of(shop, choice=f"remove-{ids[0]}")))
    assert [name for name, _ in choices(shop)] == ["Small", "Tiny"]
    assert "1 deleted choice" in page
    follow(shop, shop.post(f"/settings/fields/deal/1/options/{ids[0]}/restore"))
    assert "Big" in [name for name, _ in choices(shop)]


def test_a_score_or_weight_that_is_none_is_refused_and_nothing_changes(shop):
    shop.post("/settings/fields/deal", {"name": "Size", "kind": "select", "options": "Big\nSmall"})
    for more in ({"score": ["many", "0"]}, {"weight": "-1"}, {"score": ["900", "0"]}, {"option": ["Small", "Small"]}):
        refused = shop.post("/settings/fields/deal/1", form_of(shop, name="Other", **more))
        assert refused.status_code == 422, more
        assert 'value="Other"' in refused.get_data(as_text=True)
    assert (fields(shop), choices(shop)) == (["Size"], [("Big", 0), ("Small", 0)])


def test_a_field_is_deleted_and_comes_back_with_what_it_held(shop):
    shop.post("/settings/fields/contact", {"name": "Shoe size", "kind": "number"})

    page = follow(shop, shop.post("/settings/fields/contact/1/delete"))

    assert "Shoe size was deleted" in page
    assert "Deleted fields" in page
    assert fields(shop, Subject.CONTACT) == []
    page = follow(shop, shop.post("/settings/fields/contact/1/restore"))
    assert fields(shop, Subject.CONTACT) == ["Shoe size"]
    assert "is back" in page


def test_fields_are_put_in_order(shop):
    for name in ("One", "Two", "Three"):
        shop.post("/settings/fields/deal", {"name": name, "kind": "text"})

    follow(shop, shop.post("/settings/fields/deal/order", {"order": [1, 2, 3], "up": "3"}))

    assert fields(shop) == ["One", "Three", "Two"]
    stale = shop.post("/settings/fields/deal/order", {"order": [1, 2]})
    assert stale.status_code == 422
    assert "changed meanwhile" in stale.get_data(as_text=True)


def test_a_field_is_found_only_among_its_own(shop):
    shop.post("/settings/fields/deal", {"name": "Size", "kind": "text"})
    assert shop.client().get("/settings/fields/company/1").status_code == 404
    assert shop.client().get("/settings/fields/nothing").status_code == 404
    assert shop.post("/settings/fields/company/1/delete").status_code == 404
    assert shop.post("/settings/fields/deal", {"name": "X", "kind": "nonsense"}).status_code == 400
    assert shop.post("/settings/fields/deal", {"name": "X", "kind": "text"}, user=shop.dimas).status_code == 403
