from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.statistics.tally import MISSING, Tally, Value

AXES = ("group", "label")
LEVELS = st.one_of(st.none(), st.integers(-3, 3), st.floats(-2, 2), st.text(max_size=2), st.booleans())
ROWS = st.lists(st.tuples(LEVELS, st.integers(0, 1), st.integers(0, 9)), max_size=12)
WEIGHTED = st.lists(
    st.tuples(LEVELS, st.integers(0, 1), st.integers(0, 9), st.floats(0, 50), st.floats(0, 900)), max_size=12
)


def tally(rows: list[tuple[object, ...]]) -> Tally:
    return Tally.from_cells(AXES, rows)


@settings(max_examples=50)
@given(ROWS, ROWS, ROWS)
def test_merging_is_associative_and_commutative(a: list[object], b: list[object], c: list[object]) -> None:
    x, y, z = (Tally.from_cells(AXES, rows) for rows in (a, b, c))  # type: ignore[arg-type]  # on purpose
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x


@settings(max_examples=50)
@given(WEIGHTED, WEIGHTED, WEIGHTED)
def test_merging_weights_is_associative_and_commutative(a: list[object], b: list[object], c: list[object]) -> None:
    x, y, z = (Tally.from_cells(AXES, rows, scale=1000) for rows in (a, b, c))  # type: ignore[arg-type]  # on purpose
    assert (x + y) + z == x + (y + z)
    assert x + y == y + x


@settings(max_examples=50)
@given(ROWS, st.randoms())
def test_order_and_partition_of_rows_do_not_matter(rows: list[tuple[object, ...]], random: object) -> None:
    half = len(rows) // 2
    assert tally(rows) == tally(rows[::-1]) == tally(rows[:half]) + tally(rows[half:])


@settings(max_examples=50)
@given(WEIGHTED)
def test_rows_survive_a_trip_through_json(rows: list[tuple[object, ...]]) -> None:
    there = Tally.from_cells(AXES, rows, scale=1000)
    back = json.loads(json.dumps(there.to_rows()))
    assert Tally.from_rows(AXES, back, scale=1000) == there


def test_null_and_nan_are_missing_and_numpy_scalars_are_plain() -> None:
    counted = tally([(None, 0, 1), (float("nan"), 0, 2), (np.float64(1.0), np.int64(0), np.int64(3)), (True, 0, 4)])
    assert dict(zip(counted.cells, counted.counts, strict=True)) == {(1, 0): 7, (MISSING, 0): 3}
    assert [type(part) for part in counted.cells[0]] == [int, int]


def test_levels_are_ordered_numbers_then_text_then_missing() -> None:
    counted = tally([(level, 0, 1) for level in ("z", None, 10, "missing!", 2.5, "a", -1)])
    assert counted.levels("group") == (-1, 2.5, 10, "a", "missing!", "z", MISSING)


def test_a_marginal_sums_over_the_other_axes() -> None:
    rows: list[tuple[Value, Value, int]] = [("a", 0, 3), ("a", 1, 4), ("b", 0, 5)]
    expected: Counter[Value] = Counter()
    for group, _, n in rows:
        expected[group] += n
    margin = tally(list(rows)).marginal(["group"])
    assert {cell[0]: n for cell, n in zip(margin.cells, margin.counts, strict=True)} == expected
    assert margin.total == tally(list(rows)).total


def test_a_marginal_may_reorder_axes() -> None:
    counted = tally([("a", 0, 3), ("b", 1, 4)])
    assert counted.marginal(["label", "group"]).marginal(["group", "label"]) == counted


def test_where_keeps_one_or_several_levels() -> None:
    counted = tally([("a", 0, 3), ("b", 1, 4), (None, 1, 5)])
    assert counted.where(group="a").total == 3
    assert counted.where(group=("a", MISSING), label=1).total == 5


def test_weights_are_integers_at_the_scale() -> None:
    counted = Tally.from_cells(("g",), [("a", 2, 1.5, 1.25), ("a", 1, 0.25, 0.0625)], scale=100)
    assert counted.weights is not None
    assert (counted.weights.sums, counted.weights.squares) == ((175,), (13125,))


def test_a_large_weight_sum_is_written_as_text() -> None:
    counted = Tally.from_cells(("g",), [("a", 10**9, 1e10, 1e13)], scale=10**6)
    assert counted.to_rows() == [["a", 10**9, str(10**16), str(10**25)]]
    assert Tally.from_rows(("g",), counted.to_rows(), scale=10**6) == counted


def test_adding_other_axes_names_both() -> None:
    with pytest.raises(InputError, match=r"\(group, label\) and \(group\)"):
        tally([]) + Tally.from_cells(("group",), [])


def test_adding_another_weight_scale_is_an_error() -> None:
    with pytest.raises(InputError, match="10 and none"):
        Tally.from_cells(("g",), [], scale=10) + Tally.from_cells(("g",), [])


@pytest.mark.parametrize("row", [("a", 0, -1), ("a", 0, 1.5), ("a", 0, 2**53), (object(), 0, 1), (float("inf"), 0, 1)])
def test_impossible_rows_are_refused(row: tuple[object, ...]) -> None:
    with pytest.raises(InputError):
        tally([row])


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(InputError, match="has 3 entries, got 2"):
        tally([("a", 1)])


def test_an_unknown_axis_is_named_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no axis “sex”; it has \(group, label\)"):
        tally([]).marginal(["sex"])
