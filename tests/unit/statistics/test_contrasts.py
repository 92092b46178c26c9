from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.contrasts import Contrasts, Method, contrast_count, invert
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.studentised import StudentisedBootstrap
from tests.unit.statistics import _contour

GROUP = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
GROUPS = st.lists(GROUP, min_size=2, max_size=5)
Counts = list[tuple[int, int]]


def contrasts(groups: Counts, method: Method = "mover", reference: int | None = None) -> Contrasts:
    x, n = zip(*groups, strict=True)
    return Contrasts.of(ClopperPearson(np.array(x), np.array(n)), method=method, reference=reference)


def sides(x: int, n: int, error: float) -> tuple[float, float, float]:
    """Rate and Clopper–Pearson limits by scipy's beta distribution, one group at a time."""
    low = 0.0 if x == 0 else float(stats.beta.ppf(error, x, n - x + 1))
    high = 1.0 if x == n else float(stats.beta.isf(error, x + 1, n - x))
    return x / n, low, high


def mover_upper(low: tuple[int, int], high: tuple[int, int], line: float, error: float) -> float:
    p, q = low[0] / low[1], high[0] / high[1]
    return _contour.upper(p, q, lambda e: sides(*low, e)[1], lambda e: sides(*high, e)[2], line, error)


def mover_lower(low: tuple[int, int], high: tuple[int, int], line: float, error: float) -> float:
    p, _, u = sides(*low, error)
    q, l, _ = sides(*high, error)  # noqa: E741 - the letter of the formula
    return line * q - p - math.sqrt((u - p) ** 2 + line**2 * (q - l) ** 2)


@settings(max_examples=25)
@given(GROUPS, st.sampled_from([1.0, 0.8, 0.3]), st.sampled_from([0.025, 0.2]))
def test_mover_limits_equal_scalar_arithmetic_over_all_pairs(groups: Counts, line: float, error: float) -> None:
    share = error / (len(groups) * (len(groups) - 1))
    pairs = list(permutations(groups, 2))
    found = contrasts(groups)
    assert found.upper(error)(line) == pytest.approx(max(mover_upper(i, j, line, error) for i, j in pairs), abs=1e-9)
    assert found.lower(error)(line) == pytest.approx(max(mover_lower(i, j, line, share) for i, j in pairs), abs=1e-9)


@settings(max_examples=25)
@given(GROUPS, st.sampled_from([1.0, 0.8]))
def test_box_limits_use_half_the_error_and_no_square_root(groups: Counts, line: float) -> None:
    pairs = list(permutations([sides(x, n, 0.0125) for x, n in groups], 2))
    assert contrasts(groups, "box").upper(0.025)(line) == pytest.approx(
        max(line * high[2] - low[1] for low, high in pairs), abs=1e-9
    )
    share = 0.0125 / (len(groups) * (len(groups) - 1))
    pairs = list(permutations([sides(x, n, share) for x, n in groups], 2))
    assert contrasts(groups, "box").lower(0.025)(line) == pytest.approx(
        max(line * high[1] - low[2] for low, high in pairs), abs=1e-9
    )


@settings(max_examples=25)
@given(GROUPS)
def test_box_limits_are_wider_than_mover_limits(groups: Counts) -> None:
    assert contrasts(groups, "box").upper(0.025)(1.0) >= contrasts(groups).upper(0.025)(1.0) - 1e-12
    assert contrasts(groups, "box").lower(0.025)(1.0) <= contrasts(groups).lower(0.025)(1.0) + 1e-12


@settings(max_examples=25)
@given(GROUPS)
def test_gaps_grow_with_the_line_so_that_inversion_is_right(groups: Counts) -> None:
    lines = np.linspace(0, 1, 11)
    for gap in (contrasts(groups).upper(0.025), contrasts(groups).lower(0.025)):
        assert np.all(np.diff([gap(line) for line in lines.tolist()]) >= -1e-12)
        edge = invert(gap, largest=True)
        assert gap(edge) <= 0 or edge == 0
        assert edge == 1 or gap(min(edge + 1e-9, 1)) > -1e-12


@settings(max_examples=25)
@given(GROUPS, st.randoms(use_true_random=False))
def test_the_order_of_the_groups_does_not_matter(groups: Counts, random: object) -> None:
    shuffled = list(groups)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # the object is known to have it
    assert contrasts(groups).upper(0.025)(1.0) == contrasts(shuffled).upper(0.025)(1.0)
    assert contrasts(groups).lower(0.025)(0.8) == contrasts(shuffled).lower(0.025)(0.8)


@settings(max_examples=25)
@given(GROUPS)
def test_a_reference_looks_at_its_own_pairs_only(groups: Counts) -> None:
    pairs = [(groups[0], other) for other in groups[1:]] + [(other, groups[0]) for other in groups[1:]]
    found = contrasts(groups, reference=0)
    assert found.count == len(pairs)
    assert found.upper(0.025)(1.0) == pytest.approx(max(mover_upper(i, j, 1.0, 0.025) for i, j in pairs), abs=1e-9)


def test_the_rest_is_compared_in_both_directions() -> None:
    limits = ClopperPearson(np.array([5, 9, 1]), np.array([20, 20, 20]))
    found = Contrasts.of(limits, reference="rest")
    whole = [(5, 20), (9, 20), (1, 20)]
    rest = [(10, 40), (6, 40), (14, 40)]
    both = [*zip(whole, rest, strict=True), *zip(rest, whole, strict=True)]
    assert found.upper(0.025)(1.0) == pytest.approx(max(mover_upper(i, j, 1.0, 0.025) for i, j in both))
    assert found.gap() == pytest.approx(14 / 40 - 1 / 20)


def test_contrasts_are_counted_in_both_directions() -> None:
    assert (contrast_count(10), contrast_count(10, 3), contrast_count(10, "rest")) == (90, 18, 20)


def test_an_unknown_reference_is_refused() -> None:
    with pytest.raises(InputError, match="reference group 5"):
        contrasts([(1, 2), (1, 3)], reference=5)


def test_limits_that_cannot_be_pooled_refuse_the_rest() -> None:
    limits = StudentisedBootstrap(np.array([0.5, 0.4]), np.zeros(2), np.ones(2), np.zeros((200, 2)), logit=True)
    with pytest.raises(InputError, match="cannot be pooled"):
        Contrasts.of(limits, reference="rest")
