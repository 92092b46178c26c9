"""From counts to a verdict: small groups, references, weights, clusters, smooth metrics, and the stated error."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.assessment.model import CheckResult, PlannedCheck
from hakari.assessment.rules import checks, prepared
from hakari.assessment.rules.checks import judge
from hakari.assessment.rules.levels import Levels
from hakari.assessment.rules.prepared import prepare
from hakari.evidence import Evidence, Table
from hakari.statistics import FiringLevels
from tests.unit.assessment._small import counts, planned_check, small_plan

PLAN = small_plan()
LEVELS = Levels(0.025, 0.025)
Groups = dict[str, tuple[int, int]]
WORST: dict[str, Any] = {"aggregation": "worst_group", "margin": 0.0}
RATIO: dict[str, Any] = {"aggregation": "ratio", "operator": ">=", "threshold": 0.8, "margin": 0.05}


def _judged(groups: Groups, *, levels: Levels = LEVELS, **changes: Any) -> CheckResult:
    return _verdict(counts(PLAN, groups), planned_check(**changes), levels)


def _verdict(record: Evidence, check: PlannedCheck, levels: Levels = LEVELS) -> CheckResult:
    return judge(prepare(check, "e" * 64, record), levels)


def _keys(result: CheckResult) -> set[str]:
    return {reason.key for reason in result.reasons}


def _tally(*rows: tuple[Any, ...], columns: tuple[str, ...], **details: Any) -> Evidence:
    return counts(PLAN, {}, tables=(Table(name="tally", columns=columns, rows=rows, details=details),))


def _number(value: object) -> float:
    assert isinstance(value, float)
    return value


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what a simulation does not look at: rows needed, noise floor, p-values (the levels are given)."""
    monkeypatch.setattr(checks, "_rows_needed", lambda *_: None)
    monkeypatch.setattr(checks, "_noise", lambda *_: None)
    monkeypatch.setattr(prepared, "firing_levels", lambda *_: FiringLevels(1.0, 1.0))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("tiny", "rate"), [(12, 0.5), (25, 0.4), (4, 0.45)])
def test_a_tiny_group_does_not_raise_the_share_of_false_not_met(tiny: int, rate: float) -> None:
    # The true gap of all three groups is exactly the acceptable line: every `not_met` is false.
    rng, runs = np.random.default_rng(tiny), 500
    drawn = zip(rng.binomial(300, 0.5, runs), rng.binomial(250, 0.4, runs), rng.binomial(tiny, rate, runs), strict=True)
    false = sum(
        _judged({"a": (int(a), 300), "b": (int(b), 250), "c": (int(c), tiny)}).status == "not_met" for a, b, c in drawn
    )
    assert false / runs <= 0.025 + 3 * math.sqrt(0.025 * 0.975 / runs)


@pytest.mark.usefixtures("quick")
def test_a_small_group_is_judged_at_a_tenth_of_the_level_and_the_large_ones_at_the_rest() -> None:
    groups = {"a": (300, 600), "b": (290, 600), "c": (0, 20)}
    result = _judged(groups, **WORST, operator=">=", threshold=0.2)
    # Exact binomial: the largest rate at which 0 of 20 happens with probability .0025 / 3.
    high = 1 - (0.0025 / 3) ** (1 / 20)
    assert high > 0.2
    assert result.status == "met"
    low = _judged(groups, **WORST, operator=">=", threshold=high + 0.001)
    assert low.status == "not_met"
    assert "assessment.check.small_group" in _keys(low)
    assert math.isclose(_number(low.high), high, rel_tol=1e-9)


@pytest.mark.usefixtures("quick")
def test_the_method_says_that_small_groups_had_a_share_of_the_level() -> None:
    assert "groups below 30 rows at 0.1" in _judged({"a": (50, 100), "b": (50, 100), "c": (1, 5)}).method
    assert "groups below" not in _judged({"a": (50, 100), "b": (50, 100)}).method


def test_a_small_group_may_give_not_met_against_the_only_large_one() -> None:
    assert _judged({"a": (6000, 6000), "b": (0, 29)}).status == "not_met"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("operator", "worst"), [("<=", 0.62), (">=", 0.40)])
def test_the_worst_group_is_the_one_on_the_bad_side(operator: Any, worst: float) -> None:
    result = _judged({"a": (620, 1000), "b": (400, 1000), "c": (500, 1000)}, **WORST, operator=operator, threshold=0.5)
    assert (result.status, result.value) == ("not_met", worst)
    x, error = worst * 1000, 0.025 / 3
    limit = stats.beta.ppf(error, x, 1001 - x) if operator == "<=" else stats.beta.ppf(1 - error, x + 1, 1000 - x)
    assert math.isclose(_number(result.low if operator == "<=" else result.high), limit, rel_tol=1e-9)


@pytest.mark.usefixtures("quick")
def test_the_worst_group_is_met_only_if_every_group_is() -> None:
    result = _judged({"a": (900, 1000), "b": (850, 1000)}, **WORST, operator=">=", threshold=0.8)
    assert result.status == "met"
    assert math.isclose(_number(result.low), stats.beta.ppf(0.025, 850, 151), rel_tol=1e-9)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("b", "status"), [(980, "met"), (700, "not_met"), (790, "inconclusive"), (0, "not_met")])
