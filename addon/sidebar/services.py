"""What the sidebar needs from whoever puts the house together."""

from __future__ import annotations

from dataclasses import dataclass

from addon.domain.access import Database
from addon.domain.ports.identity import IdentityCheck
from addon.domain.ports.mailbox import Google
from addon.settings import Settings


@dataclass(frozen=True, kw_only=True)
class SidebarServices:
    settings: Settings
    database: Database
    identity: IdentityCheck
    google: Google
