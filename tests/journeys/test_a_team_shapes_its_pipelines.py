"""A manager shapes a pipeline of the team's own, brings people in, and lives on the board: at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from addon.domain.access import Viewer
from addon.domain.contacts import operations as contacts
from addon.domain.deals.draft import DealDraft
from addon.domain.ladder import operations as ladder
from addon.domain.pipelines import queries as pipelines
from addon.models import Contact, Role, User
from addon.worker.importing import Importer
from tests import serving
from tests.databases import on_sqlite
from tests.journeys import page_checks
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

PEOPLE, BAD = 800, 40


@dataclass
class Manager:
    """Anna, at her board."""

    page: Page
    made: World
    url: str
    shots: Path
    width: int
    faults: list[str] = field(default_factory=list)
    places: int = 0

    @property
    def pipeline(self) -> int:
        found = re.search(r"/(?:board|pipelines)/(\d+)", self.page.url)
        assert found is not None
        return int(found[1])

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def look(self, place: str) -> None:
        """Check the page as it stands, and keep its picture."""
        self.places += 1
        self.page.screenshot(path=self.shots / f"{self.places:02} {place} {self.width}.png")
        self.faults += [f"{place}: {fault}" for fault in page_checks.faults(self.page)]

    def told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def card(self, name: str) -> Locator:
        return self.page.get_by_role("article").filter(has_text=name)

    def column(self, name: str) -> Locator:
        return self.page.get_by_role("region", name=re.compile(f"^{name}"))


@contextmanager
def at_work(chrome: Browser, folder: Path, shots: Path, width: int) -> Iterator[Manager]:
    with on_sqlite(folder) as database, world(database) as made, serving.served(made.app) as url:
        with database.writing(Viewer.operator(made.anna.team_id)) as session:
            session.get_one(User, made.anna.id).role = Role.MANAGER
        context = chrome.new_context(
            viewport={"width": width, "height": 800}, locale="en-US", reduced_motion="reduce", bypass_csp=True
        )
        context.add_cookies([{"name": "dealthread", "value": made.cookie(), "url": url}])
        manager = Manager(context.new_page(), made, url, shots, width)
        context.on("weberror", lambda error: manager.faults.append(f"script: {error.error}"))
        yield manager
        context.close()
    assert manager.faults == []


@pytest.mark.parametrize("width", [1280, 360])
def test_a_team_shapes_its_pipelines(
    chrome: Browser, tmp_path: Path, shots: Path, clock: ModuleType, width: int
) -> None:
    clock.set_world(MONDAY)
    with at_work(chrome, tmp_path, shots, width) as manager:
        line = an_after_sales_pipeline_is_made(manager)
        a_stage_asks_for_a_field(manager, line)
        imported = people_are_imported(manager, tmp_path)
        customers_stand_on_the_board(manager, line)
        the_board_asks_for_the_field(manager)
        the_board_is_grouped_by_manager_and_saved(manager)
        a_card_is_dragged_by_keys_and_comes_back(manager)
        the_diary_says_so(manager)
        the_import_is_undone(manager, imported)


def an_after_sales_pipeline_is_made(manager: Manager) -> int:
    """From a ready one, in two clicks; then a stage of one's own."""
    page = manager.page
    manager.go("/settings")
    manager.look("settings")
    page.get_by_role("main").get_by_role("link", name="Pipelines").first.click()
    manager.look("pipelines")
    page.get_by_role("link", name="New pipeline").first.click()
    manager.look("new pipeline")
    page.get_by_role("button", name="Make this pipeline After-sales").click()
    manager.told("The pipeline After-sales is made.")

    add = page.locator("#add-stage")
    add.get_by_label("Name of the stage").fill("Health check")
    add.get_by_label("Where").select_option(label="Renewal")
    add.get_by_label("Probability, %").fill("60")
    add.get_by_role("button", name="Add a stage").click()
    manager.told("The stage Health check was added.")
    names = page.locator("[data-sort] > li a.strong").all_inner_texts()
    assert names[:4] == ["Onboarding", "Adoption", "Health check", "Renewal"]
    manager.look("pipeline")
    return manager.pipeline


def a_stage_asks_for_a_field(manager: Manager, line: int) -> None:
    page = manager.page
    page.get_by_role("link", name="See and change the fields of deals").click()
    page.get_by_label("Name of the field").fill("Liczba stanowisk w okresie próbnym")
    page.get_by_label("What it holds").select_option(label="Number")
    manager.look("fields")
    page.get_by_role("button", name="Add a field").click()
    expect(page.get_by_text("Only in After-sales")).to_be_visible()

    manager.go(f"/settings/pipelines/{line}")
    page.get_by_role("link", name="Adoption", exact=True).click()
    page.get_by_label("Liczba stanowisk w okresie próbnym: To come in").check()
    manager.look("stage")
    page.get_by_role("button", name="Save the stage").click()
    manager.told("The stage Adoption was changed.")
    expect(page.get_by_label("Liczba stanowisk w okresie próbnym: To come in")).to_be_checked()


