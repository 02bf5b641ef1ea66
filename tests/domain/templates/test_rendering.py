"""Merge fields: filled, fallen back, or refused with the line. Nothing gets out, nothing grows."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addon.domain.templates import rendering
from addon.domain.templates.language import MAX_MAIL, MailTooLong, MissingField, TextRefused

ANA = {"first_name": "Ana", "company": "Acme", "title": "", "blank": "  "}


@pytest.mark.parametrize(
    ("text", "mail"),
    [
        ("Hi {{ first_name }},", "Hi Ana,"),
        ("Hi {{first_name|upper}}", "Hi ANA"),
        ('Hi {{ nick | default("there") }}', "Hi there"),
        ('Dear {{ title | default("friend") }}', "Dear friend"),
        ("Dear {{ blank | default('friend') }}", "Dear friend"),
        ("{{ nick | default(first_name) }}", "Ana"),
        ("{{ nick | title | default('there', true) }}", "there"),
        ("{{ nick | default('there', boolean=true) | upper }}", "THERE"),
        ("{% if company %}at {{ company }}{% else %}alone{% endif %}", "at Acme"),
        ("{% if title %}Dr {{ title }}{% elif nick %}x{% else %}plain{% endif %}", "plain"),
        ("{% if company == 'Acme' and not title %}yes{% endif %}", "yes"),
        ("{% if title != '' %}no{% endif %}{% if title == '' %}empty{% endif %}", "empty"),
        ("one\n{% if company %}\ntwo\n{% endif %}\nthree\n", "one\ntwo\nthree\n"),
        ("{% raw %}{{ as written }}{% endraw %}", "{{ as written }}"),
        ("100% of {people}, {# unseen #}and $5", "100% of {people}, and $5"),
    ],
)
def test_a_text_is_filled(text, mail):
    assert rendering.render(text, ANA) == mail


@pytest.mark.parametrize(
    "text", ["Hi {{ nick }}", "Dr {{ title }}", "{{ blank | upper }}", "{{ nick | default(title) }}"]
)
def test_a_missing_value_without_a_fallback_is_never_blank_and_never_none(text):
    with pytest.raises(MissingField):
        rendering.render(text, ANA)


def test_what_people_write_into_their_rows_is_text_and_nothing_else():
    row = {"first_name": "{{ 7 * 7 }}{% for x in y %}"}

    assert rendering.render("Hi {{ first_name }}", row) == "Hi {{ 7 * 7 }}{% for x in y %}"


def test_a_subject_stays_on_its_line():
    row = {"first_name": "Ana\r\nBcc: everybody@acme.test\x00\u2028x"}

    assert rendering.render_line("Hi\n {{ first_name }}", row) == "Hi Ana Bcc: everybody@acme.test x"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{% for x in first_name %}{{ x }}{% endfor %}", "templates.forbidden_loop"),
        ("{{ first_name.__class__ }}", "templates.forbidden_attribute"),
        ("{{ first_name['x'] }}", "templates.forbidden_attribute"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "templates.forbidden_call"),
        ("{{ first_name() }}", "templates.forbidden_call"),
        ("{{ 'a' * 10**9 }}", "templates.forbidden_arithmetic"),
        ("{{ 'a' ~ first_name }}", "templates.forbidden_arithmetic"),
        ("{{ -first_name }}", "templates.forbidden_arithmetic"),
        ("{{ first_name and company }}", "templates.forbidden_arithmetic"),
        ("{{ [1, 2] }}", "templates.forbidden_value"),
        ("{{ none }}", "templates.forbidden_value"),
        ("{{ true }}", "templates.forbidden_value"),
        ("{{ 1" + "0" * 5000 + " }}", "templates.forbidden_value"),
        ("{{ 'a' if company else 'b' }}", "templates.forbidden_inline_if"),
        ("{% set x = 'a' %}", "templates.forbidden_tag"),
        ("{% include 'x' %}", "templates.forbidden_tag"),
        ("{% import 'x' as y %}", "templates.forbidden_tag"),
        ("{% extends 'x' %}", "templates.forbidden_tag"),
        ("{% macro m() %}{% endmacro %}", "templates.forbidden_tag"),
        ("{% filter upper %}x{% endfilter %}", "templates.forbidden_tag"),
        ("{% debug %}", "templates.forbidden_tag"),
        ("{% if company is defined %}x{% endif %}", "templates.forbidden_test"),
        ("{% if company > 'a' %}x{% endif %}", "templates.forbidden_test"),
        ("{{ self }}", "templates.forbidden_name"),
        ("{{ __builtins__ }}", "templates.forbidden_name"),
        ("{{ first_name | pprint }}", "templates.unknown_filter"),
        ("{{ first_name | center(1000000000) }}", "templates.unknown_filter"),
        ("{{ first_name | attr('__class__') }}", "templates.unknown_filter"),
        ("{{ first_name | upper('x') }}", "templates.no_arguments"),
        ("{{ nick | default }}", "templates.fallback_wanted"),
        ("{{ nick | default(3) }}", "templates.fallback_wanted"),
        ("{{ nick | default(*first_name) }}", "templates.forbidden_call"),
        ("{{ first_name", "templates.unclosed"),
        ("{% if company %}x", "templates.unclosed"),
        ("Hi {{ first name }}", "templates.syntax"),
        ("{{ first_name }", "templates.syntax"),
        ("{% endif %}", "templates.syntax"),
        ("{{ }}", "templates.syntax"),
        ("{{ " + "(" * 50_000, "templates.too_deep"),
        ("{% if company %}" * 30 + "{% endif %}" * 30, "templates.too_deep"),
        ("x" * 100_001, "templates.text_too_long"),
    ],
)
def test_what_a_text_may_not_contain_is_refused_with_its_line(text, code):
    [problem] = rendering.check("fine\nfine too\n" + text, ANA.keys())

    assert problem.code == code
    assert problem.blocking
    assert problem.line == 3 or code in ("templates.too_deep", "templates.text_too_long", "templates.forbidden_value")
    with pytest.raises(TextRefused) as refused:
        rendering.render(text, ANA)
    assert refused.value.code == code


def test_a_field_that_no_row_has_is_named_with_what_was_perhaps_meant():
    [problem] = rendering.check("Hi\n{{ frist_name }}", ANA.keys())

    assert (problem.code, problem.line, problem.blocking) == ("templates.unknown_field", 2, True)
    assert problem.params == {"field": "frist_name", "meant": "first_name"}


@pytest.mark.parametrize("text", ["{{ nick | default('there') }}", "{% if nick and company %}{{ nick }}{% endif %}"])
def test_an_unknown_field_that_can_never_print_is_only_a_hint(text):
    [problem] = rendering.check(text, ANA.keys())

    assert (problem.code, problem.blocking) == ("templates.always_falls_back", False)


def test_a_field_asked_for_in_one_place_is_still_needed_in_another():
    [problem] = rendering.check("{% if nick %}x{% else %}{{ nick }}{% endif %}", ANA.keys())

    assert problem.blocking


def test_fields_lists_what_a_text_uses_in_conditions_and_fallbacks_too():
    assert rendering.fields("{{ a }}{% if b %}{{ c | default(d) }}{% endif %}") == {"a", "b", "c", "d"}


def test_huge_rows_do_not_make_huge_mails():
    row = {"first_name": "x" * 100_000}

    with pytest.raises(MailTooLong):
        rendering.render("{{ first_name }}" * 5_000, row)
    assert len(rendering.render("{{ first_name }}" * 10, row)) == MAX_MAIL


@pytest.mark.parametrize(
    "piece", ["{", "{{", "{%", "{#", "{{ a|", "{% if ", "{% raw %}", "{{ '", "\n{% ", "{{ a }}", " "]
)
def test_no_text_takes_long_to_judge(piece):
    began = time.monotonic()

    rendering.check(piece * (90_000 // len(piece)), ANA.keys())

    assert time.monotonic() - began < 5


@given(
    st.lists(
        st.sampled_from(
            ["{{", "}}", "{%", "%}", " ", "a", "|", "default", "(", ")", "'x'", "if", "endif", "else", "and", "==", "."]
        ),
        max_size=25,
    ).map(" ".join)
    | st.text(max_size=60)
)
def test_no_text_whatever_brings_the_judge_down(text):
    problems = rendering.check(text, {"a"})

    if not any(problem.blocking for problem in problems):
        assert isinstance(rendering.render(text, {"a": "x", "x": "y"}), str)
