from __future__ import annotations

import sqlite3

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox.history import Kind
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.store import StoreInUse
from tests.sandbox.gmail.conftest import ANNA, mail

# The tables in which the first version kept mail, as far as they have changed since.
FIRST = """
DROP TABLE traces; DROP TABLE shelves; DROP TABLE tallies; DROP TABLE thread_labels; DROP TABLE IF EXISTS words_1;
DELETE FROM marks;
DROP INDEX messages_by_place; DROP INDEX messages_by_shelf;
ALTER TABLE accounts DROP COLUMN arrived;
ALTER TABLE messages DROP COLUMN place; ALTER TABLE messages DROP COLUMN shelf;
ALTER TABLE messages ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN attached INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_by_date ON messages (account, date, id, hidden, thread);
CREATE TABLE placements (
    account INTEGER NOT NULL, label TEXT NOT NULL, date INTEGER NOT NULL, message INTEGER NOT NULL,
    thread INTEGER NOT NULL, hidden INTEGER NOT NULL, PRIMARY KEY (account, label, date, message)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
    sender, receiver, cc, bcc, subject, body, filename, list, delivered, content='', tokenize='unicode61'
);
PRAGMA user_version = 0;
"""


@pytest.fixture
def old_file(tmp_path):
    """Five mails in four threads as the first version kept them, and what the mailbox told of itself then."""
    file = tmp_path / "mail.sqlite"
    gmail = Gmail(file)
    anna = gmail.accounts.add(ANNA)
    for number in range(4):
        gmail.deliver(mail(ANNA, f"Offer {number}", sender="ana@acme.test", Message_ID=f"<{number}@x>"), [ANNA])
    gmail.deliver(mail(ANNA, "Re: Offer 3", sender="bob@acme.test", References="<3@x>"), [ANNA])
    first = gmail.listing.messages(anna, Wanted(query="rfc822msgid:0@x")).rows[0][0]
    gmail.messages.modify(anna, [first], ["STARRED"], ["UNREAD"])
    told = told_by(gmail)
    gmail.close()
    with sqlite3.connect(file) as db:
        db.executescript(FIRST)
    db.close()
    return file, told


def told_by(gmail):
    anna = gmail.accounts.get(ANNA)
    with gmail.store.read() as db:
        (floor,) = db.execute("SELECT history_floor FROM accounts").fetchone()
    searches = ("", "is:starred", "-is:unread", "from:bob", "offer")
    return {
        "lists": [gmail.listing.messages(anna, Wanted(query=query)).rows for query in searches],
        "threads": gmail.listing.threads(anna, Wanted(labels=("INBOX",))).rows,
        "counts": [gmail.labels.get(anna, label) for label in ("INBOX", "UNREAD", "STARRED")],
        "history": gmail.history.list(anna, floor, label="STARRED", kinds=[Kind.LABELS_ADDED]),
        "totals": gmail.messages.totals(anna),
    }


def test_a_file_of_the_first_version_opens_and_tells_the_same(old_file):
    file, told = old_file

    for _ in range(2):
        gmail = Gmail(file)
        assert told_by(gmail) == told
        gmail.close()


def test_mail_goes_on_in_a_file_of_the_first_version(old_file):
    gmail = Gmail(old_file[0])
    anna = gmail.accounts.get(ANNA)

    [fresh] = gmail.deliver(mail(ANNA, "Fresh", sender="ana@acme.test"), [ANNA])
    gmail.messages.delete(anna, [gmail.listing.messages(anna, Wanted(query="is:starred")).rows[0][0]])

    newest = gmail.listing.messages(anna, Wanted(limit=1)).rows
    assert [row[0] for row in newest] == [int(fresh.message_id, 16)]
    assert gmail.labels.get(anna, "INBOX")["messagesTotal"] == 5
    gmail.close()


def test_a_file_of_another_kind_is_left_as_it_is(tmp_path):
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, note TEXT)")
    db.close()

    with pytest.raises(StoreInUse):
        Gmail(other)

    with sqlite3.connect(other) as db:
        assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    db.close()