def people_are_imported(manager: Manager, folder: Path) -> str:
    """The good rows come in, the bad ones are listed and can be had as a file. The import's address."""
    page = manager.page
    every = PEOPLE // BAD
    rows = "".join(
        f"Osoba {n};{'nope' if n % every == 0 else f'p{n}@firma{n % 40}.test'};Firma {n % 40}\n" for n in range(PEOPLE)
    )
    file = folder / "klienci.csv"
    file.write_bytes(f"Imię i nazwisko;E-mail;Firma\n{rows}".encode("cp1250"))
    manager.go("/people")
    manager.look("no people")
    manager.go("/imports")
    page.get_by_role("link", name="New import").first.click()
    page.get_by_label("Upload a file").set_input_files(file)
    manager.look("new import")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name=f"{PEOPLE} rows wait")).to_be_visible()
    manager.look("preview")
    page.get_by_role("button", name=f"Import {PEOPLE} rows as people").click()
    expect(page.get_by_role("heading", name=f"0 of {PEOPLE} rows are in.")).to_be_visible()
    work(manager)
    came = f"{PEOPLE - BAD} people came in, {BAD} rows were left out."
    expect(page.get_by_role("heading", name=came)).to_be_visible()
    manager.look("imported")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them as CSV").click()
    assert len(download.value.path().read_text("utf-8-sig").splitlines()) == BAD + 1
    imported = page.url
    manager.go("/people")
    expect(page.get_by_role("main")).to_contain_text(str(PEOPLE - BAD))
    manager.look("people")
    page.get_by_role("link", name="Osoba", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Osoba")
    manager.look("person")
    return imported


def work(manager: Manager) -> None:
    """As the worker does, until nothing is left of the import on the page."""
    importer = Importer(manager.made.database)
    import_id = int(manager.page.url.rpartition("/")[2])
    while importer.turn(import_id, manager.made.anna.team_id):
        pass


def customers_stand_on_the_board(manager: Manager, line: int) -> None:
    made = manager.made
    with made.database.writing(made.viewer) as session:
        for name, owner in (("Bursztyn", made.anna), ("Kartonex", made.anna), ("Port Gdynia", made.dimas)):
            firm = contacts.company_named(session, name, at=MONDAY)
            draft = DealDraft(title=f"{name}: support", owner_id=owner.id, company_id=firm.id)
            ladder.open_deal(session, draft, at=MONDAY, pipeline_id=line)
    manager.go(f"/board/{line}")
    expect(manager.column("Onboarding")).to_contain_text("Bursztyn")
    manager.look("board")


def the_board_asks_for_the_field(manager: Manager) -> None:
    """A card that lacks what a stage asks for stays, and says what it lacks; once it is filled in it goes."""
    page = manager.page
    drag_by_keys(page, "Kartonex")
    expect(page.locator(".dt-refused, [role=alert]").filter(has_text="Liczba stanowisk").first).to_be_visible()
    expect(manager.column("Onboarding")).to_contain_text("Kartonex")
    manager.look("refused")
    page.get_by_role("link", name="Fill it in").first.click()
    page.get_by_label("Liczba stanowisk w okresie próbnym").first.fill("40")
    manager.look("filled in")
    page.get_by_role("main").locator("form button.btn-primary").first.click()
    page.wait_for_load_state()
    manager.look("deal")


def drag_by_keys(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)


def the_board_is_grouped_by_manager_and_saved(manager: Manager) -> None:
    page, made = manager.page, manager.made
    with made.database.reading(made.viewer) as session:
        line = next(p.id for p in pipelines.live(session) if p.name == "After-sales")
    manager.go(f"/board/{line}")
    unfold(page)
    page.locator("summary").filter(has_text="Columns by").click()
    page.get_by_role("link", name="Owner", exact=True).click()
    expect(manager.column("Anna Kowalczyk")).to_contain_text("Bursztyn")
    expect(manager.column("Dimas Prasetyo")).to_contain_text("Port Gdynia")
    manager.look("by manager")
    unfold(page)
    page.locator("#save-view summary").click()
    page.get_by_label("Name", exact=True).fill("By manager")
    manager.look("saving")
    page.locator("#save-view form button").click()
    page.wait_for_url("**/views/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text("By manager")
    manager.look("saved view")


def unfold(page: Page) -> None:
    """On a phone what else a view can do is folded."""
    fold = page.locator(".vb-fold:not([open]) > summary")
    if fold.is_visible():
        fold.click()


def a_card_is_dragged_by_keys_and_comes_back(manager: Manager) -> None:
    """On a board by owner a move gives the deal to somebody else."""
    page = manager.page
    drag_by_keys(page, "Bursztyn")
    expect(manager.column("Dimas Prasetyo")).to_contain_text("Bursztyn")
    manager.look("given away")
    page.locator("#moved").get_by_role("button", name="Undo").click()
    expect(manager.column("Anna Kowalczyk")).to_contain_text("Bursztyn")
    expect(manager.column("Dimas Prasetyo")).not_to_contain_text("Bursztyn")
    manager.look("taken back")


def the_diary_says_so(manager: Manager) -> None:
    page = manager.page
    page.get_by_role("link", name="Bursztyn").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bursztyn")
    diary = page.get_by_role("main")
    expect(diary).to_contain_text("Dimas Prasetyo")
    expect(diary).to_contain_text(re.compile("[Uu]ndone|[Tt]aken back|[Tt]ook back"))
    manager.look("diary")


def the_import_is_undone(manager: Manager, imported: str) -> None:
    page = manager.page
    page.goto(imported)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="rows are taken back.")).to_be_visible()
    work(manager)
    expect(page.get_by_role("heading", name=f"{PEOPLE - BAD} rows were taken back.")).to_be_visible()
    manager.look("import undone")
    with manager.made.database.reading(manager.made.viewer) as session:
        assert session.query(Contact).where(Contact.deleted_at.is_(None)).count() == 0
