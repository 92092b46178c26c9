"""`performance.classification` against scikit-learn, scipy and plain counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn import metrics as sk

from hakari.errors import InputError
from hakari.evidence import Interval, Table
from hakari.measures import Measured
from tests.unit.measures.lending import bounds, find, inputs_of, loans, measure, said, synthetic, value, why

REFERENCE = {
    "accuracy": lambda f: sk.accuracy_score(f["approve"], f["prediction"]),
    "precision": lambda f: sk.precision_score(f["approve"], f["prediction"]),
    "recall": lambda f: sk.recall_score(f["approve"], f["prediction"]),
    "true_negative_rate": lambda f: sk.recall_score(f["approve"], f["prediction"], pos_label=0),
    "f1": lambda f: sk.f1_score(f["approve"], f["prediction"]),
    "balanced_accuracy": lambda f: sk.balanced_accuracy_score(f["approve"], f["prediction"]),
    "auc": lambda f: sk.roc_auc_score(f["approve"], f["score"]),
    "brier": lambda f: sk.brier_score_loss(f["approve"], f["score"]),
}
RATES = {
    "accuracy": lambda f: (f["approve"] == f["prediction"], f["approve"] >= 0),
    "precision": lambda f: (f["approve"] == 1, f["prediction"] == 1),
    "recall": lambda f: (f["prediction"] == 1, f["approve"] == 1),
    "true_negative_rate": lambda f: (f["prediction"] == 0, f["approve"] == 0),
}


@pytest.fixture(scope="module")
def lending() -> Measured:
    return measure("performance.classification", inputs_of(loans()))


def table(measured: Measured, name: str) -> Table:
    (found,) = [item for item in measured.tables if item.name == name]
    return found


@pytest.mark.parametrize("metric", sorted(REFERENCE))
def test_every_metric_over_all_rows_equals_scikit_learn(lending: Measured, metric: str) -> None:
    assert value(lending, metric) == pytest.approx(REFERENCE[metric](loans()), abs=1e-12)


@pytest.mark.parametrize("metric", sorted(REFERENCE))
@pytest.mark.parametrize("level", [0, 1])
def test_every_metric_of_a_group_equals_scikit_learn(lending: Measured, metric: str, level: int) -> None:
    frame = loans()
    expected = REFERENCE[metric](frame[frame["white"] == level])
    assert value(lending, metric, white=str(level)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("metric", sorted(RATES))
def test_intervals_of_rates_are_exact(lending: Measured, metric: str) -> None:
    hit, used = RATES[metric](loans())
    x, n = int((hit & used).sum()), int(used.sum())
    expected = stats.beta.ppf(0.025, x, n - x + 1), stats.beta.ppf(0.975, x + 1, n - x)
    assert find(lending, metric).n == n
    assert bounds(lending, metric) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("metric", ["auc", "brier", "calibration_error", "f1", "balanced_accuracy"])
def test_intervals_of_smooth_metrics_hold_the_value_and_say_that_they_are_asymptotic(
    lending: Measured, metric: str
) -> None:
    low, high = bounds(lending, metric)
    assert low < value(lending, metric) < high or metric == "calibration_error"
    interval = find(lending, metric).interval
    assert isinstance(interval, Interval)
    assert "asymptotic" in interval.method


def test_the_interval_of_the_auc_is_near_the_normal_one() -> None:
    """Hanley & McNeil 1982, another formula for the standard error, agrees to a tenth of the width."""
    frame = synthetic()
    low, high = bounds(measure("performance.classification", inputs_of(frame, sensitive=())), "auc")
    a = sk.roc_auc_score(frame["approve"], frame["score"])
    p, n = int(frame["approve"].sum()), int((1 - frame["approve"]).sum())
    q1, q2 = a / (2 - a), 2 * a**2 / (1 + a)
    error = np.sqrt((a * (1 - a) + (p - 1) * (q1 - a**2) + (n - 1) * (q2 - a**2)) / (p * n))
    assert (low, high) == pytest.approx((a - 1.96 * error, a + 1.96 * error), abs=0.2 * 3.92 * error)


def test_the_calibration_error_is_the_weighted_gap_of_ten_bins(lending: Measured) -> None:
    frame = loans()
    bins = np.minimum((frame["score"] * 10).astype(int), 9)
    parts = frame.groupby(bins)[["approve", "score"]]
    expected = sum(abs(part["approve"].mean() - part["score"].mean()) * len(part) for _, part in parts) / len(frame)
    assert value(lending, "calibration_error") == pytest.approx(expected, abs=1e-12)


def test_the_calibration_table_holds_the_rows_of_each_bin(lending: Measured) -> None:
    frame = loans()
    bins = np.minimum((frame["score"] * 10).astype(int), 9)
    for number, low, high, n, mean, positives, rate, *_ in table(lending, "calibration").rows:
        assert isinstance(number, int)
        part = frame[bins == number - 1]
        assert [low, high] == pytest.approx([(number - 1) / 10, number / 10])
        assert n == len(part)
        assert positives == part["approve"].sum()
        if len(part):
            assert mean == pytest.approx(part["score"].mean(), abs=1e-12)
            assert rate == pytest.approx(part["approve"].mean(), abs=1e-12)
        else:
            assert (mean, rate) == (None, None)


def test_the_confusion_table_equals_scikit_learn(lending: Measured) -> None:
    frame = loans()
    expected = sk.confusion_matrix(frame["approve"], frame["prediction"])
    rows = table(lending, "confusion").rows
    assert rows == tuple((i, j, int(expected[i, j])) for i in (0, 1) for j in (0, 1))


def test_tables_hold_every_row_once(lending: Measured) -> None:
    for name in ("tally", "scores", "confusion"):
        assert sum(int(str(row[-1])) for row in table(lending, name).rows) == len(loans())


def test_without_scores_their_metrics_say_why() -> None:
    measured = measure("performance.classification", inputs_of(synthetic(300), score=None, sensitive=("age",)))
    assert why(measured, "auc") == "measures.performance.classification.no_score"
    assert why(measured, "brier", age="*") == "measures.performance.classification.no_score"
    assert {item.name for item in measured.tables} == {"tally", "confusion"}
    assert "measures.performance.classification.limit.calibration" not in said(measured)


def test_one_class_of_labels_leaves_what_needs_both_unmeasured() -> None:
    frame = synthetic(300).assign(approve=1)
    measured = measure("performance.classification", inputs_of(frame, sensitive=("age",)))
    assert why(measured, "auc") == "measures.performance.classification.one_class"
    assert why(measured, "balanced_accuracy", age="old") == "measures.performance.classification.one_class"
    assert why(measured, "true_negative_rate") == "measures.estimates.no_denominator"
    assert value(measured, "recall") == pytest.approx(frame["prediction"].mean(), abs=1e-12)


def test_no_positive_at_all_leaves_f1_unmeasured() -> None:
    frame = synthetic(300).assign(approve=0, prediction=0)
    measured = measure("performance.classification", inputs_of(frame, sensitive=()))
    assert why(measured, "f1") == "measures.performance.classification.no_positive"


def test_weighted_rows_have_weighted_rates_and_no_bootstrap() -> None:
    frame = synthetic(400).assign(w=np.tile([1.0, 3.0], 200))
    measured = measure("performance.classification", inputs_of(frame, weight="w", sensitive=()))
    expected = sk.accuracy_score(frame["approve"], frame["prediction"], sample_weight=frame["w"])
    assert value(measured, "accuracy") == pytest.approx(expected, abs=1e-12)
    assert why(measured, "auc") == "measures.performance.classification.weighted"
    assert "measures.performance.classification.limit.approximate" in said(measured)


def test_many_different_scores_are_rounded_and_the_rounding_is_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakari.inputs.inputs.EXACT_SCORES", 1000)
    rng = np.random.default_rng(5)
    score = rng.random(2000)
    label = (rng.random(2000) < score).astype(int)
    frame = pd.DataFrame({"score": score, "approve": label, "prediction": (score > 0.5).astype(int)})
    measured = measure("performance.classification", inputs_of(frame, sensitive=()))
    assert value(measured, "brier") == pytest.approx(sk.brier_score_loss(label, score), abs=1e-4)
    assert value(measured, "auc") == pytest.approx(sk.roc_auc_score(label, score), abs=1e-4)
    assert table(measured, "scores").details["rounding"] == pytest.approx(5e-5)
    assert "measures.performance.classification.limit.rounded" in said(measured)


def test_a_column_with_too_many_groups_has_rates_but_no_bootstrap() -> None:
    frame = synthetic(1200).assign(zip=[f"z{i % 600}" for i in range(1200)])
    measured = measure("performance.classification", inputs_of(frame, sensitive=("zip",)))
    assert why(measured, "auc", zip="*") == "measures.performance.classification.too_many_groups"
    assert value(measured, "accuracy", zip="z7") >= 0


def test_the_order_of_rows_and_an_irrelevant_column_change_nothing() -> None:
    frame = synthetic(300)
    other = frame.sample(frac=1, random_state=1).reset_index(drop=True).assign(shoe_size=range(300))
    columns = {"sensitive": ("age", "region")}
    first = measure("performance.classification", inputs_of(frame, **columns))
    assert measure("performance.classification", inputs_of(other, **columns)) == first


@pytest.mark.parametrize("parameters", [{"bins": 0}, {"confidence": 0.0}, {"by": ("regoin",)}])
def test_a_parameter_out_of_range_is_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        measure("performance.classification", inputs_of(synthetic(100), sensitive=()), **parameters)


def test_no_prediction_column_is_refused() -> None:
    with pytest.raises(InputError, match="without a label or a prediction"):
        measure("performance.classification", inputs_of(synthetic(100), prediction=None, sensitive=()))
