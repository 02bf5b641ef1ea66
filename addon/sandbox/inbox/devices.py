"""What is known of the device in front of the inbox: a desk's browser, a phone, or a phone's frame on the desk."""

from __future__ import annotations

import re

from flask import request, session

_KEY = "phone"
PLATFORMS = ("ANDROID", "IOS")


def held() -> str:
    """The phone whose frame this person has switched on; empty at a desk."""
    chosen = str(session.get(_KEY, ""))
    return chosen if chosen in PLATFORMS else ""


def hold(platform: str) -> None:
    """Take this phone in hand; anything but a platform puts it away."""
    session.pop(_KEY, None)
    if platform in PLATFORMS:
        session[_KEY] = platform


def platform() -> str:
    """The event's platform: the frame's phone, else what the browser says of itself."""
    if held():
        return held()
    agent = request.user_agent.string
    if "Android" in agent:
        return "ANDROID"
    return "IOS" if re.search(r"iPhone|iPad|iPod", agent) else "WEB"
