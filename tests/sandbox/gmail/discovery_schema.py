"""Google's discovery document of Gmail, patched to this machine, and every answer checked against its schemas."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import httplib2
from jsonschema import Draft202012Validator

INT64 = {"type": "string", "pattern": r"^-?\d+$"}


@cache
def document() -> dict[str, Any]:
    found = files("googleapiclient.discovery_cache.documents") / "gmail.v1.json"
    return json.loads(found.read_text(encoding="utf-8"))


def patched(url: str) -> dict[str, Any]:
    """The document with its roots on `url`: `api_endpoint` alone would move neither batches nor uploads."""
    copy = {**document(), "rootUrl": f"{url}/", "baseUrl": f"{url}/"}
    copy.pop("mtlsRootUrl", None)
    return copy


@cache
def schema(name: str) -> Draft202012Validator:
    """A strict JSON Schema: unknown keys are refused, int64 must be a string as Google sends it."""
    definitions = {key: _converted(node) for key, node in document()["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})


def _converted(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return {"$ref": f"#/$defs/{node['$ref']}"}
    if node.get("format") in ("int64", "uint64"):
        return INT64
    kind = node["type"]
    if kind == "array":
        return {"type": "array", "items": _converted(node["items"])}
    if kind == "object":
        properties = {key: _converted(child) for key, child in node.get("properties", {}).items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}
    return {"type": kind, **({"enum": node["enum"]} if "enum" in node else {})}


@cache
def _methods() -> list[tuple[str, re.Pattern[str], str]]:
    found: list[tuple[str, re.Pattern[str], str]] = []
    todo = [document()["resources"]["users"]]
    while todo:
        resource = todo.pop()
        todo += resource.get("resources", {}).values()
        for method in resource.get("methods", {}).values():
            path = re.sub(r"\{\+?\w+\}", "[^/]+", method["path"])
            answer = method.get("response", {}).get("$ref", "")
            found.append((method["httpMethod"], re.compile(f"(?:/upload)?/{path}"), answer))
    return found


def check(verb: str, url: str, content: bytes) -> None:
    """Fail where a good answer is not what Google's schema says of this method."""
    path = urlsplit(url).path
    for method, pattern, answer in _methods():
        if method == verb and answer and pattern.fullmatch(path):
            schema(answer).validate(json.loads(content))


class CheckedHttp(httplib2.Http):
    """httplib2 as it is, but no answer passes unchecked."""

    def request(self, uri: str, method: str = "GET", *args: Any, **options: Any) -> Any:
        response, content = super().request(uri, method, *args, **options)
        if response.status == 200 and response["content-type"].startswith("application/json"):
            check(method, uri, content)
        return response, content
