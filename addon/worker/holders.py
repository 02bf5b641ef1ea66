"""The name under which a worker holds leases, and whether a holder's process is still there.

A killed worker leaves leases that have minutes to run. Another worker on the same machine can see that the process is
gone and take over at once; on another machine it waits for the lease to end. Either is safe: the permit is what counts.
"""

from __future__ import annotations

import os
import socket
import uuid
from pathlib import Path


def _machine() -> str:
    """This machine's current start and process namespace: where a process id means something."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
        return f"{socket.gethostname()[:40]}/{boot}/{os.readlink('/proc/self/ns/pid')[5:-1]}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a process began, in the kernel's ticks: tells it from a later one with the same id. Empty: no process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def own_name() -> str:
    """Unlike any other holder's, past or present."""
    pid = os.getpid()
    return f"{_machine()}|{pid}|{_started(pid)}|{uuid.uuid4().hex[:8]}"


def is_dead(holder: str | None) -> bool:
    """True only where this machine knows that the holder's process is gone."""
    parts = (holder or "").split("|")
    if len(parts) != 4 or not parts[0] or parts[0] != _machine() or not parts[1].isdigit():
        return False
    return _started(int(parts[1])) != parts[2]
