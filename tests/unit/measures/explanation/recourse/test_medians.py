"""Medians: the least cost that half of the rows can meet, and its limits."""

from __future__ import annotations

import numpy as np
from scipy import stats

from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation.recourse.medians import median_estimate


def _estimate(values: list[float], groups: int = 1) -> object:
    return median_estimate("cost", np.array(values), slice_={}, confidence=0.95, groups=groups)


def test_the_limits_are_the_order_statistics_of_the_sign_test() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1.0, 41.0))
    found = median_estimate("cost", values, slice_={}, confidence=0.95)
    assert found.value == 20.0
    assert isinstance(found.interval, Interval)
    # A median between m and m + 1 is kept if m values below it and 40 − m above are not surprising for a fair coin.
    kept = [m for m in range(1, 40) if stats.binomtest(min(m, 40 - m), 40, alternative="less").pvalue > 0.025]
    assert (found.interval.low, found.interval.high) == (min(kept), max(kept) + 1)


def test_rows_without_a_change_count_as_beyond_every_cost() -> None:
    found = median_estimate("cost", np.array([1.0, 2.0, np.inf, np.inf, np.inf]), slice_={"sex": "f"}, confidence=0.95)
    assert isinstance(found.value, Unmeasured)
    assert found.n == 5
    half = median_estimate("cost", np.array([1.0, 2.0, np.inf, np.inf]), slice_={}, confidence=0.95)
    assert half.value == 2.0
    assert isinstance(half.interval, Unmeasured)


def test_more_groups_make_wider_limits() -> None:
    values = np.arange(1.0, 101.0)
    one, many = (
        median_estimate("cost", values, slice_={}, confidence=0.95, groups=groups).interval for groups in (1, 20)
    )
    assert isinstance(one, Interval)
    assert isinstance(many, Interval)
    assert many.low < one.low < one.high < many.high
