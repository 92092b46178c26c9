"""Every name that we publish exists, is documented, and stands in order."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from tests.repository.tree import SOURCE, parsed, python_files, short


def _module_name(path_parts: tuple[str, ...]) -> str:
    parts = path_parts[:-1] if path_parts[-1] == "__init__" else path_parts
    return ".".join(("hakari", *parts))


def _order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest: the order that the linter keeps."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


MODULES = [
    _module_name(path.relative_to(SOURCE).with_suffix("").parts)
    for path in python_files(SOURCE)
    if path.name != "__main__.py"
]
PACKAGES = [path for path in python_files(SOURCE) if path.name == "__init__.py" and path.parent.name != "migrations"]
OFFICE = SOURCE / "office"
"""Its rooms are loaded by Django by their names, so that their packages publish nothing."""


@pytest.mark.parametrize("name", MODULES)
def test_public_names_exist_are_sorted_and_documented(name: str) -> None:
    module = importlib.import_module(name)
    public = list(getattr(module, "__all__", []))
    assert public == sorted(public, key=_order)
    for item in public:
        value = getattr(module, item)
        if inspect.isclass(value) or inspect.isroutine(value):
            text = inspect.getdoc(value) or ""
            # A dataclass without a docstring is given its own signature as one.
            documented = bool(text) and not text.startswith(f"{item}(")
            assert documented, f"{name}.{item} has no docstring"


@pytest.mark.parametrize("package", PACKAGES, ids=short)
def test_a_package_says_what_it_is_and_lists_its_names(package: Path) -> None:
    assert ast.get_docstring(parsed(package)), "the package has no docstring that defines its concept"
    assert "__all__" in package.read_text("utf-8") or package.parent == SOURCE or OFFICE in package.parents
