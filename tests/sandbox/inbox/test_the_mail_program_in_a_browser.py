"""The mail program with its scripts, in a real browser: drafts keep themselves, keys do the work, everything fits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from addon.sandbox.gmail import Gmail
from tests.journeys import page_checks
from tests.sandbox.inbox.conftest import ANNA, mail
from tests.sandbox.inbox.test_showing_mail import rich_mail
from tests.serving import served

pytestmark = pytest.mark.browser

SUBJECTS = ("Offer", "Podsumowanie spotkania w sprawie przedłużenia umowy serwisowej na lata 2027–2029", "Gudang")


@pytest.fixture
def page(chrome: Browser, inbox_app: Flask, gmail: Gmail) -> Iterator[Page]:
    """Anna's inbox with four threads, the rich one on top; neither scripts nor the page's own rules may complain."""
    for subject in SUBJECTS:
        raw = mail("Magdalena Dąbrowska-Zielińska <m@b.example>", ANNA.email, subject, "Terima kasih")
        gmail.deliver(raw, [ANNA.email])
    rich = rich_mail()
    del rich["Subject"], rich.get_payload()[-1]  # type: ignore[union-attr, arg-type]
    rich["Subject"] = "Rich"
    gmail.deliver(rich.as_bytes(), [ANNA.email])
    with served(inbox_app, below="/mail") as home:
        context = chrome.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", base_url=home)
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"{home}/who")
        page.get_by_role("button", name="Anna Kowalczyk").click()
        expect(page.get_by_role("region", name="Threads")).to_be_visible()
        yield page
        assert wrong == []
        context.close()


def rows(page: Page) -> list[str]:
    return [row.inner_text() for row in page.locator(".mx-row .sub b:last-of-type").all()]


def field(page: Page, label: str) -> Locator:
    """Of the compose window."""
    return page.locator("#compose").get_by_label(label, exact=True)


def drafts(gmail: Gmail) -> int:
    with gmail.store.read() as db:
        return int(db.execute("SELECT count(*) FROM drafts").fetchone()[0])


def test_a_mail_is_written_kept_by_itself_and_sent_with_its_file(page: Page, gmail: Gmail, tmp_path: Path) -> None:
    plan = tmp_path / "Żółty plan.txt"
    plan.write_text("plan")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("New mail")

    field(page, "To").fill("rina@contoh.example")
    field(page, "Subject").fill("Penawaran")
    field(page, "Your mail").fill("Halo Rina")
    expect(page.locator("[data-saved]")).to_have_text("Saved in Drafts")
    assert "draft=r" in page.url
    page.locator("input[type=file]").set_input_files(plan)
    expect(page.get_by_role("button", name="Leave out Żółty plan.txt")).to_be_visible()
    page.reload()
    expect(field(page, "Your mail")).to_have_value("Halo Rina")
    assert drafts(gmail) == 1

    field(page, "Your mail").press("End")
    page.keyboard.type(", sampai jumpa")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("region", name="Threads")).to_contain_text("Sent.")
    [sent] = gmail.outside.mails("rina@contoh.example")
    assert b"plan.txt" in sent.raw
    assert b"sampai jumpa" in sent.raw
    assert drafts(gmail) == 0, "nothing was saved twice, nothing stays behind"


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/write")
    page.locator("#compose").evaluate("form => { form.dataset.most = '10'; }")
    field(page, "Subject").fill("Film")
    expect(page.locator("[data-saved]")).to_have_text("Saved in Drafts")

    page.locator("input[type=file]").set_input_files({"name": "f.mov", "mimeType": "video/mp4", "buffer": b"0" * 2048})

    expect(page.get_by_role("alert")).to_contain_text("The files weigh 2 KB together; a mail takes 25 MB.")
    expect(field(page, "Subject")).to_have_value("Film")


def test_a_second_address_is_suggested_after_a_comma(page: Page) -> None:
    page.goto(page.url.rstrip("/") + "/write")
    to = field(page, "To")

    to.fill("x@y.example, ")

    first = page.locator("#contacts option").first
    expect(first).to_have_attribute("value", "x@y.example, Dimas Prasetyo <dimas@halyard.example>")


def test_the_mail_is_worked_through_by_keys(page: Page) -> None:
    assert rows(page)[0] == "Rich"
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".mx-row").nth(1)).to_be_focused()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator(".mx-item input:checked")).to_have_count(2)

    page.keyboard.press("e")
    expect(page.get_by_role("status").filter(has_text="2 threads archived.")).to_be_visible()
    assert rows(page) == ["Rich", "Offer"]
    page.keyboard.press("z")
    expect(page.get_by_role("status").filter(has_text="Taken back.")).to_be_visible()
    assert len(rows(page)) == 4

    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".mx-item .mx-star.on")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rich")
    page.keyboard.press("#")
    expect(page.get_by_role("status").filter(has_text="Moved to the bin.")).to_be_visible()
    assert "Rich" not in rows(page)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("je#")
    expect(page.get_by_role("searchbox")).to_have_value("je#"), "keys are words where one types"


def test_an_answer_begins_above_the_quoted_mail(page: Page, gmail: Gmail) -> None:
    page.get_by_role("link", name="Gudang").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gudang")
    page.keyboard.press("r")
    expect(field(page, "Your mail")).to_be_focused()

    page.keyboard.type("Baik.")

    assert field(page, "Your mail").input_value().startswith("Baik.\n\nOn ")
    expect(page.locator("[data-saved]")).to_have_text("Saved in Drafts")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status").filter(has_text="Draft discarded.")).to_be_visible()
    assert drafts(gmail) == 0


def test_a_choice_outlives_new_mail(page: Page, gmail: Gmail) -> None:
    page.get_by_label("Choose: Offer").check()

    gmail.deliver(mail("Budi <b@c.example>", ANNA.email, "Baru", "Halo"), [ANNA.email])

    expect(page.get_by_role("region", name="Threads")).to_contain_text("Baru", timeout=10_000)
    expect(page.get_by_label("Choose: Offer")).to_be_checked()
    expect(page.get_by_role("button", name="Archive")).to_be_visible()


@pytest.mark.parametrize("window", [page_checks.DESK, page_checks.PHONE])
def test_everything_fits_and_can_be_read_while_it_is_used(page: Page, window: tuple[int, int]) -> None:
    page.set_viewport_size({"width": window[0], "height": window[1]})
    home = page.url.rstrip("/")
    wrong: list[str] = []

    def look(place: str) -> None:
        for theme in ("light", "dark"):
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
            wrong.extend(f"{place}, {theme}: {fault}" for fault in page_checks.faults(page))

    page.get_by_label("Choose: Offer").check()
    page.get_by_label("Label", exact=True).locator("visible=true").click()
    page.get_by_role("textbox", name="New label").locator("visible=true").fill("Ważne umowy i aneksy do podpisu")
    look("labelling")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Labelled Ważne umowy")).to_be_visible()
    look("labelled")
    page.locator(".mx-row").filter(has_text="Rich").click()
    page.locator(".mx-whom > summary").click()
    look("rich mail")
    page.goto(f"{home}/labels")
    look("labels")
    page.goto(f"{home}/?q=nothinglikethis")
    look("nothing found")
    page.goto(f"{home}/write?cc=not%20an%20address")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent.")
    look("wrong address")
    assert wrong == []
