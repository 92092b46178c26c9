"""Writing: the results as tables for the documentation."""

from __future__ import annotations

from typing import Any

from machine import sentence
from table import LEVELS

KIND = {"categorical": "pandas categories", "string": "pandas strings on Arrow", "object": "pandas objects"}


def write_markdown(results: dict[str, Any]) -> str:
    """Return all tables with machine and versions."""
    rows = results["settings"]["rows"]
    groups = len(LEVELS["sex"]) * len(LEVELS["region"])
    lines = [
        f"Ten metrics of {rows:,} rows in {groups} groups (sex × region); label and prediction are 64-bit integers. "
        "Each library runs in its own environment on the same file; ours is run before each run of theirs. Times are "
        "medians inside the process after a warm-up, in seconds; one computing thread. *Converting* is the time to "
        "bring the given frame into the form that the library demands; it is part of its total.",
        "",
        f"Machine: {sentence(results['machine'])}",
        "",
    ]
    for kind in results["kinds"]:
        lines += [f"### {KIND[kind['kind']]}", "", *_kind(kind), ""]
    lines += ["### What each library is asked", "", *_routes(results["libraries"]), ""]
    lines += ["### Ours alone", "", *_alone(results), ""]
    lines += ["### Goals", "", "| goal | found | reached |", "|---|---:|---|"]
    lines += [
        f"| {goal['goal']} | {goal['found']} | {'yes' if goal['reached'] else 'no'} |" for goal in results["goals"]
    ]
    lines += ["", "### Versions", "", *_versions(results["libraries"]), ""]
    return "\n".join(lines)


def _kind(kind: dict[str, Any]) -> list[str]:
    head = "| library | runs | total | processor | of it converting | times ours | times ours, processor | "
    head += "times ours without converting | values compared | largest difference |"
    ours = kind["ours"]
    lines = [head, "|---|" + "---:|" * 9]
    lines.append(
        f"| **hakari** | {ours['runs']} | {_time(ours['wall'])} | {_time(ours['cpu'])} | none | 1 | 1 | 1 | | |"
    )
    for row in sorted(kind["theirs"], key=lambda row: row["wall"]):
        converting = _time(row["converting"]) if row["converting"] > 1e-4 else "none"
        lines.append(
            f"| {row['route']} | {row['runs']} | {_time(row['wall'])} | {_time(row['cpu'])} | {converting} | "
            f"{_times(row['ratio'])} | {_times(row['ratio_cpu'])} | {_times(row['ratio_without_conversion'])} | "
            f"{row['values']} | {row['largest']:.1g} |"
        )
    return lines


def _routes(libraries: dict[str, Any]) -> list[str]:
    lines = ["| library | timed calls | what they give | conversion |", "|---|---|---|---|"]
    for routes in libraries.values():
        for route in routes:
            reasons: dict[str, list[str]] = {}
            for kind, why in route["conversion"].items():
                reasons.setdefault(why, []).append(kind)
            said = "; ".join(f"{', '.join(kinds)}: {why}" for why, kinds in reasons.items() if why)
            lines.append(f"| {route['name']} | {route['asks']} | {route['gives']} | {said or 'none'} |")
    return lines


def _alone(results: dict[str, Any]) -> list[str]:
    lines = ["| task | frame | runs | seconds | processor |", "|---|---|---:|---:|---:|"]
    rows = f"{results['settings']['rows']:,} rows"
    tasks = [(f"{row['part']}, {rows}", row) for row in results["parts"]]
    tasks += [(f"ten metrics, {rows}", row) for row in results["further"]]
    large = f"{results['settings']['large_rows']:,} rows"
    for row in results["replicates"]:
        what = f"ten metrics and 1,000 display replicates with {row['intervals']:,} intervals, {row['groups']} groups"
        tasks.append((f"{what}, {large}", row))
    lines += [
        f"| {task} | {KIND.get(r['frame'], r['frame'])} | {r['runs']} | {_time(r['wall'])} | {_time(r['cpu'])} |"
        for task, r in tasks
    ]
    return lines


def _versions(libraries: dict[str, Any]) -> list[str]:
    lines = []
    for name, routes in libraries.items():
        packages = ", ".join(f"{package} {version}" for package, version in routes[0]["versions"].items())
        lines.append(f"- {name}: {packages}")
    return lines


def _time(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 10 else f"{seconds:.2f}" if seconds >= 1 else f"{seconds:.4f}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
