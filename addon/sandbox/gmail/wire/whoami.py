"""Who a token belongs to and what it opens: `tokeninfo`, `userinfo`, and where the rest of sign-in is."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from addon import clock
from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.errors import unauthenticated
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.sign_in.keys import ISSUER
from addon.sandbox.gmail.wire.callers import bearer
from addon.sandbox.gmail.wire.calling import refusal
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer

_EMAIL = frozenset({"email", "https://www.googleapis.com/auth/userinfo.email"})
_PROFILE = frozenset({"profile", "https://www.googleapis.com/auth/userinfo.profile"})


def tokeninfo(gmail: Gmail, request: Request) -> Answer:
    """What an access token opens, and for how long. 400 for one that opens nothing."""
    given = dict(parse_qsl(request.query) + parse_qsl(request.body.decode("utf-8", "replace")))
    access = gmail.grants.access(given.get("access_token", "") or bearer(request.headers, Query("")))
    if access is None or access.expired:
        return json_answer(400, {"error": "invalid_token", "error_description": "Invalid Value"})
    left = int(access.expires - clock.real_now().timestamp())
    answer = {"sub": access.account.sub, "scope": " ".join(sorted(access.scopes)), "exp": str(int(access.expires))}
    if not _EMAIL.isdisjoint(access.scopes):
        answer |= {"email": access.account.email, "email_verified": "true"}
    return json_answer(200, {**answer, "expires_in": str(left), "access_type": "offline"})


def userinfo(gmail: Gmail, request: Request) -> Answer:
    """The person behind the token in the Authorization header, as far as its scopes show. 401 without a good one."""
    access = gmail.grants.access(bearer(request.headers, Query(request.query)))
    if access is None or access.expired:
        return refusal(unauthenticated())
    account = access.account
    answer: dict[str, Any] = {"id" if "/v2/" in request.path else "sub": account.sub}
    if not _PROFILE.isdisjoint(access.scopes):
        answer["name"] = account.name or account.email
    if not _EMAIL.isdisjoint(access.scopes):
        answer |= {"email": account.email, "verified_email" if "/v2/" in request.path else "email_verified": True}
    return json_answer(200, answer)


def configuration(_: Gmail, request: Request) -> Answer:
    """`/.well-known/openid-configuration`, with this server's addresses under Google's name as the issuer."""
    root = request.origin
    return json_answer(
        200,
        {
            "issuer": ISSUER,
            "authorization_endpoint": f"{root}/o/oauth2/v2/auth",
            "token_endpoint": f"{root}/token",
            "userinfo_endpoint": f"{root}/v1/userinfo",
            "revocation_endpoint": f"{root}/revoke",
            "jwks_uri": f"{root}/oauth2/v3/certs",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        },
    )
