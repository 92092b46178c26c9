"""No module of the package needs itself, however long the way round, annotations included."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.repository.tree import ROOT

SOURCE = ROOT / "src"


def _modules() -> dict[str, Path]:
    return {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
        for path in sorted((SOURCE / "hakari").rglob("*.py"))
    }


def _imports(name: str, modules: dict[str, Path]) -> set[str]:
    """Modules that `name` imports anywhere; the public names of an `__init__` are not followed, they load lazily."""
    if modules[name].name == "__init__.py":
        return set()
    found = set()
    for node in ast.walk(ast.parse(modules[name].read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for item in node.names:
                below = f"{node.module}.{item.name}"
                found.add(below if below in modules else node.module)
    return found & modules.keys() - {name}


def test_no_module_reaches_itself() -> None:
    modules = _modules()
    graph = {name: _imports(name, modules) for name in modules}
    assert sum(map(len, graph.values())) > 300
    while True:
        leaves = {name for name, needs in graph.items() if not needs}
        if not leaves:
            break
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert graph == {}
