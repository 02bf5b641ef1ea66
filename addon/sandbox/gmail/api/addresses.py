"""users.settings.sendAs and users.settings.forwardingAddresses: whom a mailbox writes as, and where it forwards to."""

from __future__ import annotations

from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.api.call import Call, Json, Route
from addon.sandbox.gmail.errors import not_found


def list_send_as(call: Call) -> Json:
    return {"sendAs": call.gmail.send_as.list(call.account)}


def get_send_as(call: Call) -> Json:
    return call.gmail.send_as.get(call.account, call.path["email"])


def create_send_as(call: Call) -> Json:
    return call.gmail.send_as.create(call.account, call.body)


def update_send_as(call: Call) -> Json:
    return call.gmail.send_as.change(call.account, call.path["email"], call.body, whole=True)


def patch_send_as(call: Call) -> Json:
    return call.gmail.send_as.change(call.account, call.path["email"], call.body, whole=False)


def delete_send_as(call: Call) -> None:
    call.gmail.send_as.delete(call.account, call.path["email"])


def verify_send_as(call: Call) -> None:
    call.gmail.send_as.verify(call.account, call.path["email"])


def list_certificates(call: Call) -> Json:
    """Nobody has S/MIME certificates here."""
    get_send_as(call)
    return {}


def get_certificate(call: Call) -> Json:
    raise not_found()


def list_forwarding(call: Call) -> Json:
    found = call.gmail.forwarding.list(call.account)
    return {"forwardingAddresses": found} if found else {}


def get_forwarding(call: Call) -> Json:
    return dict(call.gmail.forwarding.get(call.account, call.path["email"]))


def create_forwarding(call: Call) -> Json:
    return dict(call.gmail.forwarding.create(call.account, call.body))


def delete_forwarding(call: Call) -> None:
    call.gmail.forwarding.delete(call.account, call.path["email"])


_ONE, _FORWARD = "settings/sendAs/{email}", "settings/forwardingAddresses"

ROUTES = [
    Route("GET", "settings/sendAs", "settings.sendAs.list", scopes.READ_SETTINGS, list_send_as),
    Route("POST", "settings/sendAs", "settings.sendAs.create", scopes.SHARE, create_send_as),
    Route("GET", _ONE, "settings.sendAs.get", scopes.READ_SETTINGS, get_send_as),
    Route("PUT", _ONE, "settings.sendAs.update", scopes.SET_OR_SHARE, update_send_as),
    Route("PATCH", _ONE, "settings.sendAs.patch", scopes.SET_OR_SHARE, patch_send_as),
    Route("DELETE", _ONE, "settings.sendAs.delete", scopes.SHARE, delete_send_as),
    Route("POST", f"{_ONE}/verify", "settings.sendAs.verify", scopes.SHARE, verify_send_as),
    Route("GET", f"{_ONE}/smimeInfo", "settings.sendAs.smimeInfo.list", scopes.READ_SHARED, list_certificates),
    Route("GET", f"{_ONE}/smimeInfo/{{id}}", "settings.sendAs.smimeInfo.get", scopes.READ_SHARED, get_certificate),
    Route("GET", _FORWARD, "settings.forwardingAddresses.list", scopes.READ_SETTINGS, list_forwarding),
    Route("POST", _FORWARD, "settings.forwardingAddresses.create", scopes.SHARE, create_forwarding),
    Route("GET", f"{_FORWARD}/{{email}}", "settings.forwardingAddresses.get", scopes.READ_SETTINGS, get_forwarding),
    Route("DELETE", f"{_FORWARD}/{{email}}", "settings.forwardingAddresses.delete", scopes.SHARE, delete_forwarding),
]
