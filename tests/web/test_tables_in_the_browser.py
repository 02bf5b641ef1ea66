"""A table in a real browser: walked, changed and sorted by keyboard; pages of people fit and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from addon import clock
from addon.domain.access import Viewer
from addon.domain.contacts import addressing, companies, queries
from addon.domain.contacts import operations as contacts
from addon.domain.fields import operations as fields
from addon.domain.fields import queries as field_queries
from addon.domain.fields.keys import key_of
from addon.models import FieldKind, Subject
from tests import serving
from tests.databases import on_sqlite
from tests.journeys.page_checks import DESK, PHONE, faults
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

ONE_WORD = "W" * 280
RIGHT_TO_LEFT = "مريم العلي"
NASTY = "<b>bold</b><script>alert(1)</script>"
LABELS = {
    "multi_select": "Nieruchomości przemysłowe i magazynowe",
    "checkbox": "Zgoda na przetwarzanie danych osobowych",
    "number": "Liczba stanowisk w okresie próbnym",
    "date": "Tanggal pertemuan berikutnya dengan tim pengadaan",
    "long_text": "Pertanggungjawaban perusahaan",
    "link": "Strona internetowa",
}


@dataclass
class Served:
    made: World
    url: str
    person: int
    company: int
    endless: int
    deals: list[int]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    clock.set_world(MONDAY)
    with on_sqlite(tmp_path_factory.mktemp("tables")) as database, world(database) as made:
        found = furnish(made)
        with serving.served(made.app) as url:
            yield Served(made, url, *found)


def furnish(made: World) -> tuple[int, int, int, list[int]]:
    keys: dict[tuple[str, str], str] = {}
    with made.database.writing(Viewer.operator(made.viewer.team_id)) as session:
        for subject in Subject:
            for kind, name in LABELS.items():
                options = ["Ramp", "Yard"] if kind == "multi_select" else []
                field = fields.create(session, subject, FieldKind(kind), name, options=options, at=MONDAY)
                keys[subject, kind] = key_of(field.id)
    deals = [
        made.deal(
            f"Deal {n}",
            company=f"Company {n}",
            amount=str(100 * n),
            step="Call",
            on=MONDAY.date() - timedelta(days=n),
            owner=(made.anna, made.dimas)[n % 2],
        )
        for n in range(1, 5)
    ]
    made.deal(ONE_WORD, "Won", company=ONE_WORD, amount="123456789.50", currency="IDR", person=(NASTY, "b@x.test"))
    with made.database.writing(made.viewer) as session:
        firm = companies.create(session, ONE_WORD[:200], at=MONDAY, domain="kartonex.test").id
        who = contacts.create(session, "jane@kartonex.test", name=RIGHT_TO_LEFT, at=MONDAY).id
        addressing.add(session, who, f"{'w' * 60}@{'w' * 60}.test", at=MONDAY)
        spec = field_queries.spec(session, Subject.CONTACT, keys["contact", "multi_select"])
        typed = {
            "job": NASTY,
            "company": firm,
            spec.key: frozenset(option.id for option in spec.options),
            keys["contact", "checkbox"]: True,
            keys["contact", "number"]: Decimal("1.125"),
            keys["contact", "date"]: date(2026, 12, 1),
            keys["contact", "long_text"]: f"{ONE_WORD}\n{NASTY}",
            keys["contact", "link"]: f"https://kartonex.test/{ONE_WORD}",
        }
        contacts.edit(session, who, typed, at=MONDAY)
        endless = contacts.create(session, "endless@x.test", name=ONE_WORD, at=MONDAY).id
        contacts.mark_bounced(session, queries.addresses_of(session, endless)[0], at=MONDAY)
    return who, firm, endless, deals


@contextmanager
def opened(chrome: Browser, served: Served, path: str, size: tuple[int, int] = DESK) -> Iterator[Page]:
    """A page with Anna signed in. Anything a script complains of fails the test."""
    context = chrome.new_context(
        viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", bypass_csp=False
    )
    context.add_cookies([{"name": "dealthread", "value": served.made.cookie(), "url": served.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.goto(served.url + path)
    yield page
    context.close()
    assert not complaints


def cell(page: Page, deal: int, key: str):
    return page.locator(f'[data-deal="{deal}"] [data-key="{key}"]')


@pytest.mark.long  # `test_pages_fit_and_read` looks at the same pages
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_tables_and_pages_of_people_fit_and_can_be_read(chrome, served, size):
    wrong = []
    paths = [
        *("/deals", "/people", "/companies", "/people/new", "/companies/new"),
        f"/people/{served.person}",
        f"/people/{served.person}/edit",
        f"/people/{served.endless}",
        f"/companies/{served.company}",
        f"/companies/{served.company}/edit",
    ]
    for path in paths:
        with opened(chrome, served, path, size) as page:
            wrong += [f"{path}: {each}" for each in faults(page)]
            assert page.locator("h1").count() == 1

    assert wrong == [], "\n".join(wrong)


def test_cells_are_walked_changed_and_taken_back_by_keyboard(chrome, served):
    first, second = served.deals[3], served.deals[2]
    with opened(chrome, served, "/deals?sort=-value&shape=table&changed=1") as page:
        cell(page, first, "next_step").focus()
        page.keyboard.press("ArrowDown")
        expect(cell(page, second, "next_step")).to_be_focused()
        page.keyboard.press("e")
        expect(page.locator(".dt-cellform input[name=next_step]")).to_be_focused()
        page.keyboard.press("Escape")
        expect(cell(page, second, "next_step")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".dt-cellform input[name=next_step]")).to_be_focused()
        page.keyboard.type("Ring them up")
        page.keyboard.press("Enter")

        expect(cell(page, second, "next_step")).to_contain_text("Ring them up")
        expect(page.locator("#moved")).to_contain_text("Ring them up")
        expect(cell(page, second, "next_step")).to_be_focused()

        page.keyboard.press("z")
        expect(cell(page, second, "next_step")).to_contain_text("Call")
        page.keyboard.press("ArrowRight")
        expect(cell(page, second, "next_step_on")).to_be_focused()
        page.keyboard.press("o")
        page.wait_for_url(f"**/deals/{second}")


def test_a_double_click_changes_a_cell_and_a_refusal_keeps_what_was_typed(chrome, served):
    deal = served.deals[0]
    with opened(chrome, served, "/deals") as page:
        cell(page, deal, "value").dblclick()
        field = page.locator(".dt-cellform input[name=value]")
        field.fill("a lot")
        field.press("Enter")

        expect(page.locator(".dt-cellform .dt-err")).to_contain_text("a lot")
        expect(field).to_be_focused()
        expect(field).to_have_value("a lot")
        field.fill("EUR 250")
        field.press("Enter")
        expect(cell(page, deal, "value")).to_contain_text("€250")


def test_shift_and_a_heading_sort_by_several_columns(chrome, served):
    with opened(chrome, served, "/deals") as page:
        page.locator("thead a", has_text="Owner").click()
        page.locator("thead a", has_text="Value").click(modifiers=["Shift"])
        page.wait_for_url("**sort=owner%2Cvalue**")

        expect(page.locator("thead .tb-place")).to_have_text(["1", "2"])


def test_rows_are_chosen_by_keyboard_and_given_to_somebody_as_one_act(chrome, served):
    with opened(chrome, served, "/deals?sort=value&shape=table&changed=1") as page:
        for deal in served.deals[:2]:
            cell(page, deal, "title").focus()
            page.keyboard.press("x")
        expect(page.locator("#many-count")).to_have_text("2 selected")
        page.locator("#many-assign").select_option(label="Dimas Prasetyo")

        expect(page.locator("#moved")).to_contain_text("Changed 2 deals")
        for deal in served.deals[:2]:
            expect(cell(page, deal, "owner")).to_contain_text("Dimas Prasetyo")
        page.locator("#moved").get_by_role("button", name="Undo").click()
        expect(cell(page, served.deals[1], "owner")).to_contain_text("Anna Kowalczyk")


def test_the_next_step_and_its_day_are_in_sight_beside_endless_words(chrome, served):
    with opened(chrome, served, "/deals") as page:
        for key in ("next_step", "next_step_on"):
            box = cell(page, served.deals[0], key).bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= DESK[0]
            seen = page.evaluate(
                "([id, key]) => { const at = document.querySelector(`[data-deal='${id}'] [data-key=${key}]`);"
                " at.scrollIntoView({block: 'center'}); const r = at.getBoundingClientRect();"
                " return at.contains(document.elementFromPoint(r.left + 8, r.top + r.height / 2)); }",
                [served.deals[0], key],
            )
            assert seen, key
