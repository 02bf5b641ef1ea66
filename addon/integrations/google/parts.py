"""All of Google as the settings name it, put together once a process."""

from __future__ import annotations

from dataclasses import dataclass

from addon.integrations.google.certificates import Certificates
from addon.integrations.google.consent import Consent
from addon.integrations.google.endpoints import Endpoints
from addon.integrations.google.identity import GoogleIdentity
from addon.integrations.google.oauth import GoogleAccounts
from addon.settings import Settings

# Somebody waits for a card while certificates are fetched, and Google gives the card thirty seconds.
LONGEST_CERTIFICATES_SECONDS = 5.0


@dataclass(frozen=True)
class Google:
    """Shared by all threads of a process."""

    endpoints: Endpoints
    accounts: GoogleAccounts
    identity: GoogleIdentity
    consent: Consent

    @classmethod
    def of(cls, settings: Settings) -> Google:
        endpoints = Endpoints.at(settings.google_url)
        client_id, secret = settings.google_client_id, settings.google_client_secret.get_secret_value()
        accounts = GoogleAccounts(
            endpoints, client_id=client_id, client_secret=secret, call_seconds=settings.call_seconds
        )
        certificates = Certificates(endpoints.certs, timeout=min(settings.call_seconds, LONGEST_CERTIFICATES_SECONDS))
        identity = GoogleIdentity(
            certificates,
            client_id=settings.addon_client_id or client_id,
            addon_service_account=settings.addon_service_account,
            pubsub_service_account=settings.pubsub_service_account,
        )
        # Google makes the add-on's OAuth client itself; the mailboxes' client is the one that the admin made.
        connecting = GoogleIdentity(certificates, client_id=client_id)
        consent = Consent(endpoints, accounts.connections, connecting, client_id=client_id, client_secret=secret)
        return cls(endpoints, accounts, identity, consent)

    def close(self) -> None:
        """Close the connections at rest."""
        self.accounts.close()
