"""What the lower limit of a calibration error stays below its value: the noise of the bins, by other roads."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hakari.statistics import score_metrics, smooth
from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import Limits
from hakari.statistics.smooth import SMOOTH_METRICS, smooth_limits
from hakari.statistics.studentised import BinNoise, StudentisedBootstrap, monte_carlo_error
from hakari.statistics.tally import Tally

ERRORS = (0.9, 0.5, 0.2, 0.025, 0.0125, 0.00417, 1e-4, 1e-9, 1e-15)
NOTE = "lower limit at most the value less the noise of the bins"
Cell = tuple[object, ...]


def noise_of(*standard_errors: float) -> BinNoise:
    each = np.array(standard_errors)
    return BinNoise(np.array([each.sum()]), np.array([math.sqrt(float(each @ each))]))


def limits_of(metric: str, tally: Tally, by: tuple[str, ...] = (), replicates: int = 200) -> StudentisedBootstrap:
    found = smooth_limits(tally, metric, by=by, rng=np.random.default_rng(3), replicates=replicates)
    assert isinstance(found, StudentisedBootstrap)
    return found


def calibrated(rows: int, seed: int) -> Tally:
    """Scores that are the true probabilities of their labels: the true error is 0."""
    rng = np.random.default_rng(seed)
    score = np.round(rng.random(rows), 2)
    label = (rng.random(rows) < score).astype(int)
    return Tally.from_cells(
        ("label", "score"), [(y, s, 1) for y, s in zip(label.tolist(), score.tolist(), strict=True)]
    )


@pytest.mark.parametrize("error", ERRORS)
def test_the_noise_of_one_bin_reaches_as_far_as_a_half_normal_number_at_least(error: float) -> None:
    exact = stats.halfnorm.isf(error, scale=0.3)
    assert noise_of(0.3).reach(error)[0] >= exact * (1 - 1e-12)
    if 0.00417 <= error <= 0.5:
        assert noise_of(0.3).reach(error)[0] <= 1.2 * exact


@pytest.mark.parametrize("error", [0.2, 0.025, 0.00417, 1e-4, 1e-9])
@pytest.mark.parametrize("bins", [(1.0, 1.0), (3.0, 1.0, 0.5), (1.0,) * 10])
def test_the_noise_of_several_bins_reaches_as_far_as_a_gamma_number_with_its_moments(
    bins: tuple[float, ...], error: float
) -> None:
    """The cube-root formula is an approximation to that: within a few per cent also far out."""
    mean = sum(stats.halfnorm.mean(scale=each) for each in bins)
    variance = sum(stats.halfnorm.var(scale=each) for each in bins)
    gamma = stats.gamma.isf(error, mean**2 / variance, scale=variance / mean)
    assert noise_of(*bins).reach(error)[0] == pytest.approx(gamma, rel=0.03 if error > 1e-6 else 0.06)


def test_drawn_noise_passes_the_reach_no_more_often_than_stated() -> None:
    rng, most = np.random.default_rng(4), 0.0
    drawn = np.abs(rng.standard_normal((40_000, 10)))
    for bins in ((1.0,), (1.0, 0.3), (1.0, 0.2, 0.2, 0.2), (1.0,) * 5, (2.0, *([0.5] * 9))):
        total = drawn[:, : len(bins)] @ np.array(bins)
        for error in (0.1, 0.025, 0.0125, 0.00417):
            passed = float(np.mean(total > noise_of(*bins).reach(error)[0]))
            most = max(most, passed - 1.1 * error - 4 * math.sqrt(error / len(total)))
    assert most <= 0


def test_the_reach_falls_with_the_error_and_is_never_negative() -> None:
    for bins in ((0.3,), (1.0, 0.1), (1.0,) * 10, (0.0, 0.0)):
        reaches = [float(noise_of(*bins).reach(error)[0]) for error in sorted(ERRORS)]
        assert reaches == sorted(reaches, reverse=True)
        assert min(reaches) >= 0


def test_standard_errors_of_the_bins_are_those_of_the_rows_at_hand_or_of_calibrated_ones() -> None:
    rng = np.random.default_rng(5)
    for rows in (1, 7, 300):
        scores: FloatArray = np.sort(rng.choice([0.0, 0.1, 1.0, *rng.random(12).tolist()], rows))
        label = (rng.random(rows) < 0.3).astype(float)
        distinct, place = np.unique(scores, return_inverse=True)
        negatives, positives = (np.bincount(place[label == y], minlength=len(distinct)).astype(float) for y in (0, 1))
        variances = []
        for number in range(10):
            inside = np.minimum(np.floor(scores * 10), 9) == number
            if inside.any():
                y, s = label[inside], scores[inside]
                variances.append(max(sum((y - s) ** 2), sum(s - s**2)) + 0.5)
        expected = (sum(map(math.sqrt, variances)) / rows, math.sqrt(sum(variances)) / rows)
        assert score_metrics.calibration_noise(distinct, negatives, positives) == pytest.approx(expected)


def test_without_rows_there_is_no_noise_to_state() -> None:
    none: FloatArray = np.zeros(2)
    assert np.isnan(score_metrics.calibration_noise(np.array([0.1, 0.9]), none, none)).all()


def test_only_the_calibration_error_has_noise_and_says_so() -> None:
    assert [name for name, metric in SMOOTH_METRICS.items() if metric.noise is not None] == ["calibration_error"]
    found = limits_of("calibration_error", calibrated(60, 1))
    assert found.method == f"studentised bootstrap, plain scale, asymptotic; {NOTE}"
    assert NOTE not in limits_of("brier", calibrated(60, 1)).method


def without_noise(limits: StudentisedBootstrap) -> StudentisedBootstrap:
    parts = (limits.points, limits.centres, limits.spreads, limits.pivots)
    return StudentisedBootstrap(*parts, logit=limits.logit, shift=limits.shift)


@pytest.mark.parametrize("error", [0.4, 0.025, 1e-3, 1e-8])
def test_the_lower_limit_is_the_smaller_of_two_and_the_upper_one_stays(error: float) -> None:
    rows = [(0, 0.15, 70), (1, 0.15, 30), (0, 0.75, 10), (1, 0.75, 90)]
    cells = [*(("off", *row) for row in rows), ("one", 1, 0.5, 1), ("none", None, 0.5, 4)]
    found = limits_of("calibration_error", Tally.from_cells(("g", "label", "score"), cells), ("g",))
    assert found.noise is not None
    plain = without_noise(found)
    assert np.isnan(found.values).tolist() == [True, False, False]  # none, off, one
    for place in (1, 2):
        formula = max(found.values[place] - found.noise.reach(error)[place], 0.0)
        assert found.lower(error)[place] == min(formula, plain.lower(error)[place])
    assert found.lower(error)[0] == 0
    assert np.array_equal(found.upper(error), plain.upper(error))
    assert np.array_equal(found.values, plain.values, equal_nan=True)


def test_taken_and_moved_limits_keep_the_noise_of_their_groups() -> None:
    cells = [(g, y, s, n) for g, n in (("a", 9), ("b", 20), ("c", 40)) for y, s in ((0, 0.15), (1, 0.15), (1, 0.75))]
    whole = limits_of("calibration_error", Tally.from_cells(("g", "label", "score"), cells), ("g",))
    some = whole.take([2, 0])
    assert some.method == whole.method == whole.shifted(-1.0).method
    for error in (0.2, 0.025):
        assert np.array_equal(some.lower(error), whole.lower(error)[[2, 0]])
        assert np.all(whole.shifted(1.0).lower(error) <= np.maximum(whole.values - reach(whole, error), 0.0))


def reach(limits: StudentisedBootstrap, error: float) -> FloatArray:
    assert limits.noise is not None
    return limits.noise.reach(error)


def test_a_limit_from_the_formula_has_no_monte_carlo_error() -> None:
    def ends(limits: Limits) -> tuple[FloatArray, FloatArray]:
        return limits.lower(0.025), limits.upper(0.025)

    found = monte_carlo_error(ends, limits_of("calibration_error", calibrated(1000, 2)))
    assert found is not None
    assert found[0][0] == 0.0


def test_binned_replicates_leave_the_noise_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = calibrated(300, 3)
    exact = limits_of("calibration_error", tally)
    monkeypatch.setattr(smooth, "LARGEST_EXACT", 10)
    binned = limits_of("calibration_error", tally)
    assert binned.method == f"{exact.method}; replicates on 1000 bins of scores with equal counts"
    assert np.array_equal(reach(binned, 0.025), reach(exact, 0.025))


@pytest.mark.parametrize("rows", [60, 300])
def test_calibrated_scores_are_hardly_ever_found_wanting(rows: int) -> None:
    """The true error is 0; before, 29 % of the lower limits of 60 rows passed .02, where 2.5 % were stated."""
    above = sum(
        limits_of("calibration_error", calibrated(rows, seed), replicates=100).lower(0.025)[0] > 0
        for seed in range(100)
    )
    assert above <= 8  # a binomial of 100 at .025 passes 8 once in two thousand