def test_a_ratio_is_judged_without_dividing(b: int, status: str) -> None:
    result = _judged({"a": (1000, 2000), "b": (b, 2000)}, **RATIO)
    assert result.status == status
    assert math.isclose(_number(result.value), b / 1000, abs_tol=1e-12)


@pytest.mark.usefixtures("quick")
def test_a_named_reference_group_leaves_out_the_other_pairs() -> None:
    groups = {"a": (500, 1000), "b": (540, 1000), "c": (440, 1000)}
    assert math.isclose(_number(_judged(groups).value), 0.10)
    assert math.isclose(_number(_judged(groups, reference="a").value), 0.06)


def test_each_group_against_the_rest() -> None:
    groups = {"a": (500, 1000), "b": (540, 1000), "c": (440, 1000)}
    rest = [abs(x / n - (1480 - x) / (3000 - n)) for x, n in groups.values()]
    result = _judged(groups, reference="rest")
    assert math.isclose(_number(result.value), max(rest), abs_tol=1e-12)


def test_a_reference_group_below_min_rows_gives_no_verdict_and_names_those_in_scope() -> None:
    result = _judged({"a": (5, 10), "b": (500, 1000), "c": (440, 1000)}, reference="a")
    assert result.status in ("missing", "inconclusive")
    assert "“a”" in str(result.reasons[0])
    assert "b, c" in str(result.reasons[0])


def _scores() -> Evidence:
    rng = np.random.default_rng(1)
    rows = [
        (label, round(0.3 + 0.1 * label + 0.01 * int(rng.integers(40)), 2), 4) for label in (0, 1) for _ in "x" * 30
    ]
    merged: dict[tuple[Any, ...], int] = {}
    for label, score, n in rows:
        merged[label, score] = merged.get((label, score), 0) + n
    cells = tuple((*cell, n) for cell, n in sorted(merged.items()))
    return counts(PLAN, {}, tables=(Table(name="scores", columns=("label", "score", "n"), rows=cells),))


AUC: dict[str, Any] = {
    "metric": "auc", "basis": "smooth", "table": "scores", "aggregation": "overall", "columns": (), "operator": ">=",
    "threshold": 0.6, "margin": 0.05,
}  # fmt: skip


def test_a_smooth_metric_is_drawn_from_the_seed_of_the_record_and_the_name_of_the_check() -> None:
    check, record = planned_check(**AUC | {"metric": "brier", "operator": "<="}), _scores()
    first = _verdict(record, check)
    assert _verdict(record, check) == first
    assert _verdict(replace(record, seed=8), check).low != first.low
    assert _verdict(record, replace(check, id="gaps/other")).low != first.low
    assert "asymptotic" in first.method


def test_the_value_of_a_smooth_metric_is_the_plain_one() -> None:
    rows = [(label, score, n) for label, score, n in _scores().tables[0].rows]
    u = sum(
        int(n or 0) * int(m or 0) * (1.0 if float(s or 0) > float(t or 0) else 0.5 if s == t else 0.0)
        for label, s, n in rows if label == 1 for other, t, m in rows if other == 0
    )  # fmt: skip
    result = _verdict(_scores(), planned_check(**AUC))
    assert math.isclose(_number(result.value), u / 120**2, rel_tol=1e-12)


def test_a_smooth_metric_on_few_rows_gives_no_verdict() -> None:
    result = _verdict(_scores(), planned_check(**AUC | {"min_rows": 241}))
    assert "assessment.check.few_rows" in _keys(result)
    assert result.status in ("missing", "inconclusive")


def test_a_smooth_metric_per_group_is_never_judged_on_the_whole() -> None:
    rows: list[tuple[Any, ...]] = []
    for group, ranked in (("a", True), ("b", False)):
        rows += [(group, label, 0.8 if bool(label) is ranked else 0.2, 2000 if ranked else 40) for label in (0, 1)]
    record = counts(PLAN, {}, tables=(Table(name="scores", columns=("g", "label", "score", "n"), rows=tuple(rows)),))
    assert _verdict(record, planned_check(**AUC | {"aggregation": "worst_group", "columns": ("g",)})).status != "met"


def _weighted(weight: float) -> Evidence:
    rows = []
    for name, x in (("a", 500), ("b", 500)):
        for prediction, n in ((0, 1000 - x), (1, x)):
            rows.append((name, prediction, n, round(n * weight * 1000), round(n * weight * weight * 1000**2)))
    return _tally(*rows, columns=("g", "prediction", "n", "w", "w2"), scale=1000)


def test_equal_weights_change_nothing_but_the_words() -> None:
    plain, weighted = _judged({"a": (500, 1000), "b": (500, 1000)}), _verdict(_weighted(2.5), planned_check())
    assert weighted.status == plain.status == "met"
    assert math.isclose(_number(weighted.high), _number(plain.high), rel_tol=1e-3)
    assert "weighted" in weighted.method
    assert weighted.noise_floor is None
    assert weighted.rows_needed is None


def _clustered(people: int) -> Evidence:
    rows = [(g, p % 2, f"{g}{p}", 20) for g in "ab" for p in range(people)]
    return _tally(*rows, columns=("g", "prediction", "cluster", "n"))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("people", "given"), [(14, False), (400, True)])
def test_fewer_than_fifteen_people_in_a_group_give_no_verdict(people: int, given: bool) -> None:
    result = _verdict(_clustered(people), planned_check())
    assert (result.status != "inconclusive") is given
    assert ("assessment.check.too_few_clusters_reason" in _keys(result)) is not given
