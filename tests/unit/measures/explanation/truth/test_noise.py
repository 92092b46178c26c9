"""Small noise: what moves, how far, and what stays."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.measures.explanation import Features
from hakari.measures.explanation.truth import Noise

ROWS = Features(
    {
        "pay": np.array([1.5, 2.5, np.nan, 9.25, 4.0]),
        "age": np.array([20, 40, 60, 30, 70]),
        "few": np.array([0, 1, 1, 0, 1]),
        "same": np.full(5, 3.5),
        "none": np.full(5, np.nan),
        "job": np.array(["a", "b", "a", None, "b"], dtype=object),
        "yes": np.array([True, False, True, True, False]),
    }
)


def test_only_numbers_with_a_spread_move() -> None:
    near = Noise.like(ROWS, 0.1)
    assert near.unmoved == ("few", "same", "none", "job", "yes")
    moved = near.draw(ROWS, np.random.default_rng(0))
    for name in near.unmoved:
        assert moved.columns[name] is ROWS.columns[name]
    assert moved.names == ROWS.names


def test_numbers_stay_within_the_noise_and_the_range_and_missing_ones_missing() -> None:
    low, high = np.nanquantile(ROWS.columns["pay"], [0.25, 0.75])
    reach = 0.1 * (high - low) / 1.349
    near = Noise.like(ROWS, 0.1)
    rng = np.random.default_rng(1)
    draws = np.array([near.draw(ROWS, rng).columns["pay"] for _ in range(200)])
    assert np.isnan(draws[:, 2]).all()
    assert np.nanmax(np.abs(draws - ROWS.columns["pay"])) == pytest.approx(reach, rel=0.05)
    assert np.nanmax(np.abs(draws - ROWS.columns["pay"])) <= reach
    assert np.nanmin(draws) >= 1.5
    assert np.nanmax(draws) <= 9.25


def test_whole_numbers_move_by_whole_numbers() -> None:
    moved = Noise.like(ROWS, 0.1).draw(ROWS, np.random.default_rng(2)).columns["age"]
    assert moved.dtype == ROWS.columns["age"].dtype
    floats = Features({"age": np.array([20.0, 40.0, 60.0, 30.0, 70.0])})
    moved = Noise.like(floats, 0.1).draw(floats, np.random.default_rng(2)).columns["age"]
    assert (moved == np.round(moved)).all()
    assert (moved != floats.columns["age"]).any()


def test_a_row_outside_the_range_is_not_pulled_in() -> None:
    reference = Features({"pay": np.linspace(0.0, 1.1, 9)})
    row = Features({"pay": np.array([5.0])})
    assert Noise.like(reference, 0.1).draw(row, np.random.default_rng(0)).columns["pay"][0] == pytest.approx(5, abs=0.1)


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf")])
def test_a_size_that_is_no_small_number_is_refused(size: float) -> None:
    with pytest.raises(InputError):
        Noise.like(ROWS, size)
