"""Exact tests, their mid-p versions and the permutation test, against scipy and by enumeration."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics._arrays import FloatArray
from hakari.statistics.description import binomial_p, fisher_p, permutation_p
from hakari.statistics.description.exact_tests import conditional_chances
from hakari.statistics.limits import clopper_pearson

COUNTS = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=25, deadline=None)
@given(COUNTS, st.floats(0.01, 0.99))
def test_the_binomial_test_agrees_with_scipy(counts: tuple[int, int], rate: float) -> None:
    x, n = counts
    assert binomial_p(x, n, rate) == pytest.approx(stats.binomtest(x, n, rate).pvalue, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(COUNTS, COUNTS)
def test_the_test_of_two_groups_agrees_with_scipy(one: tuple[int, int], other: tuple[int, int]) -> None:
    (x, n), (y, m) = one, other
    expected = stats.fisher_exact(np.array([[x, n - x], [y, m - y]])).pvalue
    assert fisher_p(x, n, y, m) == pytest.approx(expected, rel=1e-9)


def test_tens_of_thousands_of_rows_are_no_harder() -> None:
    first, chances = conditional_chances(30_000, 20_000, 25_000)
    assert first == 5_000
    assert chances.sum() == pytest.approx(1)
    mean = float(np.sum(chances * np.arange(first, first + len(chances))))
    assert mean == pytest.approx(15_000)
    assert fisher_p(15_300, 30_000, 9_700, 20_000) < 1e-6


@pytest.mark.parametrize(("x", "n"), [(3, 40), (0, 12), (25, 40)])
def test_the_central_p_value_is_small_exactly_where_the_exact_interval_leaves_the_rate_out(x: int, n: int) -> None:
    low, high = clopper_pearson(x, n, 0.025)
    for rate in np.linspace(0.005, 0.995, 199).tolist():
        assert (binomial_p(x, n, rate, two_sided="central") <= 0.05) == (rate <= low or rate >= high)


def test_mid_p_counts_half_of_what_was_seen() -> None:
    """Of 10 at one half, 9 or more have 11/1024; mid-p takes (1 + 10/2)/1024 of each side."""
    assert binomial_p(9, 10, 0.5, two_sided="central") == pytest.approx(2 * 11 / 1024)
    assert binomial_p(9, 10, 0.5, two_sided="mid-p") == pytest.approx(2 * (1 + 10 / 2) / 1024)
    one = comb(5, 4) * comb(5, 0) / comb(10, 4)
    assert fisher_p(4, 5, 0, 5, two_sided="mid-p") == pytest.approx(2 * one / 2)


def test_mid_p_is_right_on_average() -> None:
    """The mean of a mid-p value of one side is one half; of both sides, its mean is that of a uniform one."""
    chances = stats.binom.pmf(np.arange(201), 200, 0.3)
    mean = sum(chance * binomial_p(x, 200, 0.3, two_sided="mid-p") for x, chance in enumerate(chances.tolist()))
    assert mean == pytest.approx(0.5, abs=0.002)


@pytest.mark.parametrize("two_sided", ["likely", "central", "mid-p"])
def test_without_rows_nothing_speaks_against_equality(two_sided: str) -> None:
    assert fisher_p(0, 0, 3, 9) == binomial_p(0, 0, 0.5) == 1.0
    assert fisher_p(3, 3, 9, 9) == 1.0


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(InputError):
        binomial_p(1, 2, 1.5)
    with pytest.raises(InputError):
        fisher_p(3, 2, 1, 2)


def rng() -> np.random.Generator:
    return np.random.default_rng(8)


def test_two_groups_agree_with_the_exact_conditional_test() -> None:
    """Given the margins the random tables are hypergeometric; the gap of equal groups orders them as Fisher does."""
    p = permutation_p([[22, 8], [13, 17]], rng=rng(), replicates=40_000)
    exact = fisher_p(8, 30, 17, 30)
    assert p == pytest.approx(exact, abs=4 * np.sqrt(exact / 40_000))


def _entropy(cells: FloatArray) -> FloatArray:
    """Likelihood ratio of a table of groups and several outcomes, apart from what the margins fix."""
    return np.asarray(np.sum(cells * np.log(np.maximum(cells, 1)), axis=(-2, -1)))


def test_several_outcomes_are_permuted_too() -> None:
    table = np.array([[20, 10, 5], [12, 12, 12], [18, 11, 6]])
    p = permutation_p(table, _entropy, rng=rng(), replicates=4_000)
    assert p == pytest.approx(stats.chi2_contingency(table, lambda_="log-likelihood").pvalue, abs=0.03)


def test_within_strata_a_difference_of_the_strata_is_no_difference_of_the_groups() -> None:
    """Simpson: each group is mostly in one stratum, whose rates differ; within the strata the groups are alike."""
    strata = np.array([[[90, 10], [9, 1]], [[2, 8], [20, 80]]])

    def gap(cells: FloatArray) -> FloatArray:
        pooled = cells.sum(axis=-3)
        return np.asarray(np.ptp(pooled[..., 1] / pooled.sum(axis=-1), axis=-1))

    assert permutation_p(strata.sum(axis=0), rng=rng(), replicates=999) == 0.001
    assert permutation_p(strata, gap, rng=rng(), replicates=999) > 0.3


def test_the_p_value_is_never_0_and_1_where_nothing_varies() -> None:
    assert permutation_p([[500, 0], [0, 500]], rng=rng(), replicates=99) == 0.01
    assert permutation_p([[5, 0], [9, 0]], rng=rng(), replicates=99) == 1.0


@pytest.mark.parametrize("cells", [[1, 2], [[-1, 2]], [[0.5, 2]]])
def test_what_is_not_a_table_of_counts_is_refused(cells: list[float]) -> None:
    with pytest.raises(InputError):
        permutation_p(cells, rng=rng())


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(InputError):
        permutation_p([[0, 0], [0, 0]], rng=rng())
