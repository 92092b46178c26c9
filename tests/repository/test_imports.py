"""Importing costs nothing until something is used."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.repository.tree import SOURCE, parsed, python_files

_HEAVY = (
    "click cryptography duckdb jinja2 narwhals numpy pandas polars pyarrow pydantic rich scipy securesystemslib"
    " sklearn vl_convert yaml"
)


@pytest.mark.parametrize("name", ["hakari", "hakari.errors", "hakari.messages", "hakari.evidence", "hakari.measures"])
def test_importing_loads_no_heavy_package(name: str) -> None:
    program = f"import sys, {name}; print(*sorted(set({_HEAVY.split()!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


def test_in_assessment_only_binding_and_plan_import_measures() -> None:
    """import-linter follows the listed modules; this one also sees a module that nobody listed yet."""
    importing = {
        path.stem
        for path in python_files(SOURCE / "assessment")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hakari.measures")
    }
    assert importing <= {"binding", "plan"}
