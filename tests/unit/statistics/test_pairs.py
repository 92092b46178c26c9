"""A part of the exact enumeration of false verdicts; `bench/validity/pairs.py` runs all of it."""

from __future__ import annotations

import numpy as np
import pytest
from bench.validity import pairs
from scipy import stats

SMALL = (30, 100, 300)


def worst(cases: list[pairs.Case], step: int = 6) -> pairs.Cell:
    grid = pairs.rate_grid()[::step]
    return max((cell for case in cases for cell in pairs.enumerate_case(case, grid)), key=lambda cell: cell.relative)


def of(kind: pairs.Kind, thresholds: bool, sizes: tuple[int, ...] = SMALL) -> list[pairs.Case]:
    lines = {line for each in pairs.THRESHOLDS.values() for line in each}
    return [c for c in pairs.cases(sizes, 0.025) if c.kind == kind and (c.line in lines) == thresholds]


@pytest.mark.parametrize("kind", ["met", "not_met"])
def test_false_verdicts_at_the_accepted_lines_stay_within_a_tenth(kind: pairs.Kind) -> None:
    assert worst(of(kind, thresholds=True), step=1).relative <= 1.1


def test_false_met_at_lines_moved_by_a_margin_is_known() -> None:
    """Differences of .17 and .20 between groups of 30 and 300 at rates near .02 pass the tenth; nothing else does."""
    found = [cell for case in of("met", thresholds=False) for cell in pairs.enumerate_case(case, pairs.rate_grid())]
    over = [cell for cell in found if cell.relative > 1.1]
    assert max(cell.relative for cell in found) <= 1.16
    assert {(c.line, c.n_low, c.n_high) for c in over} <= {(0.17, 30, 300), (0.2, 30, 300)}
    assert all(cell.p_low <= 0.025 for cell in over)


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


def test_the_boundary_is_where_the_rule_itself_flips() -> None:
    rng = np.random.default_rng(1)
    cases = pairs.cases((9, 30, 300), 0.025, ("mover", "box"))
    assert sum(pairs.disagreements(case, tries=4, rng=rng) for case in cases[::5]) == 0
