"""From a verb and a path to the method behind it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from addon.sandbox.gmail.api import addresses, drafts, filters, labels, mailbox, messages, settings, threads
from addon.sandbox.gmail.api.call import Route
from addon.sandbox.gmail.errors import ApiError

ROUTES: Sequence[Route] = (
    *messages.ROUTES,
    *threads.ROUTES,
    *drafts.ROUTES,
    *labels.ROUTES,
    *mailbox.ROUTES,
    *addresses.ROUTES,
    *filters.ROUTES,
    *settings.ROUTES,
)

_UPLOADS = frozenset(
    {"messages.send", "messages.insert", "messages.import", "drafts.create", "drafts.update", "drafts.send"}
)
_BY_LENGTH: dict[int, list[tuple[list[str], Route]]] = {}
for _route in ROUTES:
    _pieces = _route.path.split("/")
    _BY_LENGTH.setdefault(len(_pieces), []).append((_pieces, _route))


def find(verb: str, path: str, *, upload: bool = False) -> tuple[Route, str, dict[str, str]]:
    """The route of `/gmail/v1/users/{user}/...`, the user named in it, and the path's values.

    404 where no method has this path, 405 where one has it under another verb.
    """
    pieces = [unquote(piece) for piece in path.strip("/").split("/")]
    if len(pieces) < 4 or pieces[:3] != ["gmail", "v1", "users"]:
        raise ApiError("notFound", "Not Found")
    user, rest = pieces[3], pieces[4:]
    other_verb = False
    for pattern, route in _BY_LENGTH.get(len(rest), ()):
        values = _values(pattern, rest)
        if values is None or (upload and route.method not in _UPLOADS):
            continue
        if route.verb == verb:
            return route, user, {**values, **route.fixed}
        other_verb = True
    raise ApiError("httpMethodNotAllowed") if other_verb else ApiError("notFound", "Not Found")


def _values(pattern: list[str], pieces: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for expected, piece in zip(pattern, pieces, strict=True):
        if expected.startswith("{"):
            values[expected[1:-1]] = piece
        elif expected != piece:
            return None
    return values
