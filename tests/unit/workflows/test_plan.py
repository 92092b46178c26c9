"""`hakari plan`: written before any number is seen, and for good where it was not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.model import Plan
from hakari.assessment.plan import digest_of_plan
from hakari.errors import PlanError
from hakari.messages import Message
from hakari.workflows.plan import plan_differences, plan_project, standing_plan
from hakari.workflows.project import open_project
from hakari.workflows.store import Store
from tests.unit.workflows._project import ACCURACY, RATIO, check, csv_of, manifest, requirement, rows, write_manifest
from tests.unit.workflows._project import write_project as _write

TWO = {**manifest()["columns"], "sensitive": ["sex", "area"]}


def _moved(threshold: float) -> dict[str, Any]:
    return {"overrides": {"gaps/gap": {"threshold": threshold}}}


def _measured(folder: Path) -> Plan:
    """Plan, and note that the plan's checks were measured, as `assess` does."""
    plan = plan_project(open_project(folder)).plan
    Store(folder).count_looks(plan)
    return plan


def _again(folder: Path, **changes: Any) -> Plan:
    write_manifest(folder, **changes)
    return plan_project(open_project(folder)).plan


def _after_seen(plan: Plan) -> list[list[str]]:
    return [list(item.arguments["checks"]) for item in plan.warnings if item.key == "assessment.plan.after_seen"]


def _difference(folder: Path) -> list[Message]:
    with pytest.raises(PlanError) as caught:
        standing_plan(open_project(folder))
    found = getattr(caught.value.message, "arguments")["differences"]  # noqa: B009
    assert all(isinstance(item, Message) for item in found)
    return list(found)


def test_the_plan_that_is_written_is_the_plan_that_is_read(tmp_path: Path) -> None:
    run = plan_project(open_project(_write(tmp_path)))
    assert Store(tmp_path).plan() == run.plan
    assert (run.digest, run.path.name, run.replaced) == (digest_of_plan(run.plan), "plan.json", False)
    assert run.plan.groups == {"sex": {"f": 200, "m": 200}}
    assert run.plan.warnings == ()


def test_the_same_manifest_makes_the_same_plan(tmp_path: Path) -> None:
    project = open_project(_write(tmp_path))
    first, second = plan_project(project), plan_project(project)
    assert first.digest == second.digest
    assert not second.replaced


def test_without_a_plan_one_is_written_and_said_to_be_new(tmp_path: Path) -> None:
    project = open_project(_write(tmp_path))
    plan, now = standing_plan(project)
    assert now
    assert standing_plan(project) == (plan, False)


def test_a_plan_that_still_fits_stands_after_it_was_measured(tmp_path: Path) -> None:
    plan = _measured(_write(tmp_path))
    assert standing_plan(open_project(tmp_path)) == (plan, False)


def test_a_moved_threshold_is_named_with_both_values(tmp_path: Path) -> None:
    plan_project(open_project(_write(tmp_path)))
    write_manifest(tmp_path, **_moved(0.2))
    (found,) = _difference(tmp_path)
    assert found.arguments == {"check": "gaps/gap[sex]", "field": "threshold", "before": 0.1, "after": 0.2}


def test_changed_rows_are_named_by_their_role(tmp_path: Path) -> None:
    plan_project(open_project(_write(tmp_path)))
    (tmp_path / "test.csv").write_text(csv_of(rows(300)), encoding="utf-8")
    assert _difference(tmp_path)[0].arguments == {"subject": "data.test"}


def test_checks_that_came_and_went_are_named(tmp_path: Path) -> None:
    plan_project(open_project(_write(tmp_path)))
    write_manifest(tmp_path, columns={**TWO, "sensitive": ["area"]})
    found = [(item.key.rsplit(".", 1)[-1], *item.arguments.values()) for item in _difference(tmp_path)]
    assert found == [("check_new", "gaps/gap[area]"), ("check_gone", "gaps/gap[sex]"), ("stated", "use")]


