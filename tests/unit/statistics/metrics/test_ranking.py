"""Places in lists, one list at a time in plain Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.statistics.metrics.ranking import DEFINITIONS, Places, discount, ndkl


def one_list(worth: Sequence[float]) -> Places:
    return Places.of(np.array(worth, dtype=float), np.zeros(len(worth), dtype=np.int64))


def plain_ndkl(groups: Sequence[int]) -> float:
    """The definition, with the groups in the order of the list."""
    shares = {g: groups.count(g) / len(groups) for g in set(groups)}
    above = below = 0.0
    for place in range(1, len(groups) + 1):
        seen = {g: list(groups[:place]).count(g) / place for g in shares}
        divergence = sum(p * math.log(p / shares[g]) for g, p in seen.items() if p > 0)
        above += divergence / math.log2(place + 1)
        below += 1 / math.log2(place + 1)
    return above / below


def test_the_first_place_has_all_attention_and_the_third_half_of_it() -> None:
    assert discount(np.array([1.0, 3.0])) == pytest.approx([1.0, 0.5])


def test_rows_stand_in_their_own_lists() -> None:
    places = Places.of(np.array([1.0, 9.0, 5.0, 7.0]), np.array([0, 1, 0, 1]))
    assert places.order.tolist() == [2, 0, 1, 3]
    assert places.place.tolist() == [1, 2, 1, 2]
    assert places.owner.tolist() == [0, 1, 0, 1]


def test_tied_rows_have_the_mean_of_their_orders() -> None:
    """Every order of the tied rows is tried."""
    worth = [5.0, 3.0, 3.0, 3.0, 1.0]
    found = one_list(worth)
    orders = [[0, *middle, 4] for middle in permutations([1, 2, 3])]
    for row in range(5):
        mine = [order.index(row) + 1 for order in orders]
        assert found.exposure()[row] == pytest.approx(np.mean([1 / math.log2(1 + p) for p in mine]))
        assert found.among_first(2)[row] == pytest.approx(np.mean([p <= 2 for p in mine]))
    assert found.tied


def test_among_the_first_are_exactly_k_of_each_list() -> None:
    rng = np.random.default_rng(1)
    lists, worth = rng.integers(0, 8, 300), rng.integers(0, 5, 300).astype(float)
    first = Places.of(worth, lists).among_first(7)
    assert np.bincount(lists, weights=first) == pytest.approx(np.minimum(np.bincount(lists), 7))


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=25))
def test_ndkl_is_its_definition(groups: list[int]) -> None:
    places = one_list([-float(k) for k in range(len(groups))])
    assert ndkl(places, np.array(groups), 4) == pytest.approx([plain_ndkl(groups)], abs=1e-9)


def test_the_divergence_of_ties_agrees_with_the_fast_way_where_there_are_none() -> None:
    rng = np.random.default_rng(2)
    lists, group, worth = rng.integers(0, 9, 400), rng.integers(0, 5, 400), rng.random(400)
    fast = ndkl(Places.of(worth, lists), group, 5)
    # One more list in which two rows are tied makes the whole go the other way.
    places = Places.of(np.r_[worth, 1.0, 1.0], np.r_[lists, 9, 9])
    slow = ndkl(places, np.r_[group, 0, 1], 5)
    assert slow[:9] == pytest.approx(fast, abs=1e-9)
    assert slow[9] == pytest.approx(0.0, abs=1e-12)  # tied rows of two groups stand like their shares


def test_a_list_of_one_group_diverges_from_nothing() -> None:
    assert ndkl(one_list([3.0, 2.0, 1.0]), np.zeros(3, dtype=np.int64), 1) == pytest.approx([0.0])


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(chance: object) -> None:
    rng = np.random.default_rng(3)
    lists, group, worth = rng.integers(0, 4, 60), rng.integers(0, 3, 60), rng.integers(0, 9, 60).astype(float)
    order = np.random.default_rng(chance.randint(0, 2**31)).permutation(60)  # type: ignore[attr-defined]  # on purpose
    one, other = Places.of(worth, lists), Places.of(worth[order], lists[order])
    assert other.exposure() == pytest.approx(one.exposure()[order])
    assert ndkl(other, group[order], 3) == pytest.approx(ndkl(one, group, 3), abs=1e-9)


def test_no_rows_are_no_lists() -> None:
    places = one_list([])
    assert places.count == 0
    assert len(ndkl(places, np.zeros(0, dtype=np.int64), 1)) == 0


def test_definitions_have_names_of_their_own() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(set(names)) == len(names)
    assert {definition.family for definition in DEFINITIONS} == {"ranking"}
