"""Tables: the numbers behind each chart, for eyes and screen readers alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hakari.assessment.model import CheckResult, GroupLine, PlannedCheck
from hakari.assessment.quantity import group_scale_of, scale_of
from hakari.assessment.reasons import check_name, metric_name
from hakari.evidence import Unmeasured
from hakari.messages import Message
from hakari.reports.words import Words

__all__ = ["MOST_ROWS", "Table", "group_table", "own_table"]

MOST_ROWS: Final = 200
"""Groups that one table lists; a page with ten thousand rows is read by nobody, the evidence has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of rendered text; the first cell of each row is its header."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    """Indices of columns that hold numbers, set to the right."""
    note: str = ""


def group_table(planned: PlannedCheck, result: CheckResult, words: Words) -> Table:
    """Return the groups of a check with counts, value, simultaneous interval and what is to be remarked."""
    scale = group_scale_of(planned)
    lines = ordered(result.groups)
    rest = len(lines) - MOST_ROWS

    def number(value: float | Unmeasured) -> str:
        return words.say("reports.table.none") if isinstance(value, Unmeasured) else words(scale.say(value))

    rows = tuple(
        (
            line.name,
            f"{line.rows:,}",
            "–" if line.successes is None else _plain(line.successes),
            _plain(line.trials),
            number(line.value),
            number(line.low),
            number(line.high),
            _remark(line, words),
        )
        for line in lines[:MOST_ROWS]
    )
    names = ("group", "rows", "counted", "trials", "value", "low", "high", "remark")
    metric = metric_name(planned.metric)
    return Table(
        caption=words.say("reports.table.caption_groups", metric=metric, columns=" × ".join(planned.columns)),
        headers=tuple(words.say(f"reports.table.{name}") for name in names),
        rows=rows,
        numbers=frozenset(range(1, 7)),
        note=words.say("reports.table.more", n=rest) if rest > 0 else "",
    )


def own_table(planned: PlannedCheck, result: CheckResult, words: Words) -> Table:
    """Return the check's own figure with its interval and lines, one number to a row."""
    scale = scale_of(planned, result)
    entries: list[tuple[str, float | Unmeasured | None]] = [
        ("measured", result.value),
        ("low", result.low if planned.basis != "count" else None),
        ("high", result.high if planned.basis != "count" else None),
        ("limit", result.threshold),
        ("unacceptable", result.unacceptable if result.unacceptable != result.threshold else None),
        ("noise", result.noise_floor),
        ("worst", result.worst_case),
    ]
    rows = [
        (words.say(f"reports.table.{name}"), words(_or_reason(value, scale.say)))
        for name, value in entries
        if value is not None
    ]
    rows.append((words.say("reports.table.n"), f"{result.trials or result.rows:,}"))
    return Table(
        caption=words.say("reports.table.caption_own", name=check_name(planned)),
        headers=(words.say("reports.table.figure"), words.say("reports.table.value")),
        rows=tuple(rows),
        numbers=frozenset({1}),
    )


def ordered(groups: tuple[GroupLine, ...]) -> list[GroupLine]:
    """Return groups in scope from the highest value down, then those without enough rows."""

    def rank(line: GroupLine) -> tuple[bool, bool, float, str]:
        unknown = isinstance(line.value, Unmeasured)
        return (not line.in_scope, unknown, 0.0 if isinstance(line.value, Unmeasured) else -line.value, line.name)

    return sorted(groups, key=rank)


def _or_reason(value: float | Unmeasured, write: object) -> Message:
    if isinstance(value, Unmeasured):
        return value.unmeasured
    assert callable(write)
    message = write(value)
    assert isinstance(message, Message)
    return message


def _plain(number: float) -> str:
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"


def _remark(line: GroupLine, words: Words) -> str:
    if not line.in_scope:
        return words.say("reports.table.out")
    return words.say("reports.table.extreme") if line.extreme else ""
