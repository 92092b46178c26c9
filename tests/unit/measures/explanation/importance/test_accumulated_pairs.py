"""What two columns add together."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.measures.explanation import Features
from hakari.measures.explanation.importance import accumulated_interaction
from tests.unit.measures.explanation.importance.known import Floats, asked, awkward, linear, mixed, plain, rng


def product(features: Features) -> Floats:
    return np.asarray(features.columns["a"] * features.columns["b"], dtype=np.float64)


def square(n: int = 2000) -> Features:
    chance = rng(5)
    return Features({"a": chance.uniform(-1, 1, n), "b": chance.uniform(-1, 1, n)})


def test_columns_that_act_each_on_its_own_add_nothing_together() -> None:
    found = accumulated_interaction(asked(linear), plain(), "a", "b")
    assert found.values == pytest.approx(np.zeros(found.values.shape), abs=1e-9)


def test_a_product_is_the_product_once_its_main_effects_are_taken_off() -> None:
    found = accumulated_interaction(asked(product), square(), "a", "b", points=6)
    expected = np.outer(found.grids[0], found.grids[1])
    left = found.values - expected
    # What remains is a sum of one function of each column: second differences are exact.
    assert np.diff(np.diff(left, axis=0), axis=1) == pytest.approx(np.zeros((5, 5)), abs=1e-9)
    assert found.values == pytest.approx(expected, abs=0.08)
    assert found.counts.sum() == 2000


def test_the_mean_over_the_rows_is_nothing() -> None:
    found = accumulated_interaction(asked(product), square(), "a", "b", points=6)
    middle = (found.values[1:, 1:] + found.values[:-1, 1:] + found.values[1:, :-1] + found.values[:-1, :-1]) / 4
    assert (found.counts * middle).sum() == pytest.approx(0, abs=1e-9)


def test_cells_without_rows_borrow_and_it_is_said() -> None:
    features = plain(300)
    found = accumulated_interaction(asked(lambda each: each.columns["a"] * each.columns["copy"]), features, "a", "copy")
    assert (found.counts == 0).sum() > 0
    assert [limit.key for limit in found.limits][-1] == "measures.explanation.importance.limit.empty"
    assert np.isfinite(found.values).all()


def test_errors_are_those_of_the_noise_over_rows() -> None:
    """y = c·a·b with c of mean 1: with more rows the error falls with their root."""

    def noisy(features: Features) -> Floats:
        return np.asarray(features.columns["c"] * features.columns["a"] * features.columns["b"], dtype=np.float64)

    found = []
    for n in (400, 6400):
        features = Features({**square(n).columns, "c": 1 + rng(6).normal(size=n)})
        found.append(accumulated_interaction(asked(noisy), features, "a", "b", points=4))
    assert found[0].errors.mean() / found[1].errors.mean() == pytest.approx(4, rel=0.15)


def test_what_cannot_be_used_is_one_clear_line() -> None:
    with pytest.raises(InputError, match="hold texts"):
        accumulated_interaction(asked(mixed), awkward(), "sex", "number")
    with pytest.raises(InputError, match="fewer than two"):
        accumulated_interaction(asked(mixed), awkward(), "same", "number")
