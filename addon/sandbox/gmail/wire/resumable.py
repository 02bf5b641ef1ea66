"""Resumable uploads: a mail announced first, then sent at once or in chunks, and taken up again after a break.

Two dialects: `uploadType=resumable` with Content-Range, and `X-Goog-Upload-Protocol: resumable` with commands.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress
from http import HTTPStatus

from addon.sandbox.gmail.api import routes
from addon.sandbox.gmail.api.call import Json, Query
from addon.sandbox.gmail.api.messages import LARGEST_KEPT
from addon.sandbox.gmail.errors import ApiError
from addon.sandbox.gmail.gmail import Gmail
from addon.sandbox.gmail.ids import whole
from addon.sandbox.gmail.mailbox.sending import LARGEST
from addon.sandbox.gmail.wire import calling, ranges
from addon.sandbox.gmail.wire.bodies import HUGE
from addon.sandbox.gmail.wire.callers import admitted
from addon.sandbox.gmail.wire.messages import Answer, Request
from addon.sandbox.gmail.wire.staging import Caller, staged
from addon.sandbox.gmail.wire.upload_sessions import GRAIN, Aim, Session, Sessions

_INCOMPLETE = 308


def wanted(request: Request, query: Query) -> bool:
    """Whether a request below /upload belongs to a resumable upload."""
    kind = query.first("uploadType") or request.headers.get(ranges.COMMANDED, "")
    return bool(query.first("upload_id")) or kind.lower() == "resumable"


class Resumable:
    """Begins, continues and ends such uploads for one Gmail. A huge mail waits for `room` before it is read back."""

    def __init__(self, gmail: Gmail, room: AbstractContextManager[object]) -> None:
        self._gmail, self._room, self._sessions = gmail, room, Sessions()

    def answer(self, request: Request, query: Query, caller: Caller) -> Answer:
        """Answer any step. Raises HangUp where a fault says so.

        Faults strike the last step under the method's own name, the others under the name `upload`.
        """
        number = query.first("upload_id")
        try:
            if not number:
                return self._step(caller, "", lambda: self._begin(request, query))
            session = self._sessions.find(number)
            with session.lock:
                if "x-goog-upload-command" in request.headers:
                    return self._commanded(session, request, caller)
                return self._ranged(session, request, caller)
        except ApiError as refused:
            return calling.refusal(refused)

    def keep_fragment(self, request: Request, query: Query) -> None:
        """Keep the beginning of a body that broke off, in whole grains."""
        with suppress(ApiError):
            session = self._sessions.find(query.first("upload_id"))
            with session.lock:
                whole = request.headers.get("content-length", "")
                start, _, total = ranges.place(request.headers, int(whole) if whole else None)
                if session.outcome is None and start is not None:
                    session.expect(total)
                    session.add(start, ranges.in_grains(start, request.body))

    def close(self) -> None:
        """Forget what is under way."""
        self._sessions.close()

    def _begin(self, request: Request, query: Query) -> Answer:
        headers = request.headers
        route, user, values = routes.find(request.verb, request.path.removeprefix("/upload"), upload=True)
        access = admitted(self._gmail, route, user, values, headers, query)
        metadata: Json = calling.json_in(request.body)
        kind, length = ranges.announced(request.headers)
        if kind:
            calling.check_mail(kind)
        most = LARGEST_KEPT if route.method in ("messages.insert", "messages.import") else LARGEST
        if length is not None and length > most:
            raise ApiError("uploadTooLarge")

        def finish(mail: bytes) -> Answer:
            work = calling.guarded(lambda: calling.perform(self._gmail, access, route, values, query, metadata, mail))
            return work()

        aim = Aim(route.method, access.account.email, most, finish)
        session = self._sessions.begin(aim, length)
        where = f"{request.origin}{request.path}?{_kept(request.query)}upload_id={session.id}"
        given = {"X-GUploader-UploadID": session.id}
        if ranges.COMMANDED not in headers:
            return Answer(200, headers={"Location": where, **given})
        granularity = {"X-Goog-Upload-Chunk-Granularity": str(GRAIN), "X-Goog-Upload-URL": where}
        return Answer(200, headers={"X-Goog-Upload-Status": "active", **granularity, **given})

    def _ranged(self, session: Session, request: Request, caller: Caller) -> Answer:
        if request.verb == "DELETE":
            session.cancelled = True
            return Answer(499)
        if request.verb not in ("PUT", "POST"):
            raise ApiError("httpMethodNotAllowed")
        start, octets, total = ranges.place(request.headers, len(request.body))
        if session.outcome is not None:
            return session.outcome
        session.expect(total)
        if start is None:
            return self._ending(session, request, caller) if session.is_whole else self._progress(session, caller)
        if octets != len(request.body):
            raise ApiError(
                "badRequest",
                f"Invalid request. There were {len(request.body)} byte(s) in the request body. There should have been"
                f" {octets} byte(s) according to the Content-Range header.",
            )
        return self._taken(session, start, request, caller)

    def _taken(self, session: Session, start: int, request: Request, caller: Caller) -> Answer:
        octets = request.body
        last = session.total is not None and start + len(octets) >= session.total
        if not last and len(octets) < GRAIN:
            raise ApiError(
                "badRequest",
                f"Invalid request. The number of bytes uploaded is required to be equal or greater than {GRAIN}, except"
                " for the final request (it's recommended to be the exact multiple of"
                f" {GRAIN}). The received request contained {len(octets)} bytes, which does not meet this requirement.",
            )
        if last:
            session.add(start, octets)
            return self._ending(session, request, caller)

        def effect() -> Answer:
            session.add(start, ranges.in_grains(start, octets))
            return _incomplete(session)

        return self._step(caller, session.aim.mailbox, effect)

    def _progress(self, session: Session, caller: Caller) -> Answer:
        return self._step(caller, session.aim.mailbox, lambda: _incomplete(session))

    def _commanded(self, session: Session, request: Request, caller: Caller) -> Answer:
        commands = {word.strip() for word in request.headers["x-goog-upload-command"].lower().split(",")}
        if "cancel" in commands:
            session.cancelled = True
            return Answer(200, headers={"X-Goog-Upload-Status": "cancelled"})
        if session.outcome is None and "upload" in commands:
            offset = whole(request.headers.get("x-goog-upload-offset", "0"))
            if offset is None:
                raise ApiError("badRequest", "Failed to parse X-Goog-Upload-Offset header.")
            octets = request.body if "finalize" in commands else ranges.in_grains(offset, request.body)
            session.add(offset, octets)
        if session.outcome is None and "finalize" not in commands:
            return self._step(caller, session.aim.mailbox, lambda: _active(session))
        if session.outcome is None:
            session.expect(session.received)
        answer = self._ending(session, request, caller)
        return Answer(answer.status, answer.body, {**answer.headers, "X-Goog-Upload-Status": "final"})

    def _ending(self, session: Session, request: Request, caller: Caller) -> Answer:
        if session.outcome is not None:
            return session.outcome
        waits = session.received > HUGE >= len(request.body)  # who brings so much at once has room already
        self._gmail.calls.count(session.aim.method)
        with self._room if waits else nullcontext(), self._gmail.quota.call(session.aim.method, session.aim.mailbox):
            fault = self._gmail.faults.draw(session.aim.method, session.aim.mailbox)
            return session.finish() if fault is None else staged(self._gmail, fault, session.finish, caller)

    def _step(self, caller: Caller, mailbox: str, effect: calling.Effect) -> Answer:
        effect = calling.guarded(effect)
        fault = self._gmail.faults.draw("upload", mailbox)
        return effect() if fault is None else staged(self._gmail, fault, effect, caller)


def _incomplete(session: Session) -> Answer:
    came = {"Range": f"bytes=0-{session.received - 1}"} if session.received else {}
    return Answer(_INCOMPLETE, headers={**came, "X-GUploader-UploadID": session.id})


def _active(session: Session) -> Answer:
    size = str(session.received)
    return Answer(HTTPStatus.OK, headers={"X-Goog-Upload-Status": "active", "X-Goog-Upload-Size-Received": size})


def _kept(query: str) -> str:
    return f"{query}&" if query else ""
