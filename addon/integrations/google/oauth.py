"""Opening mailboxes, refreshing their tokens, giving grants back: one request a call, none of them repeated."""

from __future__ import annotations

from addon.domain.ports.mailbox import AccessToken, GrantLost
from addon.integrations.gmail.client import GmailOverHttp
from addon.integrations.gmail.connections import Connections
from addon.integrations.google.endpoints import Endpoints
from addon.integrations.google.token_endpoint import not_the_persons_fault, post

# What ends a grant: only the person, or their admin, can give it back.
LOST_GRANTS = {"invalid_grant", "unauthorized_client", "admin_policy_enforced", "org_internal", "account_disabled"}


class GoogleAccounts:
    """Implements `Google`. Shared by threads; a mailbox that it opens belongs to one thread at a time."""

    def __init__(self, endpoints: Endpoints, *, client_id: str, client_secret: str, call_seconds: float) -> None:
        """`call_seconds` is the deadline of every single call."""
        self.connections = Connections(call_seconds)
        self._endpoints = endpoints
        self._client = {"client_id": client_id, "client_secret": client_secret}

    def refresh(self, refresh_token: str) -> AccessToken:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, **self._client}
        answer = post(self.connections, self._endpoints.token, form)
        if answer.done:
            return answer.access()
        if answer.error in LOST_GRANTS:
            raise GrantLost(answer.error)
        raise not_the_persons_fault(answer)

    def mailbox(self, access_token: str, *, message_token: str = "") -> GmailOverHttp:
        return GmailOverHttp(self.connections, self._endpoints.gmail, access_token, message_token=message_token)

    def revoke(self, token: str) -> None:
        """Give a grant back. A token that means nothing any more is no error. Raises AnswerLost, RefusedForNow."""
        answer = post(self.connections, self._endpoints.revoke, {"token": token})
        if not answer.done and answer.error not in ("invalid_token", "invalid_grant"):
            raise not_the_persons_fault(answer)

    def close(self) -> None:
        """Close the connections at rest, and those under way when they come back."""
        self.connections.close()
