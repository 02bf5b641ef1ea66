"""The mail that goes out: headers, both bodies, the way out of the list; and the preview that shows it before."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from addon.domain.access import doors
from addon.domain.access.tokens import read_unsubscribe_token
from addon.domain.campaigns import composing, importing, letters
from addon.domain.errors import NotFound
from addon.models import Outgoing, Run
from tests.domain.campaigns.conftest import MONDAY

PUBLIC = "https://sales.example.com"
BODY = """Cześć {{ first_name }},

see https://x.test/a?b=1&c=2, or write.
Ana <ana@acme.test>
"""


def parsed(raw: bytes) -> EmailMessage:
    read = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(read, EmailMessage)
    return read


@pytest.fixture
def sent(office):
    """Compose the mail of the first person of a list."""

    def mail(csv: str, **texts: str) -> tuple[bytes, Outgoing]:
        importing.launch_campaign(office.writing, office.campaign(csv, **texts), at=MONDAY)
        with office.reading() as session:
            row = session.scalars(select(Outgoing).order_by(Outgoing.id)).first()
            return composing.compose(session, row, public_url=PUBLIC, at=MONDAY), row

    return mail


def test_the_mail_carries_what_gmail_and_a_receiver_need(sent):
    raw, row = sent("email,first_name,last_name\nzoe@x.test,Zoë,Łącka\n", subject="Hi {{ first_name }}!", body=BODY)

    mail = parsed(raw)
    assert str(mail["From"]) == "Ana Nowak <ana@acme.test>"
    assert str(mail["To"]) == "Zoë Łącka <zoe@x.test>"
    assert str(mail["Subject"]) == "Hi Zoë!"
    assert mail["Date"].datetime == MONDAY
    assert re.fullmatch(r"<[0-9a-f-]{36}@acme\.test>", str(mail["Message-ID"]))
    assert str(mail["X-Dealthread-Ref"]) == f"{row.ref}.0"
    assert str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert mail.get_content_type() == "multipart/alternative"
    assert not mail.defects


def test_every_line_is_seven_bits_short_and_ends_as_mail_lines_do(sent):
    name = "Zoë " * 40
    raw, _ = sent(f"email,first_name\nzoe@x.test,{name}\n", subject="{{ first_name }}" * 3, body="ż" * 5000 + BODY)

    assert raw.isascii()
    assert not set(b"\r\n") & set(raw.replace(b"\r\n", b""))
    headers = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert all(len(line) < 79 for line in raw.split(b"\r\n") if line not in headers)
    assert all(len(line) < 200 for line in headers)
    assert str(parsed(raw)["Subject"]).count("Zoë") == 120


def test_both_bodies_say_the_same_and_end_with_the_way_out(sent):
    raw, _ = sent("email,first_name\nzoe@x.test,Zoë\n", subject="Hi", body=BODY)

    mail = parsed(raw)
    plain = mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    html = mail.get_body(("html",)).get_content().replace("\r\n", "\n")
    url = str(mail["List-Unsubscribe"]).strip("<>")
    assert plain.startswith("Cześć Zoë,\n\nsee https://x.test/a?b=1&c=2, or write.\nAna <ana@acme.test>\n")
    assert plain.rstrip().endswith(url)
    assert '<a href="https://x.test/a?b=1&amp;c=2">https://x.test/a?b=1&amp;c=2</a>, or write.<br>' in html
    assert "Ana &lt;ana@acme.test&gt;" in html
    assert f'href="{url}"' in html


def test_the_unsubscribe_address_names_the_person_and_the_run_and_nobody_can_make_one_up(office, sent):
    raw, row = sent("email,first_name\nzoe@x.test,Zoe\n")

    token = str(parsed(raw)["List-Unsubscribe"]).strip("<>").removeprefix(PUBLIC + "/u/")
    guest = doors.guest_by_token(office.database, token)
    with office.reading() as session:
        run_ref = session.get(Run, row.run_id).ref
    assert (guest.address_key, guest.run_ref) == (row.address_key, run_ref)
    assert read_unsubscribe_token(office.database.secret, token[:-2] + "AA") is None


def test_nothing_in_a_row_can_begin_a_header_or_mark_up_the_mail(sent):
    raw, _ = sent(
        'email,first_name\nzoe@x.test,"<b>Z</b>\r\nBcc: all@x.test"\n',
        subject="Hi {{ first_name }}",
        body="{{ first_name }}",
    )

    mail = parsed(raw)
    assert mail["Bcc"] is None
    assert str(mail["Subject"]) == "Hi <b>Z</b> Bcc: all@x.test"
    assert "<b>" not in mail.get_body(("html",)).get_content()


def test_a_made_up_name_is_not_put_before_an_address(sent):
    raw, _ = sent("email\ninfo@x.test\n", subject="Hi", body="Hi")

    assert str(parsed(raw)["To"]) == "info@x.test"


def test_a_domain_with_letters_of_its_own_is_written_as_servers_read_it(sent):
    raw, _ = sent("email\ninfo@straße.de\n", subject="Hi", body="Hi")

    assert b"To: info@xn--strae-oqa.de\r\n" in raw


@pytest.mark.parametrize(
    "subject", ["x" * 900, "word " * 100, "=?utf-8?q?fake?= word", "ż" * 400, "Re: " + "żółw " * 60, "a, b; c: d"]
)
def test_a_subject_of_any_length_and_language_arrives(subject):
    letter = letters.Letter(
        sender=("Doe, Jane", "ana@acme.test"),
        to=("", "b@x.test"),
        subject=subject.strip(),
        body="x",
        ref="r.1",
        message_id="m@acme.test",
        at=MONDAY,
        unsubscribe_url=PUBLIC,
        unsubscribe_line="Out:",
    )

    mail = parsed(letters.written(letter))

    assert str(mail["Subject"]) == subject.strip()
    assert str(mail["From"]) == '"Doe, Jane" <ana@acme.test>'


def test_the_preview_is_the_mail_of_one_person_and_then_of_the_next(office):
    campaign = office.campaign("email,first_name\nnope,X\na@x.test,Ana\nb@x.test,Bo\n", subject="Hi {{ first_name }}")

    with office.reading() as session:
        first = composing.preview(session, campaign)
        second = composing.preview(session, campaign, index=1)
        same = composing.preview(session, campaign, row=second.row)
        with pytest.raises(NotFound):
            composing.preview(session, campaign, index=2)

    assert (first.to, first.subject, first.body, first.row) == ("a@x.test", "Hi Ana", "Dear Ana", 2)
    assert second == same
    assert second.to_name == "Bo"
