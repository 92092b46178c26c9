"""Fisher's exact test against SciPy, against plain fractions, and what must hold whatever the counts."""

from __future__ import annotations

from fractions import Fraction
from math import comb
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.contingency import Pair, fisher_exact

COUNT = st.integers(0, 25)


def random_pairs(number: int = 200, seed: int = 5) -> list[Pair]:
    """Tables of all sizes; about every third has a zero."""
    rng = np.random.default_rng(seed)
    found = []
    for place in range(number):
        a, b, c, d = (int(n) for n in rng.integers(0, (4, 30, 300)[place % 3], 4))
        found.append(Pair(a, a + b, c, c + d))
    return found


def table(pair: Pair) -> npt.NDArray[np.int64]:
    return np.array(
        [
            [pair.selected, pair.rows - pair.selected],
            [pair.other_selected, pair.other_rows - pair.other_selected],
        ]
    )


def scipys(counts: npt.ArrayLike, side: Literal["two-sided", "less", "greater"] = "two-sided") -> float:
    return float(stats.fisher_exact(np.array(counts), alternative=side).pvalue)


def test_two_hundred_random_tables_agree_with_scipy() -> None:
    pairs = random_pairs()
    assert sum(bool((table(pair) == 0).any()) for pair in pairs) > 30
    for pair in pairs:
        found = fisher_exact(pair)
        assert found.two_sided == pytest.approx(scipys(table(pair)), abs=1e-10)
        assert found.fewer == pytest.approx(scipys(table(pair), "less"), abs=1e-10)
        assert found.more == pytest.approx(scipys(table(pair), "greater"), abs=1e-10)


def likelihoods(pair: Pair) -> dict[int, Fraction]:
    """The hypergeometric distribution in whole numbers."""
    whole = comb(pair.total, pair.selections)
    return {
        k: Fraction(comb(pair.rows, k) * comb(pair.other_rows, pair.selections - k), whole)
        for k in range(max(0, pair.selections - pair.other_rows), min(pair.rows, pair.selections) + 1)
    }


@given(COUNT, COUNT, COUNT, COUNT)
def test_the_test_sums_the_tables_that_are_no_more_likely(a: int, b: int, c: int, d: int) -> None:
    pair = Pair(a, a + b, c, c + d)
    chances = likelihoods(pair)
    expected = float(sum(chance for chance in chances.values() if chance <= chances[a]))
    assert fisher_exact(pair).two_sided == pytest.approx(expected, abs=1e-12)


@given(COUNT, COUNT, COUNT, COUNT)
def test_it_is_the_same_test_from_the_other_side(a: int, b: int, c: int, d: int) -> None:
    pair = Pair(a, a + b, c, c + d)
    there, back = fisher_exact(pair), fisher_exact(pair.reversed)
    assert there.two_sided == pytest.approx(back.two_sided, abs=1e-12)
    assert there.fewer == pytest.approx(back.more, abs=1e-12)
    assert there.doubled <= 1


def test_a_table_without_a_choice_says_nothing() -> None:
    for pair in (Pair(0, 0, 0, 0), Pair(0, 5, 0, 7), Pair(5, 5, 7, 7), Pair(0, 0, 3, 9)):
        assert fisher_exact(pair).two_sided == 1
        assert not pair.informative


def test_a_million_people_lose_no_digits() -> None:
    pair = Pair(250_000, 500_000, 251_000, 500_000)
    assert fisher_exact(pair).two_sided == pytest.approx(scipys(table(pair)), rel=1e-9)


def test_the_lady_who_tasted_tea() -> None:
    """Fisher's own example: all four of eight cups found, 1 of 70 ways."""
    assert fisher_exact(Pair(4, 4, 0, 4)).more == pytest.approx(1 / 70)


@pytest.mark.parametrize("counts", [(-1, 3, 0, 3), (4, 3, 0, 3), (0, 3, 4, 3)])
def test_more_selected_than_people_is_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(InputError, match="counted as selected"):
        Pair(*counts)
