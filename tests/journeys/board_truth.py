"""What the board shows, read in one glance, and whether its numbers are those of its cards."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

_GLANCE = """(board) => ({
  columns: [...board.querySelectorAll("section:has(h2 .n)")].map((column) => ({
    name: column.querySelector("h2 span").textContent, said: Number(column.querySelector("h2 .n").textContent),
    cards: [...column.querySelectorAll("article")].map((card) => card.querySelector("a").textContent) })),
  rails: [...board.querySelectorAll("section:not(:has(h2 .n))")].map((rail) => rail.getAttribute("aria-label")),
  total: document.getElementById("totals").textContent,
})"""
"""One look at the page, so that nothing changes between two numbers."""


@dataclass(frozen=True)
class Board:
    """Cards by column (the companies' names, from top to bottom), and how many deals lie in the closed stages."""

    columns: dict[str, list[str]]
    rails: dict[str, int]

    @property
    def deals(self) -> int:
        """All of the pipeline's."""
        return sum(map(len, self.columns.values())) + sum(self.rails.values())

    def stage_of(self, company: str) -> str:
        [stage] = [stage for stage, cards in self.columns.items() for card in cards if card.startswith(company)]
        return stage


def true_board(page: Page) -> Board:
    """The board as it is shown now. Each column counts its cards, the line above counts the columns."""
    seen = page.get_by_role("group", name="Columns by stage").evaluate(_GLANCE)
    for column in seen["columns"]:
        assert column["said"] == len(column["cards"]), f"{column['name']} counts {column['said']} of {column['cards']}"
    columns = {column["name"]: column["cards"] for column in seen["columns"]}
    open_deals = sum(map(len, columns.values()))
    assert f"{open_deals} deals" in seen["total"], f"{open_deals} cards, and it says: {seen['total']}"
    rails = dict(label.rsplit(" ", 1)[0].rsplit(", ", 1) for label in seen["rails"])
    return Board(columns, {name: int(count) for name, count in rails.items()})
