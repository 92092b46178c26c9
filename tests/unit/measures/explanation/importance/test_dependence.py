"""Partial dependence and single lines against scikit-learn and plain averages."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.inspection import partial_dependence as of_sklearn

from hakari.errors import InputError
from hakari.measures.explanation import Features
from hakari.measures.explanation.importance import individual_expectations, partial_dependence
from hakari.messages import LANGUAGES, render
from tests.unit.measures.explanation.importance.known import asked, awkward, linear, mixed, plain, xor


def test_means_and_lines_are_those_of_scikit_learn_on_the_same_grid() -> None:
    features = Features({name: plain(120).columns[name] for name in "abc"})
    model = GradientBoostingRegressor(n_estimators=20, random_state=0).fit(features.matrix(), xor(features))
    theirs = of_sklearn(model, features.matrix(), [0], kind="both", method="brute", grid_resolution=7)
    ours = asked(lambda each: model.predict(each.matrix()))
    grid = theirs["grid_values"][0].tolist()
    assert partial_dependence(ours, features, "a", grid=grid).values == pytest.approx(theirs["average"])
    assert individual_expectations(ours, features, "a", grid=grid).values == pytest.approx(theirs["individual"][0])


def test_a_linear_model_is_its_line_and_its_shape_has_no_error() -> None:
    features = plain()
    found = partial_dependence(asked(linear), features, "a", points=5, centred=True)
    grid = np.array(found.grid, dtype=float)
    assert np.diff(found.values[0]) == pytest.approx(2 * np.diff(grid))
    assert found.errors[0] == pytest.approx(np.zeros(5), abs=1e-12)


def test_the_error_of_a_plain_curve_is_that_of_a_mean_over_rows() -> None:
    features = plain()
    found = partial_dependence(asked(linear), features, "a", points=5)
    assert found.errors[0] == pytest.approx(np.full(5, features.columns["b"].std(ddof=1) / np.sqrt(300)))


def test_lines_that_cross_average_to_nothing() -> None:
    features = plain(400)
    lines = individual_expectations(asked(xor), features, "a", points=4)
    mean = partial_dependence(asked(xor), features, "a", points=4)
    assert mean.values[0] == pytest.approx(lines.values.mean(axis=0))
    assert set(lines.values.ravel().tolist()) == {0.0, 1.0}
    assert mean.values[0] == pytest.approx(np.full(4, 0.5), abs=0.1)


def test_the_grid_holds_values_that_occur_at_equal_shares_of_the_rows() -> None:
    features = Features({"a": np.arange(100.0), "b": np.zeros(100)})
    found = partial_dependence(asked(linear), features, "a", points=5)
    assert found.grid == (0.0, 24.0, 49.0, 74.0, 99.0)
    assert found.counts.sum() == 100


def test_weights_move_the_mean_and_the_grid() -> None:
    features = Features({"a": np.array([0.0, 1.0, 2.0]), "b": np.array([0.0, 0.0, 3.0])})
    found = partial_dependence(asked(linear), features, "a", weights=np.array([1.0, 1.0, 2.0]))
    assert found.values[0] == pytest.approx(2 * np.arange(3) + 1.5 - 1)


def test_missing_values_and_levels_are_places_of_their_own() -> None:
    features = awkward()
    ask = asked(mixed)
    number = partial_dependence(ask, features, "number", points=4, centred=True)
    assert number.grid[-1] is None
    assert number.values[0, -1] - number.values[0, 0] == pytest.approx(5 - float(number.grid[0] or 0))
    sex = partial_dependence(ask, features, "sex", centred=True)
    assert set(sex.grid) == {"f", "m", None}
    woman, man = (float(sex.values[0, sex.grid.index(level)]) for level in ("f", "m"))
    assert woman - man == pytest.approx(3)
    assert sex.counts.sum() == 400


def test_whole_numbers_stay_whole_and_many_levels_are_cut_and_said() -> None:
    features = awkward()
    kinds: list[str] = []

    def spying(each: Features) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        kinds.append(each.columns["count"].dtype.kind)
        return np.zeros(each.rows)

    partial_dependence(asked(spying), features, "count")
    assert set(kinds) == {"i"}
    town = partial_dependence(asked(mixed), features, "town", points=10)
    assert len(town.grid) == 10
    assert any("left out" in render(limit) for limit in town.limits)
    assert all(render(limit, language) for limit in town.limits for language in LANGUAGES)


@pytest.mark.parametrize("column", ["gone", "same"])
def test_a_column_with_one_value_is_one_point(column: str) -> None:
    found = partial_dependence(asked(mixed), awkward(), column)
    assert found.values.shape == (1, 1)


def test_one_row_is_its_own_mean() -> None:
    found = partial_dependence(asked(linear), plain(1), "a")
    assert found.values[0] == pytest.approx(linear(plain(1)))
    assert found.errors.tolist() == [[0.0]]


def test_what_cannot_be_used_is_one_clear_line() -> None:
    with pytest.raises(InputError, match="no features"):
        partial_dependence(asked(linear), plain(5), "z")
    with pytest.raises(InputError, match="at least 2 points"):
        partial_dependence(asked(linear), plain(5), "a", points=1)
    with pytest.raises(InputError, match="weights"):
        partial_dependence(asked(linear), plain(5), "a", weights=np.zeros(5))
