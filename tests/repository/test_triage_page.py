"""The table in docs/triage.md is the one that the rules give."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_triage", ROOT / "docs" / "make_triage.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_of_use_cases_is_up_to_date() -> None:
    page = (ROOT / "docs" / "triage.md").read_text("utf-8")
    assert _maker().filled(page) == page
    assert page.count("| prohibited |") >= 5
