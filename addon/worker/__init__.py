"""The worker: attends mailboxes by turns, each mail once, and wakes what is due."""

from __future__ import annotations

from addon.worker.running import Worker

__all__ = ["Worker"]
