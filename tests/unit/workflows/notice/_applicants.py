"""A tiny lender with a model that can be asked: a sum of two columns, so that every expected number is arithmetic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hakari.assessment.manifest import load_manifest
from hakari.assessment.notice.model import DecisionNotice
from hakari.workflows.notice import NoticeRoom, make_notice
from hakari.workflows.project import Project, open_project
from tests.unit.assessment.notice._texts import both, wording_of
from tests.unit.workflows._project import csv_of, requirement, write_manifest, write_project

MODEL = """
import numpy as np

def score(features):
    debts, income, late = features["debts"], features["income"], features["late"]
    return np.clip(0.9 - 0.5 * debts + 0.002 * (income - 100) - 0.2 * late, 0.0, 1.0)
"""
FEATURES = ["debts", "income", "late"]
THRESHOLD = 0.8
GLOSSARY: dict[str, Any] = {
    "glossary": 1,
    "columns": {
        "debts": {"name": both("debts"), "code": "R1", "show": both("{value} %"), "scale": 100, "step": 5},
        "income": {"name": both("income"), "code": "R2", "step": 10},
        "late": {"name": both("late payments"), "code": "R3", "levels": {"0": both("none"), "1": both("some")}},
    },
}
CONSTRAINTS: dict[str, Any] = {
    "columns": {
        "debts": {"monotone": "down", "range": [0, 1]},
        "income": {"immutable": True},
        "late": {"immutable": True},
    }
}


def table(number: int = 60) -> list[dict[str, Any]]:
    """Return applicants; the first one has debts of 40 % and is refused, the second one gets the loan."""
    found = []
    for index in range(number):
        debts, income, late = 0.4 if index == 0 else index % 5 / 20, 90 + index % 7 * 5, int(index % 10 == 9)
        score = min(max(0.9 - 0.5 * debts + 0.002 * (income - 100) - 0.2 * late, 0.0), 1.0)
        found.append(
            {
                "id": f"A{index}", "sex": "fm"[index % 2], "debts": debts, "income": income, "late": late,
                "repaid": index % 3 % 2, "approved": int(score >= THRESHOLD),
            }
        )  # fmt: skip
    return found


def write_lender(folder: Path, **changes: Any) -> Path:
    """Write the project; `wording`, `glossary`, `constraints`, `rows` and `model` replace parts of it."""
    constraints = changes.get("constraints", CONSTRAINTS)
    write_project(folder, requirement("asked"))
    (folder / "test.csv").write_text(csv_of(changes.get("rows", table())), encoding="utf-8")
    # Each folder its own module: Python keeps what it has imported.
    module = f"lender_{abs(hash(str(folder)))}"
    (folder / f"{module}.py").write_text(changes.get("model", MODEL), encoding="utf-8")
    words = changes.get("wording", {})
    (folder / "notice.yaml").write_text(json.dumps(wording_of(**words)), encoding="utf-8")
    (folder / "glossary.yaml").write_text(json.dumps(changes.get("glossary", GLOSSARY)), encoding="utf-8")
    if constraints is not None:
        (folder / "constraints.yaml").write_text(json.dumps(constraints), encoding="utf-8")
    write_manifest(
        folder,
        subjects={
            "data.test": {"path": "test.csv"},
            "model": {"adapter": "python", "call": f"{module}:score", "features": FEATURES, "threshold": THRESHOLD},
        },
        columns={"label": "repaid", "prediction": "approved", "sensitive": ["sex"]},
        seed=7,
        **({} if constraints is None else {"constraints": "constraints.yaml"}),
        **changes.get("manifest", {}),
    )
    return folder


def opened(folder: Path) -> tuple[Project, NoticeRoom]:
    """Return project and room."""
    return open_project(folder), NoticeRoom.of(folder, load_manifest(folder))


def told(folder: Path, number: int = 1, **more: Any) -> DecisionNotice:
    """Return the notice about one row."""
    return make_notice(*opened(folder), number, today="2026-11-22", **more)
