"""One person's mailbox, by Gmail's REST interface: what a mail program asks for."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

import requests

Json = dict[str, Any]
FOLDERS = {
    "inbox": "INBOX",
    "starred": "STARRED",
    "important": "IMPORTANT",
    "sent": "SENT",
    "drafts": "DRAFT",
    "all": "",
    "spam": "SPAM",
    "bin": "TRASH",
}
"""The folders that every mailbox has, and the label that each stands for; all mail has none."""
PAGE = 50
_SECONDS = 20
_MOST_AT_ONCE = 1000


class NoSuchMail(LookupError):
    """Gmail does not know this id in this mailbox, or what was asked of it makes no sense."""


class NameTaken(ValueError):
    """Another label has this name."""


class Mailbox:
    """Asks Gmail at `base` with a person's token. Every method may raise requests.RequestException."""

    def __init__(self, base: str, token: str) -> None:
        self._base = f"{base}/gmail/v1/users/me"
        self._headers = {"Authorization": f"Bearer {token}"}

    # ---- reading ----

    def threads(self, label: str, query: str = "", page: str = "") -> Json:
        """One page of threads, newest first: id, historyId and snippet each. A query looks beyond the label."""
        params: Json = {"maxResults": PAGE}
        if query:
            params["q"] = query
        elif label:
            params["labelIds"] = [label]
        if page:
            params["pageToken"] = page
        return self._ask("GET", "/threads", params)

    def thread(self, id: str, form: str = "full") -> Json:
        """A thread with its messages: `full` brings their bodies, `minimal` labels only. Raises NoSuchMail."""
        headers = {"metadataHeaders": ["From", "To", "Cc", "Subject", "Date"]} if form == "metadata" else {}
        return self._ask("GET", f"/threads/{_named(id)}", {"format": form, **headers})

    def message(self, id: str) -> Json:
        """One message with its body. Raises NoSuchMail."""
        return self._ask("GET", f"/messages/{_named(id)}", {"format": "full"})

    def messages(self, label: str, most: int) -> list[str]:
        """The ids of the newest messages under a label."""
        found = self._ask("GET", "/messages", {"labelIds": [label], "maxResults": most})
        return [str(message["id"]) for message in found.get("messages", [])]

    def attachment(self, message: str, id: str) -> bytes:
        """The bytes of an attachment. Raises NoSuchMail."""
        found = self._ask("GET", f"/messages/{_named(message)}/attachments/{_named(id)}")
        return decoded(str(found.get("data", "")))

    def history_id(self) -> str:
        """Changes whenever anything in the mailbox does."""
        return str(self._ask("GET", "/profile")["historyId"])

    def send_as(self) -> list[Json]:
        """The addresses that may stand in From, the mailbox's own first."""
        entries: list[Json] = self._ask("GET", "/settings/sendAs").get("sendAs", [])
        return [entry for entry in entries if entry.get("verificationStatus", "accepted") == "accepted"]

    # ---- changing ----

    def modify(self, messages: Iterable[str], add: Sequence[str], remove: Sequence[str]) -> None:
        """Change the labels of these messages, a thousand at once."""
        ids = list(messages)
        for start in range(0, len(ids), _MOST_AT_ONCE):
            some = ids[start : start + _MOST_AT_ONCE]
            body = {"ids": some, "addLabelIds": list(add), "removeLabelIds": list(remove)}
            self._ask("POST", "/messages/batchModify", body=body)

    def mark_read(self, thread_id: str) -> None:
        self._ask("POST", f"/threads/{_named(thread_id)}/modify", body={"removeLabelIds": ["UNREAD"]})

    def delete(self, messages: Sequence[str]) -> None:
        """Delete these messages for good."""
        if messages:
            self._ask("POST", "/messages/batchDelete", body={"ids": list(messages)})

    # ---- labels ----

    def labels(self) -> list[Json]:
        """Every label, Gmail's own too, without counts."""
        found: list[Json] = self._ask("GET", "/labels").get("labels", [])
        return found

    def label(self, id: str) -> Json:
        """One label with its counts. Raises NoSuchMail."""
        return self._ask("GET", f"/labels/{_named(id)}")

    def create_label(self, name: str, color: Json | None = None) -> Json:
        """Raises NameTaken, and NoSuchMail where the name cannot be one."""
        return self._ask("POST", "/labels", body={"name": name, **({"color": color} if color else {})})

    def change_label(self, id: str, name: str, color: Json | None) -> Json:
        """Raises NameTaken, and NoSuchMail where the label is gone or the name cannot be one."""
        return self._ask("PATCH", f"/labels/{_named(id)}", body={"name": name, **({"color": color} if color else {})})

    def delete_label(self, id: str) -> None:
        self._ask("DELETE", f"/labels/{_named(id)}")

    # ---- drafts ----

    def drafts(self) -> dict[str, str]:
        """The ids of drafts by those of the messages in them now; the newest 500."""
        found = self._ask("GET", "/drafts", {"maxResults": 500}).get("drafts", [])
        return {str(draft["message"]["id"]): str(draft["id"]) for draft in found}

    def draft(self, id: str, form: str = "full") -> Json:
        """A draft with the message in it. Raises NoSuchMail, also after it was sent."""
        return self._ask("GET", f"/drafts/{_named(id)}", {"format": form})

    def save_draft(self, raw: bytes, *, id: str = "", thread_id: str = "") -> Json:
        """Make a draft, or put another mail into the one with this id. Raises NoSuchMail where that is gone."""
        body: Json = {"message": {"raw": base64.urlsafe_b64encode(raw).decode()}}
        if thread_id:
            body["message"]["threadId"] = thread_id
        return self._ask("PUT" if id else "POST", f"/drafts/{_named(id)}" if id else "/drafts", body=body)

    def send_draft(self, id: str) -> Json:
        """Send it now; Gmail's new message is returned. Raises NoSuchMail where it is gone or cannot be sent."""
        return self._ask("POST", "/drafts/send", body={"id": id})

    def delete_draft(self, id: str) -> None:
        self._ask("DELETE", f"/drafts/{_named(id)}")

    def _ask(self, verb: str, path: str, params: Json | None = None, body: Json | None = None) -> Json:
        answer = self._once(verb, path, params, body)
        if verb == "GET" and answer.status_code >= 500:  # reading twice does no harm
            answer = self._once(verb, path, params, body)
        if answer.status_code == 409:
            raise NameTaken(path)
        if answer.status_code in (400, 404):
            raise NoSuchMail(path)
        answer.raise_for_status()
        found: Json = answer.json() if answer.content else {}
        return found

    def _once(self, verb: str, path: str, params: Json | None, body: Json | None) -> requests.Response:
        url = self._base + path
        return requests.request(verb, url, params=params, json=body, headers=self._headers, timeout=_SECONDS)


def _named(id: str) -> str:
    """An id within a path, whatever signs a page's address brought."""
    return quote(id, safe="")


def decoded(data: str) -> bytes:
    """Gmail's base64url, whose padding may be missing."""
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))
