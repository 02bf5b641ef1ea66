"""What the inbox makes of a mail: its words, who wrote, and the sentence that the sidebar quotes."""

from __future__ import annotations

import pytest
from flask import Flask

from addon.sandbox.gmail import Gmail
from addon.sandbox.inbox import markup
from addon.sandbox.inbox.gmail import Mailbox
from addon.sandbox.inbox.people import Cast
from addon.sandbox.inbox.reading import Mail, Person, mail_of, paragraphs, says, split_quoted
from addon.sandbox.inbox.shelf import Shelf
from addon.sandbox.inbox.writing import NotAnAddress, compose
from addon.web.seat import person

HTML = b"""From: =?utf-8?q?Katarzyna_Wi=C5=9Bniewska?= <k@b.example>\r
To: anna@halyard.example\r
Subject: =?utf-8?b?xbvDs8WCdHk=?=\r
Message-ID: <1@b.example>\r
MIME-Version: 1.0\r
Content-Type: text/html; charset=iso-8859-2\r
\r
<style>p { color: red }</style><p>Dzie\xf1 dobry &amp; hello</p><p>second<br>line</p><script>alert(1)</script>"""


def read(gmail: Gmail, base: str, raw: bytes) -> Mail:
    [arrived] = gmail.deliver(raw, ["anna@halyard.example"])
    token = Shelf(gmail).access_token("anna@halyard.example", ["https://mail.google.com/"])
    return mail_of(Mailbox(base, token).thread(arrived.thread_id)["messages"][0])


def test_a_mail_in_html_only_is_shown_as_its_words(gmail: Gmail, inbox_app: Flask) -> None:
    base = inbox_app.extensions["inbox"].google_url

    mail = read(gmail, base, HTML)

    assert (mail.sender.name, mail.subject) == ("Katarzyna Wiśniewska", "Żółty")
    assert [line for line in mail.text.split("\n") if line] == ["Dzień dobry & hello", "second", "line"]


@pytest.mark.parametrize(
    "quoted",
    [
        "On Tue, 18 Nov 2026 at 09:00, Anna Kowalczyk wrote:\n> Old\n> words",
        "W dniu 18.11.2026 o 09:00, Anna Kowalczyk napisał(a):\n\n> Old",
        "> Old\n>\n> words",
    ],
)
def test_the_earlier_mail_is_told_from_the_new_words(quoted: str) -> None:
    assert split_quoted(f"New words.\n\n{quoted}") == ("New words.", quoted)


@pytest.mark.parametrize("text", ["No quote here.", "> answered\nbelow", "On Tuesday we wrote:\nnothing quoted"])
def test_what_is_not_the_earlier_mail_stays(text: str) -> None:
    assert split_quoted(text) == (text, "")


def test_a_quoted_sentence_is_marked_however_its_lines_break() -> None:
    text = "The board meets on Friday. Could you send\nus a <proposal>? Yes.\n\nKind regards"

    first, second = paragraphs(text, ["Could you send us a <proposal>?"])

    assert '<mark class="dt-mark">Could you send<br>\nus a &lt;proposal&gt;?</mark> Yes.' in first
    assert second == "Kind regards"
    assert says(text, "Could you send us a <proposal>?")


def test_a_cards_html_is_cleaned_to_what_google_allows() -> None:
    dirty = '<b onclick="x()">a</b><img src=x><a href="javascript:x()">l</a><font color="red" size="9">f</font>\nnext'

    clean = markup.rich(dirty)

    assert clean.startswith("<b>a</b><a ")
    assert clean.endswith('>l</a><font color="red">f</font><br>next')
    assert "href" not in clean
    assert markup.bare("<b>Budi &amp; Co</b>") == "Budi & Co"


@pytest.mark.parametrize("to", ["", "nobody", "a@b.example, nobody", "a b@c"])
def test_a_mail_to_no_address_is_refused(to: str) -> None:
    with pytest.raises(NotAnAddress):
        compose(Person("Anna", "anna@halyard.example"), to, "Hello", "words")


def test_a_colleague_stands_on_the_ground_that_the_workspace_gives_them() -> None:
    anna = Person("Anna", "anna@halyard.example", 3)
    cast = Cast([anna])

    assert cast.numbered(Person("A. Kowalczyk", "Anna@halyard.example")).colour == person("Anna", 3).tone
    assert cast.numbered(Person("Budi", "budi@gudang.example")).number is None


def test_a_persons_initials() -> None:
    assert [Person(name, "x@y.example").initials for name in ("Anna Kowalczyk", "budi", "")] == ["AK", "B", "X"]
