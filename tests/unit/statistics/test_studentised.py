"""Limits from studentised replicates, read off the sorted replicates by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import ClopperPearson, simultaneous
from hakari.statistics.studentised import StudentisedBootstrap, monte_carlo_error

COUNT = 999
WIDE: FloatArray = np.linspace(-60, 40, COUNT)
"""Replicates much wider than the normal distribution, and skewed: the lower limit looks at the upper end."""


def drawn(
    pivots: FloatArray = WIDE, *, point: float = 0.5, centre: float = 0.5, spread: float = 0.001, logit: bool = False
) -> StudentisedBootstrap:
    one = (np.array([point]), np.array([centre]), np.array([spread]))
    return StudentisedBootstrap(*one, pivots[:, None], logit=logit)


@pytest.mark.parametrize(("error", "rank"), [(0.1, 100), (0.25, 250), (0.5, 500), (0.02103, 21)])
def test_a_limit_is_the_replicate_of_its_rank(error: float, rank: int) -> None:
    """Of 999 sorted replicates the hundredth from outside has a tenth outside; a part of a rank goes outwards."""
    limits = drawn()
    assert limits.upper(error)[0] == pytest.approx(0.5 - 0.001 * WIDE[rank - 1])
    assert limits.lower(error)[0] == pytest.approx(0.5 - 0.001 * max(WIDE[-rank], stats.norm.isf(error)))


@pytest.mark.parametrize("error", [0.1, 0.01, 1e-6])
def test_where_the_replicates_agree_the_normal_limit_takes_over(error: float) -> None:
    limits = drawn(np.zeros(COUNT))
    assert limits.upper(error)[0] == pytest.approx(0.5 + 0.001 * stats.norm.isf(error))
    assert limits.lower(error)[0] == pytest.approx(0.5 - 0.001 * stats.norm.isf(error))


@pytest.mark.parametrize("error", [0.01, 0.001, 1e-9])
def test_beyond_the_twentieth_replicate_the_quantile_grows_like_the_normal_one(error: float) -> None:
    """The quantile at 20 of 999 is stretched by the ratio of the normal quantiles."""
    at = 20 / COUNT
    rank = math.floor(at * (COUNT + 1) - 1)
    reach = -WIDE[rank] * stats.norm.isf(error) / stats.norm.isf(at)
    assert drawn(spread=1e-4).upper(error)[0] == pytest.approx(0.5 + 1e-4 * reach)
    assert drawn(spread=1e-4).lower(error)[0] == pytest.approx(
        0.5 - 1e-4 * WIDE[::-1][rank] * stats.norm.isf(error) / stats.norm.isf(at)
    )


def test_at_twenty_outside_nothing_is_stretched() -> None:
    assert drawn().upper(20 / COUNT)[0] == pytest.approx(0.5 - 0.001 * WIDE[math.floor(20 / COUNT * 1000 - 1)])


@pytest.mark.parametrize("shift", [-1.0, 1.0])
def test_a_shift_moves_the_rank_by_its_standard_error(shift: float) -> None:
    error = 0.1
    rank = math.floor(error * 1000 - 1 + shift * math.sqrt(error * (1 - error) * COUNT))
    moved = drawn().shifted(shift)
    assert moved.upper(error)[0] == pytest.approx(0.5 - 0.001 * WIDE[rank])
    assert moved.lower(error)[0] == pytest.approx(0.5 - 0.001 * WIDE[::-1][rank])
    assert moved.shift == shift
    assert drawn().shift == 0.0


def test_a_shift_past_the_ends_takes_the_outermost_replicate() -> None:
    assert drawn().shifted(-1e9).upper(0.1)[0] == pytest.approx(0.5 - 0.001 * WIDE[0])
    assert drawn().shifted(-1e9).lower(0.1)[0] == pytest.approx(0.5 - 0.001 * WIDE[-1])
    inward = drawn(np.linspace(-60, -50, COUNT)).shifted(1e9)
    assert inward.upper(0.1)[0] == pytest.approx(0.5 + 0.001 * 50)


def test_on_the_logit_scale_limits_come_back_through_the_logistic_function() -> None:
    limits = drawn(centre=0.3, point=1 / (1 + math.exp(-0.3)), spread=0.02, logit=True)
    assert limits.upper(0.1)[0] == pytest.approx(1 / (1 + math.exp(-0.3 + 0.02 * WIDE[99])))
    assert limits.lower(0.1)[0] == pytest.approx(1 / (1 + math.exp(-0.3 + 0.02 * WIDE[-100])))


def test_on_the_plain_scale_limits_stay_between_0_and_1() -> None:
    assert (drawn(spread=1.0).lower(0.1)[0], drawn(spread=1.0).upper(0.1)[0]) == (0.0, 1.0)


def test_a_limit_never_passes_its_own_value() -> None:
    """Half a row was added to the centre of a value of 1; the upper limit is 1 all the same."""
    assert drawn(np.zeros(COUNT), point=1.0, centre=0.9).upper(0.4)[0] == 1.0
    assert drawn(np.zeros(COUNT), point=0.0, centre=0.1).lower(0.4)[0] == 0.0


def test_a_group_without_a_value_has_the_whole_scale() -> None:
    limits = drawn(point=math.nan, centre=math.nan, spread=math.nan)
    assert (limits.lower(0.1)[0], limits.upper(0.1)[0]) == (0.0, 1.0)


def test_infinite_replicates_reach_the_ends_and_without_a_spread_nothing_moves() -> None:
    endless = np.r_[np.full(200, -np.inf), np.zeros(599), np.full(200, np.inf)]
    assert (drawn(endless).lower(0.1)[0], drawn(endless).upper(0.1)[0]) == (0.0, 1.0)
    assert (drawn(endless, spread=0.0).lower(0.1)[0], drawn(endless, spread=0.0).upper(0.1)[0]) == (0.5, 0.5)


def test_the_method_names_the_scale_and_the_detail() -> None:
    one = np.ones(1)
    named = StudentisedBootstrap(one, one, one, np.ones((200, 1)), logit=True, detail="by bins")
    assert named.method == "studentised bootstrap, logit scale, asymptotic; by bins"
    assert drawn().method == "studentised bootstrap, plain scale, asymptotic"
    assert named.approximate


def test_taken_groups_keep_the_scale_the_detail_and_the_shift() -> None:
    rng = np.random.default_rng(1)
    points = rng.uniform(0.2, 0.8, 3)
    pivots = np.sort(rng.standard_t(3, (500, 3)), axis=0)
    whole = StudentisedBootstrap(points, points, points / 10, pivots, logit=False, detail="x", shift=-1.0)
    some = whole.take([2, 0])
    assert (some.logit, some.detail, some.shift) == (False, "x", -1.0)
    for error in (0.2, 0.01):
        assert np.array_equal(some.lower(error), whole.lower(error)[[2, 0]])
        assert np.array_equal(some.upper(error), whole.upper(error)[[2, 0]])


def test_the_monte_carlo_error_is_half_of_what_two_standard_errors_of_the_rank_move() -> None:
    error, half = 0.1, math.sqrt(0.1 * 0.9 * COUNT)
    inner, outer = (WIDE[math.floor(99 + side * half)] for side in (1, -1))
    found = monte_carlo_error(lambda limits: (limits.lower(error), limits.upper(error)), drawn())
    assert found is not None
    assert found[0][0] == pytest.approx(0.001 * (inner - outer) / 2)
    assert found[1][0] == pytest.approx(0.001 * (inner - outer) / 2)


def test_the_monte_carlo_error_of_single_numbers_is_never_negative() -> None:
    """Also for ends that shrink where the limits grow, as a contrast may."""

    def ends(limits: object) -> tuple[float, float]:
        assert isinstance(limits, StudentisedBootstrap)
        return -float(limits.upper(0.1)[0]), float(limits.lower(0.1)[0])

    found = monte_carlo_error(ends, drawn())
    assert found is not None
    assert min(found) > 0


def test_exact_limits_have_no_monte_carlo_error() -> None:
    assert monte_carlo_error(lambda limits: simultaneous(limits, 0.05), ClopperPearson(np.ones(2), np.ones(2))) is None
