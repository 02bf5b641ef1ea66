"""Replies from many mail programs in many languages: what is new in them."""

from __future__ import annotations

import tomllib

from addon.domain.verdicts.replies.new_text import new_text
from tests.domain.verdicts.own.letters import HERE

MAILS = tomllib.loads((HERE / "replies.toml").read_text("utf-8"))["mail"]


def test_what_is_new_in_a_reply_is_told_word_by_word():
    wrong = [told["about"] for told in MAILS if new_text(told["text"], told["writer"]).split() != told["new"].split()]

    assert len(MAILS) >= 55
    assert wrong == []


def test_a_farewell_stays_where_nobody_knows_who_writes():
    assert new_text("Yes.\n\nKind regards,\nAna") == "Yes.\n\nKind regards,\nAna"


def test_a_farewell_goes_with_the_writers_own_name_and_what_stands_below():
    assert new_text("Yes.\n\nKind regards,\nAna Rossi\nHead of Sales", "Ana Rossi") == "Yes."


def test_somebody_elses_name_below_a_farewell_may_say_something():
    text = "Yes.\n\nKind regards,\nCid, who signs while Ana is away"

    assert new_text(text, "Ana Rossi") == text


def test_an_answer_that_is_nothing_but_a_farewell_is_kept():
    assert new_text("Best,\nAna", "Ana Rossi") == "Best,\nAna"


def test_amounts_that_are_more_than_so_much_are_no_quotation():
    text = "The surcharges are:\n\n> 30 kg: 12 EUR\n> 60 kg: 25 EUR\n\nUntil June."

    assert new_text(text) == text
