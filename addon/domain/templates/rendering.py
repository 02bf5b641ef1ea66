"""Fills sales texts. The one place in the domain that knows the template engine.

The engine's sandbox is the second wall. The first is a list of what a text may contain, held against the parsed text
before anything of it is compiled: names, texts, six filters, conditions. No loop, call, attribute or arithmetic gets
as far as the sandbox, so a text can neither look around nor grow.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from jinja2 import Template, TemplateSyntaxError, Undefined, nodes
from jinja2.filters import FILTERS as ENGINE_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from addon.domain.templates.language import (
    FILTERS,
    MAX_DEPTH,
    MAX_MAIL,
    MAX_TEXT,
    RESERVED,
    MailTooLong,
    MissingField,
    Problem,
    TextRefused,
)

_FORBIDDEN: Mapping[type[nodes.Node], str] = {
    nodes.For: "loop",
    nodes.Call: "call",
    nodes.Getattr: "attribute",
    nodes.Getitem: "attribute",
    nodes.BinExpr: "arithmetic",
    nodes.UnaryExpr: "arithmetic",
    nodes.Concat: "arithmetic",
    nodes.CondExpr: "inline_if",
    nodes.Literal: "value",
    nodes.Test: "test",
    nodes.Stmt: "tag",
}
"""By the nearest kind; `templates.forbidden_<word>` is the text of the refusal."""


class _Missing(Undefined):
    """A field without a value: false in a condition, replaced by a fallback, and never printed."""

    def __str__(self) -> str:
        raise MissingField(str(self._undefined_name))

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other == "" or isinstance(other, _Missing)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = Undefined.__hash__


def _default(value: Any, fallback: Any, boolean: bool = True) -> Any:
    return value if value else fallback


def _passing_by(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What is missing stays missing, so that a fallback may stand after other filters."""
    return lambda value: value if isinstance(value, _Missing) else change(value)


_environment = ImmutableSandboxedEnvironment(
    undefined=_Missing, autoescape=False, keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True, cache_size=0
)
_environment.globals.clear()
_environment.tests.clear()
_environment.filters = {name: _passing_by(ENGINE_FILTERS[name]) for name in FILTERS} | {"default": _default}


def fields(text: str) -> set[str]:
    """The merge fields that a text uses. Raises TextRefused."""
    return {name.name for name in _parsed(text).find_all(nodes.Name)}


def check(text: str, known_fields: Collection[str]) -> list[Problem]:
    """What is wrong with a text, in the order of its lines; an empty list means that it can be used.

    A field that no row has is a hint where the text has a fallback or asks first, and blocks otherwise.
    """
    try:
        tree = _parsed(text)
    except TextRefused as refused:
        return [refused.problem]
    needed = set(_needed(tree, frozenset()))
    unknown: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name not in known_fields:
            unknown.setdefault(name.name, name.lineno)
    return [
        Problem(
            code="templates.unknown_field" if name in needed else "templates.always_falls_back",
            line=line,
            params={"field": name, "meant": next(iter(get_close_matches(name, known_fields, 1)), "")},
            blocking=name in needed,
        )
        for name, line in sorted(unknown.items(), key=lambda found: found[1])
    ]


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with its fields filled; a value of blanks counts as missing.

    Raises MissingField, MailTooLong, TextRefused.
    """
    template = _compiled(text)
    given = {name: value for name, value in values.items() if value and not value.isspace()}
    parts: list[str] = []
    length = 0
    for part in template.root_render_func(template.new_context(given)):
        length += len(part)
        if length > MAX_MAIL:
            raise MailTooLong
        parts.append(part)
    return "".join(parts)


def render_line(text: str, values: Mapping[str, str]) -> str:
    """As `render`, on one line whatever the text and the values hold: for subjects and other headers."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", render(text, values)).split())


@functools.lru_cache(maxsize=64)
def _compiled(text: str) -> Template:
    return _environment.from_string(_parsed(text))


def _parsed(text: str) -> nodes.Template:
    """The text's tree, which holds nothing but what is allowed. Raises TextRefused."""
    if len(text) > MAX_TEXT:
        raise TextRefused(Problem(code="templates.text_too_long", params={"limit": MAX_TEXT}))
    try:
        tree = _environment.parse(text)
    except TemplateSyntaxError as wrong:
        raise TextRefused(_syntax_problem(wrong)) from None
    except RecursionError:
        raise TextRefused(Problem(code="templates.too_deep")) from None
    except ValueError:  # a number of thousands of digits
        raise TextRefused(Problem(code="templates.forbidden_value")) from None
    for problem in _intrusions(tree, 0):
        raise TextRefused(problem)
    return tree


def _syntax_problem(wrong: TemplateSyntaxError) -> Problem:
    unknown_tag = re.match(r"Encountered unknown tag '(\w+)'", wrong.message or "")
    if unknown_tag and unknown_tag[1].startswith("end"):
        return Problem(code="templates.syntax", line=wrong.lineno)
    if unknown_tag:
        return Problem(code="templates.forbidden_tag", line=wrong.lineno)
    if re.match(r"(?i)unexpected end of template|missing end of", wrong.message or ""):
        return Problem(code="templates.unclosed", line=wrong.lineno)
    return Problem(code="templates.syntax", line=wrong.lineno)


