"""One person's mailbox, by Gmail's REST interface: what a mail program asks for."""

from __future__ import annotations

import base64
from typing import Any

import requests

Json = dict[str, Any]
FOLDERS = {"inbox": "INBOX", "sent": "SENT", "drafts": "DRAFT", "bin": "TRASH"}
PAGE = 50


class NoSuchMail(LookupError):
    """Gmail does not know this id in this mailbox."""


class Mailbox:
    """Asks Gmail at `base` with a person's token. Every method may raise requests.RequestException."""

    def __init__(self, base: str, token: str) -> None:
        self._base = f"{base}/gmail/v1/users/me"
        self._headers = {"Authorization": f"Bearer {token}"}

    def threads(self, folder: str, query: str, page: str = "") -> Json:
        """One page of threads, newest first: id, historyId and snippet each."""
        params: Json = {"maxResults": PAGE, "labelIds": [FOLDERS[folder]]}
        if query:
            params = {"maxResults": PAGE, "q": query}
        if page:
            params["pageToken"] = page
        return self._get("/threads", params)

    def thread(self, id: str, *, full: bool) -> Json:
        """A thread with its messages; `full` brings their bodies. Raises NoSuchMail."""
        if full:
            return self._get(f"/threads/{id}", {"format": "full"})
        return self._get(f"/threads/{id}", {"format": "metadata", "metadataHeaders": ["From", "To", "Subject", "Date"]})

    def history_id(self) -> str:
        """Changes whenever anything in the mailbox does."""
        return str(self._get("/profile", {})["historyId"])

    def unread(self) -> int:
        """How many threads of the inbox hold an unread mail."""
        return int(self._get("/labels/INBOX", {}).get("threadsUnread", 0))

    def mark_read(self, thread_id: str) -> None:
        self._post(f"/threads/{thread_id}/modify", {"removeLabelIds": ["UNREAD"]})

    def send(self, raw: bytes, *, thread_id: str = "") -> Json:
        """Send it now; Gmail's new message is returned."""
        body: Json = {"raw": base64.urlsafe_b64encode(raw).decode()}
        if thread_id:
            body["threadId"] = thread_id
        return self._post("/messages/send", body)

    def _get(self, path: str, params: Json) -> Json:
        return _json(requests.get(self._base + path, params=params, headers=self._headers, timeout=20))

    def _post(self, path: str, body: Json) -> Json:
        return _json(requests.post(self._base + path, json=body, headers=self._headers, timeout=20))


def _json(answer: requests.Response) -> Json:
    if answer.status_code in (400, 404):
        raise NoSuchMail(answer.url)
    answer.raise_for_status()
    found: Json = answer.json()
    return found
