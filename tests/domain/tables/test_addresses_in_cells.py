"""Which cells hold an address."""

from __future__ import annotations

import pytest

from addon.domain.tables import address_of


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@acme.test", "ana@acme.test"),
        ("  Ana@ACME.Example \u200b", "Ana@acme.example"),
        ("ana@acme.invalid", "ana@acme.invalid"),
        ('"Doe, Jane" <j@x.test>', "j@x.test"),
        ("mailto:ana@acme.com", "ana@acme.com"),
        ("ana+news@acme.co.uk", "ana+news@acme.co.uk"),
        ("ana@bücher.example", "ana@bücher.example"),
    ],
)
def test_an_address_is_taken(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "ana", "ana@", "@acme.com", "ana@acme", "a@b@c.com", "a@x.com, b@x.com", "a@x.com;b@x.com", "<>"),
        *(
            "ana @acme.com",
            "ana@acme..com",
            "ana@localhost",
            "x" * 400 + "@acme.com",
            "ana@acme.com\nBcc: eve@evil.com",
        ),
    ],
)
def test_what_is_no_single_address_is_none(text):
    assert address_of(text) is None
