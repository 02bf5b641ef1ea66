"""Google's discovery document of Gmail as checks that cost next to nothing: every schema and method compiled once.

A check takes a value and where it stands, and says what is wrong with it. It is stricter than JSON Schema made of the
document would be: unknown keys are refused, 64-bit numbers are texts of digits within their range, bytes are base64url.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Check = Callable[[Any, str], Iterator[str]]

_RANGES = {
    "int32": (-(1 << 31), (1 << 31) - 1),
    "uint32": (0, (1 << 32) - 1),
    "int64": (-(1 << 63), (1 << 63) - 1),
    "uint64": (0, (1 << 64) - 1),
}
_WHOLE = re.compile(r"-?\d{1,20}")
_URL_SAFE = re.compile(r"[A-Za-z0-9_-]*={0,2}")
_EITHER = re.compile(r"[A-Za-z0-9_/+\r\n-]*={0,2}[\r\n]*")
_KINDS: Mapping[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict}
_EVERYWHERE = frozenset({"upload_id"})
"""Of resumable uploads: in no discovery document, but in Google's guide."""


@cache
def document() -> dict[str, Any]:
    found = files("googleapiclient.discovery_cache.documents") / "gmail.v1.json"
    return json.loads(found.read_text(encoding="utf-8"))


def patched(url: str) -> dict[str, Any]:
    """The document with its roots on `url`: `api_endpoint` alone would move neither batches nor uploads."""
    copy = {**document(), "rootUrl": f"{url}/", "baseUrl": f"{url}/"}
    copy.pop("mtlsRootUrl", None)
    return copy


def answered(name: str, value: Any) -> list[str]:
    """What is wrong with a value that was answered under this schema. Keys may be missing: answers may be partial."""
    return list(_by_name(name, asked=False)(value, name))


@cache
def _by_name(name: str, *, asked: bool) -> Check:
    return _compiled(document()["schemas"][name], asked=asked)


def _compiled(node: Mapping[str, Any], *, asked: bool) -> Check:
    if "$ref" in node:
        name = node["$ref"]
        return lambda value, where: _by_name(name, asked=asked)(value, where)
    if node.get("format") in _RANGES:
        return _number(node, asked=asked)
    match node["type"]:
        case "object":
            return _object({key: _compiled(child, asked=asked) for key, child in node.get("properties", {}).items()})
        case "array":
            return _array(_compiled(node["items"], asked=asked))
        case "string":
            return _text(node, asked=asked)
    return _of_type(node["type"])


def _of_type(name: str) -> Check:
    kind = _KINDS[name]

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, kind):
            yield f"{where}: {_brief(value)} is no {name}"

    return check


def _text(node: Mapping[str, Any], *, asked: bool) -> Check:
    choices = frozenset(node.get("enum", ()))
    pattern = (_EITHER if asked else _URL_SAFE) if node.get("format") == "byte" else None

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where}: {_brief(value)} is no text"
        elif choices and value not in choices:
            yield f"{where}: {_brief(value)} is none of {', '.join(sorted(choices))}"
        elif pattern and not pattern.fullmatch(value):
            yield f"{where}: {_brief(value)} is no base64url"

    return check


def _number(node: Mapping[str, Any], *, asked: bool) -> Check:
    """Google gives 64-bit numbers as texts; it takes them as numbers, too."""
    least, most = _RANGES[node["format"]]
    as_text = node["type"] == "string"

    def check(value: Any, where: str) -> Iterator[str]:
        is_number = isinstance(value, int) and not isinstance(value, bool) and (asked or not as_text)
        is_digits = as_text and isinstance(value, str) and _WHOLE.fullmatch(value) is not None
        if not (is_number or is_digits) or not least <= int(value) <= most:
            yield f"{where}: {_brief(value)} is no {node['format']}{' in a text' if as_text else ''}"

    return check


def _array(item: Check) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where}: {_brief(value)} is no list"
            return
        for number, each in enumerate(value):
            yield from item(each, f"{where}[{number}]")

    return check


def _object(properties: Mapping[str, Check]) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: {_brief(value)} is no object"
            return
        for key, each in value.items():
            if found := properties.get(key):
                yield from found(each, f"{where}.{key}")
            else:
                yield f"{where}: Google knows no {key!r} here"

    return check


