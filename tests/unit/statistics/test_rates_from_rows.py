"""Rates of a tally against the rows themselves: weights, clusters, missing values and groups of mixed names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from hakari.statistics.confusion_matrix import confusion
from hakari.statistics.limits import ClusteredRates, WeightedRates
from hakari.statistics.rates import RATES, group_rates
from hakari.statistics.tally import MISSING, Tally

SCALE = 8  # the weights are eighths, so that nothing is rounded
GROUPS = ("a", "b", "c")


@dataclass(frozen=True)
class Row:
    group: str
    cluster: int
    label: int | None
    prediction: int | None
    weight: float


def rows(count: int = 400) -> list[Row]:
    rng = np.random.default_rng(8)
    values: list[int | None] = [0, 1, 1, None]
    return [
        Row(
            GROUPS[rng.integers(3)], int(rng.integers(40)), values[rng.integers(4)], values[rng.integers(4)],
            int(rng.integers(1, 40)) / SCALE,
        )
        for _ in range(count)
    ]  # fmt: skip


def tally(of: list[Row], *, clustered: bool = False, weighted: bool = False) -> Tally:
    axes = ("group", *(["cluster"] if clustered else []), "label", "prediction")
    cells = []
    for row in of:
        numbers = (1, row.weight, row.weight**2) if weighted else (1,)
        cells.append((row.group, *([row.cluster] if clustered else []), row.label, row.prediction, *numbers))
    return Tally.from_cells(axes, cells, scale=SCALE if weighted else None)


def recall(of: list[Row], group: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights, hits and clusters of the rows that recall is about: labelled 1, with a prediction."""
    mine = [row for row in of if row.group == group and row.label == 1 and row.prediction is not None]
    parts = [(row.weight, row.prediction, row.cluster) for row in mine]
    w, y, c = zip(*parts, strict=True)
    return np.array(w), np.array(y, dtype=float), np.array(c)


def test_weighted_rates_are_sums_over_the_rows() -> None:
    of = rows()
    found = group_rates(tally(of, weighted=True), "recall", ["group"])
    limits = found.limits
    assert isinstance(limits, WeightedRates)
    for place, group in enumerate(GROUPS):
        w, y, _ = recall(of, group)
        assert limits.success_weights[place] == (w * y).sum()
        assert limits.trial_weights[place] == w.sum()
        assert limits.success_squares[place] == (w**2 * y).sum()
        assert limits.trial_squares[place] == (w**2).sum()
        assert limits.values[place] == pytest.approx(np.average(y, weights=w))
        assert (limits.trials[place], found.trials[place], found.successes[place]) == (len(w), len(w), y.sum())
        assert found.rows[place] == sum(row.group == group for row in of)
    assert found.method == limits.method
    assert found.approximate


@pytest.mark.parametrize("weighted", [False, True])
def test_clustered_rates_are_sums_over_the_rows_of_each_cluster(weighted: bool) -> None:
    of = rows()
    found = group_rates(tally(of, clustered=True, weighted=weighted), "recall", ["group"])
    assert isinstance(found.limits, ClusteredRates)
    assert found.limits.weighted == weighted
    assert found.method == found.limits.method
    for place, group in enumerate(GROUPS):
        w, y, c = recall(of, group)
        w = w if weighted else np.ones(len(w))
        names = np.unique(c)
        x, n = (np.array([part[c == name].sum() for name in names]) for part in (w * y, w))
        own = ClusteredRates(1, np.zeros(len(names), dtype=np.int64), names, x, n, weighted=weighted)
        assert found.limits.clusters[place] == len(names)
        assert found.limits.values[place] == pytest.approx(np.average(y, weights=w))
        assert found.limits.lower(0.05)[place] == pytest.approx(own.lower(0.05)[0])
        assert found.limits.upper(0.05)[place] == pytest.approx(own.upper(0.05)[0])


