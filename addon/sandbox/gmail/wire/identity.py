"""Google as identity over HTTP: the consent page, tokens, revocation, and the keys."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, urlsplit

from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.mailbox.accounts import UnknownMailbox
from addon.sandbox.gmail.sign_in import asking, pages
from addon.sandbox.gmail.sign_in.redeeming import Redeeming, TokenRefused
from addon.sandbox.gmail.wire.calling import guarded
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer
from addon.sandbox.gmail.wire.staging import Caller, staged

_FRESH = {"Cache-Control": "public, max-age=21600, must-revalidate"}
_SECRET = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate"}


def consent(gmail: Gmail, request: Request) -> Answer:
    """`/o/oauth2/v2/auth`: the page (GET), and the decision made on it (POST)."""
    if request.verb == "POST" and not _from_our_page(request):
        page = pages.problem("403: origin_mismatch", "This decision was not made on this page.")
        return Answer(403, page.encode(), pages.HEADERS)
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True) if request.verb == "POST" else {}
    question = form.get("question", [""])[0] if request.verb == "POST" else request.query
    try:
        asked = asking.read(gmail.clients, dict(parse_qsl(question, keep_blank_values=True)))
        if request.verb == "GET":
            return Answer(200, pages.consent(asked, gmail.accounts, question).encode(), pages.HEADERS)
        return _redirect(_decided(gmail, asked, form))
    except asking.Refused as refused:
        return _redirect(refused.location)
    except asking.Impossible as impossible:
        page = pages.problem(f"{impossible.status}: {impossible.error}", impossible.sentence)
        return Answer(impossible.status, page.encode(), pages.HEADERS)


def token(gmail: Gmail, request: Request, caller: Caller) -> Answer:
    """`/token`. Faults may strike it under the method name `token`."""
    values = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    gmail.calls.count("token")
    grant = gmail.grants.find(values.get("refresh_token", ""))
    fault = gmail.faults.draw("token", grant.account.email if grant else "")
    effect = guarded(lambda: _token(gmail, values, request.headers.get("authorization", "")))
    return effect() if fault is None else staged(gmail, fault, effect, caller)


def revoke(gmail: Gmail, request: Request) -> Answer:
    """`/revoke`: the token in the query or the form."""
    values = dict(parse_qsl(request.query) + parse_qsl(request.body.decode("utf-8", "replace")))
    gmail.calls.count("revoke")
    if gmail.grants.revoke_token(values.get("token", "")):
        return json_answer(200, {})
    return json_answer(400, {"error": "invalid_token", "error_description": "Token expired or revoked"})


def certs(gmail: Gmail, request: Request, caller: Caller) -> Answer:
    """`/oauth2/v1/certs` (PEM map) and `/oauth2/v3/certs` (JWK set). Faults may strike them under the name `certs`."""
    gmail.calls.count("certs")
    old = "/v1/" in request.path
    effect = guarded(lambda: json_answer(200, gmail.keys.certificates() if old else gmail.keys.jwks(), _FRESH))
    fault = gmail.faults.draw("certs", "")
    return effect() if fault is None else staged(gmail, fault, effect, caller)


def _from_our_page(request: Request) -> bool:
    """Browsers say from which site a form comes; another site must not decide for the person."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _token(gmail: Gmail, values: dict[str, str], authorization: str) -> Answer:
    try:
        answer = Redeeming(gmail.clients, gmail.grants, gmail.keys).token(values, authorization)
    except TokenRefused as refused:
        return json_answer(refused.status, refused.body, _SECRET)
    return json_answer(200, answer, _SECRET)


def _decided(gmail: Gmail, asked: asking.Asked, form: dict[str, list[str]]) -> str:
    if form.get("decision") != ["allow"]:
        return asking.back(asked, error="access_denied")
    try:
        account = gmail.accounts.get(form.get("account", [""])[0])
    except UnknownMailbox:
        raise asking.Impossible("invalid_request", "Nobody was chosen.") from None
    return asking.allowed(gmail.grants, asked, account, frozenset(form.get("scope", [])))


def _redirect(location: str) -> Answer:
    return Answer(302, headers={"Location": location, **_SECRET})
