"""The walk's campaign: a list, a mail, what each person would read, the launch, and what comes back."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from addon.sandbox.world.data import PEOPLE_FILE
from tests.journeys.living_demo import LivingDemo
from tests.journeys.walking import Walker

SKIPPED = 3
MAILS = len(PEOPLE_FILE.read_text(encoding="utf-8").splitlines()) - 1 - SKIPPED
SUBJECT = 'A plan for the ramps of {{ company | default("your company") }}'
BODY = """Dear {{ first_name | default("Sir or Madam") }},

your lorries wait less when each has its slot. May I show you how it would work for you?

Anna Kowalczyk"""
ANSWER = "Hello Anna, Yes, I'd like to see how this would work for our two halls."
"""As a list of threads shows it."""
SENTENCE = "Could you show it to us next Tuesday at ten?"
"""Of the same answer: it says most, so it is what moves the deal."""


def write_to_people(walker: Walker, demo: LivingDemo):
    page = walker.page
    page.goto(f"{demo.home}/campaigns")
    walker.look("no campaign")
    page.get_by_role("link", name="Upload a list").click()
    walker.look("upload")
    page.wait_for_load_state()  # with its scripts: they read a chosen list at once
    page.get_by_label("A list of people").set_input_files(PEOPLE_FILE)
    expect(page.get_by_role("cell", name="marta.jankowska@zielona-hala.example")).to_be_visible()
    page.get_by_label("Name of the campaign").fill("Ramp planner, autumn")
    page.get_by_label("Subject").fill(SUBJECT)
    page.get_by_label("Text").fill(BODY)
    walker.look("writing")
    page.get_by_role("button", name="Look at every mail").click()


def the_plan_is_read(walker: Walker):
    """Each person's real mail, and who gets none and why."""
    page = walker.page
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{MAILS} people get one mail each.")
    expect(page.get_by_role("main")).to_contain_text("A plan for the ramps of Zielona Hala sp. z o.o.")
    expect(page.get_by_role("main")).to_contain_text("Dear Marta,")
    skipped = page.get_by_role("main")
    for reason in page.get_by_text("Show", exact=True).all():
        reason.click()
    expect(skipped).to_contain_text(f"Skipped: {SKIPPED}")
    walker.look("plan")

    for number in range(2, 10):
        page.get_by_role("link", name="Next person").click()
        expect(page.get_by_role("main")).to_contain_text(f"{number} / {MAILS}")
    expect(page.get_by_role("main")).to_contain_text("Dear Sir or Madam,")


def launch(walker: Walker):
    walker.page.get_by_role("button", name=f"Launch {MAILS} mails").click()
    all_go_out(walker)


def all_go_out(walker: Walker):
    """The campaign's page tells of it by itself, and never counts backwards."""
    page = walker.page
    heading = page.get_by_role("heading", level=1)
    said = [heading.inner_text()]
    while said[-1] != f"All {MAILS} mails are out.":  # by itself, nobody asks the page to load
        expect(heading).not_to_have_text(said[-1])
        said.append(heading.inner_text())
    counts = [int(number) for words in said for number in re.findall(rf"^(\d+) of {MAILS} mails are out", words)]
    assert counts == sorted(counts), said
    expect(page.get_by_role("main")).to_contain_text("Done")


def what_came_back(walker: Walker):
    page = walker.page
    answers = page.get_by_role("main")
    for words in ("Answered", "Bounced", "Out of office"):
        expect(answers).to_contain_text(words)
    for name in ("Marta Jankowska", "Siti Rahmawati"):
        expect(answers).to_contain_text(name)
    expect(answers.get_by_role("mark").first).to_have_text(SENTENCE)
    walker.look("campaign")
