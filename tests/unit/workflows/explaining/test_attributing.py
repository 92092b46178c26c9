"""One row explained: values by arithmetic, and how they hold."""

from __future__ import annotations

import pytest

from hakari.measures.explanation import Attributions, players_of
from hakari.workflows.explaining import RowOptions, explain_row
from tests.unit.workflows.explaining._asked import NAMES, WEIGHTS, asked_about, ones, others, weighted

PLAYERS = players_of(NAMES)


def _explained(threshold: float = 0.0, **options: object) -> Attributions:
    question = asked_about(weighted, ones(), others(), threshold=threshold, options=RowOptions(**options))  # type: ignore[arg-type]  # fields of it
    return explain_row(question, PLAYERS, seed=5)


def test_each_feature_adds_its_weight_times_its_distance_from_the_mean() -> None:
    background, found = others(), _explained()
    expected = [weight * (1 - background[name].mean()) for name, weight in zip(NAMES, WEIGHTS, strict=True)]
    assert found.values[0] == pytest.approx(expected)
    assert found.exact
    assert found.kept is not None
    # Four pull hardest by far; nobody looks whether the others hold.
    assert found.kept[0].tolist() == [1, 1, 1, 1, 0, 0]


def test_the_limits_say_how_often_one_row_was_repeated() -> None:
    told = [str(limit) for limit in _explained().limits]
    assert any("Repeated 40 times under noise" in limit and "no chance is in this method" in limit for limit in told)


def test_a_row_on_the_line_is_said_to_lie_near_it_and_another_is_not() -> None:
    assert _near(_explained(threshold=sum(WEIGHTS)))
    assert not _near(_explained(threshold=0.0))


def _near(found: Attributions) -> bool:
    assert found.near_line is not None
    return bool(found.near_line[0])


def test_a_method_and_a_quantity_that_the_manifest_states_are_taken() -> None:
    assert _explained(method="enumerated_shapley").method == "enumerated_shapley"
    assert _explained(method="sampled_shapley").method == "sampled_shapley"
    assert _explained(quantity="log_odds").quantity == "log_odds"
