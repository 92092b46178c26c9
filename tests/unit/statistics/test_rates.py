from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.limits import ClopperPearson, ClusteredRates, WeightedRates
from hakari.statistics.rates import ALIASES, RATES, group_rates, rate_definition
from hakari.statistics.tally import Tally

TP, FP, FN, TN = 40, 10, 20, 130
FORMULAE = {
    "selection_rate": (TP + FP, 200),
    "base_rate": (TP + FN, 200),
    "accuracy": (TP + TN, 200),
    "error_rate": (FP + FN, 200),
    "true_positive_rate": (TP, TP + FN),
    "false_positive_rate": (FP, FP + TN),
    "true_negative_rate": (TN, TN + FP),
    "false_negative_rate": (FN, FN + TP),
    "positive_predictive_value": (TP, TP + FP),
    "negative_predictive_value": (TN, TN + FN),
    "false_discovery_rate": (FP, TP + FP),
    "false_omission_rate": (FN, TN + FN),
}


def decisions() -> Tally:
    rows = [("a", 1, 1, TP), ("a", 0, 1, FP), ("a", 1, 0, FN), ("a", 0, 0, TN), ("b", 1, 1, 7), ("b", 0, 0, 3)]
    return Tally.from_cells(("group", "label", "prediction"), rows)


def test_the_table_and_the_hand_written_formulae_name_the_same_rates() -> None:
    assert set(RATES) == set(FORMULAE)
    assert set(ALIASES.values()) <= set(RATES)


@pytest.mark.parametrize("metric", sorted(RATES))
def test_each_rate_equals_its_formula(metric: str) -> None:
    found = group_rates(decisions(), metric, ["group"])
    successes, trials = FORMULAE[metric]
    assert (found.successes[0], found.trials[0]) == (successes, trials)
    assert found.limits.values[0] == pytest.approx(successes / trials)
    assert found.rows == (200, 10)


@pytest.mark.parametrize("metric", sorted(RATES))
def test_a_rate_broadcasts_over_replicates(metric: str) -> None:
    counts = np.array([[[[TN, FP], [FN, TP]]], [[[2 * TN, 2 * FP], [2 * FN, 2 * TP]]]])
    successes, trials = FORMULAE[metric]
    assert RATES[metric].value(counts) == pytest.approx(np.full((2, 1), successes / trials))


def test_aliases_lead_to_the_same_rate() -> None:
    assert rate_definition("recall") is RATES["true_positive_rate"]
    assert group_rates(decisions(), "precision").metric == "positive_predictive_value"


def test_without_columns_the_whole_is_one_group() -> None:
    found = group_rates(decisions(), "selection_rate", by=())
    assert (found.groups, found.rows) == (((),), (210,))
    assert found.successes[0] == TP + FP + 7


def test_selection_rate_needs_no_label_and_ignores_missing_ones() -> None:
    rows = [("a", None, 1, 5), ("a", 1, 0, 5)]
    labelled = Tally.from_cells(("group", "label", "prediction"), rows)
    unlabelled = labelled.marginal(["group", "prediction"])
    for tally in (labelled, unlabelled):
        assert group_rates(tally, "selection_rate", ["group"]).trials[0] == 10
    assert group_rates(labelled, "accuracy", ["group"]).trials[0] == 5
    with pytest.raises(InputError, match="needs the axis “label”"):
        group_rates(unlabelled, "accuracy", ["group"])


def test_base_rate_needs_no_prediction() -> None:
    tally = Tally.from_cells(("label",), [(1, 3), (0, 1)])
    assert group_rates(tally, "base_rate").limits.values[0] == 0.75


def test_a_group_without_trials_has_no_value_and_empty_limits() -> None:
    tally = Tally.from_cells(("g", "label", "prediction"), [("a", 0, 1, 5), ("b", 1, 1, 5)])
    limits = group_rates(tally, "recall", ["g"]).limits
    assert np.isnan(limits.values[0])
    assert (limits.lower(0.1)[0], limits.upper(0.1)[0]) == (0.0, 1.0)


def test_plain_counts_get_clopper_pearson() -> None:
    found = group_rates(decisions(), "recall", ["group"])
    assert isinstance(found.limits, ClopperPearson)
    assert not found.approximate


def test_equal_weights_give_the_interval_of_the_plain_counts() -> None:
    rows = [(1, 30, 60.0, 120.0), (0, 70, 140.0, 280.0)]
    found = group_rates(Tally.from_cells(("prediction",), rows, scale=1000), "selection_rate")
    exact = stats.binomtest(30, 100).proportion_ci(0.95, "exact")
    assert isinstance(found.limits, WeightedRates)
    assert found.limits.values[0] == pytest.approx(0.3)
    # n/(n−1) in the design variance costs one row of the hundred.
    assert found.limits.lower(0.025)[0] == pytest.approx(exact.low, abs=1e-3)
    assert found.limits.upper(0.025)[0] == pytest.approx(exact.high, abs=1e-3)


def test_clusters_take_precedence_and_may_carry_weights() -> None:
    rows = [(c, c % 2, 4, 8.0, 16.0) for c in range(20)]
    found = group_rates(Tally.from_cells(("cluster", "prediction"), rows, scale=10), "selection_rate")
    assert isinstance(found.limits, ClusteredRates)
    assert found.limits.weighted
    assert found.limits.clusters[0] == 20


def test_an_unknown_rate_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no rate “fairness”; known are"):
        group_rates(decisions(), "fairness")
