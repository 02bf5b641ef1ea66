"""Sales texts: merge fields, fallbacks, conditions, and nothing that could leave the page."""

from __future__ import annotations
