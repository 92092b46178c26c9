"""Short ways to a plan: a pack with the checks of a test, over the rows of the tiny repository."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import yaml

from hakari.assessment.manifest import read_manifest
from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.plan import PlanInput, make_plan
from hakari.evidence import Subject
from hakari.inputs import Columns, Inputs, open_data
from tests.unit.workflows._project import ACCURACY, check, manifest, pack_of, requirement, rows

TABLE = pd.DataFrame(rows())
TEST = Subject(role="data.test", kind="file", name="test.csv", digest="d" * 64)
COLUMNS: dict[str, Any] = {"label": "repaid", "prediction": "approved", "score": "score", "sensitive": ("sex", "area")}
AUC = {**ACCURACY, "metric": "auc"}
TPR = {"metric": "true_positive_rate"}
COUNT = {**ACCURACY, "measure": "data.profile@1", "metric": "duplicate_share", "operator": "<=", "threshold": 0.5}


def plan_input(
    *checks: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    data: bool = True,
    subjects: tuple[Subject, ...] = (TEST,),
    looks: Mapping[str, list[str]] | None = None,
    table: pd.DataFrame = TABLE,
    **changes: Any,
) -> PlanInput:
    """Return the input of a plan; `changes` are keys of the manifest."""
    named = COLUMNS if columns is None else dict(columns)
    written = {name: list(value) if isinstance(value, tuple) else value for name, value in named.items()}
    document = manifest(columns=written, **changes)
    inputs = Inputs(open_data(table, role="data.test"), None, Columns(**named)) if data else None
    return PlanInput(
        manifest=read_manifest(yaml.safe_dump({k: v for k, v in document.items() if v is not None}).encode()),
        packs=(pack_of(requirement("gaps", checks=[check(), *checks])),),
        inputs=inputs,
        subjects=subjects if data else (),
        looks=looks or {},
    )


def plan_of(*checks: Mapping[str, Any], **changes: Any) -> Plan:
    """Return the plan of a pack with these checks."""
    return make_plan(plan_input(*checks, **changes))


def planned(plan: Plan, identifier: str) -> PlannedCheck:
    """Return one check of a plan."""
    return next(item for item in plan.checks if item.id == identifier)
