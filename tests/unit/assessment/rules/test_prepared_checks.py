"""A check before its level is known: its rule, its groups in scope, its p-values, and why it may have none."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.assessment.model import PlannedCheck
from hakari.assessment.rules.evidence_choice import Choice
from hakari.assessment.rules.given import EngineInput
from hakari.assessment.rules.levels import Levels
from hakari.assessment.rules.prepared import (
    Prepared,
    firing_of,
    group_names,
    known_groups,
    prepare,
    rule_of,
    with_trials,
)
from hakari.errors import EvidenceError
from hakari.evidence import Estimate, Evidence, Table, Unmeasured
from hakari.messages import Message, render, say
from hakari.statistics import FiringLevels, GroupRates, Rule, firing_levels
from hakari.statistics.limits import ClopperPearson
from tests.unit.assessment._small import counts, planned_check, small_plan

PLAN = small_plan()
Groups = dict[str, tuple[int, int]]
LARGE: Groups = {"a": (500, 1000), "b": (540, 1000)}
RATE: dict[str, Any] = {"aggregation": "worst_group", "operator": ">=", "threshold": 0.5}
AUC: dict[str, Any] = {
    "metric": "auc", "basis": "smooth", "table": "scores", "aggregation": "overall", "columns": (), "operator": ">=",
}  # fmt: skip


def prepared(groups: Groups, **changes: Any) -> Prepared:
    return prepare(planned_check(**changes), "e", counts(PLAN, groups))


def of_rows(check: PlannedCheck, *rows: tuple[Any, ...], columns: tuple[str, ...], **changes: Any) -> Prepared:
    tables = (Table(name=check.table, columns=columns, rows=rows),)
    return prepare(check, "e", counts(PLAN, {}, tables=tables, **changes))


def why(found: Prepared) -> str:
    assert isinstance(found.blocked, Message)
    return render(found.blocked)


def firing(checked: Rule, *groups: tuple[int, int]) -> FiringLevels:
    x, n = zip(*groups, strict=True)
    return firing_levels(checked, ClopperPearson(np.array(x), np.array(n)))


@pytest.mark.parametrize("kind", [Prepared, Levels, Choice, EngineInput])
def test_a_record_is_frozen_and_holds_its_fields_only(kind: type) -> None:
    blank: object = object.__new__(kind)
    with pytest.raises(FrozenInstanceError):
        setattr(blank, fields(kind)[0].name, 1)
    assert not hasattr(blank, "__dict__")


@pytest.mark.parametrize(
    ("changes", "reference"),
    [
        ({}, None), ({"method": "box", "margin": 0.02, "threshold": 0.3}, None), ({"reference": "c"}, 1),
        ({"reference": "rest"}, "rest"), ({"aggregation": "ratio", "operator": ">=", "threshold": 0.8}, None),
        (RATE | {"reference": "c"}, None),
    ],
)  # fmt: skip
def test_the_rule_is_that_of_the_plan_with_its_reference_among_the_groups_kept(
    changes: dict[str, Any], reference: Any
) -> None:
    check = planned_check(**changes)
    assert rule_of(check, ("a", "b", "c"), (0, 2)) == Rule(
        aggregation=check.aggregation, operator=check.operator, threshold=check.threshold, margin=check.margin,
        method=check.method, reference=reference,
    )  # fmt: skip


def test_a_reference_out_of_scope_is_told_with_the_groups_that_are_in() -> None:
    with pytest.raises(EvidenceError) as found:
        rule_of(planned_check(reference="b"), ("a", "b", "c"), (0, 2))
    assert "group “b” of gaps/gap[g] is not among the assessed groups: a, c." in str(found.value)
    blocked = prepared({**LARGE, "c": (3, 9)}, reference="c")
    assert "group “c” of gaps/gap[g] is not among the assessed groups: a, b." in why(blocked)
    assert (blocked.rows, blocked.in_scope, blocked.firing) == (2009, (0, 1), FiringLevels(1.0, 1.0))


def test_a_table_that_cannot_be_read_says_what_is_wrong_with_it() -> None:
    found = of_rows(planned_check(), ("a", 1), columns=("g", "label", "prediction", "n"))
    assert "cannot be computed: A row over (g, label, prediction) has 4 entries, got 2" in why(found)
    assert (found.rates, found.limits) == (None, None)


def test_large_groups_alone_have_the_p_values_of_their_rule() -> None:
    found = prepared(LARGE)
    assert found.rule is not None
    assert found.firing == firing(found.rule, (500, 1000), (540, 1000))
    assert (found.in_scope, found.rows, found.blocked) == ((0, 1), 2000, None)


def test_beside_small_groups_the_p_value_of_not_met_is_shared_nine_to_one() -> None:
    for small in ((0, 29), (14, 29), (29, 29)):
        found = prepared({**LARGE, "c": small})
        assert found.rule is not None
        main = firing(found.rule, (500, 1000), (540, 1000))
        wide = firing(found.rule, (500, 1000), (540, 1000), small)
        assert found.firing.p_met == main.p_met
        assert found.firing.p_not_met == pytest.approx(min(main.p_not_met / 0.9, wide.p_not_met / 0.1, 1.0))
        assert found.in_scope == (0, 1)


def test_where_too_few_groups_are_large_only_not_met_can_fire_at_a_tenth() -> None:
    found = prepared({"a": (500, 1000), "b": (0, 29), "c": (0, 0)})
    assert found.rule is not None
    expected = firing(found.rule, (500, 1000), (0, 29)).p_not_met / 0.1
    assert found.firing.p_met == 1.0
    assert found.firing.p_not_met == pytest.approx(expected)
    assert "1 group with at least 30 rows" in why(found)
    assert prepared({"a": (500, 1000), "b": (14, 29)}).firing == FiringLevels(1.0, 1.0)
    lonely = prepared({"a": (0, 29)}, **RATE)
    assert lonely.firing.p_not_met == pytest.approx(stats.binom.cdf(0, 29, 0.5) / 0.1)
    assert prepared({"a": (500, 1000), "b": (0, 29)}, reference="rest").limits is None


@pytest.mark.parametrize(("rows", "scope"), [(30, (0, 1)), (31, (0,))])
def test_a_group_of_exactly_the_least_rows_is_in_scope(rows: int, scope: tuple[int, ...]) -> None:
    assert prepared({"a": (50, 100), "b": (15, 30)}, min_rows=rows).in_scope == scope


def test_why_there_are_too_few_groups() -> None:
    assert why(prepared({"a": (50, 100)})) == "Only one group (“a”) in g: there is nothing to compare."
    overall = prepared({"a": (5, 10)}, **RATE | {"aggregation": "overall", "columns": ()})
    assert why(overall).startswith("10 rows in the denominator; the plan asks for at least 30.")
    assert why(prepared({"a": (5, 10), "b": (5, 10)})).startswith("0 groups with at least 30 rows")


def scores(*cells: tuple[Any, ...]) -> Prepared:
    return of_rows(planned_check(**AUC, threshold=0.6), *cells, columns=("label", "score", "n"))


def test_a_smooth_metric_of_all_rows_is_one_group() -> None:
    found = scores((0, 0.1, 20), (0, 0.5, 9), (1, 0.5, 8), (1, 0.9, 20))
    assert found.limits is not None
    assert found.rule is not None
    assert (found.rows, found.in_scope, found.blocked) == (57, (0,), None)
    assert found.firing == firing_levels(found.rule, found.limits)
    assert (found.rule.threshold, found.rule.reference) == (0.6, None)


def test_a_smooth_metric_of_exactly_the_least_rows_is_judged() -> None:
    assert scores((0, 0.1, 15), (1, 0.9, 15)).blocked is None
    few = scores((0, 0.1, 15), (1, 0.9, 14))
    assert why(few).startswith("29 rows in the denominator; the plan asks for at least 30.")


def test_a_smooth_metric_without_a_value_takes_the_reason_of_its_estimate() -> None:
    reason, other = say("assessment.plan.no_data"), say("assessment.group.no_trials")
    blanks = tuple(
        Estimate(metric=metric, value=Unmeasured(unmeasured=text), interval=Unmeasured(unmeasured=text), n=40)
        for metric, text in (("brier", other), ("auc", reason))
    )
    check = planned_check(**AUC, threshold=0.6)
    found = of_rows(check, (1, 0.5, 40), columns=("label", "score", "n"), estimates=blanks)
    assert found.blocked == reason
    assert "no counts “scores”" in why(scores((1, 0.5, 40)))


def test_the_figure_of_a_count_is_that_of_all_rows_and_of_its_metric() -> None:
    record: Evidence = counts(PLAN, LARGE)
    (whole,) = record.estimates
    parts = (
        Estimate(metric="exact", slice={"g": "a"}, value=9.0, interval=whole.interval, n=1),
        Estimate(metric="other", value=8.0, interval=whole.interval, n=2),
    )
    check = planned_check(basis="count", columns=(), metric="exact")
    found = prepare(check, "e", counts(PLAN, LARGE, estimates=(*parts, whole)))
    assert (found.figure, found.rows, found.blocked) == (3.0, 2000, None)
    assert "no figure “exact”" in why(prepare(check, "e", counts(PLAN, LARGE, estimates=parts)))


def test_only_checks_with_limits_have_p_values() -> None:
    measured, blocked = prepared(LARGE), prepared({"a": (50, 100)})
    assert firing_of({"one": measured, "two": blocked}) == {"one": measured.firing}


def test_names_of_groups_join_their_levels() -> None:
    columns = ("g", "h", "label", "prediction", "n")
    rows = [("b", 2, 1, 1, 40), ("b", 2, 0, 0, 40), ("a", None, 1, 0, 50), ("c", 1, 0, 1, 60)]
    found = of_rows(planned_check(columns=("g", "h"), metric="recall"), *rows, columns=columns)
    assert isinstance(found.rates, GroupRates)
    assert group_names(found.rates) == ("a × missing", "b × 2", "c × 1")
    assert (with_trials(found.rates), known_groups(found.rates)) == ((0, 1), 2)
