"""The control endpoints under `/sandbox/`, for other processes on this machine only.

They take JSON only: a page on some website cannot send that here without asking first, and is never answered.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from ipaddress import ip_address
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.faults import BadFault
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.mailbox.accounts import UnknownMailbox
from addon.sandbox.gmail.mailbox.outside import OutsideMail
from addon.sandbox.gmail.wire import fault_control
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer

Values: TypeAlias = dict[str, Any]


def answer(gmail: Gmail, request: Request) -> Answer:
    """Answer a control request: 403 unless it comes from this machine, 400 with a sentence where it makes no sense."""
    if not _from_here(request):
        return _refused(403, "Only programs on this machine may do this.")
    if request.body and request.content_type != "application/json":
        return _refused(415, "Send JSON (Content-Type: application/json).")
    name, _, rest = request.path.removeprefix("/sandbox/").partition("/")
    handle = _HANDLERS.get((request.verb, name))
    if handle is None:
        return _refused(404, f"There is no {request.verb} {request.path} here.")
    try:
        values = _values(request)
        return json_answer(200, handle(gmail, values, unquote(rest)))
    except (UnknownMailbox, fault_control.UnknownFault) as unknown:
        return _refused(404, str(unknown))
    except KeyError as missing:
        return _refused(400, f"{missing.args[0]} is missing.")
    except BadFault as trouble:
        return _refused(400, str(trouble))
    except (AttributeError, TypeError, ValueError, OverflowError) as trouble:
        return _refused(400, f"One of the values makes no sense here: {trouble}.")


def _from_here(request: Request) -> bool:
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    return _loopback(request.peer) and (host == "localhost" or host.endswith(".localhost") or _loopback(host))


def _loopback(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _values(request: Request) -> Values:
    if not request.body:
        query = Query(request.query)
        return {name: query.first(name) for name in ("to", "after") if query.first(name)}
    values = json.loads(request.body)
    if not isinstance(values, dict):
        raise ValueError("Send a JSON object.")
    return values


def _refused(status: int, sentence: str) -> Answer:
    return json_answer(status, {"error": sentence})


def _add_account(gmail: Gmail, values: Values, _: str) -> Any:
    account = gmail.accounts.add(str(values["email"]), name=str(values.get("name", "")))
    for alias in values.get("aliases", []):
        gmail.send_as.add(account, str(alias))
    return {"email": account.email, "name": account.name, "sub": account.sub}


def _accounts(gmail: Gmail, _values: Values, _: str) -> Any:
    return [{"email": one.email, "name": one.name, "sub": one.sub} for one in gmail.accounts]


def _deliver(gmail: Gmail, values: Values, _: str) -> Any:
    try:
        raw = base64.b64decode(str(values["raw"]).translate(str.maketrans("-_", "+/")) + "==")
    except binascii.Error:
        raise ValueError("raw is not base64.") from None
    at = datetime.fromisoformat(values["at"]) if values.get("at") else None
    to = values["to"] if isinstance(values["to"], list) else [values["to"]]
    return [asdict(one) for one in gmail.deliver(raw, to, at=at)]


def _outside(gmail: Gmail, values: Values, rest: str) -> Any:
    if rest == "counts":
        return gmail.outside.counts()
    if "after" in values:
        return [_shown(mail) for mail in gmail.outside.after(int(values["after"]))]
    return [_shown(mail) for mail in gmail.outside.mails(str(values.get("to", "")))]


def _shown(mail: OutsideMail) -> Values:
    return {**asdict(mail), "raw": base64.b64encode(mail.raw).decode()}


def _issue_grant(gmail: Gmail, values: Values, _: str) -> Any:
    scopes = values["scopes"].split() if isinstance(values["scopes"], str) else values["scopes"]
    return {"refresh_token": gmail.grants.issue(str(values["email"]), scopes)}


def _revoke_grants(gmail: Gmail, _values: Values, email: str) -> Any:
    gmail.grants.revoke(email)
    return {}


def _issue_token(gmail: Gmail, values: Values, _: str) -> Any:
    scopes = values["scopes"].split() if isinstance(values["scopes"], str) else values["scopes"]
    seconds = float(values.get("seconds", 3600))
    token = gmail.access_token(str(values["email"]), scopes, seconds, message_id=values.get("message_id"))
    return {"access_token": token}


def _add_client(gmail: Gmail, values: Values, _: str) -> Any:
    gmail.clients.add(str(values["id"]), str(values["secret"]), values.get("redirect_uris", []))
    return {"id": values["id"]}


def _calls(gmail: Gmail, _values: Values, _: str) -> Any:
    return gmail.calls.all()


def _reset_calls(gmail: Gmail, _values: Values, _: str) -> Any:
    gmail.calls.reset()
    return {}


def _expire_history(gmail: Gmail, _values: Values, email: str) -> Any:
    gmail.history.expire(gmail.accounts.get(email))
    return {}


def _configure_pushes(gmail: Gmail, values: Values, _: str) -> Any:
    gmail.pushes.url = str(values.get("url", gmail.pushes.url))
    gmail.pushes.service_account = str(values.get("service_account", gmail.pushes.service_account))
    return {"url": gmail.pushes.url, "service_account": gmail.pushes.service_account}


def _quota(gmail: Gmail, _values: Values, _: str) -> Any:
    return gmail.quota.shown()


def _limit(gmail: Gmail, values: Values, _: str) -> Any:
    """What is not named is lifted; `{"google": true}` sets Google's own limits."""
    if values == {"google": True}:
        gmail.quota.as_google()
    else:
        gmail.quota.limits(**values)
    return gmail.quota.shown()


def _confirm(gmail: Gmail, values: Values, _: str) -> Any:
    """The owner of an address agrees that this mailbox sends as it, or forwards to it."""
    account, address = gmail.accounts.get(str(values["mailbox"])), str(values["address"])
    agreed = [
        name
        for name, accept in (("sendAs", gmail.send_as.accept), ("forwarding", gmail.forwarding.accept))
        if accept(account, address)
    ]
    if not agreed:
        raise ValueError(f"{account.email} has not asked for {address}.")
    return {"confirmed": agreed}


_HANDLERS: dict[tuple[str, str], Callable[[Gmail, Values, str], Any]] = {
    ("GET", "accounts"): _accounts,
    ("POST", "accounts"): _add_account,
    ("POST", "deliver"): _deliver,
    ("GET", "outside"): _outside,
    ("POST", "grants"): _issue_grant,
    ("DELETE", "grants"): _revoke_grants,
    ("POST", "tokens"): _issue_token,
    ("POST", "clients"): _add_client,
    ("GET", "faults"): fault_control.shown,
    ("POST", "faults"): fault_control.add,
    ("DELETE", "faults"): fault_control.remove,
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _reset_calls,
    ("DELETE", "history"): _expire_history,
    ("POST", "pushes"): _configure_pushes,
    ("GET", "quota"): _quota,
    ("POST", "quota"): _limit,
    ("POST", "confirmations"): _confirm,
}
