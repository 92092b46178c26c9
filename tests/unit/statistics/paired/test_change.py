"""Limits of a change on the same rows, against quantiles of scipy, McNemar's exact test and enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics import ClopperPearson
from hakari.statistics.paired import DependentChange, PairedChange

ERRORS = (0.05, 0.025, 0.0025)
counts = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 200)).map(
    lambda each: (each[0], each[1], sum(each) or 1)
)


def change(gained: float, lost: float, trials: float) -> PairedChange:
    return PairedChange(*(np.array([float(part)]) for part in (gained, lost, trials)))


def beta_limits(x: int, n: int, error: float) -> tuple[float, float]:
    low = stats.beta.ppf(error, x, n - x + 1) if x else 0.0
    high = stats.beta.ppf(1 - error, x + 1, n - x) if x < n else 1.0
    return float(low), float(high)


def written_out(gained: int, lost: int, trials: int, error: float) -> float:
    """The lower limit of the change: over 17 angles, the worst product of the limits of the two parts."""
    differ, z = gained + lost, stats.norm.ppf(error)
    worst = math.inf
    for number in range(17):
        angle = number * math.pi / 32
        gains = beta_limits(gained, differ, stats.norm.cdf(z * math.sin(angle)))[0] if differ else 0.0
        few, many = beta_limits(differ, trials, stats.norm.cdf(z * math.cos(angle)))
        slope = 2 * gains - 1
        worst = min(worst, slope * (many if slope < 0 else few))
    return worst


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    ("gained", "lost", "trials"), [(0, 0, 30), (2, 5, 40), (30, 4, 300), (0, 9, 60), (50, 50, 100)]
)
def test_limits_are_the_contour_written_out(gained: int, lost: int, trials: int, error: float) -> None:
    found = change(gained, lost, trials)
    assert found.lower(error)[0] == pytest.approx(written_out(gained, lost, trials, error), abs=1e-12)
    assert found.upper(error)[0] == pytest.approx(-written_out(lost, gained, trials, error), abs=1e-12)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("trials", [10, 100, 5000])
def test_without_a_row_that_differs_the_limit_is_that_of_no_event(trials: int, error: float) -> None:
    assert change(0, 0, trials).lower(error)[0] == pytest.approx(error ** (1 / trials) - 1, rel=1e-9)


@pytest.mark.parametrize("error", ERRORS)
def test_the_limits_exclude_zero_exactly_where_mcnemars_exact_test_rejects(error: float) -> None:
    pairs = [(gained, lost) for gained in range(0, 30, 3) for lost in range(30)]
    gained, lost = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    upper = PairedChange(gained, lost, np.full(len(pairs), 200.0)).upper(error)
    p = stats.binom.sf(lost - 1, gained + lost, 0.5)
    clear = np.abs(p - error) > 1e-9
    assert np.array_equal((upper < 0)[clear], (p < error)[clear])


def outcome_probabilities(n: int, gain: float, loss: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """P(gained, lost) as an array (n+1, n+1)."""
    table = np.zeros((n + 1, n + 1))
    for gained in range(n + 1):
        first = stats.binom.pmf(gained, n, gain)
        rest = np.arange(n - gained + 1)
        table[gained, : n - gained + 1] = first * stats.binom.pmf(rest, n - gained, loss / (1 - gain))
    return table


@pytest.mark.parametrize("n", [8, 25])
@pytest.mark.parametrize("fall", [0.0, 0.02, 0.1, 0.25])
def test_no_truth_is_missed_more_often_than_stated(n: int, fall: float) -> None:
    """All outcomes added up: with a true change of −fall the lower limit lies above it in at most 2.5 %."""
    gained, lost = (side.astype(float) for side in np.indices((n + 1, n + 1)))
    possible = gained + lost <= n
    limit = np.full(gained.shape, -1.0)
    limit[possible] = PairedChange(gained[possible], lost[possible], np.full(possible.sum(), n)).lower(0.025)
    for gain in np.linspace(0, (1 - fall) / 2 - 1e-9, 15):
        false = outcome_probabilities(n, float(gain), float(gain) + fall)[(limit > -fall) & possible].sum()
        assert false <= 0.025


@settings(max_examples=40)
@given(counts, st.sampled_from(ERRORS))
def test_exchanging_the_versions_turns_the_limits_round(each: tuple[int, int, int], error: float) -> None:
    gained, lost, trials = each
    forth, back = change(gained, lost, trials), change(lost, gained, trials)
    assert forth.lower(error)[0] == -back.upper(error)[0]
    assert forth.lower(error)[0] <= forth.values[0] <= forth.upper(error)[0]


@settings(max_examples=30)
@given(counts)
def test_a_smaller_error_never_gives_a_narrower_interval(each: tuple[int, int, int]) -> None:
    lower = [change(*each).lower(error)[0] for error in (0.2, 0.05, 0.01, 0.001)]
    assert lower == sorted(lower, reverse=True)


@settings(max_examples=30)
@given(counts)
def test_one_more_loss_instead_of_agreement_never_raises_the_lower_limit(each: tuple[int, int, int]) -> None:
    gained, lost, trials = each
    if gained + lost < trials:
        assert change(gained, lost + 1, trials).lower(0.025)[0] <= change(gained, lost, trials).lower(0.025)[0]


def test_groups_are_taken_in_the_order_asked_for() -> None:
    three = PairedChange(np.array([1.0, 2.0, 3.0]), np.array([0.0, 4.0, 1.0]), np.array([10.0, 20.0, 0.0 + 9]))
    assert three.take([2, 0]).values == pytest.approx([2 / 9, 1 / 10])
    assert three.take([1]).lower(0.025) == pytest.approx(three.lower(0.025)[1:2])


def test_a_group_without_trials_has_no_value_and_limits_that_say_nothing() -> None:
    empty = change(0, 0, 0)
    assert math.isnan(empty.values[0])
    assert (empty.lower(0.025)[0], empty.upper(0.025)[0]) == (-1.0, 1.0)


@pytest.mark.parametrize(("gained", "lost", "trials"), [(-1, 0, 5), (0, -1, 5), (3, 3, 5)])
def test_impossible_counts_are_refused(gained: int, lost: int, trials: int) -> None:
    with pytest.raises(InputError, match="Count again"):
        change(gained, lost, trials)


def test_dependent_limits_take_half_of_the_error_for_gains_and_half_for_losses() -> None:
    n = np.array([80.0])
    box = DependentChange(ClopperPearson(np.array([6.0]), n), ClopperPearson(np.array([9.0]), n))
    gains, losses = beta_limits(6, 80, 0.0125), beta_limits(9, 80, 0.0125)
    assert box.values[0] == pytest.approx(-3 / 80)
    assert box.lower(0.025)[0] == pytest.approx(gains[0] - losses[1], abs=1e-12)
    assert box.upper(0.025)[0] == pytest.approx(gains[1] - losses[0], abs=1e-12)
    assert not box.approximate
    assert box.take([0]).lower(0.025) == pytest.approx(box.lower(0.025))
