"""The add-on's deployment as Google reads it: what the compose window and the menu offer, which links may be opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from addon.shipped import place

Json = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """Something that Gmail offers in the add-on's name: it calls `function`, or opens `link`."""

    label: str
    function: str = ""
    link: str = ""


@dataclass(frozen=True)
class Manifest:
    name: str
    scopes: tuple[str, ...]
    compose: tuple[Offer, ...]
    """The buttons of the compose window; none where the deployment has no compose trigger."""
    sees_recipients: bool
    """The compose event names the draft's recipients (`draftAccess: METADATA`)."""
    menu: tuple[Offer, ...]
    """The universal actions."""
    link_prefixes: tuple[str, ...]

    @classmethod
    def of(cls, deployment: Json) -> Manifest:
        """From the deployment's JSON."""
        common, gmail = deployment["addOns"]["common"], deployment["addOns"].get("gmail", {})
        trigger = gmail.get("composeTrigger", {})
        universal = [*common.get("universalActions", []), *gmail.get("universalActions", [])]
        return cls(
            name=str(common["name"]),
            scopes=tuple(deployment["oauthScopes"]),
            compose=tuple(Offer(str(one.get("label", "")), one["runFunction"]) for one in trigger.get("actions", [])),
            sees_recipients=trigger.get("draftAccess") == "METADATA",
            menu=tuple(
                Offer(str(one.get("label") or one.get("text", "")), one.get("runFunction", ""), one.get("openLink", ""))
                for one in universal
            ),
            link_prefixes=tuple(common.get("openLinkUrlPrefixes", [])),
        )

    def may_open(self, url: str) -> bool:
        """Whether Gmail would open this link of a card; without any prefix in the deployment, every one of the web."""
        if not url.startswith(("https://", "http://")):
            return False
        return not self.link_prefixes or url.startswith(self.link_prefixes)


def shipped(public_url: str) -> Json:
    """The product's own deployment, at an address that need not be https: the sandbox's."""
    whole = (place("manifest") / "deployment.json").read_text(encoding="utf-8")
    deployment: Json = json.loads(whole.replace("{public_url}", public_url))
    return deployment
