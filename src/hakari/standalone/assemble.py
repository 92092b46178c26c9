"""Assemble: one Python file from the parts under `python`, the texts that they say and the schemas of the records."""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from hakari.messages import LANGUAGES, catalogue

__all__ = ["FILE_NAME", "single_file"]

FILE_NAME: Final = "hakari_verify.py"
_PARTS: Final = "hakari.standalone.python"
_ROOMS: Final = ("", ".reading", ".packs", ".numbers", ".judging", ".showing")
_SCHEMAS: Final = {
    "assessment": ("hakari.assessment", "assessment-1.json"),
    "decision": ("hakari.assessment", "decision-1.json"),
    "evidence": ("hakari.evidence", "evidence-1.json"),
    "exception": ("hakari.assessment", "exception-1.json"),
    "plan": ("hakari.assessment", "plan-1.json"),
}
_SAID_OF_A_SCHEMA: Final = {"title", "description"}
_HEADER: Final = '''#!/usr/bin/env python3
"""Check a case bundle of Hakari, without Hakari.

    python hakari_verify.py case.zip
    python hakari_verify.py case.zip --keys keys.json --lang ja
    python hakari_verify.py case.zip --json

It needs Python 3.11 or later and the package `cryptography`, nothing else, and no network. It answers three questions:

genuine     Is every file the one that was sealed, and whose key signed it? With a key directory (--keys): who, and did
            the key count at the time? Get the directory from a place that you trust, not from who sent the bundle.
recomputed  Does every limit, verdict and finding follow from the counts, answers and policy packs in the bundle?
            A verdict on a figure that this file only reads from a record is counted apart, and named.
re-run      Do the data give these counts? Never answered here: this file has neither the data nor the model.

Genuine does not mean true. Exit code: 0 if no level failed, 1 if one did, 2 if the bundle cannot be read.

Sections, each after a line of dashes (the texts in both languages and the shapes of the records stand near the end):
{parts}

Made by {release}, from parts that share no code with the engine that made the bundle: this is a second opinion.
License: Apache-2.0.
"""

from __future__ import annotations

'''


@dataclass(frozen=True, slots=True)
class _Part:
    """One module of the verifier, taken apart."""

    name: str
    source: str
    needs: tuple[str, ...]
    """Other parts that it imports."""
    imports: tuple[tuple[str, str], ...]
    """What it imports from outside: (module, name), or (module, "") for a whole module."""
    body: str
    """Its source without docstring, imports and `__all__`."""
    names: Mapping[str, str]
    """Top-level name → the source that defines it."""
    title: str


def single_file() -> str:
    """Return the source of the verifier as one file; equal parts give equal text.

    Raises:
        ValueError: two parts define the same name in different ways.
    """
    parts = {part.name: part for part in _parts()}
    release = f"hakari {version('hakari')}"
    ordered = _in_order(parts)
    sections = [f"# {'-' * 16} {part.title}\n\n{part.body}" for part in ordered]
    _check_names(ordered)
    return "\n\n".join(
        [
            _HEADER.format(release=release, parts=_contents(ordered)) + _imports(ordered),
            *sections[:-1],
            _embedded(release, parts.values()),
            sections[-1],
            'if __name__ == "__main__":\n    sys.exit(main())\n',
        ]
    )


def _parts() -> Iterator[_Part]:
    for name, file in _modules(files(_PARTS), _PARTS):
        yield _taken_apart(name, file.read_text("utf-8"))


def _modules(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir() and item.name != "__pycache__":
            yield from _modules(item, f"{name}.{item.name}")
        elif item.name.endswith(".py") and item.name != "__init__.py":
            yield f"{name}.{item.name.removesuffix('.py')}", item


def _taken_apart(name: str, source: str) -> _Part:
    tree = ast.parse(source)
    lines = source.splitlines()
    needs, imports, names, dropped = [], [], {}, set[int]()
    for node in tree.body:
        span = range(node.lineno - 1, node.end_lineno or node.lineno)
        if node is tree.body[0] or _is_all(node):
            dropped.update(span)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            dropped.update(span)
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if module.startswith(_PARTS):
                needs.append(module)
            elif module != "__future__":
                imports += _imported(node)
        for defined in _defined(node):
            names[defined] = "\n".join(lines[number] for number in span)
    body = "\n".join(line for number, line in enumerate(lines) if number not in dropped).strip("\n") + "\n"
    title = (ast.get_docstring(tree) or "").replace("\n", "\n# ").replace("# \n", "#\n")
    return _Part(name, source, tuple(needs), tuple(imports), body, names, title)


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)


