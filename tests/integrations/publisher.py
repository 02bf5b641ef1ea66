"""Google's certificate page, played by a server here, with the check that reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from addon.integrations.google.certificates import Certificates
from addon.integrations.google.identity import GoogleIdentity
from tests.integrations.id_tokens import Signer, published
from tests.integrations.raw_server import Exchange, RawServer

URL = "https://addon.acme.test/addon/message"
CLIENT = "123-abc.apps.googleusercontent.com"
ADDON = "gsuiteaddons@project.iam.gserviceaccount.com"
PUBSUB = "pushes@project.iam.gserviceaccount.com"


class Publisher:
    """Google's certificate page, the clock of our cache, and a check that asks both."""

    def __init__(self, start: Callable[..., RawServer], *signers: Signer) -> None:
        self.signers = list(signers)
        self.status, self.max_age, self.now = "200 OK", 1000, 5000.0
        self.server = start(self._publish)
        self.certificates = Certificates(self.server.url, timeout=2, monotonic=lambda: self.now)
        self.check = GoogleIdentity(
            self.certificates, client_id=CLIENT, addon_service_account=ADDON, pubsub_service_account=PUBSUB
        )

    @property
    def fetches(self) -> int:
        return len(self.server.asked)

    def _publish(self, exchange: Exchange) -> None:
        control = f"Cache-Control: public, max-age={self.max_age}, must-revalidate\r\n"
        exchange.answer(published(*self.signers), status=self.status, headers=control)


def call_token(signer: Signer, **claims: Any) -> str:
    return signer.token(**{"aud": URL, "sub": "1", "email": ADDON, **claims})


def user_token(signer: Signer, **claims: Any) -> str:
    return signer.token(**{"aud": CLIENT, "sub": "42", "email": "Ana@Acme.test", "name": "Ana", **claims})
