"""Writing: the published figures beside ours as tables for the documentation."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.published.cases import CASES, METRICS, NOT_POSSIBLE, ODDS_EXAMPLE, ODDS_PUBLISHED, Case
from bench.published.measuring import from_rates

WORDS = {
    "equal": "equal",
    "in the range": "in our range",
    "in the interval": "in our interval",
    "outside": "**outside**",
    "none published": "",
}


def write_markdown(results: dict[str, Any]) -> str:
    """All examples, then what could not be done, then versions."""
    told = Counter(
        row["outcome"] for case in results["cases"].values() for row in case["metrics"].values() if row["published"]
    )
    count = sum(told.values())
    lines = [
        f"Of {count} published figures {told['equal']} are equal to ours in all their digits, "
        f"{told['in the range']} lie in the range of ours over other seeds or splits, {told['in the interval']} in our "
        f"interval for the one split, and {told['outside']} lie outside both.",
        "",
    ]
    for example in dict.fromkeys(case.example for case in CASES):
        cases = [case for case in CASES if case.example == example]
        lines += [f"## {example}", "", *_table(cases, results), ""]
        reasons = dict.fromkeys((case.shown, case.reason) for case in cases if case.reason)
        lines += [f"- {shown}: {reason}" for shown, reason in reasons] + [""] * bool(reasons)
    lines += ["## The arithmetic of the average absolute odds difference", "", *_odds(), ""]
    lines += ["## What could not be reproduced", "", "| what | why |", "|---|---|"]
    lines += [f"| {what} | {why} |" for what, why in NOT_POSSIBLE]
    versions = ", ".join(f"{package} {version}" for package, version in results["versions"].items())
    lines += ["", f"Versions: {versions}."]
    return "\n".join(lines) + "\n"


def _table(cases: list[Case], results: dict[str, Any]) -> list[str]:
    lines = [
        "| row | figure | rows | published | ours | 95 % interval | over other splits or seeds | outcome |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    for case in cases:
        found = results["cases"][case.name]
        for metric, row in found["metrics"].items():
            digits = max(len((row["published"] or ".000").partition(".")[2]), 3)
            ours = row["ours"]
            span = ""
            if "range" in row:
                low, middle, high = (_at(row["range"][key], digits) for key in ("lowest", "median", "highest"))
                span = f"{low} to {high}, median {middle} ({row['range']['runs']})"
            cells = (
                case.shown,
                METRICS[metric],
                f"{found['rows']:,}",
                (row["published"] or "").replace("-", "−"),
                _at(ours["value"], digits),
                f"{_at(ours['low'], digits)} to {_at(ours['high'], digits)}",
                span,
                WORDS[row["outcome"]],
            )
            lines.append(f"| {' | '.join(cells)} |")
    return lines


def _odds() -> list[str]:
    found = from_rates(**ODDS_EXAMPLE)
    lines = ["| figure | published | from its rates |", "|---|---:|---:|"]
    for metric, figure in ODDS_PUBLISHED.items():
        lines.append(f"| {METRICS[metric]} | {_at(figure, 4)} | {_at(found[metric], 4)} |")
    return [*lines, "", "The rates are printed with three digits, so a difference of two can be off by .001."]


def _at(number: float, digits: int) -> str:
    return f"{number:.{digits}f}".replace("-", "−")
