"""What each operator of the search box finds, asked of the mailbox itself. A mail's name is its subject's first word.

From Gmail's help page on search operators and its API's guide on filtering; see `search/conditions.py`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest

import addon.clock
from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.mailbox.search.folding import words
from addon.sandbox.gmail.mailbox.search.grammar import All, Either, Not, Term, parse
from tests.sandbox.gmail.conftest import ANNA, BEN

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MAIN = "anna.sales@halyard.example"


def letter(subject, body="", *, sender="Somebody <somebody@else.test>", to=ANNA, files=(), **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body or "nothing to say")
    for name, size in files:
        mail.add_attachment(b"x" * size, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


@pytest.fixture(scope="module")
def gmail():
    addon.clock.set_world(NOW, speed=0)
    gmail = Gmail()
    anna = gmail.accounts.add(ANNA)
    gmail.accounts.add(BEN)
    with gmail.store.write() as db:
        db.execute("INSERT INTO send_as (account, email) VALUES (?, ?)", (anna.number, MAIN))
    hot = gmail.labels.create(anna, {"name": "Big deals/Hot & new"})["id"]

    def arrive(raw, days=1.0, labels=("INBOX", "UNREAD"), into=ANNA):
        gmail.insert(into, raw, labels, at=NOW - timedelta(days=days))

    ana = "Ana Ruiz <ana@acme.test>"
    arrive(letter("Alpha offer", "The secret birthday party is on Friday.", sender=ana, Message_ID="<alpha@acme.test>"))
    arrive(letter("Bravo", "Ścieżka do Łodzi, żółw", sender="Łukasz Żak <lukasz@firma.pl>"), 2, ["INBOX", "STARRED"])
    arrive(letter("Charlie Straße", "Größe und Öl", sender='"Jürgen Weiß" <j.weiss@firma.de>'), 3, ["CATEGORY_SOCIAL"])
    arrive(letter("Delta 価格表", "見積もりを送ります", sender="李 <li@firma.cn>"), 4, ["INBOX", "IMPORTANT"])
    arrive(letter("Echo", "Selamat pagi, penawaran terlampir", files=[("offer 2026.pdf", 2000)]), 5, ["INBOX", hot])
    arrive(letter("Foxtrot", "pdf guide", files=[("photo.JPG", 3_000_000)], Cc=f"Boss <boss@acme.test>, {MAIN}"), 20)
    arrive(
        letter("Golf", "from the list 🎉👍🏽", List_Id="News <news.acme.test>", List_Post="<mailto:all@acme.test>"),
        40,
        [],
    )
    arrive(letter("Hotel", "as sent", sender=f"Anna <{ANNA}>", to=ana, Bcc="hidden@acme.test"), 0.5, ["SENT"])
    arrive(letter("India", "from an alias", sender=MAIN, to=BEN), 6, ["SENT"])
    arrive(letter("Juliett", "an unfinished offer", sender=ANNA, to="x@y.test"), 0.1, ["DRAFT"])
    arrive(letter("Kilo offer", "spam"), 7, ["SPAM", "UNREAD"])
    arrive(letter("Lima offer", "trash"), 8, ["TRASH"])
    arrive(letter("Mike", "see https://docs.google.com/spreadsheets/d/1 and youtu.be/2"), 400, [])
    arrive(
        letter("November", "delivered", Delivered_To="sales+web@halyard.example"), 9, ["CATEGORY_PROMOTIONS", "INBOX"]
    )
    arrive(letter("Other offer", "in another's mailbox", sender=ana), 1, into=BEN)
    gmail.listing.prepare(anna)
    yield gmail
    gmail.close()


def found(gmail, query, **wanted):
    anna = gmail.accounts.get(ANNA)
    with gmail.store.read() as db:
        subject = dict(db.execute("SELECT id, topic FROM messages").fetchall())
    rows = gmail.listing.messages(anna, Wanted(query=query, **wanted)).rows
    return " ".join(sorted(subject[number].split()[0] for number, _, _ in rows))


VISIBLE = "alpha bravo charlie delta echo foxtrot golf hotel india juliett mike november"
CASES = {
    # people
    "from:ana": "alpha",
    "from:ANA@acme.test": "alpha",
    "from:acme.test": "alpha",
    "from:@acme.test": "alpha",
    'from:"ana ruiz"': "alpha",
    "from:(ana ruiz)": "alpha",
    "from: ana": "alpha",
    "from:firma": "bravo charlie delta",
    "from:me": "hotel india juliett",
    "from:me -in:drafts": "hotel india",
    "to:me in:sent": "",
    "to:me boss": "foxtrot",
    "to:ana": "hotel",
    "to:boss": "foxtrot",
    "cc:boss@acme.test": "foxtrot",
    "cc:me": "foxtrot",
    "bcc:hidden": "hotel",
    "deliveredto:sales+web@halyard.example": "november",
    "list:news.acme.test": "golf",
    "list:all@acme.test": "golf",
    # words
    "offer": "alpha echo juliett",
    "OFFER": "alpha echo juliett",
    "off": "",
    "subject:offer": "alpha",
    "subject:(offer alpha)": "alpha",
    'subject:"offer alpha"': "",
    '"birthday party"': "alpha",
    '"party birthday"': "",
    '"birthday  PARTY!"': "alpha",
    "+birthday": "alpha",
    "secret AROUND 5 friday": "alpha",
    "lodzi": "bravo",
    "ŁODZI": "bravo",
    "sciezka żolw": "bravo",
    "strasse": "charlie",
    "STRASSE größe ol": "charlie",
    "weiß": "charlie",
    "subject:価格": "delta",
    "見積": "delta",
    "積見": "",
    "from:李": "delta",
    "penawaran": "echo",
    "🎉": "golf",
    "👍": "golf",
    "list🎉": "golf",
    "🎂": "",
    "list -🎉": "",
    # files
    "filename:pdf": "echo",
    'filename:"offer 2026.pdf"': "echo",
    "filename:jpg": "foxtrot",
    'filename:"2026 offer.pdf"': "",
    "has:attachment": "echo foxtrot",
    "has:drive": "mike",
    "has:spreadsheet": "mike",
    "has:document": "",
    "has:youtube": "mike",
    # labels and states
    "has:userlabels": "echo",
    "has:nouserlabels in:inbox": "alpha bravo delta foxtrot november",
    "label:big-deals-hot---new": "echo",
    'label:"Big deals/Hot & new"': "echo",
    "label:inbox is:unread": "alpha foxtrot",
    "is:read in:inbox": "bravo delta echo november",
    "is:starred": "bravo",
    "has:yellow-star": "bravo",
    "is:important": "delta",
    "is:snoozed": "",
    "is:muted": "",
    "in:sent": "hotel india",
    "in:drafts": "juliett",
    "is:draft": "juliett",
    "in:spam": "kilo",
    "in:trash": "lima",
    "label:trash": "lima",
    "in:anywhere offer": "alpha echo juliett kilo lima",
    "in:trash OR in:sent": "hotel india lima",
    "in:archive": "charlie golf mike",
    "category:social": "charlie",
    "category:promotions": "november",
    "category:primary": "alpha bravo delta echo foxtrot",
    "-category:primary in:inbox": "november",
    "category:personal is:starred": "bravo",
    "label:nosuch": "",
    "-label:nosuch": VISIBLE,
    # dates and sizes
    "after:2026/11/19": "alpha hotel juliett",
    "after:11/19/2026": "alpha hotel juliett",
    "after:2026-11-19": "alpha hotel juliett",
    "newer:2026/11/19": "alpha hotel juliett",
    f"after:{int(NOW.timestamp()) - 3 * 3600}": "juliett",
    "before:2026/01/01": "mike",
    "older:2026/01/01": "mike",
    "after:2026/11/16 before:2026/11/18": "charlie delta",
    "before:2026/11/18 -before:2026/11/16": "charlie delta",
    "newer_than:1d": "alpha hotel juliett",
    "newer_than:12h": "hotel juliett",
    "older_than:1m": "golf mike",
    "older_than:1y": "mike",
    "older_than:2w newer_than:1m": "foxtrot",
    "after:yesterday": "",
    "-after:yesterday in:sent": "hotel india",
    "larger:1M": "foxtrot",
    "size:1000000": "foxtrot",
    "larger:2k": "echo foxtrot",
    "-larger:2k has:attachment": "",
    "smaller:100k has:attachment": "echo",
    "-smaller:100k": "foxtrot",
    "larger:10M": "",
    # one mail
    "rfc822msgid:alpha@acme.test": "alpha",
    "rfc822msgid:<alpha@acme.test>": "alpha",
    "rfc822msgid:beta@acme.test": "",
    "-rfc822msgid:alpha@acme.test offer": "echo juliett",
    # how they are put together
    "offer -alpha": "echo juliett",
    "offer -(alpha OR echo)": "juliett",
    "offer -{alpha echo}": "juliett",
    "offer -(alpha echo)": "alpha echo juliett",
    'offer -"secret birthday"': "echo juliett",
    "-offer in:inbox": "bravo delta foxtrot november",
    "--offer": "alpha echo juliett",
    "from:ana OR is:starred": "alpha bravo",
    "{from:ana is:starred}": "alpha bravo",
    "{from:ana is:starred} OR in:sent": "alpha bravo hotel india",
    "from:ana is:unread OR is:starred": "alpha",
    "from:(ana OR lukasz)": "alpha bravo",
    "from:{ana lukasz} AND is:unread": "alpha",
    "alpha or bravo": "",
    "alpha OR bravo": "alpha bravo",
    "alpha | bravo": "alpha bravo",
    "offer and echo": "",
    "(((((alpha)))))": "alpha",
    f"{'(' * 500}alpha{')' * 500} offer": "alpha",
    f"{'-' * 1001}offer in:sent": "hotel india",
    " OR ".join(["alpha", *(f"x{n}" for n in range(300))]): "alpha",
    " OR ".join(["is:starred", *(f"after:{n + 1900000000}" for n in range(150))]): "bravo",
    " ".join("{zulu is:unread}" for _ in range(20)): "alpha foxtrot",
    "- offer": "alpha echo juliett",
    "...": VISIBLE,
    "nofield:x": "",
    "": VISIBLE,
}


@pytest.mark.parametrize(("query", "subjects"), CASES.items(), ids=[query[:40] for query in CASES])
def test_an_operator_finds_what_gmails_help_says(gmail, clock, query, subjects):
    clock.set_world(NOW, speed=0)  # some mails are exactly as old as a case asks for

    assert found(gmail, query) == subjects


def test_the_labels_asked_for_and_the_query_must_both_hold(gmail):
    assert found(gmail, "offer", labels=["DRAFT"]) == "juliett"
    assert found(gmail, "offer", labels=["INBOX", "UNREAD"]) == "alpha"
    assert found(gmail, "offer", hidden=True) == "alpha echo juliett kilo lima"
    assert found(gmail, "-is:read", labels=["SPAM"]) == "kilo"


@pytest.mark.parametrize(
    ("text", "found_as"),
    [
        ("Ærøskøbing İstanbul ıssız", ["aeroskobing", "istanbul", "issiz"]),
        ("がｶﾞ", ["が", "ガ"]),
        ("한국어", ["한", "국", "어"]),
        ("snake_case don't", ["snake", "case", "don", "t"]),
        ("Привет, Ёлка", ["привет", "елка"]),
    ],
)
def test_words_are_compared_without_case_and_accents(text, found_as):
    assert words(text) == found_as


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("a AROUND 5 b", All((Term("", "a"), Term("", "b")))),
        ("AROUND 5", All((Term("", "AROUND"), Term("", "5")))),
        ("category:social", Term("category", "social")),
        ("to: x", Term("to", "x")),
        ("to:", Term("", "to:")),
        ("from:{a -b}", Either((Term("from", "a"), Not(Term("from", "b"))))),
        ("--a", Term("", "a")),
        ("from:-a", Not(Term("from", "a"))),
    ],
)
def test_a_query_is_read_as_a_tree(query, tree):
    assert parse(query) == tree
