"""Mails as they come in on a day, written for the bench: what verdicts are timed on where there are no real ones."""

from __future__ import annotations

_REPORT = """From: Mail Delivery System <MAILER-DAEMON@mx.ours.example>
To: ben@ours.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <dsn{number}@mx.ours.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="B{number}"

--B{number}
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered to one or more recipients.

<p{number}@gone.example>: host mx.gone.example[192.0.2.4] said: 550 5.1.1 User unknown (in reply to RCPT TO command)

--B{number}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.ours.example

Final-Recipient: rfc822; p{number}@gone.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B{number}
Content-Type: message/rfc822

From: ben@ours.example
To: p{number}@gone.example
Subject: Ramp planner
Message-ID: <sent{number}@ours.example>

Would a ramp planner help?

--B{number}--
"""

_PROSE = """Return-Path: <>
From: MAILER-DAEMON@mx.gone.example
To: ben@ours.example
Subject: failure notice
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <q{number}@mx.gone.example>

Hi. This is the mail program at mx.gone.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<p{number}@gone.example>:
The mailbox is full. (#5.2.2)

--- Below this line is a copy of the message.

From: ben@ours.example
To: p{number}@gone.example
Message-ID: <sent{number}@ours.example>

Would a ramp planner help?
"""

_ANSWER = """From: Ana Rossi <ana{number}@acme.example>
To: ben@ours.example
Subject: Re: Ramp planner
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <a{number}@acme.example>
In-Reply-To: <sent{number}@ours.example>
Content-Type: text/plain; charset=utf-8

Hi Ben,

that sounds interesting. What does it cost for a team of {number}? Could we talk on Thursday?

Best,
Ana
--
Acme Ltd, 1 Long Road

On Mon, 3 Mar 2025 at 09:00, Ben <ben@ours.example> wrote:
> Would a ramp planner help Acme?
> Shall I show you?
"""

_PAGE = """From: Eva Meier <eva{number}@werk.example>
To: ben@ours.example
Subject: AW: Ramp planner
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <e{number}@werk.example>
In-Reply-To: <sent{number}@ours.example>
Content-Type: text/html; charset=utf-8

<html><body><div>Guten Tag,</div><div>bitte schicken Sie uns ein Angebot f&uuml;r {number} Rampen.</div>
<div>Mit freundlichen Gr&uuml;&szlig;en<br>Eva Meier</div>
<blockquote><div>Am 3.3.2025 schrieb Ben:</div><div>Would a ramp planner help?</div></blockquote></body></html>
"""

_ABSENCE = """From: Jan Nowak <jan{number}@firma.example>
To: ben@ours.example
Subject: Automatic reply: Ramp planner
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <j{number}@firma.example>
Auto-Submitted: auto-replied

I am out of the office until 14 March. In urgent cases please write to eva@firma.example.
"""

_LETTER = """From: News <news@shop.example>
To: ben@ours.example
Subject: This week, number {number}
Date: Mon, 03 Mar 2025 10:00:{number:02} +0100
Message-ID: <n{number}@shop.example>
List-Unsubscribe: <https://shop.example/u>
Content-Type: text/html; charset=utf-8

<table><tr><td><h1>Offers</h1><p>Ramps and more, from 99.</p></td></tr></table>
"""


def everyday(count: int) -> list[bytes]:
    """So many mails, of six kinds in turn."""
    kinds = (_REPORT, _PROSE, _ANSWER, _PAGE, _ABSENCE, _LETTER)
    return [kinds[turn % len(kinds)].format(number=turn % 60).replace("\n", "\r\n").encode() for turn in range(count)]
