"""The report: shares per file from the results, and every survivor with its reason.

Reasons are kept by hand in `explained.yaml`, under the text of the change and not under its line, so that they outlive
edits elsewhere in the file.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from scipy import stats

__all__ = ["machine", "write_report"]

EXPLAINED = Path(__file__).with_name("explained.yaml")
FOUND = ("killed", "timeout")
_WIDEST = 96  # characters of a change that are shown


def machine() -> dict[str, Any]:
    """Machine and versions."""
    names = ("numpy", "scipy", "pytest", "hypothesis")
    return {
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def write_report(results: Path) -> None:
    """Write `mutation.md` beside the results."""
    found = json.loads(results.read_text(encoding="utf-8"))
    cells: list[dict[str, Any]] = found["cells"]
    parts = ["# Mutation testing", _head(found), _table(cells, found["mutants"])]
    intro = EXPLAINED.with_name("notes.md")
    if intro.exists():
        parts.append(intro.read_text(encoding="utf-8").strip())
    parts.append(_survivors([cell for cell in cells if cell["outcome"] not in FOUND]))
    results.with_suffix(".md").write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _head(found: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {text}" for name, text in found["machine"].items())
    minutes = sum(cell["seconds"] for cell in found["cells"]) / 60
    return (
        f"Made by `python bench/mutation/run.py --out bench/mutation/results --seed {found['seed']}` "
        f"in {minutes:.0f} processor minutes. {versions[0].upper()}{versions[1:]}."
    )


def _table(cells: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> str:
    rooms: dict[str, list[str]] = {}
    for file in sizes:
        rooms.setdefault("rules" if "/rules/" in file else Path(file).parent.name, []).append(file)
    lines = [
        "| file | mutants | drawn | killed | timeout | survived | unreached | found |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for room, files in rooms.items():
        lines += [_row(f"`{file.removeprefix('src/hakari/')}`", [file], cells, sizes) for file in files]
        if len(files) > 1:
            lines.append(_row(f"**{room}**", files, cells, sizes))
    lines.append(_row("**all**", list(sizes), cells, sizes))
    return "\n".join(lines)


def _row(name: str, files: Iterable[str], cells: Sequence[Mapping[str, Any]], sizes: Mapping[str, int]) -> str:
    files = set(files)
    mine = Counter(cell["outcome"] for cell in cells if cell["file"] in files)
    drawn, found = mine.total(), sum(mine[outcome] for outcome in FOUND)
    share = "–"
    if drawn:
        interval = stats.binomtest(found, drawn).proportion_ci(0.95, "exact")
        share = f"{found / drawn:.1%} [{interval.low:.1%}, {interval.high:.1%}]"
    outcomes = [mine[outcome] for outcome in (*FOUND, "survived", "unreached")]
    numbers = " | ".join(map(str, [sum(sizes[file] for file in files), drawn, *outcomes]))
    return f"| {name} | {numbers} | {share} |"


def _survivors(cells: Sequence[Mapping[str, Any]]) -> str:
    groups = yaml.safe_load(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.exists() else []
    reasons = {(group["file"], change): group for group in groups for change in group["changes"]}
    lines = ["## Survivors", "", "| where | change | kind | reason |", "|---|---|---|---|"]
    missing = []
    for cell in cells:
        file, change = Path(cell["file"]).name, change_of(cell)
        group = reasons.get((file, change))
        if group is None:
            missing.append(f"  {file}: {change}")
        kind, because = (group["kind"], group["because"]) if group else ("open", "not explained")
        shown = f"{_short(cell['before'])} → {_short(cell['after'])}"
        place = f"{file}:{cell['line']} {cell['function']}".strip()
        lines.append(f"| {place} | `{shown.replace('|', chr(92) + '|')}` | {kind} | {' '.join(because.split())} |")
    if missing:
        print(f"{len(missing)} survivors are not explained:", *missing, sep="\n", file=sys.stderr)
    kinds = Counter(line.split(" | ")[2] for line in lines[4:])
    lines[1:1] = ["", ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()) + "."]
    return "\n".join(lines)


def change_of(cell: Mapping[str, Any]) -> str:
    """The change as it stands in `explained.yaml`."""
    return f"{cell['function']}: {_short(cell['before'])} → {_short(cell['after'])}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
