"""The event that Google posts, read with tolerance: any part may be missing, numbers may be floats or strings.

Nothing in it is trusted before the caller is verified, and its ids never are: every one is checked against the viewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from addon.integrations.gmail.mime import part, rest_id, text
from addon.sidebar.recipients import Recipients

LONGEST = 2_000
"""Characters of a parameter or an input that are read."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class SidebarRequest:
    """What the event says. Tokens are never shown."""

    message_id: str
    """Of the open message, in the API's own form where it can be computed; empty where none is open."""
    locale: str
    zone: str
    """IANA name, or empty."""
    scopes: frozenset[str] | None
    """What the person granted; None where the event does not say."""
    recipients: Recipients | None
    """Of the mail being written; None where none is, or Gmail does not say."""
    parameters: Mapping[str, str]
    inputs: Mapping[str, Mapping[str, Any]] = field(repr=False)
    user_token: str = field(repr=False)
    message_token: str = field(repr=False)
    user_id_token: str = field(repr=False)
    system_id_token: str = field(repr=False)

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> SidebarRequest:
        """Never raises, whatever the event holds."""
        common, auth = part(event, "commonEventObject"), part(event, "authorizationEventObject")
        gmail, scopes = part(event, "gmail"), auth.get("authorizedScopes")
        return cls(
            message_id=rest_id(text(gmail, "messageId"))[:64],
            locale=text(common, "userLocale")[:16],
            zone=_zone(text(part(common, "timeZone"), "id")),
            scopes=frozenset(map(str, scopes)) if isinstance(scopes, list) else None,
            recipients=Recipients.of(gmail),
            parameters={str(key): str(value)[:LONGEST] for key, value in part(common, "parameters").items()},
            inputs={str(name): _bare(value) for name, value in part(common, "formInputs").items()},
            user_token=text(auth, "userOAuthToken"),
            message_token=text(gmail, "accessToken"),
            user_id_token=text(auth, "userIdToken"),
            system_id_token=text(auth, "systemIdToken"),
        )

    def parameter(self, name: str) -> str:
        """Of the pressed button; empty where it carries none of this name."""
        return self.parameters.get(name, "")

    def number(self, name: str) -> int | None:
        """A parameter as a whole number; None where it is none."""
        given = self.parameter(name)
        return int(given) if given.isascii() and given.isdecimal() and len(given) <= 15 else None

    def typed(self, name: str) -> str:
        """What was typed or chosen; empty where nothing was. A missing input, [] and [""] are the same."""
        values = part(self.inputs.get(name, {}), "stringInputs").get("value")
        return str(values[0]).strip()[:LONGEST] if isinstance(values, list) and values else ""

    def chosen(self, name: str) -> int | None:
        """The id that was chosen; None where none was."""
        given = self.typed(name)
        return int(given) if given.isascii() and given.isdecimal() and len(given) <= 15 else None

    def day(self, name: str) -> date | None:
        """What a picker of days shows, which is midnight UTC; None where it is empty or no date."""
        try:
            ms = float(part(self.inputs.get(name, {}), "dateInput").get("msSinceEpoch", "none"))
            return (_EPOCH + timedelta(milliseconds=ms)).date()
        except (TypeError, ValueError, OverflowError):
            return None


def _bare(value: Any) -> Mapping[str, Any]:
    """Apps Script puts a level with an empty name around an input's values; HTTP does not."""
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("")
    return inner if isinstance(inner, Mapping) else value


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else ""
    except (KeyError, ValueError, OSError):  # a name unknown, a name that is a path, a name that is a folder
        return ""
