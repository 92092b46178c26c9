"""Bootstrap intervals from cell counts, against scipy's intervals from rows and against formulas."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.statistics._arrays import FloatArray
from hakari.statistics.description import Described, bca, choice_of, studentised
from hakari.statistics.description.cell_bootstrap import _Sample

AMOUNTS: FloatArray = np.array([0.0, 1.0, 2.0, 5.0, 11.0])
COUNTS = np.array([36, 60, 27, 18, 9])


def rng(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


def mean(counts: FloatArray) -> FloatArray:
    return np.asarray(counts @ AMOUNTS / counts.sum(axis=-1))


def rate(counts: FloatArray) -> FloatArray:
    total = counts.sum(axis=-1)
    return np.asarray(np.divide(counts[..., 1], total, out=np.full(np.shape(total), np.nan), where=total > 0))


def gap(counts: FloatArray) -> FloatArray:
    return np.asarray(rate(counts[..., 2:]) - rate(counts[..., :2]))


def ends(found: Described) -> tuple[float, float]:
    interval = found.interval()
    assert isinstance(interval, Interval)
    return interval.low, interval.high


def test_bca_is_near_the_one_that_scipy_makes_from_the_rows() -> None:
    rows = np.repeat(AMOUNTS, COUNTS)
    by_rows = stats.bootstrap((rows,), np.mean, n_resamples=20_000, rng=rng(), method="BCa").confidence_interval
    found = bca(COUNTS, mean, rng=rng(), replicates=20_000)
    # Ours takes the quantile of t on the rows that carry the mean, which is this much further out.
    carriers = float(_Sample.of(COUNTS, mean, None, None).influence().carriers[0])
    wider = stats.t.isf(0.025, carriers - 1) / stats.norm.isf(0.025)
    low, high = ends(found)
    assert low == pytest.approx(mean(COUNTS) - (mean(COUNTS) - by_rows.low) * wider, abs=0.03)
    assert high == pytest.approx(mean(COUNTS) + (by_rows.high - mean(COUNTS)) * wider, abs=0.03)


def test_the_jackknife_over_cells_is_the_one_over_rows() -> None:
    rows = np.repeat(AMOUNTS, COUNTS)
    left = np.array([np.delete(rows, each).mean() for each in range(len(rows))])
    away = left.mean() - left
    found = _Sample.of(COUNTS, mean, None, None).influence()
    assert found.spread[0] == pytest.approx(np.sqrt((len(rows) - 1) / len(rows) * np.sum(away**2)))
    assert found.acceleration[0] == pytest.approx(np.sum(away**3) / (6 * np.sum(away**2) ** 1.5))
    assert found.carriers[0] == pytest.approx(np.sum(away**2) ** 2 / np.sum(away**4))


def test_in_strata_the_variances_of_the_groups_add_up() -> None:
    counts = np.array([30, 20, 45, 15])
    found = _Sample.of(counts, gap, np.array([0, 0, 1, 1]), None).influence()
    by_formula = 0.4 * 0.6 / 49 + 0.25 * 0.75 / 59
    assert found.spread[0] ** 2 == pytest.approx(by_formula)


def test_rows_of_a_stratum_keep_their_number_in_every_replicate() -> None:
    sample = _Sample.of(np.array([3, 7, 20, 10]), gap, np.array(["b", "b", "a", "a"]), None)
    drawn = sample.draw(rng(), 50)
    assert set(drawn[:, :2].sum(axis=1)) == {10.0}
    assert set(drawn[:, 2:].sum(axis=1)) == {30.0}


def test_clusters_are_drawn_whole() -> None:
    """Forty persons with five equal rows each tell as much as forty rows."""
    units = np.array([[5, 0], [0, 5]])
    clustered = bca([28, 12], rate, rng=rng(), units=units)
    plain = bca([28, 12], rate, rng=rng())
    assert ends(clustered) == pytest.approx(ends(plain))
    assert "whole" in clustered.method


def test_several_values_have_the_intervals_that_each_has_alone() -> None:
    counts = [40, 25, 30, 35]
    both = bca(counts, lambda c: np.stack([rate(c[..., :2]), rate(c[..., 2:])], axis=-1), rng=rng())
    alone = bca(counts, lambda c: rate(c[..., 2:]), rng=rng())
    assert both.low.shape == (2,)
    assert (both.low[1], both.high[1]) == (float(alone.low), float(alone.high))


def test_studentised_limits_are_near_those_of_the_t_distribution_for_a_mean_of_even_amounts() -> None:
    values, counts = np.arange(9.0), np.full(9, 12)
    found = studentised(
        counts, lambda c: np.asarray(c @ values / c.sum(axis=-1)), rng=rng(), replicates=8_000
    )  # fmt: skip
    rows = np.repeat(values, counts)
    expected = stats.t.interval(0.95, len(rows) - 1, rows.mean(), stats.sem(rows))
    assert ends(found) == pytest.approx(expected, abs=0.03)


def test_a_given_variance_replaces_the_jackknife() -> None:
    values, counts = np.arange(9.0), np.full(9, 12)

    def average(c: FloatArray) -> FloatArray:
        return np.asarray(c @ values / c.sum(axis=-1))

    def variance(c: FloatArray) -> FloatArray:
        n = c.sum(axis=-1)
        return np.asarray((c @ values**2 / n - average(c) ** 2) / (n - 1))

    by_formula = studentised(counts, average, rng=rng(), variance=variance)
    by_jackknife = studentised(counts, average, rng=rng())
    assert ends(by_formula) == pytest.approx(ends(by_jackknife), abs=1e-9)


@pytest.mark.parametrize("method", [bca, studentised])
def test_ends_stay_within_the_bounds_and_around_the_value(method: object) -> None:
    found = (bca if method is bca else studentised)([12, 48], rate, rng=rng(), level=0.9999, bounds=(0.6, 0.9))
    assert 0.6 == found.low <= found.value <= found.high == 0.9


def test_far_quantiles_grow_beyond_the_outermost_replicates() -> None:
    widths = [np.diff(ends(bca([200, 100], rate, rng=rng(), replicates=400, level=level)))[0] for level in LEVELS]
    normal = [stats.norm.isf((1 - level) / 2) for level in LEVELS]
    assert widths == sorted(widths)
    assert widths[-1] / widths[0] == pytest.approx(normal[-1] / normal[0], rel=0.25)


LEVELS = (0.9, 0.99, 0.9999)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [([30, 0], "all rows agree"), ([95, 5], "an interval from resampling needs 10"), ([0, 0, 5, 5], "not defined")],
)
def test_there_is_a_reason_instead_of_an_interval_that_cannot_hold(counts: list[int], reason: str) -> None:
    found = bca(counts, gap if len(counts) == 4 else rate, rng=rng())
    absent = found.interval()
    assert isinstance(absent, Unmeasured)
    assert reason in str(absent.unmeasured)
    assert np.isnan(found.low)


def test_a_group_whose_rows_agree_is_not_hidden_by_a_large_one() -> None:
    """None of 30 against 1,500 of 3,000: the small group shows no spread and would be taken as known exactly."""
    found = bca([30, 0, 1_500, 1_500], gap, rng=rng(), strata=[0, 0, 1, 1])
    assert isinstance(found.interval(), Unmeasured)


def test_a_group_that_a_value_does_not_use_does_not_matter() -> None:
    found = bca([30, 0, 1_500, 1_500], lambda c: rate(c[..., 2:]), rng=rng(), strata=[0, 0, 1, 1])
    assert isinstance(found.interval(), Interval)


def test_too_many_lost_replicates_are_said() -> None:
    """The value needs a row of the last cell, which a third of the samples do not have."""
    found = bca([40, 40, 1], lambda c: np.where(c[..., 2] > 0, rate(c[..., :2]), np.nan), rng=rng())
    assert "have no value" in str(found.why[0])


def test_the_same_seed_gives_the_same_interval_and_its_chance_is_said() -> None:
    first, second = (bca([60, 40], rate, rng=rng(3)) for _ in range(2))
    assert ends(first) == ends(second)
    others = [ends(bca([60, 40], rate, rng=rng(seed)))[0] for seed in range(30)]
    drawn = first.interval()
    assert isinstance(drawn, Interval)
    assert drawn.monte_carlo_error is not None
    assert 0.2 < np.std(others) / max(drawn.monte_carlo_error[0], 0.001) < 4


@pytest.mark.parametrize(
    ("counts", "strata"), [([1.5, 2], None), ([-1, 2], None), ([[1, 2]], None), ([1, 2], [0]), ([0, 0], None)]
)
def test_what_is_not_counts_is_refused(counts: list[float], strata: list[int] | None) -> None:
    with pytest.raises(InputError):
        bca(counts, rate, rng=rng(), strata=strata)


def test_few_replicates_and_many_cells_are_refused() -> None:
    with pytest.raises(InputError, match="replicates are too few"):
        bca([5, 5], rate, rng=rng(), replicates=100)
    with pytest.raises(InputError, match="too many for a jackknife"):
        bca(np.ones(9_000), rate, rng=rng(), replicates=200)


def test_both_methods_stand_in_the_choice_table() -> None:
    assert [getattr(choice_of(each), "name", None) for each in (bca([20, 20], rate, rng=rng()).method,)] == ["bca"]
    assert getattr(choice_of(studentised([20, 20], rate, rng=rng()).method), "name", None) == "studentised"
