"""Dealthread: a sales assistant that lives inside Gmail."""

from __future__ import annotations

__version__ = "0.1.0"
