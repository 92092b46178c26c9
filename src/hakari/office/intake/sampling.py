"""Which settled notifications the office reads again: a draw that anybody can repeat from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

__all__ = ["draw", "sample_size"]

_AT_LEAST_ONE_IN = 10


def sample_size(settled: int, share: int) -> int:
    """Return how many of `settled` are read again: `share` percent, rounded up, and at least one of each ten."""
    if settled <= 0 or share <= 0:
        return 0
    return min(settled, max(-(-settled * share // 100), -(-settled // _AT_LEAST_ONE_IN)))


def draw(keys: Iterable[str], size: int, *, seed: str) -> tuple[str, ...]:
    """Return `size` of `keys`, each set of that size being equally likely over seeds.

    Keys are ordered by SHA-256 of seed and key, and the first are taken: no state of a generator is needed to repeat
    it, and the order in which the keys come does not matter.
    """
    ranked = sorted(set(keys), key=lambda key: (hashlib.sha256(f"{seed}\n{key}".encode()).hexdigest(), key))
    return tuple(ranked[:size])
