"""Mail that is odd, broken or hostile, each in bytes as it came: what it is, what was said, and its text."""

from __future__ import annotations

import re
import time

import pytest

from addon.domain.verdicts import Kind, Severity, What, judge

HEAD = (
    b"From: Ana Rossi <ana@acme.test>\r\nTo: bob@dealer.test\r\nSubject: Re: Your offer\r\n"
    b"Date: Mon, 3 Mar 2025 10:00:00 +0100\r\nMessage-ID: <m1@acme.test>\r\nIn-Reply-To: <sent1@dealer.test>\r\n"
)
PLAIN = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
YES = b"Yes, how much is it?"
ASKED = {What.INTERESTED, What.PRICE}


def judged(raw: bytes):
    """Kind, what was said, reply text; of a sentence quoted, it is checked that it stands where it is said to."""
    found = judge(raw, own=["bob@dealer.test"])
    for hit in found.facts.said:
        assert len(hit.sentence) <= 300
        assert found.reply_text[hit.position :].split()[:3] == hit.sentence.split()[:3]
    return found.facts.kind, {hit.what for hit in found.facts.said}, found.reply_text


def parts(*bodies: bytes, kind: bytes = b"mixed") -> bytes:
    """A mail of parts, each with its own fields."""
    joined = b"".join(b"--B\r\n" + body + b"\r\n" for body in bodies)
    return HEAD + b"Content-Type: multipart/" + kind + b"; boundary=B\r\n\r\n" + joined + b"--B--\r\n"


class TestBrokenMime:
    @pytest.mark.parametrize(
        "raw",
        [
            HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\n" + YES,
            HEAD + b"Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n" + YES + b"\r\n--B",
            HEAD + b"Content-Type: multipart/alternative\r\n\r\n" + YES,
            HEAD + b"Content-Type: ///;;;\r\n\r\n" + YES,
            HEAD + b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + YES,
            HEAD + b"Content-Transfer-Encoding: base64 (rfc2045)\r\n\r\nWWVzLCBob3cgbXVjaCBpcyBpdD8=",
            HEAD + b"Content-Transfer-Encoding: base64\r\n\r\nWWVzLCBob3cgbXVjaCBpcyBpdD8",
            HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nYes,=\r\n how=20much is it=3F=",
            HEAD.replace(b"\r\n", b"\n") + b"\n" + YES,
            HEAD.replace(b"\r\n", b"\r") + b"\r" + YES,
            parts(
                b"Content-Type: text/plain\r\n\r\n ", b"Content-Type: text/html\r\n\r\n<p>" + YES, kind=b"alternative"
            ),
        ],
        ids=[
            "no end",
            "cut off",
            "no mark",
            "no type",
            "no base64",
            "comment",
            "padding",
            "qp",
            "lf",
            "cr",
            "no plain",
        ],
    )
    def test_a_mail_whose_form_is_broken_is_heard(self, raw):
        assert judged(raw) == (Kind.HUMAN, ASKED, YES.decode())

    def test_a_mark_that_no_header_names_stays_in_the_text(self):
        kind, said, text = judged(HEAD + b"Content-Type: multipart/mixed\r\n\r\n--B\r\n\r\n" + YES + b"\r\n--B--\r\n")

        assert (kind, said) == (Kind.HUMAN, ASKED)
        assert YES.decode() in text


@pytest.mark.parametrize(
    "charset", [b"klingon", b"utf-16", b"rot13", b"x-unknown", b'"', b"utf-8''%ff", b"hex", b"utf-7"]
)
def test_an_unknown_or_wrong_charset_loses_no_word(charset):
    raw = HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n" + YES

    assert judged(raw) == (Kind.HUMAN, ASKED, YES.decode())


@pytest.mark.parametrize("charset", ["latin-1", "cp1250", "utf-8", "iso-2022-jp", "utf-16"])
def test_a_charset_that_is_named_is_read(charset):
    text = "Tak, ile to kosztuje?"
    raw = HEAD + f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + text.encode(charset)

    kind, said, told = judged(raw)

    assert (kind, told) == (Kind.HUMAN, text)
    assert What.PRICE in said


@pytest.mark.parametrize("coding", ["latin-1", "utf-8"])
def test_8_bit_headers_are_read_and_lose_no_word_of_the_text(coding):
    fields = "From: Zoë Müller <zoe@acme.test>\r\nTo: bob@dealer.test\r\nSubject: Re: Angebot für März\r\n".encode(
        coding
    )
    raw = fields + b"In-Reply-To: <sent1@dealer.test>\r\n\r\nJa, was kostet das?"

    assert judged(raw) == (Kind.HUMAN, {What.INTERESTED, What.PRICE}, "Ja, was kostet das?")
    assert judge(raw).envelope.from_name == "Zoë Müller"
    assert judge(raw).envelope.subject == "Re: Angebot für März"


