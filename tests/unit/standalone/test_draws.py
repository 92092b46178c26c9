"""The single file draws numpy's random numbers, bit by bit."""

from __future__ import annotations

import random

import numpy as np
import pytest

from hakari.standalone.python.numbers.draws import shares_of, stream
from hakari.statistics import stream as numpys


@pytest.mark.parametrize("seed", [0, 1, 7, 2**31, 2**32 - 1, 2**32, 2**40 + 5, 2**53 - 1])
def test_a_stream_gives_numpys_floats(seed: int) -> None:
    mine, theirs = stream(seed, "check", "gaps/ärger[g]"), numpys(seed, "check", "gaps/ärger[g]")
    assert [mine.random() for _ in range(100)] == theirs.random(100).tolist()


@pytest.mark.parametrize("seed", range(6))
def test_multinomial_draws_are_numpys(seed: int) -> None:
    """Few and many rows, tiny and large shares: by inversion, by acceptance, and flipped beyond one half."""
    rng = random.Random(seed)
    mine, theirs = stream(seed, "draws"), numpys(seed, "draws")
    for _ in range(60):
        most = rng.choice((1, 5, 60, 3_000, 10**7))
        counts = [rng.choice((0, rng.randint(0, 3), rng.randint(0, most))) for _ in range(rng.randint(1, 40))]
        rows = sum(counts)
        if rows:
            expected = theirs.multinomial(rows, np.array(counts, dtype=float) / rows, size=4)
            cells = shares_of(counts)
            assert [mine.multinomial(rows, cells) for _ in range(4)] == expected.tolist(), counts


@pytest.mark.parametrize("rate", [1e-6, 0.003, 0.1, 0.4999, 0.5, 0.5001, 0.9, 0.999999])
@pytest.mark.parametrize("rows", [1, 20, 61, 1_000, 10**6, 10**9])
def test_two_cells_are_a_binomial_draw(rows: int, rate: float) -> None:
    """Every branch of the acceptance rule is met: triangle, parallelograms, tails, squeeze and the exact comparison."""
    mine, theirs = stream(rows, str(rate)), numpys(rows, str(rate))
    cells = shares_of([rate, 1 - rate])
    drawn = [mine.multinomial(rows, cells)[0] for _ in range(150)]
    share = cells[0][0]
    assert drawn == [int(theirs.multinomial(rows, [share, 1 - share])[0]) for _ in range(150)]


def test_no_rows_are_drawn_from_empty_cells() -> None:
    drawn = stream(1).multinomial(50, shares_of([0.0, 3.0, 0.0, 7.0, 0.0]))
    assert (drawn[0], drawn[2], sum(drawn)) == (0, 0, 50)
