"""Verdicts: how many mails a second in one process, and what the worst of all mails costs."""

from __future__ import annotations

import email
import gc
import hashlib
import logging
import time
import tracemalloc
from collections.abc import Callable, Sequence
from statistics import median

from flufl.bounce import all_failures

from addon.domain.verdicts import judge
from bench import scoring
from bench.absurd import absurd
from bench.mails import everyday
from bench.measuring import Figure, Size

_EVERYDAY = 600
_KINDS = 6
_MEGABYTE = 1_000_000


def verdict_rate(size: Size) -> Figure:
    """Mails a second, judged one after another; ours and the detectors take turns."""
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    place = scoring.folder()
    own = everyday(min(_EVERYDAY, size.real_mails))
    mails = [raw for _, raw in scoring.labelled(place)][: size.real_mails] if place else own
    _warm()
    ours, theirs = [], []
    for _ in range(size.judgings):
        ours.append(_rate(judge, mails))
        theirs.append(_rate(_detect, mails))
    notes = [
        f"on {len(mails)} {'real mails' if place else 'mails written for this, for there are no real ones'}",
        f"on {len(own)} everyday mails written for this: {_rate(judge, own):.0f} a second",
    ]
    return Figure(median(ours), "mails/s", median(theirs), "flufl.bounce alone, finding bounces", notes)


def _warm() -> None:
    """The first mails of a process wait for the phrase sets to be read."""
    for raw in everyday(_KINDS):
        judge(raw)


def _rate(look: Callable[[bytes], object], mails: Sequence[bytes]) -> float:
    begun = time.process_time()
    for raw in mails:
        look(raw)
    return len(mails) / (time.process_time() - begun)


def _detect(raw: bytes) -> object:
    try:
        return all_failures(email.message_from_bytes(raw))
    except Exception:
        return None


def verdict_worst(size: Size) -> Figure:
    """Seconds for the slowest of the absurd mails, and the memory of the hungriest."""
    _warm()
    gc.freeze()  # what stands there for good need not be looked through before every mail
    slowest, hungriest = (0.0, "", 0.0), (0.0, "")
    for name, raw in absurd(size.absurd_bytes, size.absurd_parts, size.absurd_depth):
        taken, read = _seconds(judge, raw), _seconds(_read, raw)
        slowest = max(slowest, (taken, name, read))
        hungriest = max(hungriest, (_megabytes(raw), name))
    gc.unfreeze()
    seconds, name, read = slowest
    notes = [
        f"slowest: {name}, {seconds:.2f} s",
        f"hungriest: {hungriest[1]}, {hungriest[0]:.0f} MB with the mail itself",
        f"up to {size.absurd_bytes / _MEGABYTE:.0f} MB, {size.absurd_parts} parts, {size.absurd_depth} deep",
    ]
    details = {"seconds": seconds, "megabytes": hungriest[0]}
    return Figure(seconds, "s (worst)", read, "reading the same bytes once (SHA-256)", notes, details)


def _read(raw: bytes) -> object:
    return hashlib.sha256(raw).digest()


def _seconds(look: Callable[[bytes], object], raw: bytes) -> float:
    gc.collect()
    begun = time.process_time()
    look(raw)
    return time.process_time() - begun


def _megabytes(raw: bytes) -> float:
    """The most that is held at a time while the mail is judged, its own bytes included."""
    gc.collect()
    tracemalloc.start()
    try:
        judge(raw)
        return (tracemalloc.get_traced_memory()[1] + len(raw)) / _MEGABYTE
    finally:
        tracemalloc.stop()
