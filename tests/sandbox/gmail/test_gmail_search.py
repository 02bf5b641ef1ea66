from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from addon.sandbox.gmail.mailbox.search.grammar import All, Either, Not, Term, parse
from tests.sandbox.gmail.conftest import ANNA, encoded, mail

NOW = datetime(2027, 3, 15, 12, tzinfo=UTC)
FILE = 'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="price list.pdf"\r\n\r\n%PDF'


@pytest.fixture
def box(gmail, anna, clock):
    """Subjects by search: five mails from outside, one sent, one draft, one in the trash."""
    clock.set_world(NOW)

    def arrive(subject, days, *, sender="Ana Ruiz <ana@acme.test>", body="Hello", **headers):
        raw = mail(to=ANNA, sender=sender, subject=subject, body=body, **headers)
        return gmail.deliver(raw, [ANNA], at=NOW - timedelta(days=days))[0].message_id

    arrive("Offer", 1, body="The price is fine", Message_ID="<offer@acme.test>")
    arrive("Question", 5, sender="Zoë Müller <zoe@globex.test>", Cc="Boss <boss@globex.test>")
    arrive("Old news", 40, body="Preis und Menü")
    arrive(
        "List",
        3,
        List_Id="<news.acme.test>",
        Content_Type="multipart/mixed; boundary=b",
        body=f"--b\r\n{FILE}\r\n--b--",
    )
    trashed = arrive("Gone offer", 2)
    anna.messages().trash(userId="me", id=trashed).execute()
    anna.messages().send(userId="me", body={"raw": encoded(mail(to="ana@acme.test", subject="Sent one"))}).execute()
    anna.drafts().create(userId="me", body={"message": {"raw": encoded(mail(subject="Draft one"))}}).execute()

    def find(query, **wanted):
        found = anna.messages().list(userId="me", q=query, **wanted).execute().get("messages", [])
        shown = [anna.messages().get(userId="me", id=entry["id"], format="metadata").execute() for entry in found]
        return {h["value"] for message in shown for h in message["payload"]["headers"] if h["name"] == "Subject"}

    return find


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("from:ana@acme.test", {"Offer", "Old news", "List"}),
        ("from:acme.test subject:offer", {"Offer"}),
        ("to:ana@acme.test in:sent", {"Sent one"}),
        ("to:boss@globex.test", {"Question"}),
        ("cc:boss", {"Question"}),
        ("from:zoe OR subject:offer", {"Question", "Offer"}),
        ("{from:zoe subject:offer}", {"Question", "Offer"}),
        ("from:(zoe OR nobody)", {"Question"}),
        ("in:drafts", {"Draft one"}),
        ("in:trash", {"Gone offer"}),
        ("in:anywhere offer", {"Offer", "Gone offer"}),
        ("is:unread -from:ana", {"Question"}),
        ("-in:inbox", {"Sent one", "Draft one"}),
        ("rfc822msgid:offer@acme.test", {"Offer"}),
        ("rfc822msgid:<offer@acme.test>", {"Offer"}),
        ("newer_than:4d in:inbox", {"Offer", "List"}),
        ("older_than:1m", {"Old news"}),
        ("after:2027/03/11 in:inbox", {"Offer", "List"}),
        ("after:2027/03/10 before:2027/03/12", {"Question"}),
        ("after:2027/3/10 before:2027/3/13", {"Question", "List"}),
        ("before:1800000000 from:ana", set()),
        ("price", {"Offer", "List"}),
        ('"price is fine"', {"Offer"}),
        ('"fine price"', set()),
        ("menu", {"Old news"}),
        ("MÜLLER", {"Question"}),
        ("filename:pdf has:attachment", {"List"}),
        ("list:news.acme.test", {"List"}),
        ("larger:1k", set()),
        ("subject:nothing", set()),
        ("label:nosuchlabel", set()),
        ('offer" (', {"Offer"}),
        ("http://acme.test", set()),
    ],
)
def test_what_is_typed_is_found(box, query, subjects):
    assert box(query) == subjects


def test_a_labels_own_name_can_be_searched(box, anna):
    label = anna.labels().create(userId="me", body={"name": "Hot Deals"}).execute()["id"]
    [first] = anna.messages().list(userId="me", q="subject:offer").execute()["messages"]
    anna.messages().modify(userId="me", id=first["id"], body={"addLabelIds": [label]}).execute()

    assert box("label:hot-deals") == {"Offer"}


def test_search_and_labels_narrow_each_other_and_mail_that_came_since_is_found(box, gmail):
    assert box("from:ana", labelIds=["SENT"]) == set()
    gmail.deliver(mail(to=ANNA, subject="Fresh"), [ANNA])
    assert box("fresh", labelIds=["INBOX"]) == {"Fresh"}


def test_threads_are_searched_by_any_of_their_mails(box, anna):
    [found] = anna.threads().list(userId="me", q="price fine").execute()["threads"]

    assert anna.threads().get(userId="me", id=found["id"], format="minimal").execute()["messages"]


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a b", All((Term("", "a"), Term("", "b")))),
        ("a OR b c", All((Either((Term("", "a"), Term("", "b"))), Term("", "c")))),
        ("-from:a", Not(Term("from", "a"))),
        ("from:(a b)", All((Term("from", "a"), Term("from", "b")))),
        ("-{a b}", Not(Either((Term("", "a"), Term("", "b"))))),
        ("nofield:x", Term("", "nofield:x")),
        ("semi-final", Term("", "semi-final")),
        ("", All(())),
        (") OR (", All((All(()), All(())))),
    ],
)
def test_the_grammar_reads_anything(query, tree):
    assert parse(query) == tree
