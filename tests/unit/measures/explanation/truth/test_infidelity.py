"""Infidelity against its definition, summed over every subset."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Features
from hakari.measures.explanation.truth import Trial, infidelity_of
from tests.unit.measures.explanation.truth.known import (
    Floats,
    asked,
    attributions,
    exact,
    features,
    interaction,
    linear,
    linear_values,
)

ROWS, BACKGROUND = features(20, seed=1), features(12, seed=2)
TRUE = linear_values(ROWS, BACKGROUND)


def tried(values: Floats, **asking: int) -> Trial:
    return infidelity_of(
        asked(linear), ROWS, attributions(ROWS, values), BACKGROUND, np.random.default_rng(3), **asking
    )


def value(trial: Trial) -> float:
    found = trial.estimates[0].value
    assert isinstance(found, float)
    return found


def test_exact_values_of_a_linear_model_have_infidelity_nought() -> None:
    assert value(tried(TRUE)) == pytest.approx(0, abs=1e-20)
    shapley = exact(asked(linear), ROWS, BACKGROUND).values
    assert value(tried(shapley)) == pytest.approx(0, abs=1e-20)


def test_saying_nothing_scores_one_and_the_reverse_four() -> None:
    assert value(tried(np.zeros_like(TRUE))) == pytest.approx(1)
    assert value(tried(-TRUE)) == pytest.approx(4)


@given(factor=st.floats(-3, 3))
@settings(max_examples=15, deadline=None)
def test_values_of_another_size_score_the_square_of_what_is_missing(factor: float) -> None:
    assert value(tried(factor * TRUE)) == pytest.approx((1 - factor) ** 2, abs=1e-9)


def test_it_equals_the_sum_over_all_subsets_where_features_act_together() -> None:
    rows, background = features(5, columns=3, seed=6), features(6, columns=3, seed=7)
    model, d = asked(interaction), 3
    values = exact(model, rows, background).values
    above = below = 0.0
    for row in range(5):
        own = rows.matrix()[row]
        for size in range(1, d + 1):
            sets = list(combinations(range(d), size))
            for replaced in sets:
                mixed = np.tile(own, (6, 1))
                mixed[:, list(replaced)] = background.matrix()[:, list(replaced)]
                change = float(interaction(own[None, :])[0] - interaction(mixed).mean())
                above += (values[row, list(replaced)].sum() - change) ** 2 / len(sets) / d
                below += change**2 / len(sets) / d
    trial = infidelity_of(model, rows, attributions(rows, values), background, np.random.default_rng(0), subsets=4_000)
    assert value(trial) == pytest.approx(above / below, rel=0.05)


def test_features_that_stand_in_for_one_another_are_not_foretold_even_by_exact_values() -> None:
    rows, background = (
        Features({f"x{j}": np.ones(2) for j in range(8)}),
        Features({f"x{j}": np.zeros(1) for j in range(8)}),
    )
    model = asked(lambda matrix: matrix.any(axis=1).astype(float))
    values = np.full((2, 8), 1 / 8)
    trial = infidelity_of(model, rows, attributions(rows, values), background, np.random.default_rng(1), subsets=8_000)
    # Only S = all changes the output: Σ_{s<d} (s/d)² against 1.
    assert value(trial) == pytest.approx(7 * 15 / (6 * 8), rel=0.1)


def test_few_draws_do_not_add_their_own_noise() -> None:
    rows, background = features(500, seed=4), features(200, seed=5)
    values = linear_values(rows, background)
    trial = infidelity_of(
        asked(linear), rows, attributions(rows, values), background, np.random.default_rng(1), draws=4
    )
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    assert interval.low < 0.05
    assert value(trial) < 0.05


def test_values_claimed_for_rows_that_nothing_changes_count_as_errors() -> None:
    rows = Features({"x0": np.array([0.0, 5.0])})
    background = Features({"x0": np.array([0.0, 0.0])})
    trial = infidelity_of(
        asked(linear), rows, attributions(rows, np.array([[15.0], [15.0]])), background, np.random.default_rng(0)
    )
    assert value(trial) == pytest.approx(1)
    assert np.isnan(trial.per_row).tolist() == [True, False]


def test_a_model_that_never_changes_is_not_measured() -> None:
    trial = infidelity_of(
        asked(lambda matrix: np.full(len(matrix), 0.7)), ROWS, attributions(ROWS, TRUE), BACKGROUND,
        np.random.default_rng(0),
    )  # fmt: skip
    assert isinstance(trial.estimates[0].value, Unmeasured)


def test_the_price_is_counted() -> None:
    assert tried(TRUE, subsets=3, draws=4).cost.model_rows == 20 * 3 * 4 + 20


def test_no_subsets_are_refused() -> None:
    with pytest.raises(InputError):
        tried(TRUE, subsets=0)
