from __future__ import annotations

import hashlib

import numpy as np

from hakari.statistics.streams import stream


def test_a_stream_is_pcg64_seeded_by_the_seed_and_the_first_sixteen_bytes_of_the_names_digest() -> None:
    digest = hashlib.sha256(b"fairness.groups\x00gap").digest()
    words = np.frombuffer(digest, dtype=">u4")[:4].tolist()
    expected = np.random.Generator(np.random.PCG64([20261122, *words]))
    found = stream(20261122, "fairness.groups", "gap")
    assert np.array_equal(found.integers(2**62, size=9), expected.integers(2**62, size=9))


def test_streams_of_other_names_or_seeds_differ() -> None:
    others = [(7, ["ab", "c"]), (7, ["a", "bc"]), (7, ["abc"]), (8, ["ab", "c"]), (7, ["c", "ab"])]
    assert len({int(stream(seed, *names).integers(2**62)) for seed, names in others}) == len(others)
