"""Agreement of two explanations against scipy and counting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import players_of
from hakari.measures.explanation.truth import Trial, method_agreement
from tests.unit.measures.explanation.truth.known import attributions, features

ROWS = features(50, columns=8, seed=1)
ONE = np.random.default_rng(1).normal(size=(50, 8))
TWO = ONE + np.random.default_rng(2).normal(size=(50, 8))


def value(trial: Trial, metric: str) -> float:
    found = trial.estimate(metric).value
    assert isinstance(found, float)
    return found


def test_the_figures_are_those_of_scipy_and_of_counting() -> None:
    trial = method_agreement(attributions(ROWS, ONE), attributions(ROWS, TWO), top=3)
    rows = range(50)
    correlations = [stats.spearmanr(np.abs(ONE[row]), np.abs(TWO[row])).statistic for row in rows]
    tops = [[set(np.argsort(-np.abs(each[row]))[:3]) for each in (ONE, TWO)] for row in rows]
    overlap = [len(one & two) / 3 for one, two in tops]
    signs = [np.mean([np.sign(ONE[row, j]) == np.sign(TWO[row, j]) for j in one | two])
             for row, (one, two) in zip(rows, tops, strict=True)]  # fmt: skip
    assert value(trial, "method_agreement") == pytest.approx(np.mean(correlations))
    assert value(trial, "top_overlap") == pytest.approx(np.mean(overlap))
    assert value(trial, "sign_agreement") == pytest.approx(np.mean(signs))
    interval = trial.estimate("method_agreement").interval
    assert isinstance(interval, Interval)
    # Student's t, or further out on the side to which the rows are skewed.
    low, high = stats.t.interval(0.95, 49, np.mean(correlations), stats.sem(correlations))
    assert interval.low <= low + 1e-9
    assert interval.high >= min(high, 1.0) - 1e-9


def test_an_explanation_agrees_with_itself_whatever_its_size() -> None:
    trial = method_agreement(attributions(ROWS, ONE), attributions(ROWS, 3 * ONE))
    assert [each.value for each in trial.estimates] == [1, 1, 1]
    interval = trial.estimates[0].interval
    assert isinstance(interval, Interval)
    # All 50 rows agree: a share of 1 − .025^(1/50) of all rows may not.
    assert interval.low == pytest.approx(1 - 2 * (1 - 0.025 ** (1 / 50)))
    assert interval.high == 1


def test_the_reverse_agrees_in_order_and_not_in_sign() -> None:
    trial = method_agreement(attributions(ROWS, ONE), attributions(ROWS, -ONE))
    assert value(trial, "method_agreement") == 1
    assert value(trial, "sign_agreement") == 0


def test_the_slice_names_the_other_method() -> None:
    other = replace(attributions(ROWS, ONE), method="lime")
    assert method_agreement(attributions(ROWS, ONE), other).estimates[0].slice == {"with": "lime"}
    assert method_agreement(attributions(ROWS, ONE), other, label="second seed").estimates[0].slice == {
        "with": "second seed"
    }


def test_with_few_players_all_are_among_the_first() -> None:
    rows = features(50, columns=3)
    trial = method_agreement(attributions(rows, ONE[:, :3]), attributions(rows, TWO[:, :3]), top=4)
    assert isinstance(trial.estimate("top_overlap").value, Unmeasured)


def test_explanations_of_nothing_cannot_agree() -> None:
    nothing = attributions(ROWS, np.zeros((50, 8)))
    trial = method_agreement(nothing, nothing)
    assert all(isinstance(each.value, Unmeasured) for each in trial.estimates)


def test_other_players_or_rows_are_refused() -> None:
    one = attributions(ROWS, ONE)
    with pytest.raises(InputError):
        method_agreement(one, one.take(slice(0, 3)))
    grouped = replace(one, players=players_of(ROWS.names, {"both": ["x0", "x1"]}))
    with pytest.raises(InputError):
        method_agreement(one, grouped)
