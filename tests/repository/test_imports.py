"""Importing costs nothing until something is used."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.repository.tree import SOURCE, parsed, python_files

PACKAGES = ["hakari", *(f"hakari.{path.name}" for path in sorted(SOURCE.iterdir()) if (path / "__init__.py").is_file())]
LOADED = """
import sys
before = set(sys.modules)
import {name}
found = {{module.split(".")[0] for module in set(sys.modules) - before}}
print(*sorted(found - set(sys.stdlib_module_names) - {{"hakari"}}))
"""


@pytest.mark.parametrize("name", [*PACKAGES, "hakari.errors"])
def test_importing_loads_the_standard_library_and_nothing_else(name: str) -> None:
    """Neither numpy nor scipy nor pydantic, nor any other package: none can be left off a list of heavy ones."""
    run = subprocess.run([sys.executable, "-c", LOADED.format(name=name)], capture_output=True, text=True, check=True)
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
