"""Functions of scores: the numbers of scikit-learn and scipy, with the intervals of the measure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from hakari.errors import InputError
from hakari.measures.fairness.functions import scores as functions
from tests.unit.measures.lending import synthetic

ROWS = synthetic(600).dropna()
Y, S, ages = ROWS["approve"], ROWS["score"], ROWS["age"]
OLD, YOUNG = ages == "old", ages == "young"


def gap(metric: object) -> float:
    assert callable(metric)
    return float(abs(metric(Y[OLD], S[OLD]) - metric(Y[YOUNG], S[YOUNG])))


def test_differences_are_those_of_the_familiar_metrics() -> None:
    for function, metric in (
        (functions.auc_difference, roc_auc_score),
        (functions.average_precision_difference, average_precision_score),
        (functions.brier_difference, brier_score_loss),
        (functions.average_score_difference, lambda _, s: s.mean()),
        (functions.calders_verwer_score, lambda _, s: s.mean()),
    ):
        found = function(Y, S, sensitive_features=ages)
        assert found == pytest.approx(gap(metric), abs=1e-12)
        assert found.low <= found <= found.high
        assert found.n == len(ROWS)


def test_distances_are_those_of_scipy() -> None:
    found = functions.wasserstein_distance_largest(None, S, sensitive_features=ages)
    assert found == pytest.approx(stats.wasserstein_distance(S[OLD], S[YOUNG]), abs=1e-12)
    found = functions.kolmogorov_smirnov_largest(None, S, sensitive_features=ages)
    assert found == pytest.approx(stats.ks_2samp(S[OLD], S[YOUNG], method="asymp").statistic, abs=1e-12)
    found = functions.kl_divergence_largest(None, S, sensitive_features=ages)
    assert found > 0
    assert "300 rows" in found.why
    twice = [*S, *S]
    assert functions.kl_divergence_largest(None, twice, sensitive_features=[*ages, *ages]).low >= 0


def test_a_disparity_of_ranking_is_that_of_its_definition() -> None:
    def area(a: object, b: object) -> float:
        positives, negatives = S[a & (Y == 1)], S[b & (Y == 0)]  # type: ignore[operator]
        labels = np.r_[np.ones(len(positives)), np.zeros(len(negatives))]
        return float(roc_auc_score(labels, np.r_[positives, negatives]))

    expected = abs(area(OLD, YOUNG) - area(YOUNG, OLD))
    assert functions.xauc_difference(Y, S, sensitive_features=ages) == pytest.approx(expected, abs=1e-12)


def test_a_figure_for_every_group() -> None:
    found = functions.score_by_group("auc", Y, S, sensitive_features={"age": ages, "region": ROWS["region"]})
    assert len(found) == 6
    for (age, region), figure in found.items():
        mine = (ages == age) & (ROWS["region"] == region)
        assert figure == pytest.approx(roc_auc_score(Y[mine], S[mine]), abs=1e-12)
        assert figure.low < figure < figure.high


def test_weights_count_as_in_scikit_learn() -> None:
    weight = np.tile([0.5, 2.0, 0.0], len(ROWS))[: len(ROWS)]
    found = functions.score_by_group("auc", Y, S, sensitive_features=ages, sample_weight=weight)
    expected = roc_auc_score(Y[OLD], S[OLD], sample_weight=weight[OLD])
    assert found[("old",)] == pytest.approx(expected, abs=1e-9)


def test_areas_take_any_numbers_and_the_others_only_probabilities() -> None:
    logits = np.log(S.clip(0.01, 0.99) / (1 - S.clip(0.01, 0.99)))
    plain = functions.auc_difference(Y, S.clip(0.01, 0.99), sensitive_features=ages)
    assert functions.auc_difference(Y, logits, sensitive_features=ages) == pytest.approx(plain)
    for function in (functions.brier_difference, functions.calibration_error_difference):
        with pytest.raises(InputError, match="outside 0 to 1"):
            function(Y, logits, sensitive_features=ages)


def test_one_group_has_no_difference_and_says_why() -> None:
    found = functions.auc_difference(Y, S, sensitive_features=["all"] * len(ROWS))
    assert math.isnan(found)
    assert "needs two" in found.why


@pytest.mark.parametrize("weights", [[-1.0], [math.inf], [math.nan]])
def test_impossible_weights_are_refused(weights: list[float]) -> None:
    with pytest.raises(InputError):
        functions.auc_difference([1, 0], [0.5, 0.2], sensitive_features=["a", "b"], sample_weight=weights * 2)


def test_no_rows_at_all_have_no_difference() -> None:
    assert math.isnan(functions.auc_difference([], [], sensitive_features=[]))


def test_missing_parts_are_refused() -> None:
    with pytest.raises(InputError, match="needs labels"):
        functions.auc_difference(None, S, sensitive_features=ages)
    with pytest.raises(InputError, match="as many of each"):
        functions.auc_difference(Y[1:], S, sensitive_features=ages)
    with pytest.raises(InputError, match="no metric of scores"):
        functions.score_by_group("luck", Y, S, sensitive_features=ages)


def test_names_are_those_of_the_functions() -> None:
    for name in functions.__all__:
        each = getattr(functions, name)
        assert each.__name__ == name
        assert each.__doc__
