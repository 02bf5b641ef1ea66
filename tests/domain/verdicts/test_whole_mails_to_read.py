"""A mail opened for reading: all of its text, the quotations marked as such, nothing that is markup."""

from __future__ import annotations

import time

import pytest

from addon.domain.verdicts.replies.folding import pieces
from addon.domain.verdicts.whole import whole
from tests.domain.verdicts.mails import mail

INTRODUCED = "On Mon, 3 Mar 2025 at 10:00, Bob <bob@x.test> wrote:"


def folded(text: str) -> list[tuple[str, bool]]:
    return [(piece.text, piece.quoted) for piece in pieces(text)]


def test_the_quotation_below_an_answer_is_folded():
    text = f"Yes.\n\nBest, Ana\n\n{INTRODUCED}\n\n> Shall we?\n>\n> Bob\n"

    assert folded(text) == [("Yes.\n\nBest, Ana", False), (f"{INTRODUCED}\n\n> Shall we?\n>\n> Bob", True)]


def test_answers_between_quoted_lines_stay_open():
    text = f"{INTRODUCED}\n> How many?\n\nForty.\n\n> When?\nMonday.\n"

    assert [words for words, quoted in folded(text) if not quoted] == ["Forty.", "Monday."]


def test_an_unmarked_quotation_goes_on_to_the_end():
    text = "Fine.\n\n-----Original Message-----\nFrom: Bob\nSent: Monday\nSubject: Offer\n\nShall we?\n"

    assert [quoted for _, quoted in folded(text)] == [False, True]


def test_a_bare_forward_is_not_folded():
    text = "---------- Forwarded message ---------\nFrom: Bob <bob@x.test>\nSubject: Offer\n\nForty tyres.\n"

    assert [quoted for _, quoted in folded(text)] == [False]
    assert "Forty tyres." in pieces(text)[0].text


@pytest.mark.parametrize("text", ["", "\n\n", "\x01\n"])
def test_nothing_written_is_no_piece(text):
    assert folded(text) == []


def test_a_page_becomes_text_without_scripts_and_pictures():
    page = (
        '<style>p { color: red }</style><p>Forty &lt;tyres&gt;</p><img src="https://spy.test/p.gif"><script>x()</script>'
        '<div class="gmail_quote"><div>On Mon, 3 Mar 2025, Bob wrote:</div><blockquote>Shall we?</blockquote></div>'
    )

    opened = whole(mail(page, content_type="text/html; charset=utf-8"))

    assert [piece.text for piece in opened.pieces if not piece.quoted] == ["Forty <tyres>"]
    assert "spy.test" not in repr(opened)
    assert "x()" not in repr(opened)
    assert any(piece.quoted and "Shall we?" in piece.text for piece in opened.pieces)


def test_a_very_long_mail_says_that_it_is_cut_and_takes_no_time():
    started = time.process_time()
    long = whole(mail("a@a@ wrote:\n> x\n" * 40_000))

    assert long.cut
    assert time.process_time() - started < 5
    assert not whole(mail("Short.\n")).cut
