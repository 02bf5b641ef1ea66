"""The bytes of a mail -> what a person reads of it: plain text in pieces, no markup, nothing loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from addon.domain.verdicts.facts import Attachment
from addon.domain.verdicts.mail import Mail
from addon.domain.verdicts.mails.envelope import Envelope
from addon.domain.verdicts.replies.folding import MOST_LINES, Piece, pieces

LONGEST = 100_000
"""Characters of a mail's text that are read, as for judging it."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, kw_only=True)
class WholeMail:
    envelope: Envelope
    pieces: Sequence[Piece]
    attachments: Sequence[Attachment]
    """Their names and sizes."""
    cut: bool
    """There is more text than this."""


def whole(raw: bytes) -> WholeMail:
    """Open a mail for reading. Never raises, whatever the bytes."""
    mail = Mail(raw)
    text = mail.text
    return WholeMail(
        envelope=mail.envelope,
        pieces=[Piece(_UNSEEN.sub("", piece.text), piece.quoted) for piece in pieces(text)],
        attachments=mail.attachments,
        cut=len(text) >= LONGEST or text.count("\n") >= MOST_LINES,
    )
