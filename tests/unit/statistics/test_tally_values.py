"""What may stand in a tally: levels, counts and weights at the ends of what a double can hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.statistics.tally import MISSING, Tally, Weights

LARGEST = 2**53 - 1
Row = tuple[object, ...]


def level(value: object) -> object:
    """What becomes of one level, with its type."""
    return Tally.from_cells(("g",), [(value, 1)]).cells[0][0]


class Word(str):
    """Text of another class, as some readers give."""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"), (Word("a"), "a"), (np.str_("a"), "a"), ("", ""), ("missing", MISSING), (None, MISSING),
        (float("nan"), MISSING), (np.float32("nan"), MISSING), (True, 1), (np.bool_(False), 0), (1.0, 1), (-0.0, 0),
        (np.int8(-3), -3), (np.float32(0.5), 0.5), (2.5, 2.5), (LARGEST, LARGEST), (-LARGEST, -LARGEST),
        (float(LARGEST), LARGEST), (2.0**53, 2.0**53), (-(2.0**60), -(2.0**60)), (1e300, 1e300),
    ],
)  # fmt: skip
def test_a_level_has_one_plain_representation(value: object, expected: object) -> None:
    found = level(value)
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2**53, "int"), (-(2**53), "int"), (float("inf"), "float"), (float("-inf"), "float"), (b"a", "bytes"),
        ((1, 2), "tuple"), (np.datetime64("2026-11-22"), "date"), (1j, "complex"),
    ],
)  # fmt: skip
def test_a_level_that_json_cannot_carry_is_refused_with_its_type(value: object, kind: str) -> None:
    with pytest.raises(InputError, match=f"of type {kind} cannot be counted"):
        level(value)


def counted(value: object) -> int:
    return Tally.from_cells(("g",), [("a", value)]).counts[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (3, 3), (2.0, 2), ("12", 12), (np.int32(7), 7), (np.float64(4), 4), (LARGEST, LARGEST)],
)
def test_a_count_is_any_whole_number_of_zero_or_more(value: object, expected: int) -> None:
    assert (counted(value), type(counted(value))) == (expected, int)


@pytest.mark.parametrize(
    "value", [-1, 1.5, "1.5", "-1", "many", True, None, float("nan"), float("inf"), np.bool_(True)]
)
def test_what_is_no_count_is_refused_by_name(value: object) -> None:
    plain = value.item() if isinstance(value, np.generic) else value
    with pytest.raises(InputError, match="is not a count") as found:
        counted(value)
    assert str(found.value).startswith(repr(plain))


def test_counts_stay_below_two_to_the_53_also_after_merging() -> None:
    for rows in ([("a", 2**53)], [("a", LARGEST), ("a", 1)], [("b", 5), ("a", LARGEST), ("a", 1)]):
        with pytest.raises(InputError, match=str(2**53)):
            Tally.from_cells(("g",), rows)
    both = Tally.from_cells(("g",), [("a", LARGEST - 1)]) + Tally.from_cells(("g",), [("a", 1)])
    assert both.counts == (LARGEST,)
    with pytest.raises(InputError, match=str(2**53)):
        both + Tally.from_cells(("g",), [("a", 1)])


def weighted(w: object, w2: object, scale: int = 1000) -> tuple[int, int]:
    found = Tally.from_cells(("g",), [("a", 1, w, w2)], scale=scale).weights
    assert found is not None
    return found.sums[0], found.squares[0]


@pytest.mark.parametrize("w", [0, 0.1, 1 / 3, 2.5, 1e9 + 1 / 3, 3, np.float32(0.1), np.int64(4)])
def test_weights_are_rounded_once_to_the_nearest_unit(w: float) -> None:
    exact = Fraction(float(w))
    assert weighted(w, w) == (round(exact * 1000), round(exact * 10**6))


@pytest.mark.parametrize("wrong", [-1e-9, float("nan"), float("inf"), "1", None])
def test_what_is_no_sum_of_weights_is_refused_by_name(wrong: object) -> None:
    for row in (("a", 1, wrong, 1.0), ("a", 1, 1.0, wrong)):
        with pytest.raises(InputError, match="is not a sum of weights") as found:
            Tally.from_cells(("g",), [row], scale=10)
        assert str(found.value).startswith(repr(wrong))


def test_a_scale_of_one_counts_whole_weights_and_zero_is_none() -> None:
    assert weighted(2.0, 4.0, scale=1) == (2, 4)
    for wrong in (0, -5):
        with pytest.raises(InputError, match=f"scale {wrong} is not"):
            Tally.from_cells(("g",), [], scale=wrong)


ROWS: list[Row] = [("b", 1, 2, 1.5, 1.25), ("a", 0, 1, 0.5, 0.25), ("a", 1, 4, 2.0, 3.0), ("a", 0, 3, 0.25, 0.125)]


def tally() -> Tally:
    return Tally.from_cells(("g", "label"), ROWS, scale=8)


def test_equal_cells_are_added_and_the_rest_is_sorted() -> None:
    found = tally()
    assert (found.cells, found.counts, found.total) == ((("a", 0), ("a", 1), ("b", 1)), (4, 4, 2), 10)
    assert found.weights == Weights(8, (6, 16, 12), (24, 192, 80))


def test_weights_follow_marginals_parts_and_sums() -> None:
    assert tally().marginal(["g"]) == Tally.from_cells(("g",), [("a", 8, 2.75, 3.375), ("b", 2, 1.5, 1.25)], scale=8)
    assert tally().where(g="a", label=(1, 7)) == Tally.from_cells(("g", "label"), [ROWS[2]], scale=8)
    assert tally() + tally() == Tally.from_cells(("g", "label"), ROWS + ROWS, scale=8)


def test_levels_asked_for_are_read_like_levels_counted() -> None:
    found = Tally.from_cells(("g", "label"), [(1, 0, 3), (None, 1, 4), ("x", 1, 5)])
    assert found.where(g=1.0).total == found.where(g=True).total == 3
    assert found.where(g=(float("nan"), "x")).total == 9
    assert found.where(g="y").cells == ()
    assert found.where() == found


def test_large_weight_sums_become_text_at_two_to_the_53_and_come_back() -> None:
    for units, expected in ((LARGEST, LARGEST), (2**53, str(2**53))):
        rows = [["a", 1, expected, expected]]
        found = Tally.from_rows(("g",), rows, scale=1)
        assert found.weights == Weights(1, (units,), (units,))
        assert found.to_rows() == rows
    plain = Tally.from_cells(("g",), [("a", 7)])
    assert plain.to_rows() == [["a", 7]]
    assert Tally.from_rows(("g",), [["a", 3], ["a", 4]]) == plain


WRONG: list[tuple[Callable[[], object], str]] = [
    (lambda: Tally(("g",), (("a",),), (1, 2)), "lengths 1, 2"),
    (lambda: Tally(("g",), (("a",),), (1,), Weights(1, (1,), (1, 2, 3))), "lengths 1, 3"),
    (lambda: Tally(("g",), (("a",),), (1,), Weights(1, (1, 2), (1,))), "lengths 1, 2"),
    (lambda: Tally.from_cells(("g", "h", "g"), []), r"\(g, h, g\) repeat"),
    (lambda: Tally.from_rows(("g", "g"), []), r"\(g, g\) repeat"),
    (lambda: tally().marginal(["g", "g"]), r"\(g, g\) repeat"),
    (lambda: tally().where(sex="f"), r"no axis “sex”; it has \(g, label\)"),
    (lambda: tally().levels("sex"), r"no axis “sex”"),
    (lambda: Tally.from_cells(("g",), [("a", 1)], scale=2), r"over \(g\) has 4 entries, got 2: \('a', 1\)"),
    (lambda: Tally.from_rows(("g",), [("a", 1, 2, 3)]), r"over \(g\) has 2 entries, got 4: \('a', 1, 2, 3\)"),
    (lambda: Tally.from_rows(("g",), [("a", 1)], scale=2), r"has 4 entries, got 2"),
    (lambda: Tally.from_rows(("g",), [("a", 1, -1, 2)], scale=2), "-1 is not a count"),
    (lambda: tally() + Tally.from_cells(("g", "label"), [], scale=9), "8 and 9 differ"),
    (lambda: Tally.from_cells(("g", "label"), []) + tally(), "none and 8 differ"),
    (lambda: tally() + Tally.from_cells(("g",), [], scale=8), r"\(g, label\) and \(g\)"),
]


@pytest.mark.parametrize(("call", "told"), WRONG, ids=[told for _, told in WRONG])
def test_a_refusal_names_what_was_wrong(call: Callable[[], object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        call()


def test_levels_come_in_one_order_whatever_their_type() -> None:
    values: list[object] = ["10", 10, "é", "z", None, 9.5, -1, "Missing"]
    found = Tally.from_cells(("g",), [(value, 1) for value in values])
    assert found.levels("g") == (-1, 9.5, 10, "10", "Missing", "z", "é", MISSING)
    assert found.cells == tuple((value,) for value in found.levels("g"))


def test_positions_are_those_of_the_axes() -> None:
    assert [tally().position(axis) for axis in ("g", "label")] == [0, 1]
