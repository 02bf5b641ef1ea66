"""users.settings.filters."""

from __future__ import annotations

from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.api.call import Call, Json, Route, part


def list_filters(call: Call) -> Json:
    found = call.gmail.filters.list(call.account)
    return {"filter": found} if found else {}


def get(call: Call) -> Json:
    return call.gmail.filters.get(call.account, call.path["id"])


def create(call: Call) -> Json:
    return call.gmail.filters.create(call.account, part(call.body, "criteria"), part(call.body, "action"))


def delete(call: Call) -> None:
    call.gmail.filters.delete(call.account, call.path["id"])


ROUTES = [
    Route("GET", "settings/filters", "settings.filters.list", scopes.READ_SETTINGS, list_filters),
    Route("POST", "settings/filters", "settings.filters.create", scopes.SET, create),
    Route("GET", "settings/filters/{id}", "settings.filters.get", scopes.READ_SETTINGS, get),
    Route("DELETE", "settings/filters/{id}", "settings.filters.delete", scopes.SET, delete),
]
