"""Google's description of the Gmail interface with this server's address in it, for clients that ask for one.

It is read from the installed google-api-python-client as data; the library itself is never loaded.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from addon.sandbox.gmail.api.call import Query
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.wire.messages import Answer, Request, json_answer

PATHS = frozenset({"/$discovery/rest", "/%24discovery/rest", "/discovery/v1/apis/gmail/v1/rest"})

_MISSING = (
    "The description of the Gmail interface comes with google-api-python-client, which is not installed here"
    " (pip install google-api-python-client). All methods work without it."
)


def answer(request: Request) -> Answer:
    """The description; 404 for another version than v1, or where there is none on this machine."""
    version = Query(request.query).first("version", "v1")
    document = _document()
    if version != "v1" or document is None:
        return _refused(_MISSING if document is None else f"There is no version {version} of the Gmail interface.")
    root = request.origin + "/"
    return json_answer(200, {**document, "rootUrl": root, "baseUrl": root, "mtlsRootUrl": root})


@lru_cache(1)
def _document() -> dict[str, Any] | None:
    library = find_spec("googleapiclient")
    for folder in (library.submodule_search_locations or ()) if library else ():
        path = Path(folder) / "discovery_cache" / "documents" / "gmail.v1.json"
        if path.is_file():
            return dict(json.loads(path.read_text(encoding="utf-8")))
    return None


def _refused(sentence: str) -> Answer:
    return json_answer(404, ApiError("notFound", sentence).body())
