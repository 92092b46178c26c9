"""Harm against scipy's binomial test and Holm written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hakari.statistics import ClopperPearson, Tally
from hakari.statistics.paired import (
    DependentChange,
    PairedChange,
    harm_levels,
    loss_p_values,
    mcnemar_p,
    paired_cells,
)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_p_value_is_that_of_the_exact_sign_test_on_rows_that_differ(gained: int, lost: int) -> None:
    differ = gained + lost
    expected = stats.binomtest(lost, differ, 0.5, alternative="greater").pvalue if differ else 1.0
    assert mcnemar_p(np.array([gained]), np.array([lost]))[0] == pytest.approx(expected, rel=1e-9)


def test_a_rise_is_tested_the_other_way_round() -> None:
    change = PairedChange(np.array([9.0]), np.array([1.0]), np.array([50.0]))
    assert loss_p_values(change, worse=1)[0] == pytest.approx(11 / 2**10)
    assert loss_p_values(change, worse=-1)[0] == pytest.approx(1 - 1 / 2**10)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_harm_is_shown_where_holm_rejects(p_values: list[float]) -> None:
    error, order = 0.025, sorted(range(len(p_values)), key=lambda k: p_values[k])
    rejected: set[int] = set()
    for step, check in enumerate(order):
        if p_values[check] > error / (len(order) - step):
            break
        rejected.add(check)
    shown = {k for k, (p, level) in enumerate(zip(p_values, harm_levels(p_values, error), strict=True)) if p <= level}
    assert {p_values[k] for k in shown} == {p_values[k] for k in rejected}


def test_no_test_has_no_levels() -> None:
    assert harm_levels([], 0.025) == ()


def test_dependent_p_values_are_levels_at_which_the_limit_passes_zero() -> None:
    n = np.array([400.0, 400.0, 400.0])
    change = DependentChange(
        ClopperPearson(np.array([4.0, 9.0, 8.0]), n), ClopperPearson(np.array([40.0, 20.0, 8.0]), n)
    )
    p = loss_p_values(change, worse=-1)
    assert p[2] == 1.0
    for group in (0, 1):
        assert change.upper(float(p[group]))[group] < 0
        assert change.upper(float(p[group]) / 1.2)[group] >= 0
    assert np.all(loss_p_values(change, worse=1) == 1.0)


def test_clusters_make_harm_harder_to_show_than_as_many_single_rows() -> None:
    axes = ("group", "other_prediction", "prediction")
    single = [("a", 1, 0, 40), ("a", 0, 1, 15), ("a", 1, 1, 200), ("a", 0, 0, 200)]
    rows, person = [], 0
    for group, old, new, count in single:
        for _ in range(count // 5):
            rows.append((group, old, new, f"p{person}", 5))
            person += 1
    clustered = Tally.from_rows((*axes, "cluster"), rows)
    one, other = (
        paired_cells(tally, "selection_rate", ("group",)).change for tally in (Tally.from_rows(axes, single), clustered)
    )
    assert one.values == pytest.approx(other.values)
    assert loss_p_values(one, worse=-1)[0] < 0.01 < loss_p_values(other, worse=-1)[0]
