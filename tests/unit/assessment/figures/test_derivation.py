"""Figures derived from the cells of a record are those that its measure counted from the rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from hakari.assessment.figures import derive_figure
from hakari.errors import EvidenceError
from hakari.evidence import Evidence, Unmeasured, encode
from hakari.measures.fairness.legal import LegalParameters
from hakari.measures.fairness.versions import VersionsParameters
from hakari.standalone.python.judging.figures import _derived as derived_by_the_file
from tests.contract.figure_cases import figure_parts, people, plan_and_records

LEGAL: dict[str, dict[str, Any]] = {
    "plain": {},
    "controls": {"controls": ("department",)},
    "a control that is a group": {"controls": ("department", "sex"), "intersections": True},
    "intersections": {"controls": ("department",), "intersections": True},
    "reference": {"reference": "men", "controls": ("department",)},
    "label": {"outcome": "label"},
    "unfavourable": {"favourable": "negative", "controls": ("department",)},
    "one column": {"columns": ("sex",), "controls": ("region",)},
    "few": {"min_rows": 90},
}
VERSIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "by itself": {"intersections": False},
    "unfavourable": {"favourable": False, "metrics": ("selection_rate", "error_rate", "accuracy")},
    "third look": {"look": 3, "confidence": 0.9, "metrics": ("true_positive_rate", "false_positive_rate", "accuracy")},
    "small groups too": {"min_rows": 1, "coverage_min": 1.0},
}


def stated(record: Evidence, metric: str, columns: tuple[str, ...]) -> float | None:
    where = dict.fromkeys(columns, "*")
    found = [item.value for item in record.estimates if item.metric == metric and item.slice == where]
    return None if not found or isinstance(found[0], Unmeasured) else found[0]


def compared(frame: pd.DataFrame, parameters: Any, *, by_the_file: bool = True, **meaning: Any) -> int:
    """Require that every figure of the record follows from its cells; return how many there are."""
    plan, (record,) = plan_and_records(frame, parameters, **meaning)
    count = 0
    for check in plan.checks:
        expected = stated(record, check.metric, check.columns)
        if expected is None:
            continue
        count += 1
        assert derive_figure(check, plan, record) == pytest.approx(expected, rel=1e-9, abs=1e-12), check.id
        other = derived_by_the_file(encode(check), encode(plan), encode(record))
        assert other == (pytest.approx(expected, rel=1e-9, abs=1e-12) if by_the_file else None), check.id
    return count


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", LEGAL)
def test_the_legal_figures_follow_from_the_counts(name: str, seed: int) -> None:
    least = 10 if "control" in name or name in ("intersections", "reference", "unfavourable") else 3
    assert compared(people(seed), LegalParameters(**LEGAL[name])) >= least


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("name", VERSIONS)
def test_the_figures_of_two_versions_follow_from_the_counts(name: str, seed: int) -> None:
    assert compared(people(seed, 3000), VersionsParameters(other="old", **VERSIONS[name])) >= 1


@pytest.mark.parametrize("meaning", [{"weight": "weight"}, {"cluster": "person"}], ids=["weights", "clusters"])
def test_weights_and_clusters_are_heeded(meaning: dict[str, Any]) -> None:
    frame = people(3, 1500)
    assert compared(frame, LegalParameters(), **meaning) == 2
    few = VersionsParameters(other="old", intersections=False)
    assert compared(frame, few, by_the_file=False, **meaning) >= 1


def test_people_whose_group_is_unknown_are_a_group() -> None:
    frame = people(4)
    frame.loc[::7, "sex"] = None
    assert compared(frame, LegalParameters(controls=("department",))) == 10


def test_the_parameters_of_the_plan_count_not_those_of_the_record() -> None:
    plan, (legal, _) = figure_parts()
    check = plan.checks[0]
    bent = replace(legal, parameters={**legal.parameters, "min_rows": 10_000})
    assert derive_figure(check, plan, bent) == derive_figure(check, plan, legal)


def test_other_measures_are_only_read() -> None:
    plan, (legal, _) = figure_parts()
    other = replace(plan, measurements=tuple(replace(item, measure="data.profile") for item in plan.measurements))
    assert derive_figure(plan.checks[0], other, legal) is None


@pytest.mark.parametrize("tables", [(), "broken"], ids=["no tables", "a table without counts"])
def test_cells_that_are_not_there_are_refused(tables: Any) -> None:
    plan, (legal, versions) = figure_parts()
    for record, check in ((legal, plan.checks[0]), (versions, plan.checks[-1])):
        left = tables or ()
        if tables == "broken":
            left = tuple(replace(table, columns=table.columns[:-1]) for table in record.tables)
        with pytest.raises(EvidenceError):
            derive_figure(check, plan, replace(record, tables=left))
