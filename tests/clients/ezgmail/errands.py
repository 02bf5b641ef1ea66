"""What a user of EZGmail does with a mailbox. Needs credentials.json and token.json here."""

from __future__ import annotations

import sys
from pathlib import Path

import ezgmail

ME = sys.argv[1]


def done(step: str, what: str) -> None:
    sys.stdout.write(f"- {step}: {what}\n")


assert ezgmail.init() == ME
done("sign in", f"with token.json, as {ezgmail.EMAIL_ADDRESS}")

threads = ezgmail.recent()
assert len(threads) == 3, threads
assert len(ezgmail.unread()) == 3
ezgmail.summary(threads, printInfo=False)
done("list", f"{len(threads)} threads in the inbox")

[offer] = ezgmail.search("from:mia@acme.test subject:offer")
[figures] = ezgmail.search("has:attachment")
assert ezgmail.search("nobody wrote this") == []
done("search", "by sender and subject, and by attachment")

assert len(offer.messages) == 2
assert offer.senders() == ["Mia <mia@acme.test>", "Mia <mia@acme.test>"], offer.senders()
assert offer.messages[0].subject == "Offer 42"
assert offer.messages[0].body.startswith("What would twelve cost?")
[letter] = ezgmail.search("subject:Anfrage")
assert "Grüße aus Köln" in letter.messages[0].body
done("read", "a thread of two, and umlauts")

assert figures.messages[0].attachments == ["eggs.csv"]
figures.messages[0].downloadAllAttachments(downloadFolder="got")
assert Path("got/eggs.csv").read_bytes() == b"month,eggs\r\nMarch,12\r\n" * 500
done("attachments", "eggs.csv, as it was sent")

offer.markAsRead()
offer.addLabel("STARRED")
assert len(ezgmail.unread()) == 2
assert [thread.id for thread in ezgmail.search("is:starred")] == [offer.id]
offer.removeLabel("STARRED")
assert ezgmail.search("is:starred") == []
done("labels", "read, starred, and no longer starred")

ezgmail.send(
    "jonas@acme.test", "Our offer", "Dear Jonas, see the table.", attachments=["got/eggs.csv"], cc="lea@acme.test"
)
[sent] = ezgmail.search("in:sent subject:offer")
assert sent.messages[0].attachments == ["eggs.csv"]
offer.messages[-1].reply("Twelve cost 24.")
assert len(ezgmail.search("in:sent to:mia@acme.test")) == 1
done("send", "with an attachment and a copy; a reply")

letter.trash()
assert [thread.id for thread in ezgmail.search("in:trash")] == [letter.id]
done("trash", "a thread")
