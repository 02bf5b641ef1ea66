"""Small mails, written for these tests."""

from __future__ import annotations


def mail(body="", *, headers=(), **named):
    """A mail from Ana to Bob; named headers (`subject=`, `auto_submitted=`) are added or, where given, replace."""
    fields = {
        "From": "Ana Rossi <ana@acme.test>",
        "To": "Bob Kowalski <bob@dealer.test>",
        "Subject": "Re: Your offer",
        "Date": "Mon, 03 Mar 2025 10:00:00 +0100",
        "Message-ID": "<m1@acme.test>",
        "In-Reply-To": "<sent1@dealer.test>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    fields |= {name.replace("_", "-").title().replace("-Id", "-ID"): value for name, value in named.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body.replace("\r\n", "\n").replace("\n", "\r\n")).encode()


def multipart(*parts, kind="mixed", **named):
    """A mail of parts, each a (content type, body) pair."""
    joined = "".join(f"--B\r\nContent-Type: {content_type}\r\n\r\n{body}\r\n" for content_type, body in parts)
    return mail(joined + "--B--\r\n", content_type=f'multipart/{kind}; boundary="B"', **named)


def bounce(action="failed", status="5.1.1", diagnostic="smtp; 550 5.1.1 <cid@gone.test> User unknown"):
    """A delivery report about Cid, as mail servers write it."""
    report = (
        "Reporting-MTA: dns; mx.dealer.test\r\n\r\n"
        f"Final-Recipient: rfc822; Cid@gone.test\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n"
    )
    returned = (
        "From: bob@dealer.test\r\nTo: cid@gone.test\r\nSubject: Your offer\r\nMessage-ID: <sent7@dealer.test>\r\n"
        "X-Dealthread-Ref: 6f1c.2\r\n\r\nYes, let's talk.\r\n"
    )
    return multipart(
        ("text/plain", "Your message could not be delivered."),
        ("message/delivery-status", report),
        ("message/rfc822", returned),
        kind="report; report-type=delivery-status",
        **{
            "from": "Mail Delivery System <mailer-daemon@dealer.test>",
            "subject": "Undelivered Mail",
            "in_reply_to": None,
        },
    )
