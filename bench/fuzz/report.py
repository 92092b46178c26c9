"""Report: the results of fuzzing as JSON (everything) and as the table for the docs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["MENDED", "write"]

MENDED: dict[str, int] = {"bundle": 2, "envelope": 5, "pack": 4, "manifest": 2, "table": 10}
"""Defects that fuzzing found at each door and that were mended; each has a test."""

_PACKAGES = (
    "hakari",
    "atheris",
    "duckdb",
    "pyarrow",
    "python-calamine",
    "pydantic",
    "pyyaml",
    "common-expression-language",
)


def write(rows: Sequence[dict[str, Any]], out: Path, *, seed: int, add: bool) -> None:
    """Write `fuzz.json` and `fuzz.md` into `out`; with `add`, on top of what stands there."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "fuzz.json"
    before = json.loads(path.read_text("utf-8")) if add and path.exists() else {"doors": {}, "seeds": []}
    doors: dict[str, Any] = before["doors"]
    for row in rows:
        doors[row["door"]] = _together(doors[row["door"]], row) if row["door"] in doors else row
    document = {
        "notes": before.get("notes", []),
        "doors": doors,
        "machine": _machine(),
        "mended": MENDED,
        "seeds": sorted({*before["seeds"], seed}),
    }
    path.write_text(json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "fuzz.md").write_text(_table(document), encoding="utf-8")


def _together(before: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    both = dict(before)
    for name in ("seconds", "processor", "executions", "refused"):
        both[name] = round(before[name] + row[name], 1)
    for name in ("edges", "features", "corpus", "slowest", "megabytes"):
        both[name] = max(before[name], row[name])
    for name in ("failures", "known"):
        both[name] = {key: before[name].get(key, 0) + row[name].get(key, 0) for key in {*before[name], *row[name]}}
    both["left"] = before["left"] + row["left"]
    return both


def _machine() -> dict[str, Any]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "–"
    return {"python": platform.python_version(), "system": platform.platform(), "cpus": os.cpu_count(), **found}


def _table(document: dict[str, Any]) -> str:
    lines = [
        "| door | minutes | of processor | executions | refused | edges | slowest input (s) | peak memory (MB) "
        "| failures | mended |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, row in document["doors"].items():
        refused = row["refused"] / max(row["executions"], 1)
        cells = (
            name,
            f"{row['seconds'] / 60:.1f}",
            f"{row['processor'] / 60:.1f}",
            f"{row['executions']:,.0f}",
            f"{refused:.0%}",
            f"{row['edges']:,}",
            f"{row['slowest']:.2f}",
            f"{row['megabytes']:.0f}",
            str(len(row["failures"])),
            str(document["mended"].get(name, 0)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    total = sum(row["seconds"] for row in document["doors"].values()) / 60
    machine = ", ".join(f"{name} {value}" for name, value in document["machine"].items())
    known = sorted({key for row in document["doors"].values() for key in row["known"]})
    lines += ["", f"{total:.0f} minutes in all. Seeds {', '.join(map(str, document['seeds']))}. {machine}."]
    lines += [f"\n{note}" for note in document.get("notes", ())]
    if known:
        lines += ["", "Known and reported, not counted as failures:", "", *(f"- {key}" for key in known)]
    return "\n".join(lines) + "\n"
