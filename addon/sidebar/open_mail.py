"""The open message: its header is read with the event's own tokens, which hold for this call only.

This is the one request to Google on the way to a card, and no transaction is open while it is made.
"""

from __future__ import annotations

from addon.domain.ports.mailbox import GrantLost, MailboxTrouble, MailHead, Missing, RefusedForGood, TokenRefused
from addon.sidebar.request import SidebarRequest
from addon.sidebar.services import SidebarServices

SCOPE = "https://www.googleapis.com/auth/gmail.addons.current.message.metadata"
"""What we ask for: headers, of the open message only."""

_FAMILY = SCOPE.rpartition(".")[0] + "."
"""An installation whose manifest asks for the whole message can read its headers, too."""


class NoMailOpen(Exception):
    """The event names no message."""


class HeadersNotGranted(Exception):
    """The person has not let us read headers: to be asked for."""


class OutOfReach(Exception):
    """The tokens have expired, or the message is gone: opening it again helps."""


class GmailSilent(Exception):
    """Gmail did not answer, or asked us to wait: trying again helps."""


def may_read_headers(asked: SidebarRequest) -> bool:
    """Whether the person granted it; where the event does not say, Gmail will."""
    return asked.scopes is None or any(scope.startswith(_FAMILY) for scope in asked.scopes)


def head(services: SidebarServices, asked: SidebarRequest) -> MailHead:
    """The open message's ids and headers, as Gmail returns them.

    Raises NoMailOpen, HeadersNotGranted, OutOfReach, GmailSilent.
    """
    if not asked.message_id:
        raise NoMailOpen
    if not may_read_headers(asked):
        raise HeadersNotGranted
    if not asked.user_token:
        raise OutOfReach
    try:
        mailbox = services.google.mailbox(asked.user_token, message_token=asked.message_token)
        try:
            return mailbox.head(asked.message_id)
        finally:
            mailbox.close()
    except (TokenRefused, Missing, RefusedForGood):
        raise OutOfReach from None
    except GrantLost as lost:
        # Gmail says the same of a message token that has expired: where the scope is granted, it is that.
        if asked.scopes is None and lost.code == "insufficient_permissions":
            raise HeadersNotGranted from None
        raise OutOfReach from None
    except MailboxTrouble:
        raise GmailSilent from None
