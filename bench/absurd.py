"""Mails that nobody writes and somebody sends: huge, deep, endless, or food for patterns that try everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

_HEAD = b"From: Ana <ana@acme.example>\r\nTo: ben@ours.example\r\nSubject: Re: Your offer\r\n"
_DAEMON = (
    b"From: MAILER-DAEMON@acme.example\r\nTo: ben@ours.example\r\nSubject: Undelivered mail\r\nReturn-Path: <>\r\n"
)


def absurd(size: int, parts: int, depth: int) -> Iterator[tuple[str, bytes]]:
    """Each by what it is. `size`: bytes of the huge ones; `parts` beside each other; `depth` of nesting."""
    for name, build in _ABSURD.items():
        yield name, build(size, parts, depth)


def _plain(text: bytes, head: bytes = _HEAD, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return head + b"Content-Type: " + kind + b"\r\n\r\n" + text


def _filled(piece: bytes, size: int) -> bytes:
    return piece * (size // len(piece) + 1)


def _beside(size: int, parts: int, depth: int) -> bytes:
    part = b"--B\r\nContent-Type: text/plain\r\n\r\nyes\r\n"
    return _plain(part * parts + b"--B--\r\n", kind=b"multipart/mixed; boundary=B")


def _reports(size: int, parts: int, depth: int) -> bytes:
    group = b"Final-Recipient: rfc822; p%d@gone.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
    report = b"--B\r\nContent-Type: message/delivery-status\r\n\r\n" + b"".join(group % one for one in range(parts))
    return _plain(report + b"--B--\r\n", _DAEMON, b"multipart/report; report-type=delivery-status; boundary=B")


def _long_diagnostics(size: int, parts: int, depth: int) -> bytes:
    words = _filled(b"a.a-a not ", min(size, 15_000))
    group = (
        b"Final-Recipient: rfc822; p%d@gone.example\r\nAction: failed\r\nDiagnostic-Code: smtp; " + words + b"\r\n\r\n"
    )
    report = b"--B\r\nContent-Type: message/delivery-status\r\n\r\n" + b"".join(
        group % one for one in range(min(parts, 2_000))
    )
    return _plain(report + b"--B--\r\n", _DAEMON, b"multipart/report; report-type=delivery-status; boundary=B")


def _nested(kind: bytes) -> Callable[[int, int, int], bytes]:
    def build(size: int, parts: int, depth: int) -> bytes:
        opened, closed = [], []
        for level in range(depth):
            if kind == b"message/rfc822":
                opened.append(b"Content-Type: message/rfc822\r\n\r\n")
            else:
                mark = b"b%d" % level
                opened.append(b"Content-Type: multipart/mixed; boundary=" + mark + b"\r\n\r\n--" + mark + b"\r\n")
                closed.append(b"--" + mark + b"--\r\n")
        return _HEAD + b"".join(opened) + b"Content-Type: text/plain\r\n\r\nyes\r\n" + b"".join(reversed(closed))

    return build


def _attached(size: int, parts: int, depth: int) -> bytes:
    file = b"--B\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    text = b"--B\r\nContent-Type: text/plain\r\n\r\nYes, let's talk.\r\n"
    return _plain(
        text + file + _filled(b"QUJD" * 19 + b"\r\n", size) + b"--B--\r\n", kind=b"multipart/mixed; boundary=B"
    )


def _headers(size: int, parts: int, depth: int) -> bytes:
    return _HEAD + _filled(b"X-Spam-Report: none of it\r\n", size) + b"\r\nYes.\r\n"


def _long_header(size: int, parts: int, depth: int) -> bytes:
    people = _filled(b"=?utf-8?q?=C3=84?= <a@b.example>, ", min(size, 5_000_000))
    return (
        _HEAD + b"Cc: " + people + b"\r\nReferences: " + _filled(b"<a@b> ", min(size, 5_000_000)) + b"\r\n\r\nYes.\r\n"
    )


def _calendar(size: int, parts: int, depth: int) -> bytes:
    event = b"BEGIN:VEVENT\r\nUID:u@x\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\nEND:VEVENT\r\n"
    calendar = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + event * parts + b"END:VCALENDAR\r\n"
    return _plain(calendar, kind=b"text/calendar; method=REPLY")


def _text(
    piece: bytes, head: bytes = _HEAD, kind: bytes = b"text/plain; charset=utf-8"
) -> Callable[[int, int, int], bytes]:
    return lambda size, parts, depth: _plain(_filled(piece, size), head, kind)


_ABSURD: Mapping[str, Callable[[int, int, int], bytes]] = {
    "a huge text": _text(b"yes, let's talk about the offer. "),
    "a huge text of one line": _text(b"yes"),
    "a huge page": _text(b"<div><p>yes <b>we can</b></p>", kind=b"text/html"),
    "tags that never end": _text(b"<a <!-- ", kind=b"text/html"),
    "entities": _text(b"&nbsp;&#8203;", kind=b"text/html"),
    "a huge attachment": _attached,
    "many parts": _beside,
    "deep parts": _nested(b"multipart/mixed"),
    "deep mails": _nested(b"message/rfc822"),
    "many headers": _headers,
    "long headers": _long_header,
    "many reported recipients": _reports,
    "long diagnostics": _long_diagnostics,
    "many meetings": _calendar,
    "quotes": _text(b"> > > On Monday Ana wrote:\r\n"),
    "half sentences of a mail system": _text(b"could not be delivered to user unknown mailbox ", _DAEMON),
    "addresses of a mail system": _text(b"<a@b.example>: 550 5.1.1 user unknown\r\n", _DAEMON),
    "halves of addresses": _text(b"a@a@a.a@", _DAEMON),
    "addresses without end": _text(b"a@" * 500 + b"\r\n"),
    "blanks": _text(b" \t \r\n"),
    "no ends": _text(b'((((""""<<<<[[[['),
    "JSON without end": _text(b'{"notificationType":', _DAEMON),
    "nothing but marks": _text(b"--B\r\n", kind=b"multipart/mixed; boundary=B"),
}
