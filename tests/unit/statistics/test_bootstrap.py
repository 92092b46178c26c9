from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.statistics.bootstrap import percentile_interval, replicate_counts
from hakari.statistics.tally import Tally


def tally() -> Tally:
    return Tally.from_cells(("g",), [("a", 60), ("b", 30), ("c", 10)])


def test_replicates_keep_the_total_and_have_multinomial_moments() -> None:
    drawn = replicate_counts(tally(), 4000, np.random.default_rng(1))
    assert drawn.shape == (4000, 3)
    assert set(drawn.sum(axis=1).tolist()) == {100}
    assert drawn.mean(axis=0) == pytest.approx([60, 30, 10], abs=0.4)
    assert drawn.var(axis=0) == pytest.approx([24, 21, 9], rel=0.1)


def test_the_interval_says_that_it_is_for_display() -> None:
    found = percentile_interval(np.r_[np.arange(1001.0), np.nan], 0.9)
    assert (found.lower, found.upper) == pytest.approx((50.0, 950.0))
    assert "display only" in found.method


@pytest.mark.parametrize(
    "wrong",
    [
        Tally.from_cells(("g",), [("a", 1, 1.0, 1.0)], scale=10),
        Tally.from_cells(("cluster",), [(1, 1)]),
        Tally.from_cells(("g",), []),
    ],
)
def test_what_cannot_be_replicated_is_refused(wrong: Tally) -> None:
    with pytest.raises(InputError):
        replicate_counts(wrong, 10, np.random.default_rng(1))


def test_no_interval_comes_from_nothing() -> None:
    with pytest.raises(InputError):
        percentile_interval(np.array([np.nan]))
