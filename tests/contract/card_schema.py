"""What Google reads of an add-on's answer, as JSON Schema: cards from the chat.v1 discovery document, the rest by hand.

Stricter than Google on purpose: unknown fields, and fields that only Chat or Studio knows, are errors.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

Json = dict[str, Any]

CARD = "GoogleAppsCardV1Card"
NOT_FOR_ADDONS = re.compile(
    r"\[Google Chat apps\]\(https://developers\.google\.com/workspace/chat\):\s*$|Workspace Studio"
)
CHAT_ONLY = {"Carousel", "CarouselCard", "NestedWidget", "MaterialIcon", "PlatformDataSource"}
CHAT_FIELDS = {("SelectionInput", "externalDataSource"), ("SelectionInput", "platformDataSource")}

# What the document says in prose only, by the schemas' names without their common beginning.
REQUIRED = {
    "Card": ["sections"],
    "Section": ["widgets"],
    "CardHeader": ["title"],
    "DecoratedText": ["text"],
    "TextParagraph": ["text"],
    "Image": ["imageUrl"],
    "TextInput": ["name"],
    "SelectionInput": ["name", "type"],
    "DateTimePicker": ["name"],
    "SwitchControl": ["name"],
    "Button": ["onClick"],
    "OpenLink": ["url"],
    "Action": ["function"],
    "ActionParameter": ["key", "value"],
    "CardAction": ["actionLabel", "onClick"],
    "CardFixedFooter": ["primaryButton"],
}
LIMITS: dict[tuple[str, str], Json] = {
    ("Card", "sections"): {"minItems": 1, "maxItems": 100},
    ("Card", "cardActions"): {"maxItems": 10},
    ("Section", "widgets"): {"minItems": 1, "maxItems": 100},
    ("SelectionInput", "items"): {"minItems": 1, "maxItems": 100},
    ("ButtonList", "buttons"): {"minItems": 1},
}
ONE_OF = {
    "OnClick": ["action", "openLink", "openDynamicLinkAction", "card", "overflowMenu"],
    "Icon": ["knownIcon", "iconUrl"],
}
AT_MOST_ONE = {"DecoratedText": ["button", "switchControl", "endIcon"]}
KNOWN_ICONS = re.findall(
    r"\w+",
    """AIRPLANE BOOKMARK BUS CAR CLOCK CONFIRMATION_NUMBER_ICON DESCRIPTION DOLLAR EMAIL EVENT_SEAT FLIGHT_ARRIVAL
    FLIGHT_DEPARTURE HOTEL HOTEL_ROOM_TYPE INVITE MAP_PIN MEMBERSHIP MULTIPLE_PEOPLE PERSON PHONE RESTAURANT_ICON
    SHOPPING_CART STAR STORE TICKET TRAIN VIDEO_CAMERA VIDEO_PLAY""",
)


def problems(answer: Json, *, trigger: bool) -> list[str]:
    """What Google would not understand of an answer, or silently leave out."""
    shape = "RequestScopes" if "requesting_google_scopes" in answer else "Trigger" if trigger else "Click"
    validator = Draft202012Validator({**schema(), "$ref": f"#/$defs/{shape}"})
    found = [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(answer)]
    return found + [problem for card in cards_in(answer) for problem in in_prose(card)]


def cards_in(value: Any) -> list[Json]:
    if isinstance(value, list):
        return [card for each in value for card in cards_in(each)]
    if not isinstance(value, dict):
        return []
    return ([value] if "sections" in value else []) + [card for each in value.values() for card in cards_in(each)]


def in_prose(card: Json) -> list[str]:
    """Rules that no schema can say: the limit of a whole card, https everywhere, names used once."""
    found = []
    if sum(len(section.get("widgets", [])) for section in card["sections"]) > 100:
        found.append("more than 100 widgets: the section that passes them and all later ones are dropped")
    names = re.findall(
        r'"(?:textInput|selectionInput|dateTimePicker|switchControl)": \{"name": "([^"]*)"', json.dumps(card)
    )
    found += [f"input {name!r} twice" for name in {name for name in names if names.count(name) > 1}]
    links = re.findall(r'"(?:url|function|imageUrl|iconUrl)": "([^"]*)"', json.dumps(card))
    return found + [f"not https: {link}" for link in links if not link.startswith("https://")]


@cache
def schema() -> Json:
    """Definitions: Trigger, Click, RequestScopes, and every card schema they need."""
    raw = json.loads(
        files("googleapiclient").joinpath("discovery_cache/documents/chat.v1.json").read_text(encoding="utf-8")
    )["schemas"]
    made: Json = {}
    waiting = [CARD, "GoogleAppsCardV1OpenLink"]
    while waiting:
        name = waiting.pop()
        if name not in made:
            made[name] = _of_addons(name, raw[name])
            waiting += re.findall(r'"#/\$defs/([^"]+)"', json.dumps(made[name]))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {**made, **_envelope()}}


def _of_addons(full: str, source: Json) -> Json:
    name = full.removeprefix("GoogleAppsCardV1")
    kept = {key: prop for key, prop in source.get("properties", {}).items() if _is_for_addons(name, key, prop)}
    properties = {key: _converted(prop) | LIMITS.get((name, key), {}) for key, prop in kept.items()}
    made: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    if name in REQUIRED:
        made["required"] = REQUIRED[name]
    if name == "Widget":
        made |= {"minProperties": 1, "maxProperties": 1}
    if name in ONE_OF:
        made["oneOf"] = [{"required": [key]} for key in ONE_OF[name] if key in properties]
    if name in AT_MOST_ONE:
        keys = AT_MOST_ONE[name]
        pairs = [[a, b] for number, a in enumerate(keys) for b in keys[number + 1 :]]
        made["not"] = {"anyOf": [{"required": pair} for pair in pairs]}
    if name == "TextInput":
        made["anyOf"] = [{"required": ["label"]}, {"required": ["hintText"]}]
    if name == "Icon":
        properties["knownIcon"] = {"enum": KNOWN_ICONS}
    return made


def _is_for_addons(name: str, key: str, prop: Json) -> bool:
    points_at = (prop.get("$ref") or prop.get("items", {}).get("$ref") or "").removeprefix("GoogleAppsCardV1")
    # `Action.interaction` is worse than unknown: with it an add-on's whole card is stripped.
    return not (
        NOT_FOR_ADDONS.search(prop.get("description", "").strip())
        or points_at in CHAT_ONLY
        or (name, key) in CHAT_FIELDS
        or (name, key) == ("Action", "interaction")
    )


def _converted(prop: Json) -> Json:
    if "$ref" in prop:
        return {"$ref": f"#/$defs/{prop['$ref']}"}
    if prop.get("format") in ("int64", "uint64"):
        return {"type": ["integer", "string"], "pattern": r"^-?\d+$"}
    made: Json = {"type": prop["type"]}
    if "enum" in prop:
        made["enum"] = [word for word in prop["enum"] if not word.endswith("UNSPECIFIED")]
    if prop["type"] == "array":
        made["items"] = _converted(prop["items"])
    return made


def _object(properties: Json, *required: str, **more: Any) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


def _envelope() -> Json:
    """The parts that no discovery document has."""
    card = {"$ref": f"#/$defs/{CARD}"}
    words = {"type": "string", "minLength": 1}
    ways = {"pushCard": card, "updateCard": card, "pop": {"const": True}, "popToRoot": {"const": True}}
    navigation = _object({**ways, "popToCard": words}, minProperties=1, maxProperties=1)
    action = _object(
        {
            "navigations": {"type": "array", "items": navigation, "minItems": 1},
            "notification": _object({"text": words}, "text"),
            "link": {"$ref": "#/$defs/GoogleAppsCardV1OpenLink"},
        },
        minProperties=1,
    )
    render = _object({"action": action}, "action")
    # Beside a mail being written, an answer may change the draft, with a card or a notice or without.
    host = _object(
        {"gmailAction": _object({"updateDraftActionMarkup": _draft_update()}, minProperties=1)}, "gmailAction"
    )
    clicked = _object({"action": action, "hostAppAction": host}, minProperties=1)
    uris = {"type": "array", "items": {"type": "string", "pattern": "^https://"}, "minItems": 1}
    return {
        "Trigger": render,
        "Click": _object({"renderActions": clicked, "stateChanged": {"type": "boolean"}}, "renderActions"),
        "RequestScopes": _object(
            {"requesting_google_scopes": _object({"scopes": uris}, "scopes")}, "requesting_google_scopes"
        ),
    }


def _draft_update() -> Json:
    """`UpdateDraftActionMarkup`; recipients and the subject replace what is in the draft."""
    content = {
        "content": {"type": "string", "minLength": 1},
        "contentType": {"enum": ["TEXT", "MUTABLE_HTML", "IMMUTABLE_HTML"]},
    }
    contents = {"type": "array", "minItems": 1, "items": _object(content, "content", "contentType")}
    places = {"enum": ["IN_PLACE_INSERT", "INSERT_AT_START", "INSERT_AT_END", "REPLACE"]}
    email = {"type": "string", "pattern": r"^[^@\s,;<>]+@[^@\s,;<>]+$"}
    people = {"type": "array", "items": _object({"email": email}, "email")}
    changes = {"updateBody": _object({"type": places, "insertContents": contents}, "type", "insertContents")}
    changes["updateSubject"] = _object({"subject": {"type": "string"}}, "subject")
    for kind in ("To", "Cc", "Bcc"):
        name = f"{kind.lower()}Recipients"
        changes[f"update{kind}Recipients"] = _object({name: people}, name)
    return _object(changes, minProperties=1)
