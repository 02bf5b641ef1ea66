"""All collected mail in one mailbox: loaded, shown, listed, searched, synced."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from addon.sandbox.gmail import Gmail
from addon.sandbox.gmail.mailbox import payload
from addon.sandbox.gmail.mailbox.history import Kind
from addon.sandbox.gmail.mailbox.listing import Wanted
from addon.sandbox.gmail.mailbox.mime import Mail
from addon.sandbox.gmail.mailbox.search.folding import words
from tests.sandbox.gmail.conftest import ANNA
from tests.sandbox.gmail.discovery_schema import answered

NO_MAIL = {".md", ".json", ".jsonl", ".py", ".txt"}


@pytest.fixture(scope="module")
def loaded(corpora):
    """Mails are at times not mails at all; every one is taken. `mails` by number, as they were stored."""
    gmail = Gmail()
    anna = gmail.accounts.add(ANNA)
    start = gmail.history.latest(anna)
    paths = sorted(path for path in corpora.rglob("*") if path.is_file() and path.suffix not in NO_MAIL)
    numbers = [int(gmail.deliver(path.read_bytes(), [ANNA])[0].message_id, 16) for path in paths]
    mails = {number: gmail.messages.raw(gmail.messages.find(anna, number)) for number in numbers}
    yield SimpleNamespace(gmail=gmail, anna=anna, start=start, mails=mails)
    gmail.close()


def pages(read):
    """All rows of all pages of a listing; no page holds more than it may."""
    rows, token = [], ""
    while True:
        page = read(token)
        assert len(page.rows) <= 50
        rows += page.rows
        if not (token := page.next_token):
            return rows


def found(loaded, query):
    def read(token):
        return loaded.gmail.listing.messages(loaded.anna, Wanted(query=query, limit=50, token=token))

    return {number for number, _, _ in pages(read)}


def test_each_is_shown_as_googles_schema_says(loaded):
    for number, raw in loaded.mails.items():
        assert not answered("MessagePart", json.loads(json.dumps(payload.tree(raw)).encode())), number
        assert len(payload.snippet(raw).encode()) < 2_000, number


def test_each_is_listed_once_and_so_is_its_thread(loaded):
    messages = pages(lambda token: loaded.gmail.listing.messages(loaded.anna, Wanted(limit=50, token=token)))
    threads = pages(lambda token: loaded.gmail.listing.threads(loaded.anna, Wanted(limit=50, token=token)))

    assert [row[0] for row in messages] == sorted(loaded.mails, reverse=True)
    assert [row[1] for row in threads] == list(dict.fromkeys(row[1] for row in messages))
    inbox = loaded.gmail.labels.get(loaded.anna, "INBOX")
    assert (inbox["messagesTotal"], inbox["threadsUnread"]) == (len(messages), len(threads))


@pytest.mark.parametrize("header", ["Message-ID", "Subject", "From"])
def test_each_is_found_by_its_own_words(loaded, header):
    """By its Message-ID, by what its subject says, by who sent it."""
    field = {"Message-ID": "rfc822msgid", "Subject": "subject", "From": "from"}[header]
    asked, missed = 0, []
    for number, raw in loaded.mails.items():
        mail = Mail(raw)
        if header == "Message-ID":
            wanted = mail.message_id.strip("<>")
        elif header == "Subject":
            wanted = " ".join(words(" ".join(mail.all(header)))[:12])
        else:
            wanted = next((address for _, address in mail.addresses(header) if words(address)), "")
        if not wanted or '"' in wanted or len(wanted) > 3_000:
            continue
        asked += 1
        if number not in found(loaded, f'{field}:"{wanted}"'):
            missed.append((number, wanted))
    assert missed == []
    assert asked > 100


def test_each_is_in_the_history_once_whatever_the_pages_and_types(loaded):
    def told(**wanted):
        seen, token = [], ""
        while True:
            page = loaded.gmail.history.list(loaded.anna, loaded.start, limit=97, token=token, **wanted)
            seen += [int(record["messages"][0]["id"], 16) for record in page["history"]]
            if not (token := page.get("nextPageToken", "")):
                return seen

    everything = list(loaded.mails)
    assert told() == everything
    assert told(kinds=[Kind.ADDED]) == everything
    assert told(kinds=[Kind.ADDED, Kind.DELETED], label="UNREAD") == everything
