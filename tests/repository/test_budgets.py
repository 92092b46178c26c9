"""Files, functions and folders stay small enough to be read."""

from __future__ import annotations

import ast
import math
from collections import Counter
from statistics import median

from tests.repository.tree import ROOT, SOURCE, parsed, python_files, short, text_files

_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}


def _percentile(values: list[int], share: float) -> int:
    return sorted(values)[max(math.ceil(share * len(values)) - 1, 0)]


def _file_lengths() -> dict[str, int]:
    # Migrations are written by Django, one for a room, and read by nobody.
    written = [path for path in python_files(SOURCE) if path.parent.name != "migrations"]
    return {short(path): len(path.read_text("utf-8").splitlines()) for path in written}


def _function_lengths() -> dict[str, int]:
    return {
        f"{short(path)}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in python_files(SOURCE)
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def test_files_stay_within_their_budget() -> None:
    lengths = _file_lengths()
    assert {name: count for name, count in lengths.items() if count > 600} == {}
    assert _percentile(list(lengths.values()), 0.95) <= 400
    assert median(lengths.values()) <= 120


def test_functions_stay_within_their_budget() -> None:
    lengths = _function_lengths()
    assert {name: count for name, count in lengths.items() if count > 80} == {}
    assert _percentile(list(lengths.values()), 0.95) <= 40


def test_no_folder_holds_more_than_fifteen_modules() -> None:
    counts = Counter(path.parent for path in python_files(SOURCE) if path.name != "__init__.py")
    assert {short(folder): count for folder, count in counts.items() if count > 15} == {}


def test_no_file_or_folder_is_a_drawer() -> None:
    parts = {part for path in text_files() for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & _DRAWERS == set()
