"""The figures by name: those measured in a world that is up, and those that need none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bench.figures import boards, busy, card, corpus, judging, searching, sending, simulating, syncing
from bench.measuring import Figure, Size
from bench.world import World

FIGURES: Mapping[str, Callable[[World], Figure]] = {
    "card_vs_bare": card.card_vs_bare,
    "send_rate": sending.send_rate,
    "send_cpu": sending.send_cpu,
    "sync_rate": syncing.sync_rate,
    "sim_send_rate": simulating.sim_send_rate,
    "sim_send_100k_vs_10k": simulating.sim_send_100k_vs_10k,
    "sim_history_page": simulating.sim_history_page,
    "move_p99_under_load": busy.move_p99_under_load,
}

ALONE: Mapping[str, Callable[[Size], Figure]] = {
    "corpus": corpus.corpus,
    "verdict_rate": judging.verdict_rate,
    "verdict_worst": judging.verdict_worst,
    "board_1m_vs_10k": boards.board_1m_vs_10k,
    "board_vs_queries": boards.board_vs_queries,
    "filtered_vs_queries": boards.filtered_vs_queries,
    "move_1m_vs_10k": boards.move_1m_vs_10k,
    "search_100k": searching.search_100k,
}
"""Measured by themselves: pure code, and databases of their own."""

NAMES = (*FIGURES, *ALONE)