def _imported(node: ast.Import | ast.ImportFrom) -> list[tuple[str, str]]:
    if isinstance(node, ast.Import):
        return [(item.name, "") for item in node.names]
    return [(str(node.module), item.name) for item in node.names]


def _imports(parts: list[_Part]) -> str:
    """Return one statement for each module that any part imports from."""
    found: dict[str, set[str]] = {}
    for module, name in sorted(item for part in parts for item in part.imports):
        found.setdefault(module, set()).add(name)
    whole = [f"import {module}" for module, names in found.items() if "" in names]
    some = [
        f"from {module} import {', '.join(sorted(names - {''}))}" for module, names in found.items() if names - {""}
    ]
    return "\n".join([*whole, *some])


def _contents(parts: list[_Part]) -> str:
    """Return the names of the sections, in order."""
    names = [part.title.partition(":")[0] for part in parts if part.name != f"{_PARTS}.embedded"]
    return textwrap.fill(", ".join(names), 116)


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, ast.Assign) and not _is_all(node):
        for target in node.targets:
            yield from (item.id for item in ast.walk(target) if isinstance(item, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _in_order(parts: Mapping[str, _Part]) -> list[_Part]:
    """Return the parts room by room, each after those that it needs; the program comes last."""
    ordered: dict[str, _Part] = {}

    def add(name: str) -> None:
        for needed in parts[name].needs:
            if needed not in ordered:
                add(needed)
        ordered[name] = parts[name]

    for room in _ROOMS:
        for name in parts:
            if name.rpartition(".")[0] == f"{_PARTS}{room}" and name not in ordered:
                add(name)
    return list(ordered.values())


def _check_names(parts: list[_Part]) -> None:
    seen: dict[str, tuple[str, str]] = {}
    for part in parts:
        for name, source in part.names.items():
            first, before = seen.setdefault(name, (part.name, source))
            if before != source:
                raise ValueError(f"{name} is defined in {first} and, differently, in {part.name}")


def _embedded(release: str, parts: Any) -> str:
    """Return what stands in the parts as an empty table: release, texts and shapes."""
    literals = {
        node.value
        for part in parts
        for node in ast.walk(ast.parse(part.source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    started = tuple(text for text in literals if text.count(".") > 1 and text.endswith("."))
    texts = {
        key: {language: entry[language] for language in LANGUAGES}
        for key, entry in sorted(catalogue().items())
        if key in literals or key.startswith(started)
    }
    shapes = {name: _schema(*place) for name, place in _SCHEMAS.items()}
    return (
        f"# {'-' * 16} What was put in when this file was written\n\n"
        f"MADE_BY = {release!r}\n\n"
        f"TEXTS.update(\n    {_one_per_line(texts, 2)}\n)\n\n"
        f"SHAPES.update(\n    {_one_per_line(shapes, 3)}\n)\n"
    )


def _one_per_line(value: Any, depth: int, indent: int = 4) -> str:
    """Return a dict as source, with lines down to `depth`; below it everything stands on one line."""
    if depth == 0 or not isinstance(value, dict) or not value:
        return repr(value)
    inner = " " * (indent + 4)
    lines = [f"{inner}{name!r}: {_one_per_line(item, depth - 1, indent + 4)}," for name, item in value.items()]
    return "\n".join(["{", *lines, " " * indent + "}"])


def _schema(package: str, name: str) -> Any:
    return _without_prose(json.loads(files(package).joinpath("schemas", name).read_text("utf-8")))


def _without_prose(value: Any) -> Any:
    """Return a schema without its titles and descriptions; fields of these names are kept."""
    if isinstance(value, list):
        return [_without_prose(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, item in value.items():
        if name in ("properties", "$defs"):
            kept[name] = {field: _without_prose(inner) for field, inner in item.items()}
        elif name not in _SAID_OF_A_SCHEMA:
            kept[name] = _without_prose(item)
    return kept
