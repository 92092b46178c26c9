"""Showing one explained row on a terminal: a bar for each feature, and the words."""

from __future__ import annotations

from typing import Final

import click

from hakari.cli.terminal.layout import table, width_of
from hakari.cli.terminal.session import Session
from hakari.reports.explained.steps import split_features
from hakari.reports.explained.view import FeatureLine, RowView

__all__ = ["bar", "show_row"]

_NAME: Final = 24
_VALUE: Final = 14
_MOST_CELLS: Final = 24
"""Columns that all bars share, left and right of 0."""
_LEAST_CELLS: Final = 8


def show_row(view: RowView, seconds: float, session: Session) -> None:
    """Print an explained row."""
    session.print(click.style(view.title, bold=True))
    session.print(view.private)
    for warning in view.warnings:
        session.print(warning, first="! ", rest="  ")
    session.print()
    session.print(view.decision)
    session.print(view.way)
    session.print()
    _features(view, session)
    session.print()
    for sentence in view.sentences:
        session.print(sentence, first="- ", rest="  ")
    _headed(session, "reports.explained.tests")
    for item in view.tests:
        session.print(session.say("reports.pair", label=item.name, value=item.value), first="  ", rest="    ")
    _headed(session, "reports.explained.making_heading")
    for label, value in view.making:
        session.print(session.say("reports.pair", label=label, value=value), first="  ", rest="    ")
    session.print(session.say("cli.explain.seconds", seconds=seconds), first="  ", rest="    ")
    _headed(session, "reports.explained.limits")
    for limit in view.limits:
        session.print(limit, first="  - ", rest="    ")


def bar(value: float, low: float, high: float, *, unicode: bool, cells: int = _MOST_CELLS) -> str:
    """Return one contribution as a bar from 0, where the lowest one is `low` ≤ 0 and the highest `high` ≥ 0.

    >>> bar(-1.0, -1.0, 1.0, unicode=False, cells=8)
    '====|'
    >>> bar(0.5, -1.0, 1.0, unicode=False, cells=8)
    '    |=='
    """
    sign, zero = ("━", "│") if unicode else ("=", "|")
    span = (high - low) or 1.0
    left = round(cells * -low / span)
    size = round(cells * abs(value) / span) or int(value != 0)
    if value < 0:
        size = min(size, left) or size
        return " " * max(left - size, 0) + sign * size + zero
    return " " * left + zero + sign * size


def _features(view: RowView, session: Session) -> None:
    shown, joined = split_features(view.features)
    sampled = any(line.error for line in view.features)
    heads = ["feature", "value", "contribution", *(["error"] if sampled else []), "kept"]
    rows = [[session.say(f"cli.explain.head.{head}") for head in heads]]
    rows += [_cells(line, view, sampled=sampled) for line in shown]
    values = [line.contribution for line in shown]
    if joined:
        values.append(sum(line.contribution for line in joined))
        name = session.say("reports.explained.figure.others", n=len(joined))
        rows.append([name, "", view.numbers.signed(values[-1]), *([""] if sampled else []), ""])
    low, high = min([0.0, *values]), max([0.0, *values])
    taken = sum(max(width_of(row[place]) for row in rows) + 2 for place in range(len(heads)))
    cells = min(max(session.width - taken - 4, _LEAST_CELLS), _MOST_CELLS)
    bars = ["", *(bar(value, low, high, unicode=session.unicode, cells=cells) for value in values)]
    lines = [(*row, drawn) for row, drawn in zip(rows, bars, strict=True)]
    session.lines(table(lines, session.width, right=tuple(range(2, len(heads)))))


def _cells(line: FeatureLine, view: RowView, *, sampled: bool) -> list[str]:
    error = view.errors.plain(line.error) if line.error else "–"
    return [
        _cut(line.name, _NAME),
        _cut(line.brief, _VALUE),
        view.numbers.signed(line.contribution),
        *([error] if sampled else []),
        "–" if line.kept is None else f"{line.kept:.0%}",
    ]


def _cut(text: str, most: int) -> str:
    """The text in at most so many columns of the terminal."""
    text = " ".join(text.split())
    if width_of(text) <= most:
        return text
    while width_of(text) > most - 1:
        text = text[:-1]
    return text + "…"


def _headed(session: Session, key: str) -> None:
    session.print()
    session.print(click.style(session.say(key), bold=True))
