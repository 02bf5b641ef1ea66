"""Who may see what: viewers, the sessions they open, the doors they come through."""

from __future__ import annotations

from addon.domain.access.sees import Sees
from addon.domain.access.sessions import Database, database_now, engine_for, keyed_hash, vault_of, viewer_of
from addon.domain.access.tenancy import WHOLE_TEAM
from addon.domain.access.vault import Vault
from addon.domain.access.viewer import Deactivated, Everyone, Viewer, ViewerKind

__all__ = [
    "WHOLE_TEAM",
    "Database",
    "Deactivated",
    "Everyone",
    "Sees",
    "Vault",
    "Viewer",
    "ViewerKind",
    "database_now",
    "engine_for",
    "keyed_hash",
    "vault_of",
    "viewer_of",
]