# ---- what a text may contain ---------------------------------------------------------------------------------------


def _intrusions(node: nodes.Node, depth: int) -> Iterator[Problem]:
    if depth > MAX_DEPTH:
        yield Problem(code="templates.too_deep", line=node.lineno)
        return
    judge = _JUDGES.get(type(node))
    if judge is None:
        kind = next((_FORBIDDEN[kind] for kind in type(node).__mro__ if kind in _FORBIDDEN), "other")
        yield Problem(code=f"templates.forbidden_{kind}", line=node.lineno)
        return
    yield from judge(node)
    for child in node.iter_child_nodes():
        yield from _intrusions(child, depth + 1)


def _fine(_node: nodes.Node) -> Iterator[Problem]:
    return iter(())


def _judge_name(node: nodes.Node) -> Iterator[Problem]:
    assert isinstance(node, nodes.Name)
    if node.name in RESERVED or node.name.startswith("_"):
        yield Problem(code="templates.forbidden_name", line=node.lineno, params={"name": node.name})


def _judge_const(node: nodes.Node) -> Iterator[Problem]:
    assert isinstance(node, nodes.Const)
    if not isinstance(node.value, str | bool):
        yield Problem(code="templates.forbidden_value", line=node.lineno)


def _judge_output(node: nodes.Node) -> Iterator[Problem]:
    assert isinstance(node, nodes.Output)
    for printed in node.nodes:
        if not isinstance(printed, nodes.TemplateData | nodes.Name | nodes.Filter) and not _is_text(printed):
            kind = next((_FORBIDDEN[kind] for kind in type(printed).__mro__ if kind in _FORBIDDEN), "value")
            yield Problem(code=f"templates.forbidden_{kind}", line=printed.lineno)


def _judge_filter(node: nodes.Node) -> Iterator[Problem]:
    assert isinstance(node, nodes.Filter)
    named = {str(argument.key): argument.value for argument in node.kwargs}
    if node.name not in FILTERS:
        yield Problem(code="templates.unknown_filter", line=node.lineno, params={"name": node.name})
    elif node.dyn_args or node.dyn_kwargs or node.node is None:
        yield Problem(code="templates.forbidden_call", line=node.lineno)
    elif node.name != "default":
        if node.args or node.kwargs:
            yield Problem(code="templates.no_arguments", line=node.lineno, params={"name": node.name})
    elif not _has_fallback(node.args, named):
        yield Problem(code="templates.fallback_wanted", line=node.lineno)


def _has_fallback(args: Sequence[nodes.Node], named: Mapping[str, nodes.Node]) -> bool:
    """A text or another field; the engine's switch `boolean` may follow, and changes nothing here."""
    switches = [*args[1:], *named.values()]
    return (
        bool(args)
        and (_is_text(args[0]) or isinstance(args[0], nodes.Name))
        and len(switches) <= 1
        and set(named) <= {"boolean"}
        and all(isinstance(switch, nodes.Const) and isinstance(switch.value, bool) for switch in switches)
    )


def _judge_compare(node: nodes.Node) -> Iterator[Problem]:
    assert isinstance(node, nodes.Compare)
    if any(operand.op not in ("eq", "ne") for operand in node.ops):
        yield Problem(code="templates.forbidden_test", line=node.lineno)


def _is_text(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, str)


_JUDGES: Mapping[type[nodes.Node], Callable[[nodes.Node], Iterator[Problem]]] = {
    nodes.Template: _fine,
    nodes.TemplateData: _fine,
    nodes.If: _fine,
    nodes.And: _fine,
    nodes.Or: _fine,
    nodes.Not: _fine,
    nodes.Operand: _fine,
    nodes.Keyword: _fine,
    nodes.Output: _judge_output,
    nodes.Name: _judge_name,
    nodes.Const: _judge_const,
    nodes.Filter: _judge_filter,
    nodes.Compare: _judge_compare,
}


# ---- which fields a text cannot do without -------------------------------------------------------------------------


def _needed(node: nodes.Node, sure: frozenset[str]) -> Iterator[str]:
    """Fields that are printed without a fallback, outside of a condition that asks for them."""
    if isinstance(node, nodes.If):
        yield from _needed_in(node.body, sure | _asked(node.test))
        yield from _needed_in([*node.elif_, *node.else_], sure)
    elif isinstance(node, nodes.Filter) and node.name == "default":
        yield from _needed_in([argument for argument in node.args if isinstance(argument, nodes.Name)], sure)
    elif isinstance(node, nodes.Name):
        yield from () if node.name in sure else (node.name,)
    else:
        yield from _needed_in(node.iter_child_nodes(), sure)


def _needed_in(children: Iterable[nodes.Node], sure: frozenset[str]) -> Iterator[str]:
    for child in children:
        yield from _needed(child, sure)


def _asked(test: nodes.Node) -> frozenset[str]:
    if isinstance(test, nodes.Name):
        return frozenset({test.name})
    if isinstance(test, nodes.And):
        return _asked(test.left) | _asked(test.right)
    return frozenset()
