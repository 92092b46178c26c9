"""Named streams of random numbers: one seed, one stream for each name, the same on every machine."""

from __future__ import annotations

import hashlib

import numpy as np

__all__ = ["stream"]


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return a PCG64 generator for (seed, names).

    The names go through SHA-256, not through Python's `hash`, which changes from process to process.

    >>> stream(7, "fairness.groups", "gap").integers(100) == stream(7, "fairness.groups", "gap").integers(100)
    np.True_
    """
    words = hashlib.sha256("\0".join(names).encode()).digest()
    entropy = [seed, *(int.from_bytes(words[at : at + 4], "big") for at in range(0, 16, 4))]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
