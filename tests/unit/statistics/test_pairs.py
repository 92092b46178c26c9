"""A part of the exact enumeration of false verdicts; `bench/validity/pairs.py` runs all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from bench.validity import pairs
from scipy import stats

SMALL = (30, 100, 300)
Rates = Callable[[], pairs.Floats]


def worst(cases: list[pairs.Case], step: int = 6, rates: Rates = pairs.rate_grid) -> pairs.Cell:
    grid = rates()[::step]
    return max((cell for case in cases for cell in pairs.enumerate_case(case, grid)), key=lambda cell: cell.relative)


def of(kind: pairs.Kind, thresholds: bool, error: float = 0.025) -> list[pairs.Case]:
    lines = {line for each in pairs.THRESHOLDS.values() for line in each}
    return [c for c in pairs.cases(SMALL, error) if c.kind == kind and (c.line in lines) == thresholds]


@pytest.mark.parametrize("kind", ["met", "not_met"])
def test_false_verdicts_at_the_accepted_lines_stay_within_a_tenth(kind: pairs.Kind) -> None:
    assert worst(of(kind, thresholds=True), step=1).relative <= 1.1


@pytest.mark.parametrize("error", [0.025, 0.0125, 0.00417, 0.00025])
def test_false_met_at_lines_moved_by_a_margin_never_passes_the_stated_error(error: float) -> None:
    assert worst(of("met", thresholds=False, error=error), step=3).relative <= 1.0


@pytest.mark.parametrize("error", [0.025, 0.00025])
def test_false_met_at_rates_below_two_percent_never_passes_the_stated_error(error: float) -> None:
    cases = [case for case in pairs.cases((10, 30, 50, 300), error) if case.kind == "met"]
    assert worst(cases, step=1, rates=lambda: pairs.finer_rates()[:16]).relative <= 1.0


@pytest.mark.parametrize(
    ("sizes", "error", "times"), [((30, 300), 0.0125, 1.3), ((30, 300), 0.00417, 1.6), ((100, 3_000), 0.00025, 1.8)]
)
def test_the_ellipse_errs_more_than_stated_where_hardly_any_success_is_expected(
    sizes: tuple[int, int], error: float, times: float
) -> None:
    """Why the limit follows the contour: few rows beside more, with rates .02 and .22."""
    case = pairs.Case("difference", 0.2, "met", "ellipse", *sizes, error)
    (before,), (now,) = (pairs.enumerate_case(each, np.array([0.02])) for each in (case, replace(case, method="mover")))
    assert before.relative > times
    assert now.relative <= 1.0


def test_false_verdicts_of_unequal_large_groups_stay_within_a_tenth() -> None:
    sizes = [(30, 30_000), (30_000, 30), (3_000, 300)]
    cases = [c for c in pairs.cases((30, 300, 3_000, 30_000), 0.025) if (c.n_low, c.n_high) in sizes]
    assert worst([c for c in cases if c.line in (0.1, 0.8)], step=20).relative <= 1.1


def test_the_box_keeps_the_nominal_level_strictly() -> None:
    assert worst(pairs.cases(SMALL, 0.025, ("box",)), step=12).relative <= 1.0


def test_the_enumeration_equals_a_plain_double_sum() -> None:
    case = pairs.Case("difference", 0.1, "met", "mover", 12, 9, 0.025)
    (cell,) = pairs.enumerate_case(case, np.array([0.6]))
    start, stop = pairs.boundary(case, np.arange(13))
    expected = sum(
        stats.binom.pmf(x, 12, 0.6) * stats.binom.pmf(y, 9, 0.7)
        for x in range(13)
        for y in range(10)
        if start[x] <= y < stop[x]
    )
    assert cell.probability == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("aggregation", ["difference", "ratio"])
@pytest.mark.parametrize("method", ["mover", "box"])
@pytest.mark.parametrize("kind", ["met", "not_met"])
def test_the_boundary_holds_every_outcome_of_the_verdict(
    kind: pairs.Kind, method: pairs.Method, aggregation: pairs.Aggregation
) -> None:
    case = pairs.Case(aggregation, 0.4, kind, method, 13, 7, 0.1)
    x, y = np.indices((14, 8))
    line = 0.4 if aggregation == "difference" else 0.0
    first = pairs.contrast_limit(case, x.ravel(), y.ravel(), 13, 7).reshape(x.shape)
    second = pairs.contrast_limit(case, y.ravel(), x.ravel(), 7, 13).reshape(x.shape)
    start, stop = (edge[:, None] for edge in pairs.boundary(case, np.arange(14)))
    assert ((first <= line) & (second <= line)).any()
    np.testing.assert_array_equal((start <= y) & (y < stop), (first <= line) & (second <= line))


def test_the_boundary_is_where_the_rule_itself_flips() -> None:
    rng = np.random.default_rng(1)
    cases = pairs.cases((9, 30, 300), 0.025, ("mover", "box"))
    assert sum(pairs.disagreements(case, tries=4, rng=rng) for case in cases[::5]) == 0
