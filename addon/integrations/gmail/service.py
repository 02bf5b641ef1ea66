"""The Gmail API as its discovery document describes it, read once a process and shared by all mailboxes."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NoReturn, cast

from googleapiclient.discovery import build_from_document  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from googleapiclient._apis.gmail.v1.resources import GmailResource


@dataclass(frozen=True)
class Service:
    """Builds requests; each is executed on the transport of the mailbox that asks. Shared by threads: it only reads."""

    users: GmailResource.UsersResource
    drafts: GmailResource.UsersResource.DraftsResource
    messages: GmailResource.UsersResource.MessagesResource
    threads: GmailResource.UsersResource.ThreadsResource
    history: GmailResource.UsersResource.HistoryResource


@cache
def service(root: str) -> Service:
    """The Gmail API at this root address (no slash at its end). Costs milliseconds once, nothing afterwards."""
    document = json.loads((files("googleapiclient.discovery_cache.documents") / "gmail.v1.json").read_text("utf-8"))
    # `api_endpoint` alone moves neither uploads nor batches; a base address beside the root would win over it.
    document |= {"rootUrl": root + "/", "baseUrl": root + "/"}
    document.pop("mtlsRootUrl", None)
    # At DEBUG the library writes whole answers into the log, people's mail with them.
    logging.getLogger("googleapiclient").setLevel(logging.WARNING)
    users = cast("GmailResource", build_from_document(document, http=cast(Any, _Nowhere()))).users()
    return Service(users, users.drafts(), users.messages(), users.threads(), users.history())


class _Nowhere:
    """Stands where the library wants an HTTP object at build time: requests name their own when executed."""

    def request(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise RuntimeError("a request was executed without a transport of its own")

    def close(self) -> None:
        """Nothing is open."""
