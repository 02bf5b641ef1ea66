"""A client asks a person for access: the request is checked, and the person's decision becomes an address to go to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from addon.sandbox.gmail.mailbox.accounts import Account
from addon.sandbox.gmail.sign_in.clients import Clients
from addon.sandbox.gmail.sign_in.grants import Code, Grants

BASIC = frozenset({"openid", "email", "profile"})
"""Scopes that go with every sign-in; the others a person may leave out one by one."""

_EMAIL = "https://www.googleapis.com/auth/userinfo.email"


class Impossible(Exception):
    """A request that must not be answered at its redirect address: the person sees this on a page."""

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        self.error, self.sentence, self.status = error, sentence, status
        super().__init__(f"{error}: {sentence}")


class Refused(Exception):
    """A request that is answered at its redirect address with an error."""

    def __init__(self, location: str) -> None:
        self.location = location
        super().__init__("answered at the redirect address")


@dataclass(frozen=True)
class Asked:
    """What a client asks for, checked. `prompt` is a set of words such as consent or select_account."""

    client: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str
    nonce: str
    offline: bool
    prompt: frozenset[str]
    login_hint: str


def read(clients: Clients, values: Mapping[str, str]) -> Asked:
    """Check the parameters of `/o/oauth2/v2/auth`. Raises Impossible and Refused."""
    client = clients.get(values.get("client_id", ""))
    if client is None:
        raise Impossible("invalid_client", "The OAuth client was not found.", 401)
    redirect_uri = values.get("redirect_uri", "")
    if not client.may_return_to(redirect_uri) or not urlsplit(redirect_uri).scheme:
        raise Impossible("redirect_uri_mismatch", f"{redirect_uri or 'An empty address'} is not registered for it.")
    asked = Asked(
        client=client.id,
        redirect_uri=redirect_uri,
        scopes=tuple(dict.fromkeys(values.get("scope", "").split())),
        state=values.get("state", ""),
        challenge=values.get("code_challenge", ""),
        nonce=values.get("nonce", ""),
        offline=values.get("access_type") == "offline",
        prompt=frozenset(values.get("prompt", "").split()),
        login_hint=values.get("login_hint", ""),
    )
    if values.get("response_type") != "code":
        raise Impossible("invalid_request", "Only response_type=code is supported.")
    if not asked.scopes:
        raise Impossible("invalid_request", "Missing required parameter: scope")
    if asked.challenge and values.get("code_challenge_method") != "S256":
        raise Impossible("invalid_request", "Only code_challenge_method=S256 is supported.")
    if "none" in asked.prompt:
        raise Refused(back(asked, error="interaction_required"))
    return asked


def allowed(grants: Grants, asked: Asked, account: Account, chosen: frozenset[str]) -> str:
    """The address to go to once this person has allowed the chosen scopes (the basic ones always go along)."""
    scopes = tuple(scope for scope in asked.scopes if scope in BASIC or scope == _EMAIL or scope in chosen)
    first_time = "consent" in asked.prompt or not grants.has(account, asked.client)
    code = Code(
        account=account,
        client=asked.client,
        redirect_uri=asked.redirect_uri,
        scopes=scopes,
        challenge=asked.challenge,
        nonce=asked.nonce,
        refresh=asked.offline and first_time,
    )
    return back(asked, code=grants.issue_code(code), scope=" ".join(scopes))


def back(asked: Asked, **values: str) -> str:
    """The redirect address with these values and the state."""
    given = {"state": asked.state, **values} if asked.state else values
    joint = "&" if urlsplit(asked.redirect_uri).query else "?"
    return asked.redirect_uri + joint + urlencode(given)
