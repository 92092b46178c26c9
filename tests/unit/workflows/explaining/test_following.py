"""Whether the model follows the explanation of one row: true, false, or too little to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from hakari.measures.explanation import Attributions, Explainer, players_of
from hakari.reports.explained import Following
from hakari.workflows.explaining import Question
from hakari.workflows.explaining.following import follow
from tests.unit.workflows.explaining._asked import WEIGHTS, Columns, asked_about, ones, others, weighted


def _explained(question: Question) -> Attributions:
    explainer = Explainer(question.asked, question.background, players_of(question.row.names))
    return explainer(question.row, np.random.default_rng(0))


def test_the_true_order_of_six_features_beats_nearly_every_other() -> None:
    question = asked_about(weighted, ones(), others())
    found = follow(question, question.asked, _explained(question), seed=1)
    assert found.followed is True
    assert found.infidelity == pytest.approx(0, abs=0.05)


def test_the_reverse_order_is_no_better_than_chance() -> None:
    question = asked_about(weighted, ones(), others())
    true = _explained(question)
    found = follow(question, question.asked, replace(true, values=true.values[:, ::-1].copy()), seed=1)
    assert found.followed is False
    assert found.infidelity is not None
    assert found.infidelity > 0.2


def test_two_features_have_two_orders_which_is_too_little_to_say() -> None:
    row, background = ({name: values for name, values in each.items() if name in "ab"} for each in (ones(), others()))

    def function(columns: Columns) -> npt.NDArray[np.float64]:
        return 2 * columns["a"] + columns["b"]

    question = asked_about(function, row, background)
    found = follow(question, question.asked, _explained(question), seed=1)
    assert 0 < found.tied < found.orders
    assert found.beaten + found.tied == found.orders
    assert found.followed is None


def test_a_model_that_always_says_the_same_leaves_nothing_to_ask() -> None:
    question = asked_about(lambda columns: 0 * columns["a"] + 1, ones(), others())
    found = follow(question, question.asked, _explained(question), seed=1)
    assert (found.tied, found.followed, found.infidelity) == (found.orders, None, None)


def test_a_single_feature_has_no_order() -> None:
    question = asked_about(lambda columns: columns["a"], {"a": np.ones(1)}, {"a": others()["a"]})
    found = follow(question, question.asked, _explained(question), seed=1)
    assert (found.tied, found.followed) == (found.orders, None)


def test_an_explanation_that_knows_nothing_is_seldom_followed() -> None:
    """5 of 100 by design; of 40 such explanations more than 6 would be followed in 3 of 1,000 series."""
    question = asked_about(weighted, ones(), others(12))
    true, rng = _explained(question), np.random.default_rng(8)
    followed = sum(
        follow(
            question, question.asked, replace(true, values=rng.permutation(np.array(WEIGHTS))[None]), seed=seed
        ).followed is True
        for seed in range(40)
    )  # fmt: skip
    assert followed <= 6


@pytest.mark.parametrize(
    ("beaten", "tied", "verdict"),
    [(95, 0, True), (94, 0, None), (50, 0, None), (49, 0, False), (40, 19, False), (40, 20, None), (0, 99, None)],
)
def test_the_lines_of_the_verdict(beaten: int, tied: int, verdict: bool | None) -> None:
    """Of 99 orders 95 are enough; a tie counts half against the middle of chance."""
    assert Following(orders=99, beaten=beaten, tied=tied, infidelity=None).followed is verdict