class TestFrom:
    @pytest.mark.parametrize("sender", [b"<>", b"@", b"((((<>@", b",,;", b'"' * 500, b"a" * 9_000, b"\xff\xfe\x00"])
    def test_an_absurd_one_stops_nothing(self, sender):
        raw = b"From: " + sender + PLAIN[PLAIN.index(b"\r\n") :] + YES

        assert judged(raw) == (Kind.HUMAN, ASKED, YES.decode())

    @pytest.mark.parametrize("sender", [b"", b"From:\r\n", b"From:   \r\n"])
    def test_a_mail_without_one_is_no_persons_and_says_nothing(self, sender):
        raw = sender + PLAIN[PLAIN.index(b"\r\n") + 2 :] + YES

        assert judged(raw) == (Kind.BULK, set(), YES.decode())


class TestSize:
    def test_fifty_megabytes_are_judged_by_what_was_written(self):
        file = b"Content-Type: application/pdf; name=offer.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        raw = parts(b"Content-Type: text/plain\r\n\r\n" + YES, file + b"QUJDRA==" * 6_500_000)
        begun = time.process_time()

        assert judged(raw) == (Kind.HUMAN, ASKED, YES.decode())
        assert len(raw) > 50_000_000
        assert time.process_time() - begun < 2

    def test_ten_thousand_parts_leave_the_first_one_readable(self):
        page = b"Content-Type: image/png; name=a.png\r\n\r\nx"

        assert judged(parts(b"Content-Type: text/plain\r\n\r\n" + YES, *[page] * 10_000)) == (
            Kind.HUMAN,
            ASKED,
            YES.decode(),
        )

    def test_parts_within_parts_a_thousand_deep_say_nothing_and_a_few_say_all(self):
        def nested(depth: int) -> bytes:
            body = b"Content-Type: text/plain\r\n\r\n" + YES + b"\r\n"
            for level in range(depth):
                mark = b"b%dx" % level
                body = b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n%s--%s--\r\n" % (
                    mark,
                    mark,
                    body,
                    mark,
                )
            return HEAD + body

        kind, _, text = judged(nested(1_000))

        assert judged(nested(12)) == (Kind.HUMAN, ASKED, YES.decode())
        assert kind is Kind.HUMAN
        assert len(text) <= 200_000


REPORT = (
    b"From: MAILER-DAEMON@mx.test\r\nTo: %s\r\nSubject: Undelivered\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n"
    b"--B\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
    b"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
    b"Final-Recipient: rfc822; cid@gone.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    b"--B\r\nContent-Type: message/rfc822\r\n\r\nFrom: %s\r\nTo: cid@gone.test\r\nMessage-ID: <sent9@%s>\r\n\r\n"
    b"Yes, let's talk.\r\n--B--\r\n"
)


def test_a_report_about_somebody_elses_mail_names_that_mail_and_none_of_ours():
    raw = REPORT % (b"bob@dealer.test", b"joe@other.test", b"other.test")
    facts = judge(raw, own=["bob@dealer.test"]).facts

    assert judged(raw) == (Kind.BOUNCE, set(), "")
    assert [(one.address, one.severity) for one in facts.recipients] == [("cid@gone.test", Severity.HARD)]
    assert (facts.original_ids, facts.original_ref) == (("<sent9@other.test>",), "")


class TestForgedBounce:
    def test_a_person_who_writes_like_a_mail_system_is_a_person(self):
        text = "Your message to cid@gone.test could not be delivered: 550 5.1.1 user unknown."

        assert judged(PLAIN + text.encode()) == (Kind.HUMAN, set(), text)

    def test_a_person_who_sends_a_report_along_says_what_it_says_and_moves_nothing(self):
        raw = (REPORT % (b"bob@dealer.test", b"bob@dealer.test", b"dealer.test")).replace(
            b"MAILER-DAEMON@mx.test", b"Eve <eve@evil.test>"
        )

        assert judged(raw) == (Kind.BOUNCE, set(), "")
        assert judge(raw, own=["bob@dealer.test"]).facts.original_ids == ("<sent9@dealer.test>",)


QUOTED = [
    b"On Mon, 3 Mar 2025, Bob <bob@dealer.test> wrote:\r\n> yes, let's talk\r\n",
    b"-----Original Message-----\r\nFrom: Bob\r\nSent: Monday, 3 March 2025 10:00\r\nTo: Ana\r\n"
    b"Subject: Your offer\r\n\r\nyes, let's talk\r\n",
    b'You wrote: "yes, let\'s talk"\r\n',
]


