"""The JSON schemas that ship are those of the records."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_schemas", ROOT / "docs" / "make_schemas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "evidence/schemas/evidence-1.json",
        "assessment/schemas/plan-1.json",
        "assessment/schemas/assessment-1.json",
        "assessment/schemas/exception-1.json",
        "assessment/schemas/decision-1.json",
    ],
)
def test_a_shipped_schema_is_the_one_of_its_record(name: str) -> None:
    maker = _maker()
    shipped = (ROOT / "src" / "hakari" / name).read_text("utf-8")
    assert shipped == maker.schema_text(maker.SCHEMAS[name])
