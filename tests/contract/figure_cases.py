"""Case bundles whose verdicts rest on figures: of legal tests and of two versions, measured on a small set of people.

`figure_case` is in order. With a *bend* one thing of one record is changed and everything is sealed again with the
engineer's own key over an assessment that fits, so that only the cells behind a figure can give it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from hakari.assessment.bundle import seal_evidence, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import PackReference, Plan, PlannedCheck, PlannedMeasurement
from hakari.assessment.plan import digest_of_plan
from hakari.evidence import (
    Evidence,
    MeasureReference,
    PlanReference,
    Producer,
    digest_json,
    encode,
)
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.legal import LegalParameters, measure_legal
from hakari.measures.fairness.versions import VersionsParameters, measure_versions
from hakari.packs import read_pack
from tests.contract.good_cases import DATA, ENGINEER, FAIR, MODEL, NOW, PACK, SCOPE, TODAY, TOLD, key_of

LEGAL = (
    "impact_ratio_min",
    "standard_deviations_max",
    "fisher_p_min",
    "mantel_haenszel_p_min",
    "conditional_demographic_disparity_max",
)
VERSIONS = (
    "selection_rate_loss_bound",
    "accuracy_loss_bound",
    "true_positive_rate_loss_bound",
    "false_positive_rate_loss_bound",
    "groups_harmed",
)
_AT_LEAST = ("impact_ratio_min", "fisher_p_min", "mantel_haenszel_p_min")
_PACK = {"pack.yaml": PACK.encode(), "requirements/fair.yaml": FAIR.encode(), "requirements/told.yaml": TOLD.encode()}

Bend = Callable[[Evidence], Evidence]


def people(seed: int, rows: int = 900) -> pd.DataFrame:
    """Decisions of two versions on people of two sexes and three regions in four departments."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["men", "women"], rows)
    region = rng.choice(["north", "south", "isle"], rows, p=[0.5, 0.42, 0.08])
    department = rng.choice(list("abcd"), rows)
    label = rng.integers(0, 2, rows)
    old = np.where(rng.random(rows) < 0.8, label, 1 - label)
    drawn_again = np.where(rng.random(rows) < 0.8, label, 1 - label)
    new = np.where(rng.random(rows) < 0.2, drawn_again, old)
    new = np.where((region == "south") & (rng.random(rows) < rng.choice([0.0, 0.1, 0.3])), 0, new)
    weight = rng.choice([1.0, 1.5, 2.25], rows)
    person = [f"p{number}" for number in rng.integers(0, rows // 3, rows)]
    return pd.DataFrame(
        {
            "sex": sex, "region": region, "department": department, "label": label, "old": old, "new": new,
            "weight": weight, "person": person,
        }
    )  # fmt: skip


def measured(
    frame: pd.DataFrame, parameters: LegalParameters | VersionsParameters, **meaning: Any
) -> tuple[str, Measured]:
    """Return the measure and what it measures of the frame; `meaning` names further columns, such as the weight."""
    columns = Columns(label="label", prediction="new", sensitive=("sex", "region"), **meaning)
    inputs = Inputs(open_data(frame, role="data.test"), None, columns)
    if isinstance(parameters, LegalParameters):
        return "fairness.legal", measure_legal(inputs, parameters, context=Context(seed=1, measure="fairness.legal"))
    return "fairness.versions", measure_versions(inputs, parameters, context=Context(measure="fairness.versions"))


def _check(metric: str, measurement: str, measure: str, *columns: str) -> PlannedCheck:
    at_least = metric in _AT_LEAST
    return PlannedCheck(
        id=f"gaps/{metric}" + (f"[{'+'.join(columns)}]" if columns else ""),
        requirement="urn:hakari:requirement:cases:gaps@1",
        measurement=measurement, measure=f"{measure}@1", metric=metric, basis="count",
        table="comparisons", aggregation="overall", columns=columns, operator=">=" if at_least else "<=",
        threshold=0.0 if at_least else 50.0, margin=0.0, confidence=0.95, method="mover", family_met="none",
        min_rows=30, coverage_min=0.95, severity="major", look=1, set_by={}, why={}, source={}, alternatives=(),
        confirmed=True,
    )  # fmt: skip


def plan_and_records(
    frame: pd.DataFrame, *parameters: LegalParameters | VersionsParameters, **meaning: Any
) -> tuple[Plan, list[Evidence]]:
    """Return a plan with a check for every figure that the record holds, and the records."""
    packs = [read_pack(_PACK, name="cases@1.2.0")]
    measurements, checks, found = [], [], []
    for number, each in enumerate(parameters):
        measure, result = measured(frame, each, **meaning)
        item = PlannedMeasurement(
            id=f"m{number}", measure=measure, version="1.0.0", distribution="hakari 0.1.0", parameters=encode(each),
            parameters_passed={}, subjects=(DATA, MODEL), seed=number,
        )  # fmt: skip
        measurements.append(item)
        found.append((item, result))
        checks += [_check(metric, item.id, measure) for metric in (LEGAL if "legal" in measure else VERSIONS)]
        if isinstance(each, LegalParameters):
            checks += [_check(metric, item.id, measure, "sex") for metric in LEGAL]
    plan = Plan(
        use_case="case", system_version="1", stage="release",
        packs=tuple(PackReference(name=pack.name, version=pack.version, digest=pack.digest) for pack in packs),
        facts={"people": True, "area": "games", "size": 1, "live": False}, label_source="outcome",
        selective_labels=False, subjects=(DATA, MODEL), use={"columns": {"sensitive": ["sex", "region"]}}, scope=SCOPE,
        groups={}, measurements=tuple(measurements), checks=tuple(checks), family=0,
    )  # fmt: skip
    return plan, [_record(plan, item, result) for item, result in found]


def _record(plan: Plan, item: PlannedMeasurement, result: Measured) -> Evidence:
    return Evidence(
        kind="measurement",
        measure=MeasureReference(id=item.measure, version=item.version, distribution=item.distribution),
        plan=PlanReference(digest=digest_of_plan(plan), measurement=item.id, registered=False),
        subjects=item.subjects, parameters=item.parameters, seed=item.seed, estimates=result.estimates,
        tables=result.tables, environment={"python": "3.11"}, collected_at=NOW, effective_at=NOW,
        producer=Producer(name="Engineer"), assurance="independent",
    )  # fmt: skip


@cache
def figure_parts(seed: int = 1) -> tuple[Plan, tuple[Evidence, ...]]:
    """Return plan and records of the case: legal tests within departments, and two versions."""
    legal = LegalParameters(controls=("department",), intersections=bool(seed % 2))
    plan, records = plan_and_records(people(seed, 2400), legal, VersionsParameters(other="old"))
    return plan, tuple(records)


def figure_case(seed: int = 1, bend: Bend | None = None) -> bytes:
    """Return the bundle, with every record bent."""
    plan, records = figure_parts(seed)
    return sealed(plan, [record if bend is None else bend(record) for record in records])


def sealed(plan: Plan, records: list[Evidence]) -> bytes:
    """Return a signed bundle with the assessment that the engine makes of plan and records."""
    by_id = {digest_json(encode(record)): record for record in records}
    own = dict(seal_evidence(record, key_of(ENGINEER)) for record in records)
    packs = (read_pack(_PACK, name="cases@1.2.0"),)
    given = EngineInput(
        title="Case", plan=plan, plan_digest=digest_of_plan(plan), packs=packs, evidence=by_id,
        signers=dict.fromkeys(own, key_of(ENGINEER).public.id), today=TODAY,
    )  # fmt: skip
    assessment = assess(given)
    cited = {name for finding in assessment.findings for name in finding.evidence}
    return write_bundle(
        assessment=assessment, plan=plan, pack_files={"cases@1.2.0": _PACK},
        evidence={name: own[name] for name in own if name in cited}, exceptions=[], attachments={}, reports={},
        previous=None, keys=[key_of(ENGINEER).public], key=key_of(ENGINEER), created_at=NOW,
    )  # fmt: skip


def figure_bent(metric: str, by: float = 1e-6, slice_: Mapping[str, str] | None = None) -> Bend:
    """Return a bend that states another figure."""

    def bend(record: Evidence) -> Evidence:
        estimates = tuple(
            replace(item, value=item.value + by)
            if item.metric == metric and item.slice == (slice_ or {}) and isinstance(item.value, float)
            else item
            for item in record.estimates
        )
        return replace(record, estimates=estimates)

    return bend


def cells_bent(measure: str, table: str) -> Bend:
    """Return a bend that adds ten people to every third cell of one table, and leaves the figures."""

    def bend(record: Evidence) -> Evidence:
        if record.measure is None or record.measure.id != measure:
            return record
        tables = []
        for each in record.tables:
            if each.name == table:
                n = each.columns.index("n")
                rows = [list(row) for row in each.rows]
                for row in rows[1::3]:
                    row[n] = int(str(row[n])) + 10
                each = replace(each, rows=tuple(tuple(row) for row in rows))
            tables.append(each)
        return replace(record, tables=tuple(tables))

    return bend


def table_lost(measure: str, table: str) -> Bend:
    """Return a bend that leaves a table out."""

    def bend(record: Evidence) -> Evidence:
        if record.measure is None or record.measure.id != measure:
            return record
        return replace(record, tables=tuple(each for each in record.tables if each.name != table))

    return bend


def weighted_case() -> bytes:
    """Return a bundle with two versions on weighted rows, whose figures the verifiers that stand alone only read."""
    few = VersionsParameters(other="old", intersections=False)
    plan, records = plan_and_records(people(3, 1500), few, weight="weight")
    return sealed(plan, records)


def of_another_measure() -> bytes:
    """Return a bundle whose figures no verifier knows how to derive."""
    plan, records = figure_parts()
    kept = tuple(
        replace(item, measure="plugin.legal") for item in plan.measurements if item.measure == "fairness.legal"
    )
    checks = tuple(check for check in plan.checks if check.measurement == kept[0].id)
    plan = replace(plan, measurements=kept, checks=checks)
    measure = MeasureReference(id="plugin.legal", version="1.0.0", distribution="hakari 0.1.0")
    reference = PlanReference(digest=digest_of_plan(plan), measurement=kept[0].id, registered=False)
    return sealed(plan, [replace(records[0], measure=measure, plan=reference)])


FIGURE_BENDS: Mapping[str, Bend] = {
    **{f"{metric} stated higher": figure_bent(metric) for metric in (*LEGAL, *VERSIONS)},
    "one more group harmed": figure_bent("groups_harmed", 1.0),
    "impact ratio of one column": figure_bent("impact_ratio_min", 1e-4, {"sex": "*"}),
    "cells of one column": cells_bent("fairness.legal", "tally sex"),
    "cells of two versions": cells_bent("fairness.versions", "tally"),
    "a lost table": table_lost("fairness.legal", "tally region"),
    "the lost table of two versions": table_lost("fairness.versions", "tally"),
}
"""What may be bent, by name: each leaves signatures, verdicts and gate in order."""
