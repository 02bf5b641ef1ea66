"""Who wrote to whom, and which mails are the same mail."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from addon.domain.verdicts import envelope, identity
from tests.domain.verdicts.mails import mail


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        ('"Doe, Jane" <J@x.test>', "j@x.test", "Doe, Jane"),
        ("Doe, Jane <j@x.test>", "j@x.test", "Jane"),
        ("j@x.test", "j@x.test", ""),
        ("=?utf-8?q?Micha=C5=82?= =?utf-8?b?IE5vd2Fr?= <m@x.test>", "m@x.test", "Michał Nowak"),
        ("Jörg <j@x.test>", "j@x.test", "Jörg"),
        ("=?utf-8?q?broken <j@x.test>", "j@x.test", "=?utf-8?q?broken"),
        ("undisclosed-recipients:;", "", ""),
        ("<>", "", ""),
        ("(" * 3000 + "j@x.test", "j@x.test", ""),
        ("", "", ""),
    ],
)
def test_any_sender_is_read(sender, address, name):
    found = envelope(mail(**{"from": sender}))

    assert (found.from_address, found.from_name) == (address, name)


def test_8_bit_headers_are_read():
    raw = mail().replace(b"Ana Rossi", "Ana Peñá".encode("latin-1")).replace(b"Re: Your offer", "Żółć".encode())
    found = envelope(raw)

    assert (found.from_name, found.subject) == ("Ana Peñá", "Żółć")


@pytest.mark.parametrize(
    "prefix", ["Re:", "RE: ", "Fwd: ", "AW: WG: ", "Odp: ", "R: ", "Re[2]: ", "TR : ", "Bls: ", "SV:re:"]
)
def test_subjects_are_one_without_their_prefixes(prefix):
    assert envelope(mail(subject=f"{prefix}Your  Offer")).normalised_subject == "your offer"


def test_headers_alone_make_the_same_envelope_as_the_mail():
    raw = mail(references="<a@x> <b@x>", cc="c@x.test, D <d@x.test>", headers=[("X-Dealthread-Ref", "abc.1")])
    pairs = [tuple(line.split(": ", 1)) for line in raw.decode().split("\r\n\r\n")[0].split("\r\n")]

    assert envelope(pairs) == envelope(raw) == envelope(dict(pairs))
    assert envelope(raw).references == ("<a@x>", "<b@x>")
    assert envelope(raw).cc == ("c@x.test", "d@x.test")
    assert envelope(raw).ref == "abc.1"


@pytest.mark.parametrize("day", ["", "yesterday", "Mon, 99 Foo 2025 10:00:00 +0100", "Mon, 3 Mar 0000 10:00:00 +9999"])
def test_an_absurd_date_is_none(day):
    assert envelope(mail(date=day)).date is None


def test_dates_know_their_zone():
    assert envelope(mail()).date == datetime(2025, 3, 3, 9, tzinfo=UTC)
    assert envelope(mail(date="Mon, 3 Mar 2025 09:00:00 -0000")).date == datetime(2025, 3, 3, 9, tzinfo=UTC)


def test_sightings_of_one_mail_have_one_identity():
    mine = mail("x", subject="Re: Your offer", date="Mon, 03 Mar 2025 09:00:00 +0000")

    assert identity(envelope(mine)) == identity(envelope(mail("x", subject="AW: your OFFER")))


@pytest.mark.parametrize(
    "other",
    [
        {"message_id": "<m2@acme.test>"},
        {"from": "eve@acme.test"},
        {"date": "Mon, 03 Mar 2025 10:00:01 +0100"},
        {"subject": "Another"},
    ],
)
def test_equal_ids_with_another_sender_date_or_subject_are_two_mails(other):
    assert identity(envelope(mail())) != identity(envelope(mail(**other)))


def test_a_mail_without_an_id_still_has_an_identity():
    assert identity(envelope(mail(message_id=None))) == identity(envelope(mail(message_id=None)))
