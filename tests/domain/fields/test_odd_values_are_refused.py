"""Every odd value is refused in words that name the field; what people mean is understood in their own notation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.domain.fields.checking import check
from addon.domain.fields.keys import FieldSpec, Kind, OptionSpec
from addon.domain.fields.refusals import Refused, Unclear
from addon.domain.fields.values import Reading, read
from addon.domain.money import Money
from addon.i18n import catalogue
from addon.models import FieldKind, Subject

TAGS = (OptionSpec(1, "Hot"), OptionSpec(2, "Città, centro"), OptionSpec(3, "Old", deleted=True), OptionSpec(4, "7"))


def field(kind: str) -> FieldSpec:
    longest = {"text": 1000, "long_text": 20_000, "link": 2000, "phone": 64}.get(kind, 0)
    return FieldSpec(
        key="f9", subject=Subject.DEAL, kind=Kind(kind), name="Plan", field_id=9, longest=longest, options=TAGS
    )


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        ("number", "1 200,5", Decimal("1200.5")),
        ("number", "0.125", Decimal("0.125")),
        ("money", "86.400,00", Money(Decimal(86400), "PLN")),
        ("money", "€ 86,400.50", Money(Decimal("86400.5"), "EUR")),
        ("money", "Rp 5.000.000", Money(Decimal(5_000_000), "IDR")),
        ("date", "2026-03-09", date(2026, 3, 9)),
        ("date", "2026-03-09 00:00:00", date(2026, 3, 9)),
        ("date", "9. 3. 2026", date(2026, 3, 9)),
        ("date", "9/3/26", date(2026, 3, 9)),
        ("select", " HOT ", 1),
        ("select", "citta, CENTRO", 2),
        ("select", "7", 4),
        ("select", "#3", 3),
        ("multi_select", "Città, centro", frozenset({2})),
        ("multi_select", "hot; città, centro", frozenset({1, 2})),
        ("multi_select", "hot,7", frozenset({1, 4})),
        ("checkbox", "Sì", True),
        ("checkbox", "nie", None),
        ("link", "acme.example/a", "https://acme.example/a"),
        ("phone", "+48 (22) 123-45-67", "+48 (22) 123-45-67"),
        ("text", "  <b>\u202eאבג 🦊</b> ", "<b>\u202eאבג 🦊</b>"),
        ("long_text", "one\r\ntwo", "one\ntwo"),
        ("text", "   ", None),
    ],
)
def test_what_people_mean_is_understood(kind: str, text: str, meant: object) -> None:
    assert read(field(kind), text, Reading(currency="PLN")) == meant


@pytest.mark.parametrize(
    ("text", "decimal", "meant"),
    [("1,234,567", "", 1234567), ("1.234", ",", 1234), ("1.234", ".", Decimal("1.234")), ("1,5", ",", Decimal("1.5"))],
)
def test_a_mark_is_read_as_the_reader_says(text: str, decimal: str, meant: object) -> None:
    assert read(field("number"), text, Reading(decimal=decimal)) == meant


@pytest.mark.parametrize(
    "text", ["1.250,50", "1,250.50", "1 250,50", "1 250.50", "1'250.50", "1’250,50", "€1250.5", "EUR 1.250,50"]
)
@pytest.mark.parametrize("habit", ["", ".", ","])
def test_an_amount_that_can_mean_one_thing_only_is_read_whatever_its_marks(text: str, habit: str) -> None:
    assert read(field("money"), text, Reading(habit=habit)) == Money(Decimal("1250.50"), "EUR")


@pytest.mark.parametrize(
    ("kind", "text", "habit", "meant"),
    [
        *(("money", "1.250", ",", 1250), ("money", "1,250", ".", 1250), ("number", "1.250", ".", "1.25")),
        *(("money", "1.250", ".", None), ("money", "1,250", ",", None), ("money", "€ -1.250", "", None)),
        *(("number", "1.250", ",", 1250), ("number", "1,250", "", None), ("number", "1250.500", "", "1250.5")),
        *(("money", "1 250.500", ".", "1250.5"), ("number", "0,125", "", "0.125")),
    ],
)
def test_what_can_be_read_in_two_ways_is_read_as_the_reader_writes_or_asked(kind, text, habit, meant) -> None:
    if meant is None:
        with pytest.raises(Unclear) as asked:
            read(field(kind), text, Reading(habit=habit))
        assert "mean 1250 or 1.25?" in str(catalogue("en")["fields.unclear"]).format(**asked.value.params)
        return
    found = read(field(kind), text, Reading(habit=habit))
    assert (found.amount if isinstance(found, Money) else found) == Decimal(meant)


def test_the_month_comes_first_only_where_the_reader_says_so() -> None:
    assert read(field("date"), "3/9/2026", Reading(month_first=True)) == date(2026, 3, 9)
    assert read(field("date"), "3/9/2026", Reading()) == date(2026, 9, 3)
    assert read(field("date"), "3.9.2026", Reading(month_first=True)) == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("number", "a lot", "fields.not_a_number"),
        ("number", "NaN", "fields.not_a_number"),
        ("number", "1_000", "fields.not_a_number"),
        ("number", "1.00001", "fields.too_many_places"),
        ("number", "1e300", "fields.too_large"),
        ("money", "12 pcs", "fields.not_an_amount"),
        ("money", "0,125", "fields.too_many_places"),
        ("money", "10.1234", "fields.too_many_places"),
        ("money", "1.250", "fields.unclear"),
        ("money", "10000000000000", "fields.too_large"),
        ("date", "31.2.2026", "fields.not_a_day"),
        ("date", "13/13/2026", "fields.not_a_day"),
        ("select", "Old", "fields.no_such_option"),
        ("select", "=cmd|x", "fields.no_such_option"),
        ("multi_select", "hot; cold", "fields.no_such_option"),
        ("person", "Nobody", "fields.nobody_such"),
        ("contact", "x@y.example", "fields.nobody_such"),
        ("company", "Gone", "fields.nobody_such"),
        ("company", "#9999999999", "fields.too_large"),
        ("checkbox", "perhaps", "fields.not_yes_or_no"),
        ("link", "javascript:alert(1)", "fields.not_a_link"),
        ("link", "https://", "fields.not_a_link"),
        ("link", "https://a b.example", "fields.not_a_link"),
        ("link", "http://[::1", "fields.not_a_link"),
        ("phone", "call me", "fields.not_a_phone"),
        ("phone", "12", "fields.not_a_phone"),
        ("text", "x" * 1001, "fields.too_long"),
        ("text", "a\0b", "fields.odd_characters"),
        ("text", "a\ud800b", "fields.odd_characters"),
    ],
)
def test_odd_values_are_refused_by_name(kind: str, text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(field(kind), text, Reading(currency="PLN"))

    assert refused.value.code == code
    assert (refused.value.params["key"], refused.value.params["field"]) == ("f9", "Plan")
    words = catalogue("en")[code]
    assert isinstance(words, str)
    told = words.format(**refused.value.params)
    assert "Plan" in told
    assert len(told.encode()) < 500


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(FieldKind)), st.text(st.characters(), max_size=40))
def test_no_text_whatever_breaks_it(kind: FieldKind, text: str) -> None:
    """It is understood, and then is its own normal form; or it is refused by name."""
    spec = field(kind)
    try:
        value = read(spec, text, Reading())
    except Refused as trouble:
        told = trouble.params
    else:
        assert check(spec, value) == value
        return
    assert told["field"] == "Plan"
    assert told["given"].encode() is not None


@pytest.mark.parametrize("value", [object(), 1.5, True, "text", -1, [], {"a": 1}, b"x", float("nan"), Decimal("NaN")])
def test_a_typed_value_of_another_kind_is_refused_by_name(value: object) -> None:
    fits = {"checkbox": (bool,), "text": (str,), "long_text": (str,), "multi_select": (list,)}
    for kind in ("number", "money", "date", "select", "multi_select", "person", "checkbox", "text"):
        if not isinstance(value, fits.get(kind, ())) and not (kind == "number" and value == -1):
            with pytest.raises(Refused, match=r"fields\."):
                check(field(kind), value)
