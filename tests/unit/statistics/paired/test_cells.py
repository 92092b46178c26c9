"""Paired cells against loops over the rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.statistics import RATES, Tally, group_rates
from hakari.statistics.paired import PAIRED_RATES, DependentChange, PairedChange, paired_cells

AXES = ("group", "label", "other_prediction", "prediction")
Row = tuple[str, int, int, int]


def rows(number: int = 500) -> list[Row]:
    rng = np.random.default_rng(4)
    label, old, new = (rng.integers(0, 2, number) for _ in range(3))
    group = rng.choice(["a", "b", "c"], number)
    return [(str(g), int(y), int(a), int(b)) for g, y, a, b in zip(group, label, old, new, strict=True)]


def tally(found: list[Row]) -> Tally:
    return Tally.from_rows(AXES, [(*row, 1) for row in found])


SUCCESS: dict[str, tuple[Callable[[int, int], bool], Callable[[int], bool]]] = {
    "selection_rate": (lambda y, p: p == 1, lambda y: True),
    "accuracy": (lambda y, p: p == y, lambda y: True),
    "error_rate": (lambda y, p: p != y, lambda y: True),
    "true_positive_rate": (lambda y, p: p == 1, lambda y: y == 1),
    "false_positive_rate": (lambda y, p: p == 1, lambda y: y == 0),
    "true_negative_rate": (lambda y, p: p == 0, lambda y: y == 0),
    "false_negative_rate": (lambda y, p: p == 0, lambda y: y == 1),
}


@pytest.mark.parametrize("metric", PAIRED_RATES)
def test_the_four_cells_of_every_rate_are_counts_of_rows(metric: str) -> None:
    found = rows()
    cells = paired_cells(tally(found), metric, ("group",))
    success, used = SUCCESS[metric]
    for place, (group,) in enumerate(cells.groups):
        pairs = [(success(y, a), success(y, b)) for g, y, a, b in found if g == group and used(y)]
        assert cells.trials[place] == len(pairs)
        assert cells.both[place] == pairs.count((True, True))
        assert cells.lost[place] == pairs.count((True, False))
        assert cells.gained[place] == pairs.count((False, True))
        assert cells.neither[place] == pairs.count((False, False))


@pytest.mark.parametrize("metric", PAIRED_RATES)
def test_the_change_is_the_newer_rate_minus_the_earlier_one(metric: str) -> None:
    cells = paired_cells(tally(rows()), metric, ("group",))
    difference = cells.newer.values - cells.earlier.values
    assert cells.change.values == pytest.approx(difference, abs=1e-12)
    alone = Tally.from_rows(("group", "label", "prediction"), [(g, y, b, 1) for g, y, _, b in rows()])
    assert cells.newer.values == pytest.approx(group_rates(alone, metric, ("group",)).limits.values)


def test_every_rate_with_a_shared_denominator_is_paired_and_no_other() -> None:
    both = {(label, prediction) for label in (0, 1) for prediction in (0, 1)}
    shared = {
        name
        for name, rate in RATES.items()
        if rate.needs_prediction
        and all((label, 1 - prediction) in rate.trials for label, prediction in rate.trials)
        and rate.trials <= both
    }
    assert set(PAIRED_RATES) == shared


@pytest.mark.parametrize("metric", ["positive_predictive_value", "precision", "false_omission_rate"])
def test_a_rate_of_the_selected_has_no_paired_cells(metric: str) -> None:
    with pytest.raises(InputError, match="its denominator is the rows that each version selects"):
        paired_cells(tally(rows()), metric)


def test_selection_needs_no_label_and_without_columns_all_rows_are_one_group() -> None:
    found = rows()
    bare = Tally.from_rows(AXES[2:], [(a, b, 1) for _, _, a, b in found])
    cells = paired_cells(bare, "selection_rate")
    assert cells.groups == ((),)
    assert cells.gained[0] == sum(b > a for _, _, a, b in found)
    with pytest.raises(InputError, match="label"):
        paired_cells(bare, "accuracy")


def test_rows_without_a_decision_or_label_are_trials_of_neither_version() -> None:
    found = Tally.from_rows(AXES, [("a", 1, None, 1, 5), ("a", None, 1, 0, 7), ("a", 1, 1, 1, 2)])
    assert paired_cells(found, "accuracy", ("group",)).trials.tolist() == [2.0]
    assert paired_cells(found, "selection_rate", ("group",)).trials.tolist() == [9.0]


def test_a_group_without_trials_stays_in_its_place() -> None:
    found = Tally.from_rows(AXES, [("a", 0, 1, 1, 5), ("b", 1, 1, 0, 4), ("b", 0, 1, 0, 4)])
    cells = paired_cells(found, "true_positive_rate", ("group",))
    assert cells.trials.tolist() == [0.0, 4.0]
    assert len(cells.earlier.values) == len(cells.newer.values) == len(cells.change.values) == 2


def test_plain_rows_have_exact_limits_and_clusters_and_weights_approximate_ones() -> None:
    found = rows(60)
    assert isinstance(paired_cells(tally(found), "accuracy", ("group",)).change, PairedChange)
    clustered = Tally.from_rows((*AXES, "cluster"), [(*row, f"p{k // 2}", 1) for k, row in enumerate(found)])
    weighted = Tally.from_cells(AXES, [(*row, 1, 2.5, 6.25) for row in found], scale=1000)
    for other in (clustered, weighted):
        change = paired_cells(other, "accuracy", ("group",)).change
        assert isinstance(change, DependentChange)
        assert change.approximate
        assert change.values == pytest.approx(paired_cells(tally(found), "accuracy", ("group",)).change.values)


def test_weights_count_in_the_change() -> None:
    cells = [("a", 1, 0, 1, 1, 3.0, 9.0), ("a", 1, 1, 0, 1, 1.0, 1.0), ("a", 1, 1, 1, 6, 6.0, 6.0)]
    found = paired_cells(Tally.from_cells(AXES, cells, scale=1000), "selection_rate", ("group",))
    assert found.change.values[0] == pytest.approx((3 - 1) / 10)
    assert (found.gained[0], found.lost[0], found.trials[0]) == (1, 1, 8)
