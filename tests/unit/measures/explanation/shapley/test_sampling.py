from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.measures.explanation import Asked, Features, players_of
from hakari.measures.explanation.shapley import enumerated_shapley, sampled_shapley
from tests.unit.measures.explanation.shapley.games import Floats, asked, features

RNG = np.random.default_rng(12)
MATRIX = RNG.normal(size=(80, 5))
ROWS, BACKGROUND = features(MATRIX[:6]), features(MATRIX[40:])
PLAYERS = players_of(ROWS.names)


def crooked(matrix: Floats) -> Any:
    return 1 / (1 + np.exp(-3 * np.sin(matrix).prod(axis=1) - matrix[:, 0] * matrix[:, 1] + matrix[:, 2]))


def explain(function: Any = crooked, *, seed: int = 0, rows: Features = ROWS, **options: Any) -> Any:
    return sampled_shapley(asked(function), rows, BACKGROUND, PLAYERS, np.random.default_rng(seed), **options)


def exact(function: Any = crooked) -> Any:
    return enumerated_shapley(asked(function), ROWS, BACKGROUND, PLAYERS).values


@pytest.mark.parametrize(
    "function",
    [
        lambda m: m @ np.arange(5.0),
        lambda m: np.cos(m).sum(axis=1),
        lambda m: ((m[:, 0] > 0) != (m[:, 1] > 0)).astype(float),
    ],
    ids=["linear", "additive", "exclusive or"],
)
def test_models_whose_players_act_in_pairs_are_exact_after_one_pass(function: Any) -> None:
    found = explain(function)
    np.testing.assert_allclose(found.values, exact(function), atol=1e-9)
    np.testing.assert_allclose(found.errors, 0, atol=1e-9)


def test_nearly_all_values_lie_within_three_standard_errors() -> None:
    truth, inside = exact(), []
    for seed in range(20):
        found = explain(seed=seed, target_error=0.05)
        inside.append(np.abs(found.values - truth) <= 3 * found.errors)
    assert np.mean(inside) >= 0.98


@pytest.mark.parametrize("most", [2_000, 4_000, 8_000])
def test_standard_errors_are_what_values_vary_by(most: int) -> None:
    runs = [explain(seed=seed, target_error=None, most_model_rows=most) for seed in range(60)]
    varied = np.var([run.values for run in runs], axis=0, ddof=1).mean()
    said = np.mean([run.errors**2 for run in runs])
    # Before the first whole pass the known total makes values vary less than is said, never more.
    assert 0.5 < varied / said < 1.25


def test_it_stops_when_the_target_is_reached() -> None:
    found = explain(target_error=0.02)
    assert found.errors.max() <= 0.02 * crooked(MATRIX[40:]).std()
    finer = explain(target_error=0.005)
    assert finer.errors.max() <= 0.005 * crooked(MATRIX[40:]).std()
    assert finer.cost.model_rows > found.cost.model_rows


def test_it_stops_when_the_rows_are_spent_and_says_so() -> None:
    found = explain(target_error=1e-6, most_model_rows=3_000)
    assert found.cost.model_rows <= 3_000
    assert "stopped" in {limit.key.rpartition(".")[2] for limit in found.limits}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**30), st.integers(1_400, 6_000))
def test_base_and_values_always_sum_to_the_output(seed: int, most: int) -> None:
    found = explain(seed=seed, target_error=None, most_model_rows=most)
    np.testing.assert_allclose(found.gaps, 0, atol=1e-12)
    np.testing.assert_allclose(found.base, crooked(MATRIX[40:]).mean())


def test_a_player_that_the_model_ignores_gets_nothing() -> None:
    found = explain(lambda m: m[:, 0] * m[:, 1] * m[:, 2], target_error=0.1)
    assert (found.values[:, 3:] == 0).all()
    assert (found.errors[:, 3:] == 0).all()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert explain(seed=3).values.tobytes() == explain(seed=3).values.tobytes()
    assert explain(seed=3).values.tobytes() != explain(seed=4).values.tobytes()


def test_the_cost_counts_every_row_that_was_asked() -> None:
    model = asked(crooked)
    found = sampled_shapley(model, ROWS, BACKGROUND, PLAYERS, np.random.default_rng(0), target_error=0.05)
    assert found.cost.model_rows == model.rows


