"""Deletion and insertion against curves made by hand, and against explanations that are known to be wrong."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Asked, Features
from hakari.measures.explanation.truth import Trial, deletion_insertion
from tests.unit.measures.explanation.truth.known import (
    WEIGHTS,
    Floats,
    asked,
    attributions,
    features,
    linear,
    linear_values,
)

ROWS, BACKGROUND = features(60, seed=1), features(30, seed=2)
TRUE = linear_values(ROWS, BACKGROUND)


def tried(values: Floats, *, rows: Features = ROWS, model: Asked | None = None, seed: int = 3, **asking: int) -> Trial:
    found = attributions(rows, values)
    return deletion_insertion(
        model or asked(linear), rows, found, BACKGROUND, np.random.default_rng(seed), **{"draws": 30, **asking}
    )


def value(trial: Trial, metric: str) -> float:
    found = trial.estimate(metric).value
    assert isinstance(found, float)
    return found


def test_the_true_order_of_a_linear_model_passes_in_every_row_and_its_reverse_in_none() -> None:
    true, reverse = tried(TRUE), tried(-TRUE)
    assert value(true, "faithful_share") == 1
    assert value(reverse, "faithful_share") == 0
    assert min(value(true, "deletion_gain"), value(true, "insertion_gain")) > 0.1
    assert max(value(reverse, "deletion_gain"), value(reverse, "insertion_gain")) < -0.1


def test_the_gains_are_the_areas_of_an_additive_model_by_arithmetic() -> None:
    trial = tried(TRUE, orders=201)
    gap = np.abs(TRUE.sum(axis=1))
    towards = TRUE * np.sign(TRUE.sum(axis=1))[:, None]
    ordered = -np.sort(-towards, axis=1)
    # A curve's mean height over 1…4 players put in: player at place p is there in 4 − p of the 4 steps.
    height = (ordered * np.array([4, 3, 2, 1, 0]) / 4).sum(axis=1)
    chance = np.mean([(ordered[:, list(order)] * np.array([4, 3, 2, 1, 0]) / 4).sum(axis=1)
                      for order in permutations(range(5))], axis=0)  # fmt: skip
    used = trial.passed is not None and ~np.isnan(trial.per_row)
    expected = (height - chance)[used].sum() / gap[used].sum()
    assert value(trial, "insertion_gain") == pytest.approx(expected, rel=0.05)


def test_equal_values_are_ordered_by_chance_and_not_by_column() -> None:
    # In this model the columns' own order would be the best one.
    shares = [value(tried(np.zeros_like(TRUE), seed=seed), "faithful_share") for seed in range(5)]
    assert 0.35 < np.mean(shares) < 0.65


def test_random_values_are_no_better_than_chance() -> None:
    rng = np.random.default_rng(8)
    rows = features(400, seed=9)
    trial = tried(rng.normal(size=(400, 5)), rows=rows)
    interval = trial.estimate("deletion_gain").interval
    assert isinstance(interval, Interval)
    assert interval.low < 0 < interval.high
    share = trial.estimate("faithful_share").interval
    assert isinstance(share, Interval)
    assert share.low < 0.5


def test_rows_at_the_base_have_nothing_to_explain_and_are_counted() -> None:
    background = Features({"x0": np.array([-1.0, 1.0]), "x1": np.array([-1.0, 1.0])})
    rows = Features({"x0": np.array([0.0, 2.0, 3.0]), "x1": np.array([0.0, 1.0, -2.0])})
    trial = deletion_insertion(
        asked(linear), rows, attributions(rows, rows.matrix() * WEIGHTS[:2]), background, np.random.default_rng(0)
    )
    assert trial.left_out == 1
    assert np.isnan(trial.per_row).tolist() == [True, False, False]
    assert trial.passed is not None
    assert not trial.passed[0]
    assert sum(row[1] for row in trial.tables[0].rows if isinstance(row[1], int)) == 2


def test_a_constant_model_is_not_measured() -> None:
    trial = tried(TRUE, model=asked(lambda matrix: np.full(len(matrix), 0.3)))
    assert all(isinstance(each.value, Unmeasured) for each in trial.estimates)
    assert trial.left_out == 60


def test_one_player_has_one_order_only() -> None:
    rows = Features({"x0": np.arange(4.0)})
    trial = deletion_insertion(asked(linear), rows, attributions(rows, rows.matrix()), rows, np.random.default_rng(0))
    assert all(isinstance(each.value, Unmeasured) for each in trial.estimates)


def test_texts_missing_values_and_groups_are_taken_as_they_are() -> None:
    rows = Features(
        {
            "job": np.array(["a", "b", None, "a"], dtype=object),
            "pay": np.array([1.0, np.nan, 3.0, 4.0]),
            "c": np.ones(4),
        }
    )
    model = Asked(lambda each: np.where(each.columns["job"] == "a", 2.0, 0.0) + np.nan_to_num(each.columns["pay"]))
    trial = deletion_insertion(model, rows, attributions(rows, np.eye(4)[:, :3]), rows, np.random.default_rng(0))
    assert trial.cost.model_rows == model.rows


def test_the_same_seed_gives_the_same_figures() -> None:
    assert tried(TRUE).estimates == tried(TRUE).estimates
    assert tried(TRUE, draws=5, seed=1).estimates != tried(TRUE, draws=5, seed=2).estimates


def test_many_players_are_taken_in_steps() -> None:
    rows = features(3, columns=40, seed=4)
    model = asked(lambda matrix: matrix.sum(axis=1))
    deletion_insertion(model, rows, attributions(rows, rows.matrix()), rows, np.random.default_rng(0), steps=5)
    assert model.rows == 3 + 3 * 3 * (1 + 2 * 8 * 5)


@pytest.mark.parametrize("asking", [{"orders": 4}, {"orders": 0}, {"steps": 0}, {"draws": 0}])
def test_numbers_that_make_no_sense_are_refused(asking: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        tried(TRUE, **asking)


def test_an_explanation_of_other_rows_is_refused() -> None:
    with pytest.raises(InputError, match="60 rows"):
        deletion_insertion(asked(linear), BACKGROUND, attributions(ROWS, TRUE), BACKGROUND, np.random.default_rng(0))
