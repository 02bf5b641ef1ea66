"""A Gmail that does no work, in a process of its own: fixed answers as fast as plain Python can write them.

    python -m bench.zero_work_gmail CERTIFICATES.json MAILS_A_ROUND

What is measured against it is our own cost and nothing of Gmail's. It prints its port, and ends when its standard
input does, so that it never outlives the run. Nagle is off: else each call would wait 40 ms for the next packet.

History never ends for a mailbox that begins below HEAD: from any place on, the next MAILS_A_ROUND mails have arrived.
Every fourth of them is from one of the people that the run knows, the others are nobody's business.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import parse_qs

HEAD = 1_000_000_000
"""Where history stands of a mailbox in which nothing happens."""
FIRST_ID = 0x18C0000000000000
PAGE = 500
KNOWN_PEOPLE = 20
EVERY_KNOWN = 4

_BODY = (
    "Hi Anna,\r\n\r\nthat sounds good, could you send me the offer for the ramps by Friday?\r\n"
    "We would need twelve of them, and somebody who shows us how they are put together.\r\n\r\nBest,\r\nJane\r\n\r\n"
    "On Mon, Mar 2, 2026 at 9:00 AM Anna Kowalczyk <anna@halyard.example> wrote:\r\n"
    "> Hi Jane,\r\n> shall we look at the ramps together?\r\n> Anna\r\n"
)


def gmail_id(number: int) -> str:
    """The id of a mail, and of its thread, as Gmail writes it."""
    return format(FIRST_ID + number, "x")


def number_of(hex_id: str) -> int:
    return int(hex_id, 16) - FIRST_ID


def is_known(number: int) -> bool:
    """Whether this mail comes from somebody whom the run knows."""
    return number % EVERY_KNOWN == 0


def known_person(number: int) -> str:
    return f"person{number // EVERY_KNOWN % KNOWN_PEOPLE}@acme.example"


def header(number: int) -> list[tuple[str, str]]:
    sender = known_person(number) if is_known(number) else f"news{number % 97}@elsewhere.example"
    return [
        ("From", f"Jane Doe <{sender}>"),
        ("To", "Anna Kowalczyk <anna@halyard.example>"),
        ("Subject", "Re: Ramp planner"),
        ("Date", "Mon, 02 Mar 2026 10:00:00 +0100"),
        ("Message-ID", f"<{number}@mail.acme.example>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", 'text/plain; charset="utf-8"'),
    ]


class ZeroWorkGmail:
    """Answers requests. Shared by the threads of all connections."""

    def __init__(self, certificates: bytes, mails_a_round: int) -> None:
        self._certificates = certificates
        self._mails = mails_a_round
        self._numbers = itertools.count(1)
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._routes: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = [
            ("create", re.compile(r"POST .*/drafts"), self._create),
            ("send", re.compile(r"POST .*/drafts/send"), self._send),
            ("message", re.compile(r"GET .*/messages/([0-9a-f]+)"), self._message),
            ("history", re.compile(r"GET .*/history"), self._history),
            ("profile", re.compile(r"GET .*/profile"), self._profile),
            ("messages", re.compile(r"GET .*/(?:messages|drafts)"), self._nothing),
            ("token", re.compile(r"POST /token"), self._token),
            ("certificates", re.compile(r"GET /oauth2/v1/certs"), self._certs),
            ("counts", re.compile(r"GET /counts"), self._counted),
        ]

    def answer(self, verb: str, target: str) -> bytes | None:
        """The answer's JSON; None where there is no such thing."""
        path, _, query = target.partition("?")
        for name, pattern, act in self._routes:
            if found := pattern.fullmatch(f"{verb} {path}"):
                with self._lock:
                    self._counts[name] += 1
                made = act(*found.groups(), query=query)
                return made if isinstance(made, bytes) else json.dumps(made).encode()
        return None

    def _create(self, *, query: str) -> Any:
        number = next(self._numbers)
        inside = gmail_id(HEAD + number)
        return {"id": f"r{number}", "message": {"id": inside, "threadId": inside}}

    def _send(self, *, query: str) -> Any:
        sent = gmail_id(HEAD + next(self._numbers))
        return {"id": sent, "threadId": sent, "labelIds": ["SENT"]}

    def _message(self, hex_id: str, *, query: str) -> Any:
        number = number_of(hex_id)
        told = {"id": hex_id, "threadId": hex_id, "labelIds": ["INBOX"], "internalDate": "1772442000000"}
        if "format=raw" in query:
            head = "".join(f"{name}: {value}\r\n" for name, value in header(number))
            return {**told, "raw": base64.urlsafe_b64encode(f"{head}\r\n{_BODY}".encode()).decode()}
        return {**told, "payload": {"headers": [{"name": name, "value": value} for name, value in header(number)]}}

    def _history(self, *, query: str) -> Any:
        asked = parse_qs(query)
        since, page = int(asked["startHistoryId"][0]), int(asked.get("pageToken", ["0"])[0])
        if since >= HEAD:
            return {"historyId": str(since)}
        numbers = range(since + page + 1, since + min(page + PAGE, self._mails) + 1)
        mails = ({"id": gmail_id(number), "threadId": gmail_id(number), "labelIds": ["INBOX"]} for number in numbers)
        told: dict[str, Any] = {
            "history": [{"id": str(since), "messagesAdded": [{"message": mail}]} for mail in mails],
            "historyId": str(since + self._mails),
        }
        return {**told, "nextPageToken": str(page + PAGE)} if page + PAGE < self._mails else told

    def _profile(self, *, query: str) -> Any:
        return {"emailAddress": "somebody@halyard.example", "historyId": str(HEAD)}

    def _nothing(self, *, query: str) -> Any:
        return {}

    def _token(self, *, query: str) -> Any:
        return {"access_token": "zero", "expires_in": 3599, "token_type": "Bearer"}

    def _certs(self, *, query: str) -> bytes:
        return self._certificates

    def _counted(self, *, query: str) -> Any:
        with self._lock:
            return dict(self._counts)


def attend(connection: socket.socket, gmail: ZeroWorkGmail) -> None:
    """Answer one request after the other until the caller goes."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as stream:
        while request := _read(stream):
            made = gmail.answer(*request)
            status, body = ("200 OK", made) if made is not None else ("404 Not Found", b"{}")
            head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nCache-Control: max-age=3600\r\n"
            connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def _read(stream: BinaryIO) -> tuple[str, str] | None:
    """A request's verb and target, its body read and left alone; None where the caller has gone."""
    words = stream.readline().decode("latin-1").split()
    if len(words) != 3:
        return None
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)
    return words[0], words[1]


def main(certificates: str, mails_a_round: str) -> None:
    gmail = ZeroWorkGmail(Path(certificates).read_bytes(), int(mails_a_round))
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    threading.Thread(target=_accept, args=(listener, gmail), daemon=True).start()
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


def _accept(listener: socket.socket, gmail: ZeroWorkGmail) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=attend, args=(connection, gmail), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
