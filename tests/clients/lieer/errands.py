"""What a user of lieer (gmi) and notmuch does: mail as files, tags both ways. Needs token.json here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.request import Request, urlopen

ME, URL, TOKEN = sys.argv[1:4]
MAIL = Path("mail").resolve()
CONFIG = Path("notmuch.ini").resolve()
os.environ["NOTMUCH_CONFIG"] = str(CONFIG)


def done(step: str, what: str) -> None:
    sys.stdout.write(f"- {step}: {what}\n")
    sys.stdout.flush()


def run(*command: str, given: str = "", folder: Path = MAIL) -> str:
    ran = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, timeout=120, check=False)
    if ran.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {ran.returncode}:\n{ran.stdout}\n{ran.stderr}")
    return ran.stdout + ran.stderr


def found(query: str) -> list[str]:
    return json.loads(run("notmuch", "search", "--format=json", "--output=messages", query))


def gmail(verb: str, path: str, values: object = None) -> dict[str, object]:
    """The same mailbox seen from elsewhere."""
    body = None if values is None else json.dumps(values).encode()
    request = Request(f"{URL}/gmail/v1/users/me/{path}", body, {"Authorization": f"Bearer {TOKEN}"}, method=verb)
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def labels_of(subject: str) -> set[str]:
    [one] = gmail("GET", f"messages?q=subject:{subject}")["messages"]
    names = {label["id"]: label["name"] for label in gmail("GET", "labels")["labels"]}
    return {names[label] for label in gmail("GET", f"messages/{one['id']}?format=minimal")["labelIds"]}


account = MAIL / "account.gmail"
account.mkdir(parents=True)
CONFIG.write_text(
    f"[database]\npath={MAIL}\n[user]\nname=Anna\nprimary_email={ME}\n[new]\ntags=\nignore=/.*[.](json|lock|bak)$/\n"
)
run("notmuch", "new")
(account / ".credentials.gmailieer.json").write_bytes(Path("token.json").read_bytes())
run("gmi", "init", ME, folder=account)
done("sign in", "with token.json")

run("gmi", "pull", folder=account)
assert len(found("*")) == 4, found("*")
done("list", f"{len(found('*'))} mails pulled, in batches")

assert len(found("from:mia and subject:offer")) == 2
[letter] = found("Köln and tag:unread")
shown = run("notmuch", "show", f"id:{letter}")
assert "Grüße aus Köln" in shown
done("search", "by sender and by words, in notmuch")
done("read", "umlauts too")

[figures] = found("attachment:eggs.csv")
part = subprocess.run(
    ["notmuch", "show", "--part=5", f"id:{figures}"], cwd=MAIL, capture_output=True, timeout=60, check=True
).stdout
assert part.replace(b"\r\n", b"\n") == b"month,eggs\nMarch,12\n" * 500, part[:80]
done("attachments", "eggs.csv, as it was sent")

run("notmuch", "tag", "+Deals/Warm", "-unread", "+flagged", "--", f"id:{letter}")
pushed = run("gmi", "push", folder=account)
assert labels_of("Anfrage") == {"INBOX", "STARRED", "Deals/Warm"}, (labels_of("Anfrage"), pushed)
done("labels", "a new label, a star and the read mark went up to Gmail")
done("batch", "50 calls to a request, as lieer makes them")

[there] = gmail("GET", "messages?q=subject:Figures")["messages"]
gmail("POST", f"messages/{there['id']}/modify", {"addLabelIds": ["IMPORTANT"], "removeLabelIds": ["UNREAD"]})
run("gmi", "pull", folder=account)
assert found("tag:important and not tag:unread") == [figures]
assert len(found("*")) == 4
done("partial sync", "a change made elsewhere came down by history")

letter_out = (
    f"From: {ME}\nTo: jonas@acme.test\nSubject: From the shell\nMessage-ID: <shell@halyard.example>\n\nHello.\n"
)
run("gmi", "send", "-t", "jonas@acme.test", given=letter_out, folder=account)
run("gmi", "sync", folder=account)
assert len(found("subject:shell and tag:sent")) == 1
done("send", "from standard input; it came back by the next sync")
