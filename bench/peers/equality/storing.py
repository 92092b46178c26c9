"""Storing: a part of the peers' values, kept in the repository, so that a test without the peers can hold ours to them.

Data sets 0 to 9 have every sharp corner once (see `samples.random_sample`); they are made with at most `LARGEST` rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.peers.equality.asking import Answers
from bench.peers.equality.pairs import DIFFERENT, SAME

STORED = Path(__file__).resolve().parent / "stored.json"
SEEDS = tuple(range(10))
DIGITS = 12
"""Significant digits kept."""


def stored(answers: Mapping[str, Mapping[str, Answers]], versions: Mapping[str, Any]) -> dict[str, Any]:
    """Values of every pair on the stored data sets, {data set: {peer: {metric: {slot: value}}}}, with versions."""
    wanted = {(pair.peer, pair.theirs) for pair in SAME} | {(pair.peer, pair.theirs) for pair in DIFFERENT}
    kept: dict[str, Any] = {}
    for seed in SEEDS:
        sample = f"random {seed}"
        kept[sample] = {
            peer: {
                metric: {slot: _short(value) for slot, value in slots.items()}
                for metric, slots in found.get(sample, {}).items()
                if (peer, metric) in wanted
            }
            for peer, found in answers.items()
            if peer != "hakari"
        }
    return {"versions": dict(versions), "answers": kept}


def _short(value: float | str) -> float | str:
    return value if isinstance(value, str) else float(f"{value:.{DIGITS}g}")
