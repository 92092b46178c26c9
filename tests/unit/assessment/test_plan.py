"""The plan: every slice and what cannot be measured, looks and reuse, and the digest that evidence cites."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hakari.errors import ManifestError, PlanError
from tests.unit.assessment._planning import AUC, COLUMNS, COUNT, TABLE, TEST, TPR, plan_of, planned
from tests.unit.workflows._project import ACCURACY, check


def test_each_sensitive_column_is_a_check_and_their_crossing_is_one() -> None:
    plan = plan_of(check("all", slice="intersection"), check("whole", **ACCURACY))
    found = {item.id: item.columns for item in plan.checks}
    assert found == {
        "gaps/gap[sex]": ("sex",),
        "gaps/gap[area]": ("area",),
        "gaps/all[sex+area]": ("sex", "area"),
        "gaps/whole": (),
    }
    assert plan.family == 4


def test_one_column_has_no_crossing() -> None:
    plan = plan_of(check("all", slice="intersection"), columns={**COLUMNS, "sensitive": ("sex",)})
    assert [item.id for item in plan.checks] == ["gaps/gap[sex]"]


def test_exact_counts_are_planned_outside_the_family() -> None:
    plan = plan_of(check("copies", **COUNT))
    assert (planned(plan, "gaps/copies").basis, len(plan.checks), plan.family) == ("count", 3, 2)


def test_checks_on_one_measure_share_one_measurement() -> None:
    plan = plan_of(check("tpr", **TPR), check("whole", **ACCURACY))
    assert sorted(item.measure for item in plan.measurements) == ["fairness.groups", "performance.classification"]
    assert {item.measurement for item in plan.checks} == {item.id for item in plan.measurements}


def test_other_parameters_are_another_measurement() -> None:
    plan = plan_of(check("fewer", parameters={"min_rows": 10}))
    assert sorted(item.parameters["min_rows"] for item in plan.measurements) == [10, 30]
    assert [dict(item.parameters_passed) for item in plan.measurements if item.parameters["min_rows"] == 30] == [{}]


def test_group_sizes_are_counted_without_labels_or_predictions() -> None:
    spoilt = TABLE.assign(repaid=[f"v{index}" for index in range(len(TABLE))], approved=None)
    assert plan_of(table=spoilt).groups == {"sex": {"f": 200, "m": 200}, "area": {"north": 201, "south": 199}}


def test_a_missing_level_is_a_group_of_its_own() -> None:
    spoilt = TABLE.assign(sex=TABLE["sex"].where(TABLE.index % 4 > 0))
    assert sum(plan_of(table=spoilt).groups["sex"].values()) == len(TABLE)
    assert plan_of(table=spoilt).groups["sex"]["missing"] == 100


@pytest.mark.parametrize(
    ("identifier", "extra", "changes", "key"),
    [
        ("gaps/gap", (), {"data": False}, "no_data"),
        ("gaps/gap", (), {"columns": {**COLUMNS, "sensitive": ()}}, "no_sensitive"),
        ("gaps/auc", (check("auc", **AUC),), {"columns": {**COLUMNS, "score": None}}, "no_column"),
        ("gaps/tpr[sex]", (check("tpr", **TPR),), {"columns": {**COLUMNS, "label": None}}, "no_column"),
        ("gaps/gap[sex]", (), {"columns": {**COLUMNS, "prediction": None}}, "no_column"),
        ("gaps/auc", (check("auc", **AUC),), {"selective_labels": True}, "selective"),
        ("gaps/tpr[sex]", (check("tpr", **TPR),), {"selective_labels": True}, "selective"),
        ("gaps/whole", (check("whole", **ACCURACY),), {"selective_labels": True}, "selective"),
    ],
)
def test_what_cannot_be_measured_keeps_its_place_with_a_reason(
    identifier: str, extra: tuple[Any, ...], changes: dict[str, Any], key: str
) -> None:
    if changes.get("data") is False:
        changes = {**changes, "columns": {**COLUMNS, "sensitive": ()}}
    plan = plan_of(*extra, **changes)
    found = planned(plan, identifier)
    assert found.impossible is not None
    assert found.impossible.key == f"assessment.plan.{key}"
    assert found.measurement == ""
    assert plan.family == len(plan.checks)


def test_selective_labels_leave_selection_rates_and_file_counts_measurable() -> None:
    plan = plan_of(check("copies", **COUNT), selective_labels=True)
    assert [item.impossible for item in plan.checks] == [None, None, None]


def test_a_check_needsplanned_the_columns_that_it_reads() -> None:
    plan = plan_of(columns={**COLUMNS, "label": None, "score": None}, label_source=None)
    assert planned(plan, "gaps/gap[sex]").impossible is None


def test_labels_without_a_source_are_refused() -> None:
    with pytest.raises(ManifestError, match="label_source"):
        plan_of(label_source=None)


def test_an_override_replaces_the_lines_and_says_who_drew_them() -> None:
    entry = {"threshold": 0.2, "min_rows": 50, "set_by": "Board", "alternatives": ["ratio"], "confirmed": True}
    for item in plan_of(overrides={"gaps/gap": entry}).checks:
        assert (item.threshold, item.min_rows, item.margin, item.confirmed) == (0.2, 50, 0.05, True)
        assert (item.set_by, item.why["en"]) == ({"en": "Board", "ja": "Board"}, "Noticeable")
        assert item.alternatives == ({"en": "ratio", "ja": "ratio"},)


def test_an_override_of_zero_counts() -> None:
    assert planned(plan_of(overrides={"gaps/gap": {"threshold": 0.0, "margin": 0}}), "gaps/gap[sex]").threshold == 0.0


def test_an_override_of_an_unknown_check_offers_the_nearest() -> None:
    with pytest.raises(ManifestError, match="gaps/gap"):
        plan_of(overrides={"gaps/gpa": {"threshold": 0.2}})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"measure": "fairness.grups@1"}, "fairness.grups"),
        ({"measure": "fairness.groups@9"}, "fairness.groups"),
        ({"metric": "selection_rat"}, "selection_rate"),
        ({"parameters": {"min_row": 3}}, "min_row"),
    ],
)
def test_a_check_that_no_measure_answers_is_refused_in_one_line(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(PlanError) as caught:
        plan_of(check("odd", **changes))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("seen", "look"), [([], 1), (["d" * 64], 1), (["a" * 64], 2), (["a" * 64, "d" * 64], 2), (["a" * 64, "b" * 64], 3)]
)
def test_a_look_is_counted_for_each_sample_and_the_same_rows_keep_theirs(seen: list[str], look: int) -> None:
    plan = plan_of(looks={"gaps/gap[sex]": seen})
    assert (planned(plan, "gaps/gap[sex]").look, planned(plan, "gaps/gap[area]").look) == (look, 1)


@pytest.mark.parametrize("role", ["data.train", "data.search", "data.validation"])
def test_rows_that_a_search_has_seen_are_reused(role: str) -> None:
    plan = plan_of(subjects=(TEST, replace(TEST, role=role)))
    assert {(item.reused, item.candidates) for item in plan.checks} == {(True, 1)}


@pytest.mark.parametrize(("entry", "candidates"), [({}, 1), ({"candidates": 20}, 20)])
def test_rows_in_a_search_log_are_reused_with_their_candidates(entry: dict[str, int], candidates: int) -> None:
    plan = plan_of(searched=[{"digest": "d" * 64, **entry}, {"digest": "e" * 64}])
    assert {(item.reused, item.candidates) for item in plan.checks} == {(True, candidates)}


def test_other_rows_in_a_search_log_do_not_matter() -> None:
    plan = plan_of(searched=[{"digest": "e" * 64}], subjects=(TEST, replace(TEST, role="data.train", digest="e" * 64)))
    assert {item.reused for item in plan.checks} == {False}
