"""Mantel–Haenszel against statsmodels on random strata, zero cells included, and by plain sums."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics.contingency import Pair, hypergeometric_deviations, mantel_haenszel

Ints = npt.NDArray[np.int64]


def random_strata(number: int = 200, seed: int = 8) -> list[Ints]:
    """Strata of one to six tables; many have a zero somewhere, some a whole margin of zeros."""
    rng = np.random.default_rng(seed)
    return [rng.integers(0, (4, 12, 80)[place % 3], (1 + place % 6, 2, 2)) for place in range(number)]


def informative(strata: Ints) -> Ints:
    margins = np.concatenate([strata.sum(axis=1), strata.sum(axis=2)], axis=1)
    return strata[(margins > 0).all(axis=1)]


def close(found: float, expected: float) -> None:
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-10, nan_ok=True)


def test_two_hundred_random_strata_agree_with_statsmodels() -> None:
    """Silent strata are taken out for it, because it divides by their zeros; they add nothing to any sum."""
    tables = pytest.importorskip("statsmodels.stats.contingency_tables")
    zeros = 0
    for strata in random_strata():
        kept = informative(strata)
        if not len(kept):
            continue
        zeros += int((kept == 0).any())
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            _agree(mantel_haenszel(strata), tables.StratifiedTable(list(kept.astype(float))), kept)
    assert zeros > 40


def _agree(found: Any, other: Any, kept: Ints) -> None:
    close(found.statistic, other.test_null_odds(correction=False).statistic)
    close(found.p, other.test_null_odds(correction=False).pvalue)
    excess = abs((kept[:, 0, 0] - kept[:, 0].sum(axis=1) * kept[:, :, 0].sum(axis=1) / kept.sum(axis=(1, 2))).sum())
    if excess >= 0.5:
        close(found.corrected, other.test_null_odds(correction=True).statistic)
        close(found.corrected_p, other.test_null_odds(correction=True).pvalue)
    else:
        # There it squares what is less than nothing; nothing is left to test.
        assert (found.corrected, found.corrected_p) == (0.0, 1.0)
    if not (0 < found.odds_ratio < math.inf):
        assert math.isnan(found.low)
        return
    close(found.odds_ratio, other.oddsratio_pooled)
    low, high = other.oddsratio_pooled_confint()
    close(found.low, low)
    close(found.high, high)
    if len(kept) > 1:
        close(found.breslow_day, other.test_equal_odds().statistic)
        close(found.homogeneity, other.test_equal_odds(adjust=True).statistic)
        close(found.homogeneity_p, other.test_equal_odds(adjust=True).pvalue)


def test_every_figure_by_plain_sums() -> None:
    """Three strata with small numbers, each formula as its authors wrote it."""
    strata = np.array([[[8, 12], [15, 5]], [[3, 7], [9, 11]], [[20, 10], [14, 6]]])
    found = mantel_haenszel(strata)
    above = sum(a * d / (a + b + c + d) for (a, b), (c, d) in strata.tolist())
    below = sum(b * c / (a + b + c + d) for (a, b), (c, d) in strata.tolist())
    close(found.odds_ratio, above / below)
    excess, variance = 0.0, 0.0
    for (a, b), (c, d) in strata.tolist():
        law = stats.hypergeom(a + b + c + d, a + c, a + b)
        excess, variance = excess + a - law.mean(), variance + law.var()
    close(found.statistic, excess**2 / variance)
    close(found.corrected, (abs(excess) - 0.5) ** 2 / variance)
    close(found.p, stats.chi2.sf(excess**2 / variance, 1))
    assert (found.strata, found.degrees, found.rows) == (3, 2, int(strata.sum()))


def test_one_stratum_is_the_square_of_the_hypergeometric_deviation() -> None:
    found = mantel_haenszel(np.array([[[8, 12], [15, 5]]]))
    deviation = hypergeometric_deviations(Pair(8, 20, 15, 20))
    assert deviation is not None
    close(found.statistic, deviation.statistic**2)
    assert found.degrees == 0
    assert math.isnan(found.homogeneity_p)


@pytest.mark.parametrize("silent", [[[0, 4], [0, 9]], [[3, 0], [5, 0]], [[0, 0], [4, 5]], [[0, 0], [0, 0]]])
def test_strata_that_could_not_have_come_out_otherwise_change_nothing(silent: list[list[int]]) -> None:
    strata = np.array([[[8, 12], [15, 5]], [[3, 7], [9, 11]]])
    assert mantel_haenszel(np.array([*strata.tolist(), silent])) == mantel_haenszel(strata)


def test_without_any_telling_stratum_nothing_is_known() -> None:
    found = mantel_haenszel(np.zeros((0, 2, 2), dtype=np.int64))
    assert found.strata == 0
    assert all(math.isnan(each) for each in (found.odds_ratio, found.low, found.statistic, found.p, found.homogeneity))


def test_an_odds_ratio_at_its_end_has_no_limits() -> None:
    never = mantel_haenszel(np.array([[[0, 9], [4, 5]]]))
    always = mantel_haenszel(np.array([[[4, 0], [4, 5]]]))
    assert never.odds_ratio == 0
    assert math.isinf(always.odds_ratio)
    assert math.isnan(never.low)
    assert math.isnan(always.high)
    assert 0 < never.p < 1


def test_simpsons_paradox_is_seen_only_within_strata() -> None:
    """Alike in each stratum, unlike in all together, because the group stands where few are selected."""
    strata = np.array([[[2, 18], [1, 9]], [[5, 5], [50, 50]]])
    assert mantel_haenszel(strata).odds_ratio == pytest.approx(1)
    assert mantel_haenszel(strata.sum(axis=0, keepdims=True)).odds_ratio < 0.6


CELL = st.integers(0, 20)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=4))
def test_from_the_other_side_the_odds_are_turned_and_the_tests_stay(cells: list[tuple[int, int, int, int]]) -> None:
    strata = np.array(cells).reshape(-1, 2, 2)
    here, there = mantel_haenszel(strata), mantel_haenszel(strata[:, ::-1])
    if 0 < here.odds_ratio < math.inf:
        assert here.odds_ratio * there.odds_ratio == pytest.approx(1)
        assert here.homogeneity == pytest.approx(there.homogeneity, nan_ok=True, rel=1e-6, abs=1e-8)
    assert here.p == pytest.approx(there.p, nan_ok=True, abs=1e-10)


def test_the_approximations_are_trusted_where_the_first_cell_can_move_by_more_than_five() -> None:
    """One table of 20 and 20 people with 10 selected: 5 expected, between 0 and 10; with 11, between 0 and 11."""
    assert mantel_haenszel(np.array([[[5, 15], [5, 15]]])).room == pytest.approx(5)
    assert not mantel_haenszel(np.array([[[5, 15], [5, 15]]])).trusted
    assert mantel_haenszel(np.array([[[5, 15], [6, 14]]])).trusted
