from __future__ import annotations

import numpy as np
import pytest

from hakari.statistics.bootstrap import percentile_interval, replicate_counts
from hakari.statistics.tally import Tally


def test_without_a_level_the_middle_95_percent_are_shown_and_marked_for_display_only() -> None:
    found = percentile_interval(np.r_[np.nan, np.arange(1001) / 1000, np.inf])
    assert (found.lower, found.upper) == pytest.approx((0.025, 0.975))
    assert found.level == 0.95
    assert found.method.endswith("for display only")


@pytest.mark.parametrize("level", [1e-9, 1 - 1e-9])
def test_any_level_between_0_and_1_is_one(level: float) -> None:
    found = percentile_interval(np.arange(101.0), level)
    assert found.upper - found.lower == pytest.approx(100 * level)


def test_one_value_is_an_interval_of_itself() -> None:
    found = percentile_interval(np.array([0.25]), 0.5)
    assert (found.lower, found.upper, type(found.lower), type(found.upper)) == (0.25, 0.25, float, float)


def test_replicates_keep_the_rows_and_the_mean_of_each_cell() -> None:
    tally = Tally.from_cells(("g",), [("a", 10), ("b", 30), ("c", 60)])
    drawn = replicate_counts(tally, 4000, np.random.default_rng(1))
    assert drawn.shape == (4000, 3)
    assert np.all(drawn.sum(axis=1) == 100)
    # Standard error of a mean: at most 5 / √4000; five of them.
    assert drawn.mean(axis=0) == pytest.approx([10, 30, 60], abs=0.4)
