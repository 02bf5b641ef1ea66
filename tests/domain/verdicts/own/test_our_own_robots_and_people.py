"""Automatic replies, and people's mails that look like one, in seven languages: each is told for what it is."""

from __future__ import annotations

from email.utils import parseaddr

import pytest

from addon.domain.verdicts import Kind, judge
from tests.domain.verdicts.own.letters import letters, raw

LEAST = 0.95
ROBOTS = ("robots", "more_robots", "later_robots", "fresh_robots", "briefer_robots")
PEOPLE = ("people", "more_people", "later_people", "fresh_people", "briefer_people")


def facts(language, told):
    return judge(raw(language, told), own=["bob@dealer.test"]).facts


def as_written(told):
    kind = Kind(told.get("kind", "out_of_office"))
    named = tuple(parseaddr(one) for one in told.get("stand_ins", []))
    return {"kind": kind, "returns": told.get("returns"), "people": named}


class Judged:
    """Facts with stand-ins as pairs."""

    def __init__(self, found):
        self.kind, self.returns = found.kind, found.returns
        self.people = tuple((one.name, one.address) for one in found.stand_ins)


def robots_gone_wrong(mails):
    lines = []
    for name, language, told in mails:
        judged = Judged(facts(language, told))
        for what, wanted in as_written(told).items():
            if getattr(judged, what) != wanted:
                lines.append(f"{name} {told.get('subject', '')!r}: {what} {getattr(judged, what)}, not {wanted}")
    return lines


@pytest.mark.parametrize("kind", ["robots", "people"])
def test_every_language_has_its_share(kind):
    mails = letters(kind)
    by_language = [language for _, language, _ in mails]

    assert len(mails) >= 140
    assert all(by_language.count(language) >= 20 for language in ("de", "en", "es", "fr", "id", "it", "pl"))


def test_four_robots_in_ten_carry_no_header_that_tells_them():
    mails = letters("robots")

    assert sum("by" not in told for _, _, told in mails) / len(mails) >= 0.41


def test_robots_are_told_with_the_day_of_return_and_the_stand_ins():
    mails = letters(*ROBOTS)
    lines = robots_gone_wrong(mails)

    assert len({line.split()[0] for line in lines}) <= (1 - LEAST) * len(mails), "\n".join(lines)


def test_no_person_is_taken_for_a_robot():
    mails = letters(*PEOPLE)
    taken = [
        f"{name}: {told['text']}" for name, language, told in mails if facts(language, told).kind is not Kind.HUMAN
    ]

    assert not taken, "\n".join(taken)


def test_a_person_is_told_though_the_words_of_an_absence_stand_in_the_quotation():
    assert all(facts(language, told).kind is Kind.HUMAN for _, language, told in letters(*PEOPLE) if told.get("quote"))


def test_what_an_absence_note_quotes_was_not_said():
    quoting = [(language, told) for _, language, told in letters("robots") if isinstance(told.get("quote"), str)]

    assert len(quoting) >= 6
    assert all(facts(language, told).said == () for language, told in quoting)
