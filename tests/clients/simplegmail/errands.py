"""What a user of simplegmail does with a mailbox. Needs credentials.json here; signs in through the browser."""

from __future__ import annotations

import sys
from pathlib import Path

from simplegmail import Gmail
from simplegmail.query import construct_query

ME = sys.argv[1]


def done(step: str, what: str) -> None:
    sys.stdout.write(f"- {step}: {what}\n")


gmail = Gmail(client_secret_file="credentials.json", creds_file="gmail_token.json")
assert Path("gmail_token.json").stat().st_size
done("sign in", "a person allowed it in the browser, and the token was kept")

unread = gmail.get_unread_inbox()
assert {mail.subject for mail in unread} == {"Offer 42", "Re: Offer 42", "Ihre Anfrage für März", "Figures"}, unread
assert len(gmail.get_messages(max_results=2)) == 2
done("list", f"{len(unread)} unread mails in the inbox")

[question] = gmail.get_messages(
    query=construct_query(sender="jonas@acme.test", subject="Anfrage", newer_than=(2, "day"))
)
assert question.subject == "Ihre Anfrage für März"
[figures] = gmail.get_messages(query=construct_query(attachment=True))
done("search", f"{question.subject!r} by sender, subject and age; {figures.subject!r} by its attachment")

assert "Grüße aus Köln" in question.plain, question.plain
assert "<b>figures</b>" in figures.html
assert (question.recipient, question.user_id) == (f"Anna <{ME}>", "me")
assert len(question.snippet) > 10
done("read", "plain text, HTML and headers, umlauts too")

[table] = figures.attachments
table.save("saved.csv", overwrite=True)
assert Path("saved.csv").read_bytes() == b"month,eggs\r\nMarch,12\r\n" * 500
done("attachments", f"{table.filename}, {len(table.data)} bytes, as they were sent")

label = gmail.create_label("Deals/Warm")
question.add_label(label)
question.mark_as_read()
question.star()
assert label in gmail.list_labels()
[again] = gmail.get_messages(labels=[label])
assert set(again.label_ids) == {"INBOX", "STARRED", label.id}, again.label_ids
gmail.delete_label(gmail.create_label("Passing"))
assert "Passing" not in {entry.name for entry in gmail.list_labels()}
done("labels", "created, set, listed by, removed")

sent = gmail.send_message(
    sender=ME,
    to="jonas@acme.test",
    cc=["lea@acme.test"],
    bcc=["files@halyard.example"],
    subject="Our offer",
    msg_html="<p>Dear Jonas, the figures are <b>attached</b>.</p>",
    msg_plain="Dear Jonas, the figures are attached.",
    attachments=["saved.csv"],
    signature=True,
)
assert sent.label_ids == ["SENT"], sent.label_ids
answer = gmail.send_message(sender=ME, to="jonas@acme.test", msg_plain="Gern!", reply_to=question)
assert answer.thread_id == question.thread_id, (answer.thread_id, question.thread_id)
draft = gmail.create_draft(sender=ME, to="jonas@acme.test", subject="Later", msg_plain="Not yet.")
assert [mail.subject for mail in gmail.get_drafts()] == ["Later"]
done("send", "with an attachment, a copy, a blind copy and a signature; a reply in its thread; a draft")

figures.trash()
assert [mail.subject for mail in gmail.get_trash_messages()] == ["Figures"]
figures.untrash()
done("trash", "there and back")
