"""Every page at a desk's and a phone's width, light and dark: nothing sticks out, all can be read, all is labelled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest

from addon import clock
from addon.domain import tables
from addon.domain.campaigns import importing
from addon.domain.contacts import companies
from addon.domain.contacts import operations as contact_acts
from addon.domain.contacts import queries as contacts
from addon.domain.deals import operations as deals
from addon.domain.mailboxes import operations as mailboxes
from tests import serving
from tests.databases import on_sqlite
from tests.web import naughty_world
from tests.web.web_world import MONDAY, World, world

pytestmark = pytest.mark.browser

STICKS_OUT = """() => {
  const seen = (e) => { const r = e.getBoundingClientRect();
    return r.width > 1 && r.height > 1 && !e.closest('.visually-hidden, .dt-board, .dt-scroll, [aria-hidden=true]'); };
  return [...document.querySelectorAll('body *')]
    .filter((e) => seen(e) && (e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1))
    .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`).slice(0, 5);
}"""
"""What ends beyond the window; boards and tables alone may scroll sideways."""

CLIPPED = """() => [...document.querySelectorAll('main *')]
  .filter((e) => { const s = getComputedStyle(e); return s.textOverflow !== 'ellipsis' && s.overflowX === 'hidden'
    && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1 && !e.closest('.visually-hidden'); })
  .map((e) => `${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`).slice(0, 5)"""

READ = """axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'], resultTypes: ['violations']})
  .then((found) => found.violations)"""
"""Of all that axe has to say only what is wrong: the rest takes longer to send than to find."""

LONG = (
    "Przedsiębiorstwo Przeładunkowo-Spedycyjne „Żegluga Bałtycka i Śródlądowa” spółka z ograniczoną odpowiedzialnością"
)


ONE_WORD = "W" * 280


@dataclass
class Pages:
    url: str
    cookie: str
    paths: dict[str, str]


def furnish(made: World) -> dict[str, str]:
    """Long names, two currencies, a move by mail, a draft and a campaign on its way, a mailbox that was shut out."""
    made.deal("Liczba stanowisk w okresie próbnym", company=LONG, amount="123456789.50", currency="IDR", step=LONG)
    made.deal("Late", company="Kartonex", at=MONDAY - timedelta(days=30))
    deal = made.deal("Bursztyn: 40 seats", "Meeting", company=LONG, amount="86400", currency="PLN")
    made.answer_moves(deal, "Proposal", "Could you send us a proposal for 40 seats by Thursday? " * 5)
    endless = made.deal(ONE_WORD, "Negotiation", company=ONE_WORD, amount="1", step=ONE_WORD)
    with made.database.writing(made.viewer) as session:
        deals.edit(
            session, endless, {"product": ONE_WORD[:200], "channel": ONE_WORD[:200], "next_step": "X" * 280}, at=MONDAY
        )
    made.move(endless, "Won")
    people = "".join(f"Osoba {n},p{n}@firma{n}.test\n" for n in range(3))
    table = tables.read(f"name,email\n{people}{LONG},nowhere@\n".encode(), "list.csv")
    writing = partial(made.database.writing, made.viewer)
    draft, live = (
        importing.create_campaign(
            writing,
            importing.Draft(
                mailbox_id=made.mailbox.id, name=LONG, subject=LONG, body=f"{LONG}\n\n{{{{ name }}}}", table=table
            ),
            at=MONDAY,
        )
        for _ in range(2)
    )
    importing.launch_campaign(writing, live, at=MONDAY)
    with writing() as session:
        company = companies.create(session, ONE_WORD, domain="kartonex.test", at=MONDAY).id
        firm = contacts.get_company(session, company)
        person = contact_acts.create(
            session, "jane@kartonex.test", name=LONG, title=ONE_WORD, company=firm, at=MONDAY
        ).id
        mailboxes.lose_grant(session, made.mailbox.id, "invalid_grant", at=MONDAY)
    return {
        "board": f"/board/{made.pipeline.id}",
        "board by owner": f"/board/{made.pipeline.id}?group=owner&filter=all(value.ge(1),title.contains({LONG[:40]}))",
        "table": f"/board/{made.pipeline.id}?shape=table",
        "all deals": "/deals",
        "no hit": f"/board/{made.pipeline.id}?filter=all(title.is(nothing),owner.any_of(me))",
        "choosing a filter": f"/filters/edit?at=/board/{made.pipeline.id}",
        "a filter": f"/filters/edit?at=/board/{made.pipeline.id}&field=owner",
        "a filter of days": f"/filters/edit?at=/board/{made.pipeline.id}&field=expected_close",
        "a card's fields": f"/cells/{deal}?at=/board/{made.pipeline.id}",
        "deal": f"/deals/{deal}",
        "deal with endless words": f"/deals/{endless}",
        "stage": f"/board/{made.pipeline.id}/stages/{made.stage('Won')}",
        "stage without deals": f"/board/{made.pipeline.id}/stages/{made.stage('Lost')}",
        "deal form": f"/deals/{deal}/edit",
        "deal deletion": f"/deals/{deal}/delete",
        "campaigns": "/campaigns",
        "upload": "/campaigns/new",
        "plan": f"/campaigns/{draft}",
        "writing": f"/campaigns/{draft}/rewrite",
        "progress": f"/campaigns/{live}",
        "people": f"/campaigns/{live}/people?which=pending",
        "cancelling": f"/campaigns/{live}/cancel",
        "mailboxes": "/mailboxes",
        "preferences": "/preferences",
        "signed out": "/signed-out",
        "no page": "/nope",
        "all people": "/people",
        "person": f"/people/{person}",
        "person form": f"/people/{person}/edit",
        "company": f"/companies/{company}",
        "new company": "/companies/new",
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    folder: Path = tmp_path_factory.mktemp("pages")
    clock.set_world(MONDAY)
    with on_sqlite(folder) as database, world(database) as made:
        paths = {**furnish(made), **naughty_world.furnish(made)}
        with serving.served(made.app) as url:
            yield Pages(url, made.cookie(), paths)


@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_fits_and_can_be_read(chrome, pages, width):
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    context = chrome.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce", bypass_csp=True)
    context.add_cookies([{"name": "dealthread", "value": pages.cookie, "url": pages.url}])
    page = context.new_page()
    wrong = []
    for name, path in pages.paths.items():
        page.goto(pages.url + path)
        page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
        page.evaluate(axe)
        for theme in ("light", "dark") if width == 1280 else ("light",):  # colours are the same on a phone
            page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme; }", theme)
            page.add_style_tag(content="* { transition: none !important; }")
            found = page.evaluate(READ)
            wrong += [f"{name} {theme}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found]
        wrong += [f"{name} sticks out: {each}" for each in page.evaluate(STICKS_OUT)]
        wrong += [f"{name} clipped: {each}" for each in page.evaluate(CLIPPED)]
        assert page.locator("h1").count() == 1, f"{name} has one heading"
    context.close()

    assert wrong == []
