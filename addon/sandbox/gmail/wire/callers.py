"""Who calls, and whether this method of this mailbox is open to them."""

from __future__ import annotations

from collections.abc import Mapping

from addon.sandbox.gmail.api.call import Query, Route
from addon.sandbox.gmail.api.scopes import ONE_MESSAGE
from addon.sandbox.gmail.errors import ApiError, lacking_scope, unauthenticated, without_credentials
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.ids import number_of, number_of_event
from addon.sandbox.gmail.mailbox.accounts import fold
from addon.sandbox.gmail.sign_in.grants import Access


def admitted(
    gmail: Gmail, route: Route, user: str, path: Mapping[str, str], headers: Mapping[str, str], query: Query
) -> Access:
    """The caller's access. 401 without a good token, 403 for another's mailbox or for want of a scope."""
    token = bearer(headers, query)
    if not token:
        raise without_credentials()
    access = gmail.grants.access(token)
    if access is None or access.expired or access.message is not None:
        raise unauthenticated()
    if user != "me" and fold(user) != access.account.email:
        raise ApiError("forbidden", f"Delegation denied for {access.account.email}")
    granted = access.scopes & route.scopes
    if not granted:
        raise lacking_scope(route.method, route.scopes)
    if granted <= ONE_MESSAGE:
        _check_message_token(gmail, access, path.get("id", ""), headers.get("x-goog-gmail-access-token", ""))
    return access


def mailbox_of(gmail: Gmail, headers: Mapping[str, str], query: Query) -> str:
    """The mailbox that a call is about, as far as its token tells; empty if it does not."""
    access = gmail.grants.access(bearer(headers, query))
    return access.account.email if access else ""


def bearer(headers: Mapping[str, str], query: Query) -> str:
    """The access token that a call came with; empty if none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else query.first("access_token")


def _check_message_token(gmail: Gmail, access: Access, name: str, token: str) -> None:
    """Per-message scopes open the one mail that the add-on event named, while its own token lives."""
    message = gmail.grants.access(token) if token else None
    if message is None or message.account != access.account or message.message is None:
        raise ApiError("insufficientPermissions", "Missing access token for per message authorization")
    if message.expired:
        raise ApiError("insufficientPermissions", "Expired access token.")
    wanted = number_of_event(name) if name.startswith("msg-") else number_of(name)
    if wanted != message.message:
        raise ApiError("insufficientPermissions", "Access denied: this token is for another message.")