def test_a_cluster_that_lies_in_two_groups_is_kept_apart_in_each() -> None:
    cells = [(group, cluster, 1, 1, 1) for cluster in range(3) for group in "ab"]
    counted = Tally.from_cells(("group", "cluster", "label", "prediction"), cells)
    limits = group_rates(counted, "recall", ["group"]).limits
    assert isinstance(limits, ClusteredRates)
    assert sorted(zip(limits.group.tolist(), limits.cluster.tolist(), strict=True)) == [
        (group, cluster) for group in (0, 1) for cluster in (0, 1, 2)
    ]


def test_plain_rates_are_counts_of_the_rows() -> None:
    of = rows()
    found = group_rates(tally(of), "recall", ["group"])
    for place, group in enumerate(GROUPS):
        _, y, _ = recall(of, group)
        assert (found.successes[place], found.trials[place]) == (y.sum(), len(y))
    assert found.columns == ("group",)
    assert [type(n) for n in found.rows] == [int] * 3


MIXED: list[tuple[object, ...]] = [
    ("z", 1, 1, 4), (None, 0, 1, 3), (10, 1, 0, 2), (2.5, 1, 1, 5), ("b", 0, 0, 6), ("b", 0, 2, 7)
]  # fmt: skip


def test_groups_of_mixed_names_come_as_numbers_then_text_then_missing() -> None:
    mixed = Tally.from_cells(("g", "label", "prediction"), MIXED)
    expected = ((2.5,), (10,), ("b",), ("z",), (MISSING,))
    assert group_rates(mixed, "accuracy", ["g"]).groups == expected
    found = confusion(mixed, ["g"])
    assert (found.columns, found.groups) == (("g",), expected)
    # A prediction that is neither 0 nor 1 is no decision: it counts as a row and is in no cell.
    assert found.counts.sum(axis=(1, 2)).tolist() == [5, 2, 6, 4, 3]
    assert found.counts.dtype == np.int64
    assert group_rates(mixed, "accuracy", ["g"]).rows == (5, 2, 13, 4, 3)


def test_replicated_cells_of_several_groups_add_up_where_groups_are_not_asked_for() -> None:
    counted = Tally.from_cells(("g", "label", "prediction"), MIXED)
    whole, counts = confusion(counted), np.array(counted.counts)
    assert whole.groups == ((),)
    assert np.array_equal(whole.spread(np.stack([counts, 3 * counts])), np.stack([whole.counts, 3 * whole.counts]))
    assert whole.counts[0].tolist() == [[6, 3], [2, 9]]


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("clustered", [False, True])
def test_without_any_row_the_whole_is_a_group_of_which_nothing_is_known(weighted: bool, clustered: bool) -> None:
    found = group_rates(tally([], clustered=clustered, weighted=weighted), "recall")
    assert (found.groups, found.rows, found.trials.tolist()) == (((),), (0,), [0.0])
    assert np.isnan(found.limits.values).tolist() == [True]
    assert (found.limits.lower(0.1).tolist(), found.limits.upper(0.1).tolist()) == ([0.0], [1.0])
    assert group_rates(tally([], clustered=clustered, weighted=weighted), "recall", ["group"]).groups == ()


@pytest.mark.parametrize("metric", sorted(RATES))
def test_the_printed_formula_is_what_is_computed(metric: str) -> None:
    counts = {"TP": 40, "FP": 10, "FN": 20, "TN": 130}
    by_place = np.array([[counts["TN"], counts["FP"]], [counts["FN"], counts["TP"]]])
    expected = eval(RATES[metric].formula, {"__builtins__": {}}, {**counts, "all": sum(counts.values())})
    assert float(RATES[metric].value(by_place)) == expected


@pytest.mark.parametrize("metric", sorted(RATES))
def test_a_rate_of_no_rows_is_nan_and_not_a_warning(metric: str) -> None:
    assert np.isnan(RATES[metric].value(np.zeros((2, 2), dtype=np.int64)))


def test_whether_a_high_rate_is_good_follows_from_right_and_wrong_decisions() -> None:
    """A rate whose successes are all right decisions is good when high, one of wrong ones bad; a mixture is neither."""
    right, wrong = {(0, 0), (1, 1)}, {(0, 1), (1, 0)}
    for rate in RATES.values():
        expected = "good" if rate.successes <= right else "bad" if rate.successes <= wrong else "neutral"
        assert rate.high_is == expected
