"""The Workspace manifest that Dealthread writes is one that Google accepts."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from google.cloud.gsuiteaddons_v1.types import Deployment
from google.protobuf import json_format

from addon.i18n import Words
from addon.sidebar.deployment import NotAPublicAddress, declared_scopes, deployment

ROOT = Path(__file__).parent.parent.parent
SCOPE = re.compile(r"https://www\.googleapis\.com/auth/([\w.]+)")


def strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in strings(part)]
    if isinstance(value, list):
        return [text for part in value for text in strings(part)]
    return [value] if isinstance(value, str) else []


def official(manifest: dict[str, Any]) -> Any:
    """Read a manifest with Google's own types; an unknown field or a value of another type is an error.

    Granular consent is younger than the published types, so it is looked at apart.
    """
    known = copy.deepcopy(manifest)
    assert known["addOns"]["httpOptions"].pop("granularOauthPermissionSupport") == "OPT_IN"
    return json_format.ParseDict(known, Deployment.pb(Deployment()))


def test_the_manifest_is_made_of_what_google_knows():
    read = official(deployment("https://sales.example.com"))

    assert read.add_ons.common.name == "Dealthread"
    assert read.add_ons.common.logo_url == "https://sales.example.com/addon/logo.png"
    assert read.add_ons.common.homepage_trigger.run_function == "https://sales.example.com/addon/home"
    [trigger] = read.add_ons.gmail.contextual_triggers
    assert trigger.on_trigger_function == "https://sales.example.com/addon/message"


@pytest.mark.parametrize(
    ("part", "wrong"), [("common", {"homePageTrigger": {}}), ("gmail", {"composeTrigger": {"selectActions": []}})]
)
def test_a_field_that_google_does_not_know_would_be_found(part: str, wrong: dict[str, Any]):
    manifest = deployment("https://sales.example.com")
    manifest["addOns"][part] |= wrong

    with pytest.raises(json_format.ParseError):
        official(manifest)


def test_nothing_of_the_template_is_left_unfilled():
    assert not [text for text in strings(deployment("https://sales.example.com")) if "{" in text]


def test_every_address_is_https():
    manifest = deployment("https://sales.example.com:8443/crm/")

    assert (
        manifest["addOns"]["common"]["homepageTrigger"]["runFunction"]
        == "https://sales.example.com:8443/crm/addon/home"
    )
    assert not [text for text in strings(manifest) if text.startswith("http:")]


def test_links_of_our_own_pages_open_from_a_card():
    common = deployment("https://sales.example.com")["addOns"]["common"]

    assert "https://sales.example.com/" in common["openLinkUrlPrefixes"]
    assert all(prefix.endswith("/") for prefix in common["openLinkUrlPrefixes"])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "sales.example.com",
        "http://sales.example.com",
        "http://localhost:8000",
        "https://",
        "https://someone@sales.example.com",
        "https://sales.example.com?team=1",
        "https://sales.example.com/#top",
        "https://sales.example.com:port",
        'https://sales.example.com/"',
        "https://sales.example.com/a b",
        "https://sales.example.com/\n",
        "https://[sales",
    ],
)
def test_an_address_that_google_could_not_call_is_refused_with_a_sentence(address: str):
    with pytest.raises(NotAPublicAddress) as refused:
        deployment(address)

    assert "https" in Words()(refused.value.code, **refused.value.params)


def asked_for() -> set[str]:
    """The last word of every Google scope that our code names; the simulator knows more of them, as Google does."""
    sources = (ROOT / "addon").rglob("*.py")
    own = [source for source in sources if not source.is_relative_to(ROOT / "addon" / "sandbox" / "gmail")]
    return {scope for source in own for scope in SCOPE.findall(source.read_text(encoding="utf-8"))}


def test_no_card_needs_a_scope_that_the_manifest_does_not_declare():
    declared = {scope.rsplit("/", 1)[1] for scope in declared_scopes()}

    assert declared_scopes() == deployment("https://sales.example.com")["oauthScopes"]
    assert {scope for scope in asked_for() if scope.startswith(("gmail.addons.", "script."))} <= declared


def test_each_scope_has_its_reason_beside_it():
    reasons = (ROOT / "manifest" / "README.md").read_text(encoding="utf-8")
    scopes = asked_for() | {scope.rsplit("/", 1)[1] for scope in declared_scopes()}

    assert not {scope for scope in scopes if f"`{scope}`" not in reasons}
