"""Features: rows as columns, and the players that share out a prediction."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.measures.explanation._features import Features, players_of

ROWS = Features({"a": np.array([1.0, 2.0, np.nan]), "b": np.array(["x", "y", "x"], dtype=object)})
OTHER = Features({"a": np.array([7.0, 8.0, 9.0]), "b": np.array(["q", "r", "s"], dtype=object)})


def test_mixing_keeps_a_value_where_it_is_told_to_and_takes_the_others_elsewhere() -> None:
    mixed = ROWS.mixed({"a": np.array([True, False, False])}, OTHER)
    assert mixed.columns["a"].tolist() == [1.0, 8.0, 9.0]
    assert mixed.columns["b"].tolist() == ["x", "y", "x"]


def test_rows_can_be_taken_repeated_and_joined() -> None:
    assert ROWS.take([2, 0]).columns["b"].tolist() == ["x", "x"]
    assert ROWS.repeated(2).columns["b"].tolist() == ["x", "x", "y", "y", "x", "x"]
    assert Features.joined([ROWS, OTHER]).rows == 6


def test_only_columns_of_numbers_become_a_matrix() -> None:
    assert ROWS.numeric == ("a",)
    with pytest.raises(InputError, match=r"\bb\b.* hold texts"):
        ROWS.matrix()


@pytest.mark.parametrize(
    ("columns", "message"),
    [({}, "without features"), ({"a": np.zeros(2), "b": np.zeros(3)}, "columns of 2, 3 rows")],
)
def test_columns_that_are_no_table_are_refused(columns: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Features(columns)


def test_an_unknown_column_cannot_be_exchanged() -> None:
    with pytest.raises(InputError, match="c are no features"):
        ROWS.with_columns({"c": np.zeros(3)})


def test_columns_of_a_group_are_one_player_in_the_place_of_the_first() -> None:
    players = players_of(("a", "b", "c"), {"both": ("c", "a")})
    assert players == {"both": ("a", "c"), "b": ("b",)}
    assert tuple(players) == ("both", "b")


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"g": ()}, "has no columns"),
        ({"g": ("z",)}, "which is no feature"),
        ({"a": ("b",)}, "named like a column"),
        ({"g": ("a",), "h": ("a",)}, "in two groups"),
    ],
)
def test_groups_that_do_not_fit_are_refused(groups: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        players_of(("a", "b"), groups)
