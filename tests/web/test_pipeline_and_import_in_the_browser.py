"""In Chromium: a pipeline with a required field, 800 people with 40 bad rows, and the way back; every page fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from addon import clock
from addon.domain.access import Viewer
from addon.domain.pipelines import operations as pipelines
from addon.domain.pipelines import queries
from addon.domain.pipelines.operations import StageDraft
from addon.models import Contact, Role, StageKind, User
from addon.worker.importing import Importer
from tests import serving
from tests.databases import on_sqlite
from tests.journeys.page_checks import faults
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

LONG = (
    "Przedsiębiorstwo Przeładunkowo-Spedycyjne „Żegluga Bałtycka i Śródlądowa” spółka z ograniczoną odpowiedzialnością"
)
ONE_WORD = "W" * 190
INDONESIAN = "Perkiraan jumlah pengguna selama masa percobaan gratis"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    """Anna is an admin."""
    clock.set_world(MONDAY)
    folder: Path = tmp_path_factory.mktemp("shop")
    with on_sqlite(folder) as database, world(database) as made:
        with database.writing(Viewer.operator(made.anna.team_id)) as session:
            session.get_one(User, made.anna.id).role = Role.ADMIN
        made.anna.role = Role.ADMIN
        with serving.served(made.app) as url:
            yield made, url


def opened(chrome: Browser, shop: tuple[World, str], width: int = 1280) -> Page:
    made, url = shop
    context = chrome.new_context(
        viewport={"width": width, "height": 800}, reduced_motion="reduce", base_url=url, bypass_csp=True
    )
    context.add_cookies([{"name": "dealthread", "value": made.cookie(), "url": url}])
    return context.new_page()


def test_a_pipeline_is_made_and_asks_for_a_field(chrome, shop):
    _made, _ = shop
    page = opened(chrome, shop)
    page.goto("/settings/pipelines/new")
    page.get_by_role("button", name="Make this pipeline After-sales").click()
    expect(page.get_by_text("The pipeline After-sales is made.")).to_be_visible()

    page.get_by_role("link", name="See and change the fields of deals").click()
    expect(page.get_by_label("Which deals have it")).to_have_value(re.compile(r"\d+"))
    expect(page.get_by_label("Choices")).to_be_hidden()
    page.get_by_label("Name of the field").fill("Seats in use")
    page.get_by_label("What it holds").select_option(label="Number")
    page.get_by_role("button", name="Add a field").click()
    expect(page.get_by_text("Only in After-sales")).to_be_visible()

    page.goto("/settings/pipelines")
    page.get_by_role("link", name="After-sales", exact=True).click()
    page.get_by_role("link", name="Adoption", exact=True).click()
    page.get_by_label("Seats in use: To come in").check()
    page.get_by_label("Another point").fill("Ask how many use it")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The stage Adoption was changed.")).to_be_visible()
    expect(page.get_by_label("Seats in use: To come in")).to_be_checked()
    expect(page.get_by_label("Point 1 of the checklist")).to_have_value("Ask how many use it")
    page.context.close()


def test_stages_are_put_in_order_by_buttons_with_the_keyboard_and_by_dragging(chrome, shop):
    made, _ = shop
    page = opened(chrome, shop)
    page.goto(f"/settings/pipelines/{made.pipeline.id}")
    page.get_by_role("button", name="Move down: Prospecting").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The stages are in their new order.")).to_be_visible()
    expect(page.get_by_role("button", name="Move down: Prospecting")).to_be_focused()

    grip = page.locator("li", has_text="Negotiation").locator("[data-grip]").bounding_box()
    first = page.locator("[data-sort] > li").first.bounding_box()
    assert grip
    assert first
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(grip["x"] + 5, first["y"] + 4, steps=6)
    page.mouse.up()

    expect(page.locator("[data-sort] > li").first).to_contain_text("Negotiation")
    expect(page.get_by_text("The stages are in their new order.")).to_be_visible()
    with made.database.reading(made.viewer) as session:
        assert [stage.name for stage in queries.stages(session, made.pipeline.id)][:2] == [
            "Negotiation",
            "Lead qualification",
        ]
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-sort] > li").first).to_contain_text("Lead qualification")
    page.context.close()


def test_eight_hundred_people_come_in_forty_rows_do_not_and_all_are_taken_back(chrome, shop, tmp_path):
    made, _ = shop
    rows = "".join(
        f"Osoba {n};{'nope' if n % 20 == 0 else f'p{n}@firma{n % 40}.test'};Firma {n % 40}\n" for n in range(800)
    )
    file = tmp_path / "klienci.csv"
    file.write_bytes(f"Imię i nazwisko;E-mail;Firma\n{rows}".encode("cp1250"))
    page = opened(chrome, shop, 360)
    page.goto("/imports")
    page.get_by_role("link", name="New import").click()
    page.get_by_label("Upload a file").set_input_files(file)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="800 rows wait")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Import 800 rows as people").click()
    expect(page.get_by_role("heading", name="0 of 800 rows are in.")).to_be_visible()

    import_id = int(page.url.rpartition("/")[2])
    importer = Importer(made.database)
    while importer.turn(import_id, made.anna.team_id):
        pass

    expect(page.get_by_role("heading", name="760 people came in, 40 rows were left out.")).to_be_visible()
    expect(page.get_by_text("E-mail: “nope” is not an e-mail address.").first).to_be_visible()
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them as CSV").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == 41

    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="rows are taken back.")).to_be_visible()
    while importer.turn(import_id, made.anna.team_id):
        pass
    expect(page.get_by_role("heading", name="760 rows were taken back.")).to_be_visible()
    assert faults(page) == []
    with made.database.reading(made.viewer) as session:
        assert session.query(Contact).where(Contact.deleted_at.is_(None)).count() == 0
    page.context.close()


def test_a_file_that_is_too_large_never_leaves(chrome, shop, tmp_path):
    file = tmp_path / "huge.csv"
    with file.open("wb") as empty:
        empty.truncate(51 * 1024 * 1024)
    page = opened(chrome, shop)
    page.goto("/imports/new")
    page.get_by_label("Upload a file").set_input_files(file)

    page.get_by_role("button", name="Read it").click()

    expect(page.get_by_role("alert")).to_contain_text("up to 50 MB")
    expect(page).to_have_url(re.compile("/imports/new$"))
    page.context.close()


@pytest.mark.long  # `test_pages_fit_and_read` looks at the same pages
@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (360, "light")])
def test_every_page_of_settings_fits_and_can_be_read(chrome, shop, width, theme):
    made, _ = shop
    paths = _furnished(made)
    page = opened(chrome, shop, width)
    wrong: list[str] = []
    for path in paths:
        page.goto(path)
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
        page.add_style_tag(content="* { transition: none !important; }")
        page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
        wrong += [f"{path}: {fault}" for fault in faults(page)]
    page.context.close()
    assert wrong == []


def _furnished(made: World) -> list[str]:
    """Pages with names as long as they may be; the addresses of acts that tell of themselves."""
    told = []
    for name in (LONG, ONE_WORD):
        told.append(
            made.post("/settings/pipelines", {"template": "outbound", "name": name, "currency": "PLN"}).location
        )
    tag = len(told) and made.client().get("/settings/fields/deal").get_data(as_text=True).count("dt-sortrow")
    options = f"{LONG}\n{ONE_WORD}\n{INDONESIAN}; 40"
    for name in (f"{tag} {LONG}", f"{tag}{ONE_WORD}", f"{INDONESIAN} {tag}"):
        told.append(made.post("/settings/fields/deal", {"name": name, "kind": "select", "options": options}).location)
    line = str(told[0]).partition("?")[0]
    field = made.client().get("/settings/fields/deal").get_data(as_text=True)
    ids = re.findall(r'name="order" value="(\d+)"', field)
    stage = re.findall(r"/stages/\d+", made.client().get(line).get_data(as_text=True))[0]
    playbook = {"name": ONE_WORD, "probability": "1", "help": LONG, "item_id": ["", ""], "item": [LONG, ONE_WORD]}
    told.append(made.post(f"{line}{stage}", {**playbook, "enter": [f"f{ids[-1]}"], "leads": "some"}).location)
    return [
        *map(str, told),
        "/settings",
        "/settings/pipelines",
        "/settings/pipelines/new",
        "/settings/fields/contact",
        *(f"/settings/fields/deal/{each}" for each in ids[-3:]),
        "/settings/roles",
        "/imports",
        "/imports/new?subject=deal",
    ]


def test_five_hundred_stages_stand_on_one_page(chrome, shop):
    made, _ = shop
    with made.database.writing(Viewer.operator(made.anna.team_id)) as session:
        drafts = [StageDraft(f"Etap {n}") for n in range(498)]
        ends = [StageDraft("Won", 100, kind=StageKind.WON), StageDraft("Lost", kind=StageKind.LOST)]
        line = pipelines.create(session, "Many", [*drafts, *ends], at=MONDAY).id
    page = opened(chrome, shop, 360)
    page.goto(f"/settings/pipelines/{line}")
    expect(page.locator("[data-sort] > li")).to_have_count(500)
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.get_by_role("button", name="Move up: Etap 497").click()

    expect(page.get_by_text("The stages are in their new order.")).to_be_visible()
    expect(page.locator("[data-sort] > li").nth(496)).to_contain_text("Etap 497")
    page.context.close()
