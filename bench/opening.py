"""Opening a mail as Gmail does: the event with Google's tokens, posted to the add-on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from addon import clock
from addon.sandbox.inbox.events import OpenMail, Reader, Tokens, event
from bench.people import ANNA
from bench.world import ACCOUNT, CLIENT, PUBLIC_URL, World
from bench.zero_work_gmail import gmail_id

PATH = "/addon/message"
SCOPES: Sequence[str] = (
    "https://www.googleapis.com/auth/gmail.addons.execute",
    "https://www.googleapis.com/auth/gmail.addons.current.message.metadata",
    "https://www.googleapis.com/auth/userinfo.email",
)


def system_token(world: World) -> str:
    """What proves that Google calls."""
    return world.signer.sign_id_token({"aud": PUBLIC_URL + PATH, "email": ACCOUNT, "sub": "1"})


def user_token(world: World) -> str:
    """What proves that Anna sits in front of it."""
    return world.signer.sign_id_token({"aud": CLIENT, "azp": CLIENT, "email": ANNA, "sub": "2"})


def forged(token: str) -> str:
    """The same words, and a signature in which one bit differs."""
    words, _, signature = token.rpartition(".")
    place = len(signature) // 2
    other = "A" if signature[place] != "A" else "B"
    return f"{words}.{signature[:place]}{other}{signature[place + 1 :]}"


def opened(number: int, *, system: str, user: str) -> bytes:
    """The event of Anna opening this mail of the zero-work Gmail."""
    tokens = Tokens(user_access="zero", user_id=user, system_id=system, message_access="zero")
    mail = OpenMail(gmail_id(number), gmail_id(number))
    reader = Reader(ANNA, "en-GB", ZoneInfo("Europe/Warsaw"))
    return json.dumps(event(reader, tokens, SCOPES, mail=mail, at=clock.now())).encode()
