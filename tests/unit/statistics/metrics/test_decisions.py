"""Metrics of decisions against loops over single rows."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hakari.statistics.metrics import decisions
from hakari.statistics.rates import RATES

Counts = npt.NDArray[np.int64]
tables = arrays.arrays(np.int64, st.tuples(st.integers(2, 4), st.just(2), st.just(2)), elements=st.integers(0, 30))
full_tables = arrays.arrays(np.int64, st.tuples(st.integers(2, 4), st.just(2), st.just(2)), elements=st.integers(1, 30))


def rows_of(counts: Counts) -> Iterator[tuple[int, int, int]]:
    """(group, label, prediction) of every row."""
    for (group, label, prediction), n in np.ndenumerate(counts):
        for _ in range(int(n)):
            yield group, label, prediction


def benefits(counts: Counts) -> list[int]:
    return [1 + prediction - label for _, label, prediction in rows_of(counts)]


def entropy(values: list[float], alpha: float) -> float:
    """Generalised entropy of a list, by its definition."""
    mean = math.fsum(values) / len(values)
    if alpha == 1:
        return math.fsum((b / mean) * math.log(b / mean) for b in values if b) / len(values)
    return math.fsum((b / mean) ** alpha - 1 for b in values) / (len(values) * alpha * (alpha - 1))


@given(counts=full_tables)
def test_entropies_are_those_of_the_single_rows(counts: Counts) -> None:
    values = [float(b) for b in benefits(counts)]
    assert decisions.generalized_entropy(counts) == pytest.approx(entropy(values, 2), abs=1e-12)
    assert decisions.generalized_entropy(counts, 3.0) == pytest.approx(entropy(values, 3), abs=1e-12)
    assert decisions.theil_index(counts) == pytest.approx(entropy(values, 1), abs=1e-12)
    spread = np.std(values) / np.mean(values)
    assert decisions.coefficient_of_variation(counts) == pytest.approx(spread, abs=1e-7)


@given(counts=full_tables)
def test_the_entropy_between_groups_gives_every_row_the_mean_of_its_group(counts: Counts) -> None:
    by_group: dict[int, list[int]] = {}
    for group, label, prediction in rows_of(counts):
        by_group.setdefault(group, []).append(1 + prediction - label)
    values = [math.fsum(own) / len(own) for own in by_group.values() for _ in own]
    assert decisions.generalized_entropy_between(counts) == pytest.approx(entropy(values, 2), abs=1e-12)
    assert decisions.generalized_entropy_between(counts) <= decisions.generalized_entropy(counts) + 1e-12


def test_the_entropy_at_alpha_0_is_endless_as_soon_as_somebody_has_nothing() -> None:
    assert decisions.generalized_entropy(np.array([[[5, 1], [1, 5]]]), 0.0) == math.inf
    assert decisions.generalized_entropy(np.array([[[5, 0], [0, 5]]]), 0.0) == 0


@given(counts=full_tables)
def test_odds_join_the_two_rates(counts: Counts) -> None:
    tpr = [g[1, 1] / g[1].sum() for g in counts]
    fpr = [g[0, 1] / g[0].sum() for g in counts]
    gaps = max(tpr) - min(tpr), max(fpr) - min(fpr)
    assert decisions.equalized_odds_difference(counts) == pytest.approx(max(gaps))
    assert decisions.average_odds_difference(counts) == pytest.approx(sum(gaps) / 2)
    assert decisions.equalized_odds_ratio(counts) == pytest.approx(min(min(tpr) / max(tpr), min(fpr) / max(fpr)))


@given(counts=full_tables)
def test_demographic_disparity_compares_shares_of_the_rejected_and_of_the_selected(counts: Counts) -> None:
    rows = list(rows_of(counts))
    rejected = [group for group, _, prediction in rows if not prediction]
    selected = [group for group, _, prediction in rows if prediction]
    expected = [rejected.count(g) / len(rejected) - selected.count(g) / len(selected) for g in range(len(counts))]
    assert decisions.demographic_disparity(counts) == pytest.approx(expected)
    assert float(np.sum(decisions.demographic_disparity(counts))) == pytest.approx(0, abs=1e-12)


def test_conditional_disparity_weighs_the_strata_by_rows_and_leaves_out_those_decided_alike() -> None:
    one, two = np.array([[[6, 2], [1, 3]], [[2, 4], [2, 4]]]), np.array([[[1, 1], [1, 1]], [[9, 1], [3, 3]]])
    alike = np.array([[[0, 5], [0, 5]], [[0, 7], [0, 2]]])
    found = decisions.conditional_demographic_disparity(np.stack([one, two, alike]))
    n, m = one.sum(), two.sum()
    expected = (n * decisions.demographic_disparity(one) + m * decisions.demographic_disparity(two)) / (n + m)
    assert found == pytest.approx(expected)


def test_bias_amplification_turns_its_sign_where_the_label_is_rarer_than_on_average() -> None:
    # Labels: 60 % of the first, 20 % of the second; decisions: 80 % and 10 %: both lean further, by .2 and by .1.
    counts = np.array([[[20, 20], [0, 60]], [[80, 0], [10, 10]]])
    assert decisions.bias_amplification(counts) == pytest.approx((0.2 + 0.1) / 2)


@given(counts=tables)
def test_the_treatment_ratio_is_misses_per_false_alarm(counts: Counts) -> None:
    for group, found in zip(counts, decisions.treatment_ratio(counts).tolist(), strict=True):
        missed, alarms = int(group[1, 0]), int(group[0, 1])
        if alarms:
            assert found == pytest.approx(missed / alarms)
        else:
            assert found == math.inf if missed else math.isnan(found)


@given(counts=tables)
def test_replicates_give_what_each_gives_alone(counts: Counts) -> None:
    both = np.stack([counts, counts[::-1]])
    for name in (
        "equalized_odds_difference", "equalized_odds_ratio", "average_odds_difference", "treatment_ratio",
        "theil_index", "generalized_entropy", "generalized_entropy_between", "bias_amplification",
        "demographic_disparity", "coefficient_of_variation",
    ):  # fmt: skip
        metric = getattr(decisions, name)
        np.testing.assert_array_equal(metric(both), np.stack([metric(each) for each in both]))


def test_every_rate_and_every_other_metric_is_defined_once() -> None:
    names = [each.name for each in decisions.DEFINITIONS]
    assert len(names) == len(set(names))
    assert set(RATES) <= set(names)
    assert all(each.family == "decisions" and each.formula and each.source for each in decisions.DEFINITIONS)
