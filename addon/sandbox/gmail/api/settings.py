"""users.settings: the vacation responder, forwarding of everything, IMAP, POP, language, delegates.

Nobody has certificates for client-side encryption here: their lists are empty.
"""

from __future__ import annotations

from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.api.call import Call, Json, Route
from addon.sandbox.gmail.errors import not_found


def get_vacation(call: Call) -> Json:
    return call.gmail.vacation.get(call.account)


def update_vacation(call: Call) -> Json:
    return call.gmail.vacation.update(call.account, call.body)


def get_auto_forwarding(call: Call) -> Json:
    return call.gmail.forwarding.auto(call.account)


def update_auto_forwarding(call: Call) -> Json:
    return call.gmail.forwarding.update_auto(call.account, call.body)


def get_preference(call: Call) -> Json:
    return call.gmail.preferences.get(call.account, call.path["preference"])


def update_preference(call: Call) -> Json:
    return call.gmail.preferences.update(call.account, call.path["preference"], call.body)


def list_delegates(call: Call) -> Json:
    found = call.gmail.delegates.list(call.account)
    return {"delegates": found} if found else {}


def get_delegate(call: Call) -> Json:
    return call.gmail.delegates.get(call.account, call.path["email"])


def create_delegate(call: Call) -> Json:
    return call.gmail.delegates.create(call.account, call.body.get("delegateEmail"))


def delete_delegate(call: Call) -> None:
    call.gmail.delegates.delete(call.account, call.path["email"])


def none_there(call: Call) -> Json:
    return {}


def no_such(call: Call) -> Json:
    raise not_found()


def _preferences() -> list[Route]:
    """IMAP, POP and language are read and written in one way."""
    found: list[Route] = []
    for name, method in (("imap", "Imap"), ("pop", "Pop"), ("language", "Language")):
        path, fixed = f"settings/{name}", {"preference": name}
        found += [
            Route("GET", path, f"settings.get{method}", scopes.READ_SETTINGS, get_preference, fixed),
            Route("PUT", path, f"settings.update{method}", scopes.SET, update_preference, fixed),
        ]
    return found


ROUTES = [
    Route("GET", "settings/vacation", "settings.getVacation", scopes.READ_SETTINGS, get_vacation),
    Route("PUT", "settings/vacation", "settings.updateVacation", scopes.SET, update_vacation),
    Route("GET", "settings/autoForwarding", "settings.getAutoForwarding", scopes.READ_SETTINGS, get_auto_forwarding),
    Route("PUT", "settings/autoForwarding", "settings.updateAutoForwarding", scopes.SHARE, update_auto_forwarding),
    *_preferences(),
    Route("GET", "settings/delegates", "settings.delegates.list", scopes.READ_SETTINGS, list_delegates),
    Route("POST", "settings/delegates", "settings.delegates.create", scopes.SHARE, create_delegate),
    Route("GET", "settings/delegates/{email}", "settings.delegates.get", scopes.READ_SETTINGS, get_delegate),
    Route("DELETE", "settings/delegates/{email}", "settings.delegates.delete", scopes.SHARE, delete_delegate),
    Route("GET", "settings/cse/identities", "settings.cse.identities.list", scopes.READ_SHARED, none_there),
    Route("GET", "settings/cse/identities/{email}", "settings.cse.identities.get", scopes.READ_SHARED, no_such),
    Route("GET", "settings/cse/keypairs", "settings.cse.keypairs.list", scopes.READ_SHARED, none_there),
    Route("GET", "settings/cse/keypairs/{id}", "settings.cse.keypairs.get", scopes.READ_SHARED, no_such),
]
