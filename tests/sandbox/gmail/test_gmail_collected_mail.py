from __future__ import annotations

import json

from addon.sandbox.gmail.mailbox import payload
from addon.sandbox.gmail.mailbox.listing import Wanted
from tests.sandbox.gmail.conftest import ANNA
from tests.sandbox.gmail.discovery_schema import answered

NO_MAIL = {".md", ".json", ".jsonl", ".py", ".txt"}


def test_all_collected_mail_is_delivered_shown_listed_and_searched(gmail, corpora):
    """Mails are at times not mails at all; every one is taken, and shown as Google's schema says."""
    anna = gmail.accounts.get(ANNA)
    many = 0
    for path in sorted(path for path in corpora.rglob("*") if path.is_file() and path.suffix not in NO_MAIL):
        [arrived] = gmail.deliver(path.read_bytes(), [ANNA])
        raw = gmail.messages.raw(gmail.messages.find(anna, int(arrived.message_id, 16)))
        shown = json.loads(json.dumps(payload.tree(raw)).encode())
        assert not answered("MessagePart", shown), path
        assert len(payload.snippet(raw).encode()) < 2_000, path
        many += 1

    seen, token = set(), ""
    while True:
        page = gmail.listing.messages(anna, Wanted(limit=500, token=token))
        seen |= {number for number, _, _ in page.rows}
        if not (token := page.next_token):
            break
    assert many > 100
    assert len(seen) == many
    assert gmail.listing.threads(anna, Wanted(query="mailer OR delivery")).rows
