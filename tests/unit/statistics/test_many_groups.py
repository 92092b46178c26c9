"""Contrasts over many groups: the shortcuts against every pair one by one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hakari.statistics import contrasts
from hakari.statistics.contrasts import Contrasts, Method, Reference, invert
from hakari.statistics.limits import ClopperPearson
from tests.unit.statistics import _contour

ERROR = 0.025


def groups(count: int, seed: int = 1) -> ClopperPearson:
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 300, count)
    return ClopperPearson(rng.binomial(n, rng.uniform(0, 1, count)).astype(float), n.astype(float))


def brute(
    limits: ClopperPearson, line: float, error: float, pairs: list[tuple[int, int]], *, upper: bool, box: bool = False
) -> float:
    """The largest contrast, pair by pair; each side of a pair may be another set of limits."""
    if upper:
        errors = [(error, error)] if box else _contour.angles(error)
        return max(_sum(limits, line, one, two, pairs) for one, two in errors)
    p, low, high = limits.values, limits.lower(error), limits.upper(error)
    found = []
    for i, j in pairs:
        r, s = high[i] - p[i], p[j] - low[j]
        found.append(float(line * p[j] - p[i] - (r + line * s if box else np.sqrt(r**2 + (line * s) ** 2))))
    return max(found)


def _sum(limits: ClopperPearson, line: float, one: float, two: float, pairs: list[tuple[int, int]]) -> float:
    p = limits.values
    low, high = np.minimum(p, limits.lower(one)), np.maximum(p, limits.upper(two))
    return max(float(line * high[j] - low[i]) for i, j in pairs)


def all_pairs(count: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(count) for j in range(count) if i != j]


@pytest.mark.parametrize("chunk", [1, 40, 10**9])
@pytest.mark.parametrize("count", [2, 3, 60])
@pytest.mark.parametrize("line", [0.0, 0.4, 1.0])
def test_groups_left_out_and_pieces_of_pairs_change_no_limit(
    chunk: int, count: int, line: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contrasts, "_CHUNK", chunk)
    for seed in range(5):
        limits = groups(count, seed)
        found, pairs = Contrasts.of(limits), all_pairs(count)
        share = ERROR / (count * (count - 1))
        assert found.upper(ERROR)(line) == pytest.approx(brute(limits, line, ERROR, pairs, upper=True), abs=1e-12)
        assert found.lower(ERROR)(line) == pytest.approx(brute(limits, line, share, pairs, upper=False), abs=1e-12)
        p = limits.values
        assert found.gap(line) == pytest.approx(max(line * p[j] - p[i] for i, j in pairs), abs=1e-12)


@pytest.mark.parametrize("method", ["mover", "box"])
@pytest.mark.parametrize("reference", [0, 6, "rest"])
def test_a_reference_keeps_its_method_and_its_pairs(method: Method, reference: Reference) -> None:
    limits = groups(7)
    found = Contrasts.of(limits, reference=reference, method=method)
    if isinstance(reference, int):
        both, pairs = limits, [(i, reference) for i in range(7) if i != reference]
    else:
        x, n = limits.successes, limits.trials
        both = ClopperPearson(np.r_[x, x.sum() - x], np.r_[n, n.sum() - n])
        pairs = [(i, i + 7) for i in range(7)]
    pairs += [(j, i) for i, j in pairs]
    assert (found.count, found.method) == (len(pairs), method)
    assert found.values == pytest.approx(both.values)
    half, box = (ERROR / 2 if method == "box" else ERROR), method == "box"
    for line in (0.6, 1.0):
        upper = brute(both, line, half, pairs, upper=True, box=box)
        lower = brute(both, line, half / len(pairs), pairs, upper=False, box=box)
        assert found.upper(ERROR)(line) == pytest.approx(upper, abs=1e-12)
        assert found.lower(ERROR)(line) == pytest.approx(lower, abs=1e-12)
        assert found.gap(line) == pytest.approx(max(line * both.values[j] - both.values[i] for i, j in pairs))


def test_without_a_word_all_pairs_are_compared_by_mover() -> None:
    found = Contrasts.of(groups(3))
    assert (found.method, found.low, found.high, found.count) == ("mover", None, None, 6)


def test_few_of_many_groups_are_ever_needed() -> None:
    """Only groups that at most one other beats in both numbers stay: with random numbers about 2·log G of them."""
    rng = np.random.default_rng(5)
    a, r = rng.random(2000), rng.random(2000)
    kept = contrasts._skyband(a, r)
    beaten = [int(np.sum((a >= a[k]) & (r >= r[k]))) - 1 for k in range(2000)]
    assert sorted(kept.tolist()) == [k for k in range(2000) if beaten[k] <= 1]


def test_equal_groups_are_kept_twice_and_no_more() -> None:
    """Two of them can be each other's partner; a third adds nothing."""
    assert len(contrasts._skyband(np.full(9, 0.5), np.full(9, 0.1))) == 2


def test_at_an_error_near_one_half_no_side_has_a_negative_length() -> None:
    limits = ClopperPearson(np.array([1, 1]), np.array([3, 3]))
    assert limits.lower(0.99)[0] > 1 / 3 > limits.upper(0.99)[0]
    assert Contrasts.of(limits, method="box").upper(0.999 * 2)(1.0) == 0.0
    # From one half on the contour keeps the medians of the two sides.
    assert Contrasts.of(limits).upper(0.99)(1.0) == Contrasts.of(limits).upper(0.5)(1.0) > 0.0
    assert Contrasts.of(limits).lower(0.999 * 2)(1.0) == 0.0


def step(at: float, *, closed: bool) -> Callable[[float], float]:
    """A gap that jumps from −1 to 1 at `at`; `closed` where the line itself still has −1."""
    return lambda line: 1.0 if line > at or (line == at and not closed) else -1.0


@pytest.mark.parametrize("at", [0.1, 0.5, 0.8, 1 - 2**-40])
@pytest.mark.parametrize("closed", [True, False])
def test_an_inversion_rounds_down_to_the_last_line_within_or_up_to_the_first_beyond(at: float, closed: bool) -> None:
    gap = step(at, closed=closed)
    under, over = invert(gap, largest=True), invert(gap, largest=False)
    assert gap(under) <= 0 < gap(over)
    assert over - under <= 2**-52
    assert under <= at <= over


def test_a_gap_of_exactly_zero_counts_as_none() -> None:
    assert invert(lambda line: 0.0, largest=True) == 1.0
    assert invert(lambda line: min(line - 0.5, 0.0), largest=False) == 1.0
    assert invert(lambda line: max(line - 0.5, 0.0), largest=True) == pytest.approx(0.5)
    assert invert(lambda line: max(line - 0.5, 0.0), largest=False) == pytest.approx(0.5)


def test_an_inversion_stays_on_the_scale_and_asks_only_there() -> None:
    asked: list[float] = []

    def gap(line: float) -> float:
        asked.append(line)
        return line - 0.25

    assert invert(gap, largest=True) == 0.25
    assert invert(lambda line: 0.5, largest=True) == invert(lambda line: 0.5, largest=False) == 0.0
    assert all(0 <= line <= 1 for line in asked)