def test_a_changed_pack_is_named(tmp_path: Path) -> None:
    plan_project(open_project(_write(tmp_path)))
    _write(tmp_path, requirement("gaps", checks=[check(threshold=0.3)]))
    keys = [item.key.rsplit(".", 1)[-1] for item in _difference(tmp_path)]
    assert keys == ["pack", "line"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"facts": {"people": True, "size": 3}}, "workflows.plan.stated"),
        ({"label_source": "proxy"}, "workflows.plan.stated"),
        ({"seed": 4}, "workflows.plan.other"),
    ],
)
def test_any_other_change_is_refused_too(tmp_path: Path, changes: dict[str, Any], key: str) -> None:
    plan_project(open_project(_write(tmp_path)))
    write_manifest(tmp_path, **changes)
    assert [item.key for item in _difference(tmp_path)] == [key]


def test_equal_plans_do_not_differ_whatever_they_warn_of(tmp_path: Path) -> None:
    plan = plan_project(open_project(_write(tmp_path, requirement("gaps", checks=[check(**RATIO)])))).plan
    assert [item.key for item in plan.warnings] == ["assessment.plan.ratio_power"]
    assert plan_differences(plan, plan) == ()
    assert standing_plan(open_project(tmp_path)) == (plan, False)


def test_a_line_that_moves_before_anything_was_measured_is_no_secret(tmp_path: Path) -> None:
    plan_project(open_project(_write(tmp_path)))
    assert _after_seen(_again(tmp_path, **_moved(0.2))) == []


def test_a_line_that_moves_after_the_rows_were_measured_is_said_for_good(tmp_path: Path) -> None:
    _measured(_write(tmp_path))
    moved = _again(tmp_path, **_moved(0.2))
    assert _after_seen(moved) == [["gaps/gap[sex]"]]
    assert _after_seen(_again(tmp_path, **_moved(0.2))) == [["gaps/gap[sex]"]]
    assert _after_seen(_again(tmp_path)) == [["gaps/gap[sex]"], ["gaps/gap[sex]"]]


def test_only_the_checks_that_moved_are_named(tmp_path: Path) -> None:
    _measured(_write(tmp_path, requirement("gaps", checks=[check(), check("whole", **ACCURACY)])))
    assert _after_seen(_again(tmp_path, overrides={"gaps/whole": {"threshold": 0.5}})) == [["gaps/whole"]]


def test_fresh_rows_take_the_warning_away_and_are_the_next_look(tmp_path: Path) -> None:
    _measured(_write(tmp_path))
    assert _after_seen(_again(tmp_path, **_moved(0.2)))
    (tmp_path / "test.csv").write_text(csv_of(rows(300)), encoding="utf-8")
    plan = _again(tmp_path, **_moved(0.2))
    assert _after_seen(plan) == []
    assert [item.look for item in plan.checks] == [2]


def test_fresh_rows_do_not_start_the_looks_anew_and_a_new_version_does(tmp_path: Path) -> None:
    _measured(_write(tmp_path))
    for number, look in ((300, 2), (200, 3)):
        (tmp_path / "test.csv").write_text(csv_of(rows(number)), encoding="utf-8")
        assert [item.look for item in _measured(tmp_path).checks] == [look]
    assert [item.look for item in _again(tmp_path, system={"version": "2.0"}).checks] == [1]


def test_another_reference_group_after_the_rows_were_measured_is_said(tmp_path: Path) -> None:
    _measured(_write(tmp_path))
    assert _after_seen(_again(tmp_path, overrides={"gaps/gap": {"reference": "m"}})) == [["gaps/gap[sex]"]]


def test_a_column_that_is_dropped_after_its_rows_were_measured_is_said(tmp_path: Path) -> None:
    _measured(_write(tmp_path, columns=TWO))
    assert _after_seen(_again(tmp_path, columns={**TWO, "sensitive": ["area"]})) == [["gaps/gap[sex]"]]


def test_deleting_the_plan_does_not_delete_what_was_seen(tmp_path: Path) -> None:
    _measured(_write(tmp_path))
    (tmp_path / ".hakari" / "plan.json").unlink()
    assert _after_seen(_again(tmp_path, **_moved(0.2))) == [["gaps/gap[sex]"]]