def test_a_group_is_one_player() -> None:
    players = players_of(ROWS.names, {"pair": ["f0", "f3"]})
    found = sampled_shapley(asked(crooked), ROWS, BACKGROUND, players, np.random.default_rng(0), target_error=0.01)
    truth = enumerated_shapley(asked(crooked), ROWS, BACKGROUND, players).values
    assert found.names == ("pair", "f1", "f2", "f4")
    assert found.errors is not None
    assert (np.abs(found.values - truth) <= 4 * found.errors).all()


def test_one_player_and_a_background_of_one_row_need_no_chance() -> None:
    rows = features(MATRIX[:3, :1])
    one = sampled_shapley(asked(lambda m: m[:, 0]), rows, rows.take([0]), {"f0": ("f0",)}, np.random.default_rng(0))
    np.testing.assert_allclose(one.values[:, 0], MATRIX[:3, 0] - MATRIX[0, 0])
    single = sampled_shapley(
        asked(crooked), ROWS, BACKGROUND.take([0]), PLAYERS, np.random.default_rng(0), target_error=0.5
    )
    truth = enumerated_shapley(asked(crooked), ROWS, BACKGROUND.take([0]), PLAYERS).values
    assert single.errors is not None
    assert (np.abs(single.values - truth) <= 4 * single.errors + 1e-12).all()


def test_a_constant_model_ends_at_the_first_look() -> None:
    found = explain(lambda m: np.full(len(m), 0.3))
    assert (found.values == 0).all()
    assert found.cost.model_rows == 6 + 40 + 6 * 80 * 16


def test_texts_with_ten_thousand_categories_are_mixed_as_they_are() -> None:
    names = np.array([f"town {at}" for at in range(10_000)], dtype=object)
    rows = Features({"town": names[:3], "age": np.arange(3.0)})
    background = Features({"town": names[5_000:5_040], "age": np.arange(40.0)})
    model = Asked(lambda f: np.array([len(str(town)) for town in f.columns["town"]]) + f.columns["age"])
    for kind in ("marginal", "conditional"):
        found = sampled_shapley(
            model, rows, background, players_of(rows.names), np.random.default_rng(0), correlated=kind, target_error=0.2
        )
        np.testing.assert_allclose(found.gaps, 0, atol=1e-9)


def test_alike_rows_share_credit_with_a_feature_that_the_model_does_not_use() -> None:
    base = np.random.default_rng(1).normal(size=400)
    matrix = np.column_stack([base, base + 0.01 * np.random.default_rng(2).normal(size=400)])
    rows, background = features(matrix[:5]), features(matrix[100:])
    options: Any = {"rng": np.random.default_rng(0), "target_error": 0.05}
    model = asked(lambda m: m[:, 0])
    marginal = sampled_shapley(model, rows, background, players_of(rows.names), **options)
    alike = sampled_shapley(model, rows, background, players_of(rows.names), correlated="conditional", **options)
    np.testing.assert_allclose(marginal.values[:, 1], 0, atol=1e-9)
    # Each says the same about the output, so each gets half.
    np.testing.assert_allclose(alike.values[:, 0], alike.values[:, 1], atol=0.25)
    assert np.corrcoef(alike.values[:, 1], matrix[:5, 0])[0, 1] > 0.9
    assert "conditional" in {limit.key.rpartition(".")[2] for limit in alike.limits}


def test_progress_is_told_and_a_stop_is_kept_to() -> None:
    seen: list[tuple[int, int]] = []
    found = explain(target_error=1e-5, progress=lambda done, most: seen.append((done, most)), cancelled=lambda: True)
    assert seen[-1][0] == found.cost.model_rows
    assert "cancelled" in {limit.key.rpartition(".")[2] for limit in found.limits}


def test_too_few_model_rows_are_refused_with_the_number_needed() -> None:
    with pytest.raises(InputError, match=r"10 model rows are too few to explain 6 rows. Expected at least 814"):
        explain(most_model_rows=10)


@pytest.mark.parametrize("target", [0.0, -1.0, float("nan")])
def test_a_target_that_is_no_share_is_refused(target: float) -> None:
    with pytest.raises(InputError, match="wanted standard error"):
        explain(target_error=target)
