"""The person at the other end: who wrote, else whom it went to."""

from __future__ import annotations

import pytest

from addon.domain.ports.mailbox import MailHead
from addon.sidebar.correspondents import Person, other_end, people

OURS = ("anna@halyard.example", "ben@halyard.example", "a.kow@gmail.com")


def head(**headers: str) -> MailHead:
    return MailHead("1", "1", frozenset(), {name: [value] for name, value in headers.items()})


@pytest.mark.parametrize(
    ("headers", "email"),
    [
        ({"from": '"Doe, Jane" <j@x.test>', "to": "anna@halyard.example"}, "j@x.test"),
        ({"from": "anna@halyard.example", "to": "Ben <ben@halyard.example>, J <J@X.test>"}, "j@x.test"),
        ({"from": "AKow+news@googlemail.com", "to": "k@x.test"}, "k@x.test"),
        ({"from": "ben@halyard.example", "to": "anna@halyard.example", "cc": "c@x.test"}, "c@x.test"),
        ({"from": "undisclosed-recipients:;", "to": "x <not an address>, z@x.test"}, "z@x.test"),
    ],
)
def test_the_first_outside_is_taken(headers: dict[str, str], email: str):
    found = other_end(head(**headers), ours=OURS)

    assert found is not None
    assert found.email == email


@pytest.mark.parametrize(
    "headers",
    [{}, {"from": ""}, {"from": "anna@halyard.example", "to": "anna+x@halyard.example"}, {"from": "(" * 5000}],
)
def test_a_mail_among_ourselves_has_no_other_end(headers: dict[str, str]):
    assert other_end(head(**headers), ours=OURS) is None


def test_names_are_decoded():
    assert people(["=?utf-8?q?Katarzyna_Wi=C5=9Bniewska?= <k@x.test>"]) == [Person("Katarzyna Wiśniewska", "k@x.test")]