def _brief(value: Any) -> str:
    return repr(value)[:60]


# ---- methods -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Method:
    """A REST method. `id` as in `messages.get`; `request` and `response` name schemas, empty for none."""

    id: str
    request: str
    response: str
    parameters: Mapping[str, Mapping[str, Any]]

    def asked(self, query: Mapping[str, Sequence[str]], body: Any) -> Iterator[str]:
        """What is wrong with a request that was taken."""
        for name, values in query.items():
            yield from self._parameter(name, values)
        for name, parameter in self.parameters.items():
            if parameter.get("location") == "query" and parameter.get("required") and name not in query:
                yield f"{self.id}: {name} is required"
        if self.request:
            yield from _by_name(self.request, asked=True)(body, f"{self.id} body")
        elif body:
            yield f"{self.id} takes no body, but {_brief(body)} came"

    def answered(self, content: bytes) -> Iterator[str]:
        """What is wrong with the body of a good answer."""
        if not self.response:
            if content:
                yield f"{self.id} answers nothing, but here came {content[:60]!r}"
            return
        yield from _by_name(self.response, asked=False)(json.loads(content), self.id)

    def _parameter(self, name: str, values: Sequence[str]) -> Iterator[str]:
        if name in document()["parameters"] or name in _EVERYWHERE:
            return
        parameter = self.parameters.get(name)
        if parameter is None or parameter.get("location") != "query":
            yield f"{self.id}: Google knows no parameter {name!r} here"
            return
        if len(values) > 1 and not parameter.get("repeated"):
            yield f"{self.id}: {name} is given {len(values)} times"
        for value in values:
            yield from _value(parameter)(value, f"{self.id} {name}")


def _value(parameter: Mapping[str, Any]) -> Check:
    """A value in a query, where everything is text."""
    if parameter["type"] == "boolean":
        return _text({"enum": ["true", "false"]}, asked=True)
    if parameter.get("format") in _RANGES:
        return _number({"type": "string", "format": parameter["format"]}, asked=True)
    return _text(parameter, asked=True)


@cache
def method(verb: str, path: str) -> Method | None:
    """The method of this verb and path below `users/{userId}/`, whatever its path's values are called."""
    return methods().get((verb, _shape(path)))


def _shape(path: str) -> str:
    return re.sub(r"\{\+?\w+\}", "*", path)


@cache
def methods() -> dict[tuple[str, str], Method]:
    """Every method by verb and path below `users/{userId}/`, its values shown as `*`."""
    found: dict[tuple[str, str], Method] = {}
    todo = [document()["resources"]["users"]]
    while todo:
        resource = todo.pop()
        todo += resource.get("resources", {}).values()
        for each in resource.get("methods", {}).values():
            path = _shape(each["path"]).removeprefix("gmail/v1/users/*/")
            found[each["httpMethod"], path] = Method(
                each["id"].removeprefix("gmail.users."),
                each.get("request", {}).get("$ref", ""),
                each.get("response", {}).get("$ref", ""),
                each.get("parameters", {}),
            )
    return found


# ---- refusals ------------------------------------------------------------------------------------------------------

_SINGLE = _object(dict.fromkeys(("message", "domain", "reason", "location", "locationType"), _of_type("string")))
_REFUSAL = _object(
    {
        "error": _object(
            {
                "code": _number({"type": "integer", "format": "int32"}, asked=False),
                "message": _of_type("string"),
                "status": _of_type("string"),
                "errors": _array(_SINGLE),
                "details": _array(_of_type("object")),
            }
        )
    }
)


def refused(status: int, body: Any) -> list[str]:
    """What is wrong with the body of a refusal. The discovery document does not say; Google's guide to errors does."""
    wrong = list(_REFUSAL(body, "refusal"))
    if wrong:
        return wrong
    error = body.get("error", {})
    if error.get("code") != status:
        wrong.append(f"refusal: code {error.get('code')} under status {status}")
    if missing := {"code", "message", "errors", "status"} - set(error):
        wrong.append(f"refusal: lacks {', '.join(sorted(missing))}")
    for each in error.get("errors", []):
        if missing := {"message", "domain", "reason"} - set(each):
            wrong.append(f"refusal: an error lacks {', '.join(sorted(missing))}")
    return wrong
