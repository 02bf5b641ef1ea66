"""The project's own mails: written in `robots` and `people`, one TOML file a language, made into real mails here."""

from __future__ import annotations

import tomllib
from base64 import b64encode
from datetime import date, datetime, time, timedelta, timezone
from email.header import Header
from email.utils import format_datetime
from pathlib import Path

HERE = Path(__file__).parent
MONDAY = date(2025, 3, 3)
ZONE = timezone(timedelta(hours=1))

HEADERS = {
    "gmail": ["Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes"],
    "exchange": [
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        "X-MS-Exchange-Inbox-Rules-Loop: x",
    ],
    "sieve": ["Auto-Submitted: auto-replied (vacation)", "X-Sieve: Pigeonhole Sieve 0.5"],
    "icloud": ["X-Apple-Action: VACATION", "X-Apple-Criteria: {kind=VACATION}"],
    "zendesk": ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "X-Mailer: Zendesk Mailer"],
    "empty": ["Return-Path: <>"],
}
OURS = {
    "en": (
        "Your offer",
        "On Fri, 28 Feb 2025 at 09:58, Bob Kowalski <bob@dealer.test> wrote:",
        "Shall we talk about it?",
    ),
    "de": (
        "Ihr Angebot",
        "Am 28.02.2025 um 09:58 schrieb Bob Kowalski <bob@dealer.test>:",
        "Wollen wir darüber sprechen?",
    ),
    "fr": ("Votre offre", "Le ven. 28 févr. 2025 à 09:58, Bob Kowalski <bob@dealer.test> a écrit :", "On en parle ?"),
    "it": (
        "La vostra offerta",
        "Il giorno ven 28 feb 2025 alle ore 09:58 Bob <bob@dealer.test> ha scritto:",
        "Ne parliamo?",
    ),
    "es": ("Su oferta", "El vie, 28 feb 2025 a las 09:58, Bob Kowalski (<bob@dealer.test>) escribió:", "¿Hablamos?"),
    "pl": (
        "Państwa oferta",
        "pt., 28 lut 2025 o 09:58 Bob Kowalski <bob@dealer.test> napisał(a):",
        "Porozmawiamy o tym?",
    ),
    "id": (
        "Penawaran Anda",
        "Pada tanggal Jum, 28 Feb 2025 pukul 09.58 Bob <bob@dealer.test> menulis:",
        "Bisa kita bicara?",
    ),
    "nl": ("Uw offerte", "Op vr 28 feb 2025 om 09:58 schreef Bob Kowalski <bob@dealer.test>:", "Zullen we bellen?"),
    "pt": ("Sua proposta", "Em sex., 28 de fev. de 2025 às 09:58, Bob <bob@dealer.test> escreveu:", "Vamos conversar?"),
}


def letters(*kinds: str) -> list[tuple[str, str, dict]]:
    """(name, language, what is expected and written) of every mail in these folders."""
    return [
        (f"{kind}/{file.stem}-{number}", file.stem, told)
        for kind in kinds
        for file in sorted((HERE / kind).glob("*.toml"))
        for number, told in enumerate(tomllib.loads(file.read_text("utf-8"))["mail"], start=1)
    ]


def raw(language: str, told: dict) -> bytes:
    """The mail, as its program would have sent it."""
    subject, wrote, asked = OURS[language]
    day = told.get("date", MONDAY)
    text = told["text"].strip()
    if quote := told.get("quote"):
        text += f"\n\n{wrote}\n> {asked if quote is True else quote}\n"
    page = told.get("html", False)
    fields = [
        f"From: {told.get('from', 'Ana Rossi <ana.rossi@acme.test>')}",
        "To: Bob Kowalski <bob@dealer.test>",
        f"Subject: {Header(told.get('subject', f'Re: {subject}'), 'utf-8', maxlinelen=500).encode()}",
        f"Date: {format_datetime(datetime.combine(day, time(10), ZONE))}",
        "Message-ID: <own@acme.test>",
        "In-Reply-To: <sent1@dealer.test>",
        "MIME-Version: 1.0",
        *HEADERS.get(told.get("by", ""), []),
        *told.get("headers", []),
        f"Content-Type: text/{'html' if page else 'plain'}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
    ]
    return "\r\n".join([*fields, "", b64encode(text.encode()).decode(), ""]).encode()
