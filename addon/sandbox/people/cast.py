"""Who answers, how, and after how many seconds of the world's time. Everybody else stays silent."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    YES = "yes"
    """A person who wants to know more. Answers a mail that opens a conversation, not the ones that follow."""
    BOUNCE = "bounce"
    """There is no such address: every mail comes back."""
    AWAY = "away"
    """A vacation responder: answers each sender once."""


@dataclass(frozen=True)
class Answerer:
    """One address and what becomes of mail to it."""

    email: str
    name: str
    kind: Kind
    seconds: float
    """Until the answer comes."""
    text: str = ""


CAST = (
    Answerer(
        "marta.jankowska@zielona-hala.example",
        "Marta Jankowska",
        Kind.YES,
        6.0,
        "Hello {first_name},\n\nYes, I'd like to see how this would work for our two halls."
        " Could you show it to us next Tuesday at ten?\n\nKind regards,\nMarta Jankowska"
        "\nZielona Hala sp. z o.o., Pruszcz",
    ),
    Answerer("zamowienia@transbud-hurt.example", "Transbud Hurt", Kind.BOUNCE, 4.0),
    Answerer(
        "siti.rahmawati@gudangbeku.example",
        "Siti Rahmawati",
        Kind.AWAY,
        5.0,
        "Terima kasih atas email Anda.\n\nSaya sedang cuti sampai {back} dan akan membalas setelah kembali."
        "\nUntuk hal mendesak, silakan hubungi kantor@gudangbeku.example.\n\nSiti Rahmawati"
        "\nPT Gudang Beku Sejahtera Abadi",
    ),
)
"""The demo's three; `{first_name}` is the sender's, `{back}` a date some days ahead."""
