"""The event object that Google posts to an add-on, for the Gmail host. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Tokens:
    """What Google hands to the add-on with a call, each made for this call."""

    user_access: str
    user_id: str
    """Empty where the person has not granted their address."""
    system_id: str
    message_access: str = ""


@dataclass(frozen=True)
class OpenMail:
    """The message that is open beside the sidebar, by its REST ids (hex)."""

    message_id: str
    thread_id: str


@dataclass(frozen=True)
class Compose:
    """The mail that is being written."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    shown: bool = True
    """The deployment asked for `draftAccess: METADATA`."""

    def lists(self) -> dict[str, list[str]]:
        """As the event carries them."""
        if not self.shown:
            return {}
        return {
            "toRecipients": list(self.to),
            "ccRecipients": list(self.cc),
            "bccRecipients": list(self.bcc),
        }


@dataclass(frozen=True)
class Reader:
    """Who sits in front of the sidebar, and where."""

    email: str
    locale: str
    zone: ZoneInfo
    platform: str = "WEB"
    """WEB, ANDROID or IOS."""


def event(
    reader: Reader,
    tokens: Tokens,
    scopes: Sequence[str],
    *,
    mail: OpenMail | None,
    at: datetime,
    compose: Compose | None = None,
    inputs: Mapping[str, Any] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A trigger's event; an action's where `inputs` and `parameters` are given (they may be empty)."""
    common: dict[str, Any] = {"hostApp": "GMAIL", "platform": reader.platform}
    if any(scope.endswith("/script.locale") for scope in scopes):
        common |= _locale(reader, at)
    if inputs is not None:
        common["formInputs"] = dict(inputs)
    if parameters is not None:
        common["parameters"] = dict(parameters)
    body: dict[str, Any] = {
        "commonEventObject": common,
        "authorizationEventObject": {
            "userOAuthToken": tokens.user_access,
            "systemIdToken": tokens.system_id,
            "authorizedScopes": list(scopes),
        },
    }
    if tokens.user_id:
        body["authorizationEventObject"]["userIdToken"] = tokens.user_id
    if compose is not None:
        body["gmail"] = {"accessToken": tokens.message_access, **compose.lists()}
    elif mail is not None:
        body["gmail"] = {
            "messageId": f"msg-f:{int(mail.message_id, 16)}",
            "threadId": f"thread-f:{int(mail.thread_id, 16)}",
            "accessToken": tokens.message_access,
        }
    return body


def _locale(reader: Reader, at: datetime) -> dict[str, Any]:
    offset = at.astimezone(reader.zone).utcoffset()
    milliseconds = int(offset.total_seconds() * 1000) if offset else 0
    return {"userLocale": reader.locale, "timeZone": {"id": reader.zone.key, "offset": milliseconds}}


def parameters_of(action: Mapping[str, Any], **more: str) -> dict[str, str]:
    """An action's parameters as the map that the event carries."""
    return {str(p["key"]): str(p["value"]) for p in action.get("parameters", [])} | more
