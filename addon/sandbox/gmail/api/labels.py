"""users.labels."""

from __future__ import annotations

from addon.sandbox.gmail.api import scopes
from addon.sandbox.gmail.api.call import Call, Json, Route


def list_labels(call: Call) -> Json:
    return {"labels": call.gmail.labels.list(call.account)}


def get(call: Call) -> Json:
    return call.gmail.labels.get(call.account, call.path["id"])


def create(call: Call) -> Json:
    return call.gmail.labels.create(call.account, call.body)


def update(call: Call) -> Json:
    return call.gmail.labels.change(call.account, call.path["id"], call.body, whole=True)


def patch(call: Call) -> Json:
    return call.gmail.labels.change(call.account, call.path["id"], call.body, whole=False)


def delete(call: Call) -> None:
    call.gmail.messages.drop_label(call.account, call.path["id"])


ROUTES = [
    Route("GET", "labels", "labels.list", scopes.READ_LABELS, list_labels),
    Route("POST", "labels", "labels.create", scopes.LABELLING, create),
    Route("GET", "labels/{id}", "labels.get", scopes.READ_LABELS, get),
    Route("PUT", "labels/{id}", "labels.update", scopes.LABELLING, update),
    Route("PATCH", "labels/{id}", "labels.patch", scopes.LABELLING, patch),
    Route("DELETE", "labels/{id}", "labels.delete", scopes.LABELLING, delete),
]