@pytest.mark.parametrize("quoted", QUOTED, ids=["marked", "unmarked", "in words"])
@pytest.mark.parametrize("marks", [b"", b"Auto-Submitted: auto-replied\r\n"], ids=["no header", "header"])
def test_an_out_of_office_that_quotes_yes_lets_talk_says_nothing(quoted, marks):
    head = HEAD.replace(b"Re: Your offer", b"Automatic reply: Your offer") + marks
    kind, said, text = judged(head + b"\r\nI am out of the office until 14 March.\r\n\r\n" + quoted)

    assert (kind, said) == (Kind.OUT_OF_OFFICE, set())
    assert text.startswith("I am out of the office until 14 March.")


class TestReply:
    QUOTE = (
        b"On Mon, 3 Mar 2025 at 10:00, Bob <bob@dealer.test> wrote:\r\n> Not interested?\r\n> When shall we meet?\r\n"
    )

    def test_above_a_quote(self):
        assert judged(PLAIN + YES + b"\r\n\r\n" + self.QUOTE) == (Kind.HUMAN, ASKED, YES.decode())

    def test_below_a_quote(self):
        assert judged(PLAIN + self.QUOTE + b"\r\n" + YES) == (Kind.HUMAN, ASKED, YES.decode())

    def test_between_quotes(self):
        raw = (
            PLAIN + self.QUOTE + b"\r\n" + YES + b"\r\n\r\n> And the contract?\r\n\r\nPlease send me the contract.\r\n"
        )

        assert judged(raw) == (Kind.HUMAN, {*ASKED, What.CONTRACT}, f"{YES.decode()}\n\nPlease send me the contract.")

    def test_above_below_and_between(self):
        raw = (
            PLAIN + b"See below.\r\n\r\n" + self.QUOTE + b"\r\n" + YES + b"\r\n\r\n> And so on.\r\n\r\nThat is all.\r\n"
        )

        assert judged(raw) == (Kind.HUMAN, ASKED, f"See below.\n\n{YES.decode()}\n\nThat is all.")

    def test_nothing_but_a_quote_without_introduction_is_not_emptied(self):
        assert judged(PLAIN + b"> " + YES) == (Kind.HUMAN, ASKED, YES.decode())


@pytest.mark.parametrize(
    "subject", [b"Re: Your offer", b"I am not out of the office", b"Re: Automatic reply: Your offer"]
)
def test_i_am_not_out_of_the_office_is_a_persons(subject):
    raw = PLAIN.replace(b"Re: Your offer", subject) + b"I am not out of the office. How much is it?"

    assert judged(raw) == (Kind.HUMAN, {What.PRICE}, "I am not out of the office. How much is it?")


@pytest.mark.parametrize(
    "below",
    [
        b"-- \r\nAna Rossi\r\nTo unsubscribe from our newsletter click here: https://acme.test/u\r\n",
        b"Best regards,\r\nAna Rossi\r\nIf you do not wish to receive these emails, unsubscribe here.\r\n",
        b"--\r\nAcme\r\n\r\nUnsubscribe from this list\r\n",
        b"________________________________\r\nUnsubscribe | Privacy\r\n",
    ],
)
def test_unsubscribe_in_a_signature_asks_for_nothing(below):
    assert judged(PLAIN + YES + b"\r\n\r\n" + below) == (Kind.HUMAN, ASKED, YES.decode())


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "שלום בוב, כן אשמח לדבר.",
            "\u202bבתאריך יום ב׳, 3 במרץ 2025 ב-10:00 מאת \u202aBob\u202c\u200f "
            "<\u202abob@dealer.test\u202c\u200f>:\u202c",
        ),
        ("نعم، أرسل العرض من فضلك.", "في الاثنين، 3 مارس 2025 في 10:00 ص كتب Bob <bob@dealer.test>:"),
    ],
    ids=["Hebrew", "Arabic"],
)
def test_text_from_right_to_left_is_kept_and_left_to_the_rep(text, quote):
    raw = PLAIN + f"{text}\r\n\r\n{quote}\r\n> Shall we?\r\n".encode()

    assert judged(raw) == (Kind.HUMAN, set(), text)


def test_marks_of_direction_hide_no_word():
    raw = PLAIN + "\u202eYes, how much is it?\u202c".encode()
    kind, said, text = judged(raw)

    assert (kind, said) == (Kind.HUMAN, ASKED)
    assert re.sub("[\u202a-\u202e]", "", text) == YES.decode()


IMAGE = b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="


@pytest.mark.parametrize(
    "raw",
    [
        parts(IMAGE),
        HEAD + IMAGE,
        HEAD + b'Content-Type: text/html\r\n\r\n<html><body><img src="cid:a"></body></html>',
        parts(b'Content-Type: text/html\r\n\r\n<img src="cid:a">', IMAGE, kind=b"related"),
        parts(b"Content-Type: text/plain\r\n\r\n[cid:a.png]", IMAGE),
    ],
    ids=["part", "whole", "page", "related", "placeholder"],
)
def test_a_mail_of_only_an_image_is_a_persons_and_says_nothing(raw):
    assert judged(raw) == (Kind.HUMAN, set(), "")
