"""A Gmail mailbox over HTTP: google-api-python-client on our own transport, one request a call, none of them repeated.

A 401 is the caller's to handle: refreshing here would hide a request from its deadline and its checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import TYPE_CHECKING, Any, cast

from googleapiclient.errors import Error as LibraryError
from googleapiclient.errors import HttpError

from addon.domain.ports.mailbox import (
    HEADERS,
    Draft,
    DraftPage,
    DraftSeen,
    HistoryExpired,
    HistoryPage,
    MailboxTrouble,
    MailHead,
    MailPage,
    Missing,
    Profile,
    RawMail,
    RefusedForNow,
    Sent,
    Watch,
)
from addon.integrations.gmail import errors, history, mime
from addon.integrations.gmail.service import service

if TYPE_CHECKING:
    import httplib2
    from googleapiclient.http import HttpRequest

    from addon.integrations.gmail.connections import Connections

ME = "me"
MOST_A_PAGE = 500
_MESSAGE = "id,threadId,labelIds,internalDate"
_HEAD = f"{_MESSAGE},payload/headers"


class GmailOverHttp:
    """Implements `GmailMailbox`. One thread at a time; `close` gives the connection back."""

    def __init__(self, connections: Connections, root: str, access_token: str, *, message_token: str = "") -> None:
        """`root` is the Gmail API's base address; `message_token` the add-on event's token for the open message."""
        self._connections = connections
        self._transport = connections.take()
        self._gmail = service(root)
        self._headers = {"authorization": f"Bearer {access_token}"}
        if message_token:
            self._headers["x-goog-gmail-access-token"] = message_token
        self._refusals = 0
        self._closed = False

    def profile(self) -> Profile:
        answer = self._ask(self._gmail.users.getProfile(userId=ME, fields="emailAddress,historyId"))
        return Profile(_needed(answer, "emailAddress").lower(), _whole(answer, "historyId"))

    def create_draft(self, raw: bytes, *, thread_id: str | None = None) -> Draft:
        message: dict[str, Any] = {"raw": mime.encoded(raw)}
        if thread_id:
            message["threadId"] = mime.rest_id(thread_id)
        body: Any = {"message": message}
        answer = self._ask(self._gmail.drafts.create(userId=ME, body=body, fields="id,message(id,threadId)"))
        _needed(answer, "id")
        return mime.draft(answer)

    def send_draft(self, draft_id: str) -> Sent:
        answer = self._ask(self._gmail.drafts.send(userId=ME, body={"id": draft_id}, fields="id,threadId"))
        return Sent(_needed(answer, "id"), mime.text(answer, "threadId"))

    def delete_draft(self, draft_id: str) -> None:
        statuses: list[int] = []
        request = self._gmail.drafts.delete(userId=ME, id=draft_id)
        request.add_response_callback(lambda reply: statuses.append(reply.status))
        self._ask(request, empty=True)
        if statuses != [204]:
            raise errors.garbled()  # some other success is no proof that this draft was deleted

    def draft(self, draft_id: str) -> DraftSeen:
        fields = f"id,message({_HEAD})"
        answer = self._ask(self._gmail.drafts.get(userId=ME, id=draft_id, format="metadata", fields=fields))
        inside = mime.part(answer, "message")
        _needed(inside, "id")
        return DraftSeen(mime.text(answer, "id") or draft_id, mime.head(inside))

    def drafts(self, *, page: str | None = None) -> DraftPage:
        fields = "drafts(id,message(id,threadId)),nextPageToken"
        request = self._gmail.drafts.list(userId=ME, maxResults=MOST_A_PAGE, fields=fields, **_at(page))
        answer = self._ask(request)
        return DraftPage([mime.draft(each) for each in mime.parts(answer, "drafts")], _next(answer))

    def thread(self, thread_id: str) -> Sequence[MailHead]:
        request = self._gmail.threads.get(
            userId=ME,
            id=mime.rest_id(thread_id),
            format="metadata",
            metadataHeaders=list(HEADERS),
            fields=f"messages({_HEAD})",
        )
        return [mime.head(each) for each in mime.parts(self._ask(request), "messages")]

    def history(self, since: int, *, page: str | None = None) -> HistoryPage:
        request = self._gmail.history.list(
            userId=ME,
            startHistoryId=str(since),
            historyTypes=cast(Any, history.TYPES),
            maxResults=MOST_A_PAGE,
            fields=history.FIELDS,
            **_at(page),
        )
        try:
            return history.page(self._ask(request), since=since)
        except Missing:
            raise HistoryExpired("history_expired") from None

    def head(self, gmail_id: str) -> MailHead:
        request = self._gmail.messages.get(
            userId=ME, id=mime.rest_id(gmail_id), format="metadata", metadataHeaders=list(HEADERS), fields=_HEAD
        )
        answer = self._ask(request)
        _needed(answer, "id")
        return mime.head(answer)

    def raw(self, gmail_id: str) -> RawMail:
        fields = f"{_MESSAGE},raw"
        answer = self._ask(self._gmail.messages.get(userId=ME, id=mime.rest_id(gmail_id), format="raw", fields=fields))
        _needed(answer, "id")
        return mime.raw_mail(answer)

    def mails(self, query: str, *, page: str | None = None) -> MailPage:
        fields = "messages(id,threadId),nextPageToken"
        answer = self._ask(
            self._gmail.messages.list(userId=ME, q=query, maxResults=MOST_A_PAGE, fields=fields, **_at(page))
        )
        found = [(mime.text(each, "id"), mime.text(each, "threadId")) for each in mime.parts(answer, "messages")]
        return MailPage(found, _next(answer))

    def watch(self, topic: str) -> Watch:
        body: Any = {"topicName": topic, "labelIds": ["INBOX"], "labelFilterBehavior": "include"}
        answer = self._ask(self._gmail.users.watch(userId=ME, body=body))
        return Watch(_whole(answer, "historyId"), _whole(answer, "expiration"))

    def stop_watch(self) -> None:
        self._ask(self._gmail.users.stop(userId=ME), empty=True)

    def close(self) -> None:
        """Give the connection back for the next mailbox. Closing twice is no error; using it afterwards is."""
        if not self._closed:
            self._closed = True
            self._connections.give_back(self._transport)

    def _ask(self, request: HttpRequest, *, empty: bool = False) -> Mapping[str, Any]:
        """Execute once. Every trouble leaves as the port's own, without Google's text and without the address asked."""
        if self._closed:
            raise RuntimeError("this mailbox was closed")
        request.headers = {**(request.headers or {}), **self._headers}
        try:
            answer = request.execute(http=cast("httplib2.Http", self._transport), num_retries=0)
        except HttpError as refused:
            raise self._refused(refused) from None
        except (OSError, HTTPException) as broken:
            raise errors.lost(broken) from None
        except (LibraryError, ValueError):
            raise errors.garbled() from None
        self._refusals = 0
        if isinstance(answer, dict):
            return answer
        if empty and (not answer or answer in (b"{}", b"{}\n")):  # what promises no answer comes back unread
            return {}
        raise errors.garbled()

    def _refused(self, refused: HttpError) -> MailboxTrouble:
        reply: Any = refused.resp
        trouble = errors.refusal(reply.status, reply, refused.content, refusals=self._refusals + 1)
        if isinstance(trouble, RefusedForNow):
            self._refusals += 1
        return trouble


def _at(page: str | None) -> dict[str, Any]:
    return {"pageToken": page} if page else {}


def _next(answer: Mapping[str, Any]) -> str | None:
    return mime.text(answer, "nextPageToken") or None


def _needed(answer: Mapping[str, Any], name: str) -> str:
    """A field without which the answer is none: the request may have had its effect, and we do not know which."""
    if value := mime.text(answer, name):
        return value
    raise errors.garbled()


def _whole(answer: Mapping[str, Any], name: str) -> int:
    number = mime.number(answer, name, -1)
    if number < 0:
        raise errors.garbled()
    return number
