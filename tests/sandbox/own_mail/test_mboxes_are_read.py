from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.sandbox.own_mail.mbox import Piece, looks_like_one, pieces
from tests.sandbox.own_mail.conftest import letter, mbox


def read(text: str | bytes, chunk: int = 1 << 16, start: int = 0, **more: int) -> list[Piece]:
    return list(pieces(io.BytesIO(text.encode() if isinstance(text, str) else text), start, chunk=chunk, **more))


def mails(text: str | bytes) -> list[bytes | None]:
    return [piece.raw for piece in read(text)]


TWO = [letter("One", body="first\n\nFrom here on it is easy.\n>From afar\n\n"), letter("Two", body="second")]


def test_quoted_lines_lose_the_one_mark_that_the_writer_put() -> None:
    assert mails(mbox(*TWO)) == [one.encode() for one in TWO]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 16])
def test_mails_are_the_same_however_the_file_is_cut(chunk: int) -> None:
    assert [piece.raw for piece in read(mbox(*TWO, *TWO), chunk)] == [one.encode() for one in (*TWO, *TWO)]


def test_windows_line_ends_and_a_byte_order_mark_are_no_hindrance() -> None:
    text = b"\xef\xbb\xbf" + mbox(*TWO).replace("\n", "\r\n").encode()

    assert looks_like_one(text[:100])
    assert mails(text) == [one.replace("\n", "\r\n").encode() for one in TWO]


def test_a_text_that_begins_with_from_is_no_new_mail_unless_a_header_follows() -> None:
    text = letter(body="Hello,\n\nFrom Monday 10:00 on, we are here.\nFrom\nFrom you: nothing.\nFrom x\nyes: no")

    assert mails(f"From a@b.example Tue Mar  3 09:00:05 2026\n{text}") == [text.encode()]


def test_mails_without_an_empty_line_between_them_are_two() -> None:
    text = "".join(f"From MAILER-DAEMON Tue Mar  3 09:00:05 2026\n{letter(body=str(n)).rstrip()}\n" for n in (1, 2))

    assert len(mails(text)) == 2


@pytest.mark.parametrize(
    "line",
    [
        "From 1785020000000000000@xxx Tue Mar 03 09:00:05 +0000 2026",
        "From - Tue Mar  3 09:00:05 2026",
        "From a b Tue Mar  3 09:00 MET 2026",
        "From ola@kunde.example",
        "From ",
    ],
)
def test_every_kind_of_line_begins_a_mail(line: str) -> None:
    found = read(f"{line}\n{letter('One')}\n{line}\n{letter('Two')}\n")

    assert [piece.line for piece in found] == [line, line]


def test_reading_goes_on_behind_any_mail() -> None:
    text = mbox(*TWO, *TWO)
    ends = [piece.end for piece in read(text)]

    assert ends[-1] == len(text.encode())
    for number, end in enumerate(ends, 1):
        assert [piece.raw for piece in read(text, start=end)] == mails(text)[number:]


def test_a_mail_that_is_too_large_is_passed_over_and_costs_no_memory() -> None:
    big = letter("Big", body="x" * 70 + "\n" + "y" * 40_000)

    found = read(mbox(TWO[1], big, TWO[1]), chunk=1000, largest=5000)

    assert [piece.raw for piece in found] == [TWO[1].encode(), None, TWO[1].encode()]
    assert found[1].end == found[2].start


def test_nothing_is_found_in_nothing() -> None:
    assert (mails(""), mails("\n \n")) == ([], [])


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["", ">From x", "From me", "From a@b.example Tue Mar  3 09:00:05 2026", "X: y", ">>From", "é ü"]
        ),
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=20),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5), st.integers(1, 300))
def test_whatever_is_in_mails_comes_back_from_an_mbox(bodies: list[list[str]], chunk: int) -> None:
    letters = [letter(f"Mail {number}", body="\n".join(lines)) for number, lines in enumerate(bodies)]

    assert [piece.raw for piece in read(mbox(*letters), chunk)] == [one.encode() for one in letters]
