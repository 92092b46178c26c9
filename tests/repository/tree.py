"""The files of this repository, for the tests that read them."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "hakari"
DOCS = ROOT / "docs"

_NOT_TEXT = {".png", ".xlsx", ".parquet", ".onnx", ".skops", ".zip", ".ico", ".woff2"}
_LEFT_BY_RUNS = {"__pycache__", ".venv", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"}


@cache
def repository_files() -> tuple[Path, ...]:
    """Return every file that is, or could be, committed; outside a clone (a source archive) every file there is."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _LEFT_BY_RUNS & set(path.relative_to(ROOT).parts)]
    return tuple(sorted(path for path in found if path.is_file()))


def text_files(*under: Path) -> list[Path]:
    """Return the text files below the given folders (or files)."""
    files = [path for path in repository_files() if path.suffix not in _NOT_TEXT]
    return [path for path in files if not under or any(path == top or top in path.parents for top in under)]


def python_files(*under: Path) -> list[Path]:
    """Return the Python files below the given folders."""
    return [path for path in text_files(*under) if path.suffix == ".py"]


def markdown_files() -> list[Path]:
    """Return every page that people read: in the root, in docs and in the examples."""
    return [path for path in text_files() if path.suffix == ".md"]


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def fenced(path: Path, *languages: str) -> list[str]:
    """Return the contents of the fenced blocks in one of `languages`."""
    blocks = re.findall(r"^```(\w+)[^\n]*\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [body for language, body in blocks if language in languages]


def short(path: Path) -> str:
    """Return the path as people write it."""
    return str(path.relative_to(ROOT))
