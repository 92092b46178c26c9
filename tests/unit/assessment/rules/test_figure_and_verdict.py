"""A figure and its verdict never disagree, whatever the counts: the reader could otherwise believe neither."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from hakari.assessment.model import CheckResult
from hakari.assessment.rules import checks, prepared
from hakari.assessment.rules.checks import judge
from hakari.assessment.rules.levels import Levels
from hakari.assessment.rules.prepared import prepare
from hakari.evidence import Unmeasured
from hakari.messages import render
from hakari.statistics import FiringLevels
from tests.unit.assessment._small import counts, planned_check, small_plan

PLAN = small_plan()


@st.composite
def group_counts(draw: st.DrawFn) -> dict[str, tuple[int, int]]:
    sizes = draw(st.lists(st.sampled_from([0, 3, 29, 30, 80, 900, 20_000]), min_size=1, max_size=4))
    return {f"g{index}": (draw(st.integers(0, size)), size) for index, size in enumerate(sizes)}


@st.composite
def settings_of_a_check(draw: st.DrawFn) -> dict[str, Any]:
    aggregation = draw(st.sampled_from(["difference", "ratio", "worst_group"]))
    either = draw(st.sampled_from(["<=", ">="]))
    return {
        "aggregation": aggregation,
        "operator": {"difference": "<=", "ratio": ">="}.get(aggregation, either),
        "threshold": draw(st.sampled_from([0.05, 0.1, 0.5, 0.8, 1.0])),
        "margin": draw(st.sampled_from([0.0, 0.02, 0.04])),
        "method": draw(st.sampled_from(["mover", "box"])),
        "coverage_min": 0.0,
    }


def _judged(groups: dict[str, tuple[int, int]], **changes: Any) -> CheckResult:
    levels = Levels(0.025, 0.0125)
    with pytest.MonkeyPatch.context() as patched:
        # Neither has a say in the verdict at given levels, and each would take most of the time.
        patched.setattr(checks, "_rows_needed", lambda *_: None)
        patched.setattr(prepared, "firing_levels", lambda *_: FiringLevels(1.0, 1.0))
        patched.setattr(checks, "_noise", lambda *_: None)
        return judge(prepare(planned_check(**changes), "e" * 64, counts(PLAN, groups)), levels)


@settings(max_examples=150, deadline=None)
@over(group_counts(), settings_of_a_check())
def test_the_interval_faces_the_lines_as_the_verdict_does(
    groups: dict[str, tuple[int, int]], changes: dict[str, Any]
) -> None:
    result = _judged(groups, **changes)
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured):
        assert result.status in ("inconclusive", "missing")
        return
    strict = changes["margin"] == 0
    a, b = result.threshold, result.unacceptable
    if changes["operator"] == "<=":
        good, bad = (result.high < b if strict else result.high <= b), result.low > a
    else:
        good, bad = (result.low > b if strict else result.low >= b), result.high < a
    by_figure = "not_met" if bad and not good else "met" if good else "inconclusive"
    assert result.status == by_figure
    assert isinstance(result.value, float)
    assert result.low <= result.high


@settings(max_examples=60, deadline=None)
@over(group_counts(), settings_of_a_check())
def test_the_value_is_the_plain_aggregate_of_the_groups_that_decided(
    groups: dict[str, tuple[int, int]], changes: dict[str, Any]
) -> None:
    result = _judged(groups, **changes)
    if isinstance(result.value, Unmeasured):
        return
    small = any(reason.key == "assessment.check.small_group" for reason in result.reasons)
    rates = [x / n for x, n in groups.values() if n >= (1 if small else 30)]
    plain = {
        "difference": max(rates) - min(rates),
        "ratio": min(rates) / max(rates) if max(rates) else 1.0,
        "worst_group": max(rates) if changes["operator"] == "<=" else min(rates),
    }[changes["aggregation"]]
    assert math.isclose(result.value, plain, rel_tol=1e-12, abs_tol=1e-12)


@settings(max_examples=40, deadline=None)
@over(group_counts())
def test_each_group_shows_its_exact_simultaneous_interval(groups: dict[str, tuple[int, int]]) -> None:
    result = _judged(groups)
    known = sum(n > 0 for _, n in groups.values())
    error = (1 - 0.95 ** (1 / max(known, 1))) / 2
    for line in result.groups:
        x, n = groups[line.name]
        if n == 0:
            assert isinstance(line.value, Unmeasured)
            assert not line.in_scope
            continue
        low = stats.beta.ppf(error, x, n - x + 1) if x else 0.0
        high = stats.beta.ppf(1 - error, x + 1, n - x) if x < n else 1.0
        assert isinstance(line.low, float)
        assert isinstance(line.high, float)
        assert math.isclose(line.low, low, rel_tol=1e-7, abs_tol=1e-12)
        assert math.isclose(line.high, high, rel_tol=1e-7, abs_tol=1e-12)
        assert (line.rows, line.successes, line.trials, line.in_scope) == (n, x, n, n >= 30)


def test_rows_trials_and_coverage_are_those_of_the_groups() -> None:
    result = _judged({"a": (10, 40), "b": (20, 60), "c": (1, 7)})
    assert (result.rows, result.trials) == (107, 100)
    assert math.isclose(result.coverage, 100 / 107)


def test_the_noise_floor_is_the_mean_gap_by_chance_alone() -> None:
    check = planned_check()
    result = judge(prepare(check, "e" * 64, counts(PLAN, {"a": (30, 100), "b": (45, 150)})), Levels(0.025, 0.025))
    rng = np.random.default_rng(5)
    gaps = np.abs(rng.binomial(100, 0.3, 40_000) / 100 - rng.binomial(150, 0.3, 40_000) / 150)
    assert result.noise_floor is not None
    assert abs(result.noise_floor - gaps.mean()) < 4 * gaps.std() / 200


def test_exact_counts_face_only_the_threshold() -> None:
    check = planned_check(basis="count", metric="exact", aggregation="overall", columns=(), threshold=2.9, margin=1.0)
    result = judge(prepare(check, "e" * 64, counts(PLAN, {"a": (1, 2)})), None)
    assert (result.status, result.value, result.noise_floor) == ("not_met", 3.0, None)


@pytest.mark.parametrize(
    ("metric", "key"), [("absent", "assessment.check.no_estimate"), ("selection_rate", "assessment.check.no_estimate")]
)
def test_a_count_that_the_record_lacks_is_missing(metric: str, key: str) -> None:
    check = planned_check(basis="count", metric=metric, aggregation="overall", columns=())
    result = judge(prepare(check, "e" * 64, counts(PLAN, {"a": (1, 2)})), None)
    assert (result.status, result.reasons[0].key) == ("missing", key)


def test_a_count_over_a_sensitive_column_is_the_one_of_its_own_slice() -> None:
    """Not the figure over everything: two columns would otherwise be judged by the same number."""
    record = counts(PLAN, {"a": (1, 2)})
    whole = next(item for item in record.estimates if item.metric == "exact")
    own = [replace(whole, value=value, slice={column: "*"}) for column, value in (("h", 9.0), ("g", 7.0))]
    check = planned_check(basis="count", metric="exact", aggregation="overall", columns=("g",), threshold=8.0)
    found = judge(prepare(check, "e" * 64, replace(record, estimates=(whole, *own))), None)
    assert (found.status, found.value) == ("met", 7.0)


def test_a_count_without_a_figure_for_the_column_says_what_to_write() -> None:
    check = planned_check(basis="count", metric="exact", aggregation="overall", columns=("g",))
    result = judge(prepare(check, "e" * 64, counts(PLAN, {"a": (1, 2)})), None)
    assert (result.status, result.reasons[0].key) == ("missing", "assessment.check.no_slice_estimate")
    assert "slice: overall" in render(result.reasons[0], "en")


def test_a_record_without_the_table_of_counts_is_missing() -> None:
    result = judge(prepare(planned_check(table="scores"), "e" * 64, counts(PLAN, {"a": (1, 2)})), Levels(0.025, 0.025))
    assert (result.status, result.reasons[0].arguments["table"]) == ("missing", "scores")
