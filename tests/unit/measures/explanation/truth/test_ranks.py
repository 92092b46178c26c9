"""Rank stability: reasons that hold, reasons that flip, and rows at the line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Unmeasured
from hakari.measures.explanation import Attributions, Explainer, Features, players_of
from hakari.measures.explanation.truth import Explain, RankStability, rank_stability
from tests.unit.measures.explanation.truth.explainers import linear_explainer, random_explainer
from tests.unit.measures.explanation.truth.known import WEIGHTS, Floats, asked, attributions, features

ROWS = features(30, seed=1)


def tried(explain: Explain, rows: Features = ROWS, **asking: Any) -> RankStability:
    return rank_stability(explain, rows, np.random.default_rng(5), **{"background": ROWS, **asking})


def value(trial: RankStability, metric: str) -> float:
    found = trial.estimate(metric).value
    assert isinstance(found, float)
    return found


def constant(*values: float, base: float = 0.0) -> Explain:
    return lambda rows, rng: attributions(rows, np.tile(values, (rows.rows, 1)), base=base)


def test_an_explainer_without_chance_and_noise_keeps_every_reason() -> None:
    trial = tried(linear_explainer(), draws=0, seeds=3)
    assert value(trial, "stable_reasons_share") == 1
    assert value(trial, "rank_correlation") == 1
    # x4 has no weight: it adds nothing and is never a reason.
    assert (trial.kept[:, :4] == 1).all()
    assert (trial.kept[:, 4] == 0).all()


def test_draws_of_an_exact_method_are_asked_at_once_and_count_as_if_one_by_one() -> None:
    def crooked(matrix: Floats) -> Floats:
        return np.tanh(matrix[:, 0] * matrix[:, 1]) + 0.6 * matrix[:, 2] + 0.59 * matrix[:, 3]

    calls = []
    explainer = Explainer(asked(crooked), ROWS, players_of(ROWS.names))

    def one_by_one(rows: Features, rng: np.random.Generator) -> Attributions:
        calls.append(rows.rows)
        return explainer(rows, rng)

    asking: dict[str, Any] = {"seeds": 0, "draws": 12, "noise": 0.2, "reasons": 2, "threshold": 0.3}
    single, at_once = tried(one_by_one, **asking), tried(explainer, **asking)
    assert single.kept.tolist() == at_once.kept.tolist()
    assert single.crossed.tolist() == at_once.crossed.tolist()
    assert single.estimates == at_once.estimates
    # The one that is shown, and twelve under noise.
    assert calls == [30] * 13
    assert 0.2 < single.kept[single.kept > 0].mean() < 1


def test_random_values_keep_nothing() -> None:
    trial = tried(random_explainer, seeds=40, draws=0, reasons=2)
    assert value(trial, "stable_reasons_share") == 0
    assert abs(value(trial, "rank_correlation")) < 0.15
    assert trial.kept.max() < 0.9


def test_a_player_whose_sign_flips_is_not_kept_and_the_others_are() -> None:
    calls = iter(range(100))

    def flips(rows: Features, rng: np.random.Generator) -> Attributions:
        last = 1.0 if next(calls) % 2 == 0 else -1.0
        return attributions(rows, np.tile([5.0, 3.0, -2.0, 1.0, last], (rows.rows, 1)))

    trial = tried(flips, seeds=10, draws=0, reasons=4)
    assert trial.kept[0].tolist() == [1, 1, 1, 1, 0.5]
    assert trial.passed is not None
    assert not trial.passed.any()
    assert tried(flips, seeds=10, draws=0, reasons=2).passed is not None


def test_only_reasons_towards_the_decision_are_stated() -> None:
    calls = iter(range(1000))

    def against(rows: Features, rng: np.random.Generator) -> Attributions:
        wobble = -0.1 if next(calls) % 2 == 0 else 0.1
        return attributions(rows, np.tile([5.0, 3.0, -1.0, -1.0 + wobble, 0.0], (rows.rows, 1)))

    # The players against the decision change places; with one reason per side that loses their place, not ours.
    trial = tried(against, seeds=10, draws=0, reasons=2)
    assert trial.passed is not None
    assert trial.passed.all()
    one = tried(against, seeds=10, draws=0, reasons=1, threshold=100.0)
    assert one.passed is not None
    assert not one.passed.any()


def test_the_correlation_is_that_of_scipy() -> None:
    explain = linear_explainer(0.8)
    shown = explain(ROWS, np.random.default_rng(0))
    asked: list[Attributions] = []

    def watched(rows: Features, rng: np.random.Generator) -> Attributions:
        asked.append(explain(rows, rng))
        return asked[-1]

    trial = tried(watched, seeds=4, draws=0, shown=shown)
    expected = np.mean(
        [
            [
                stats.spearmanr(np.abs(one), np.abs(two)).statistic
                for one, two in zip(shown.values, each.values, strict=True)
            ]
            for each in asked
        ]
    )
    assert len(asked) == 4
    assert value(trial, "rank_correlation") == pytest.approx(expected)


def test_draws_that_cross_the_line_are_counted_apart() -> None:
    outputs = (ROWS.matrix() * WEIGHTS).sum(axis=1)
    row = int(np.argsort(np.abs(outputs))[0])
    far = int(np.argmax(outputs))
    trial = tried(
        linear_explainer(), ROWS.take([row, far]), seeds=0, draws=60, threshold=float(outputs[row]), noise=0.2
    )
    assert 0 < trial.crossed[0] < 1
    assert trial.near_line.tolist() == [True, False]
    assert trial.repeats.tolist() == [round(60 * (1 - trial.crossed[0])), 60]


def test_a_row_that_always_crosses_has_no_reasons_to_state() -> None:
    calls = iter(range(100))

    def crossing(rows: Features, rng: np.random.Generator) -> Attributions:
        side = 1.0 if next(calls) == 0 else -1.0
        return attributions(rows, np.tile([side, 0.0, 0.0, 0.0, 0.0], (rows.rows, 1)))

    trial = tried(crossing, seeds=0, draws=5)
    assert trial.left_out == 30
    assert isinstance(trial.estimate("stable_reasons_share").value, Unmeasured)
    assert isinstance(trial.estimate("rank_correlation").value, Unmeasured)
    assert (trial.kept == 0).all()


def test_a_row_where_nothing_speaks_for_the_decision_is_left_out() -> None:
    trial = tried(constant(0.0, 0.0, 0.0, 0.0, 0.0), seeds=3, draws=0)
    assert trial.left_out == 30


def test_one_row_with_one_player_is_enough_for_reasons() -> None:
    rows = Features({"x0": np.array([2.0])})
    trial = rank_stability(linear_explainer(), rows, np.random.default_rng(0), seeds=5, draws=5)
    assert value(trial, "stable_reasons_share") == 1
    assert trial.kept.tolist() == [[1.0]]


def test_the_same_seed_gives_the_same_figures_and_the_price_is_counted() -> None:
    first, second = (tried(linear_explainer(0.5), seeds=3, draws=2) for _ in range(2))
    assert first.estimates == second.estimates
    assert (first.kept == second.kept).all()
    assert first.cost.model_rows == 6 * 7


@pytest.mark.parametrize("asking", [{"seeds": 0, "draws": 0}, {"seeds": -1}, {"reasons": 0}])
def test_numbers_that_make_no_sense_are_refused(asking: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        tried(linear_explainer(), **asking)
