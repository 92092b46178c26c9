"""Max-sensitivity of explainers whose change is known."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Attributions, Features
from hakari.measures.explanation.truth import Trial, max_sensitivity
from tests.unit.measures.explanation.truth.explainers import linear_explainer, random_explainer
from tests.unit.measures.explanation.truth.known import WEIGHTS, attributions, features

ROWS = features(40, seed=1)


def value(trial: Trial) -> float:
    found = trial.estimates[0].value
    assert isinstance(found, float)
    return found


def test_a_linear_model_changes_by_at_most_its_weights_times_the_noise() -> None:
    trial = max_sensitivity(linear_explainer(), ROWS, np.random.default_rng(2), noise=0.05)
    quartiles = np.quantile(ROWS.matrix(), [0.25, 0.75], axis=0)
    reach = 0.05 * (quartiles[1] - quartiles[0]) / 1.349
    most = np.linalg.norm(reach * WEIGHTS) / np.linalg.norm(ROWS.matrix() * WEIGHTS, axis=1)
    assert (trial.per_row <= most + 1e-12).all()
    assert value(trial) == pytest.approx(np.median(trial.per_row))
    assert value(trial) > 0


def test_chance_of_the_method_is_held_fixed() -> None:
    # A method whose error is chance only: the same chance gives the same values for the same row.
    trial = max_sensitivity(random_explainer, ROWS, np.random.default_rng(2))
    assert value(trial) == 0


def test_an_explanation_that_jumps_is_seen() -> None:
    def jumps(rows: Features, rng: np.random.Generator) -> Attributions:
        last_digits = np.floor(rows.matrix() * 1e4) % 2 * 2 - 1
        return attributions(rows, last_digits)

    trial = max_sensitivity(jumps, ROWS, np.random.default_rng(2))
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    assert interval.low > 1


def test_the_limits_of_the_median_are_order_statistics() -> None:
    trial = max_sensitivity(linear_explainer(), ROWS.take(slice(0, 6)), np.random.default_rng(2))
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    # P(all six on one side) = 1/64 ≤ .025.
    assert (interval.low, interval.high) == (trial.per_row.min(), trial.per_row.max())
    few = max_sensitivity(linear_explainer(), ROWS.take(slice(0, 5)), np.random.default_rng(2))
    assert isinstance(few.estimates[0].interval, Unmeasured)


def test_one_row_takes_its_noise_from_the_background() -> None:
    one = ROWS.take([0])
    alone = max_sensitivity(linear_explainer(), one, np.random.default_rng(2))
    assert isinstance(alone.estimates[0].value, Unmeasured)
    assert value(max_sensitivity(linear_explainer(), one, np.random.default_rng(2), background=ROWS)) > 0


def test_explanations_of_nothing_are_left_out() -> None:
    def silent(rows: Features, rng: np.random.Generator) -> Attributions:
        return attributions(rows, np.zeros((rows.rows, 5)))

    trial = max_sensitivity(silent, ROWS, np.random.default_rng(2))
    assert trial.left_out == 40
    assert isinstance(trial.estimates[0].value, Unmeasured)


def test_the_price_counts_every_explanation() -> None:
    assert max_sensitivity(linear_explainer(), ROWS, np.random.default_rng(2), draws=3).cost.model_rows == 4 * 7


def test_no_draws_are_refused() -> None:
    with pytest.raises(InputError):
        max_sensitivity(linear_explainer(), ROWS, np.random.default_rng(2), draws=0)
