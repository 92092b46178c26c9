"""Curves: how the result moves along each column, as picture, sentence and table."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from hakari.evidence import Evidence
from hakari.messages import Message, say
from hakari.reports.charts.effects import REACH, EffectPanel, EffectPoint, effects_svg
from hakari.reports.charts.readings import joined
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE
from hakari.reports.sections.explanation.reading import (
    brief,
    decimals,
    level,
    listed,
    number_in,
    numeral,
    quantity_word,
    rows_of,
    table_of,
)
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words

__all__ = ["curves_figure"]

DRAWN: Final = 6
"""Columns that the picture draws; the tables have them all."""


def curves_figure(record: Evidence, words: Words) -> Figure | None:
    """Return the accumulated effects of the record; None where it has none."""
    table = table_of(record, "effects")
    panels = [] if table is None else _panels(rows_of(table), words)
    if table is None or not panels:
        return None
    rare = _rare(rows_of(table))
    unit = quantity_word(table, words)
    drawn = panels[:DRAWN]
    notes = [words.say("reports.explanation.effects.how")]
    if any(not panel.line for panel in drawn):
        notes.append(words.say("reports.explanation.effects.levels"))
    if len(panels) > len(drawn):
        notes.append(words.say("reports.explanation.effects.cut", shown=len(drawn), all=len(panels)))
    if rare:
        notes.append(words.say("reports.explanation.effects.rare", n=rare))
    return Figure(
        id="explanation-effects",
        title=words.say("reports.explanation.effects.title", unit=unit),
        sentence=joined(_sentences(panels, unit), words),
        notes=tuple(notes),
        wide=(Markup(effects_svg(drawn, width=WIDE)),),  # noqa: S704  # the renderer escapes the names
        narrow=(Markup(effects_svg(drawn, width=NARROW)),),  # noqa: S704  # the same
        tables=(_ranges(panels, unit, words), _values(panels, unit, words)),
    )


def _panels(rows: list[Any], words: Words) -> list[EffectPanel]:
    """The columns in their order; numbers by size, levels by their effect, as they have no order of their own."""
    by_feature: dict[str, list[EffectPoint]] = {}
    for row in rows:
        at, effect, error = row.get("at"), row.get("effect"), row.get("error")
        if number_in(effect) is None or number_in(error) is None:
            continue
        number = number_in(at)
        name = level(str(at), words) if number is None else numeral(number)
        point = EffectPoint(name=name, at=number, effect=float(effect), error=float(error))
        by_feature.setdefault(str(row.get("feature")), []).append(point)
    found = []
    for feature, points in by_feature.items():
        if all(point.at is not None for point in points):
            points.sort(key=lambda point: point.at or 0.0)
        else:
            points.sort(key=lambda point: (point.effect, point.name))
        found.append(EffectPanel(title=feature, points=tuple(points)))
    return found


def _rare(rows: list[Any]) -> int:
    """How many features before the last one have no value in the table: theirs are all too rare."""
    places = {int(place) for row in rows if (place := number_in(row.get("place"))) is not None}
    return max(places, default=-1) + 1 - len(places)


def _lowest(panel: EffectPanel) -> EffectPoint:
    return min(panel.points, key=lambda point: point.effect)


def _highest(panel: EffectPanel) -> EffectPoint:
    return max(panel.points, key=lambda point: point.effect)


def _size(panel: EffectPanel) -> float:
    return _highest(panel).effect - _lowest(panel).effect


def _clear(low: EffectPoint, high: EffectPoint) -> bool:
    """Whether two places differ beyond their errors. These are correlated: their sum is the most a difference has."""
    return high.effect - low.effect > REACH * (low.error + high.error)


def _turns(panel: EffectPanel) -> bool:
    """Whether the curve clearly rises somewhere and clearly falls somewhere."""
    points = panel.points
    pairs = [(first, then) for place, first in enumerate(points) for then in points[place + 1 :]]
    rises = any(_clear(first, then) for first, then in pairs)
    return panel.line and rises and any(_clear(then, first) for first, then in pairs)


def _sentences(panels: list[EffectPanel], unit: str) -> list[Message]:
    moved = [panel for panel in panels if _clear(_lowest(panel), _highest(panel))]
    if not moved:
        return [say("reports.explanation.effects.none", unit=unit)]
    found = [_most(max(moved, key=_size), unit)]
    turning = [panel.title for panel in moved if _turns(panel)]
    if turning:
        found.append(say("reports.explanation.effects.turns", features=listed(turning)))
    flat = [panel.title for panel in panels if panel not in moved]
    if flat:
        found.append(say("reports.explanation.effects.flat", features=listed(flat)))
    return found


def _most(panel: EffectPanel, unit: str) -> Message:
    low, high = _lowest(panel), _highest(panel)
    about = {"feature": brief(panel.title), "unit": unit, "size": numeral(float(f"{_size(panel):.2g}"))}
    ends = (panel.points[0], panel.points[-1])
    if low.at is not None and (low, high) == ends:
        return say("reports.explanation.effects.rises", start=low.name, end=high.name, **about)
    if low.at is not None and (high, low) == ends:
        return say("reports.explanation.effects.falls", start=high.name, end=low.name, **about)
    key = "between" if low.at is not None else "level"
    return say(f"reports.explanation.effects.{key}", high=high.name, low=low.name, **about)


def _places(panels: list[EffectPanel]) -> int | None:
    """Decimals that all effects of the figure share: three digits of the largest."""
    places = decimals(max(map(_size, panels)))
    return None if places is None else places + 1


def _ranges(panels: list[EffectPanel], unit: str, words: Words) -> Table:
    places = _places(panels)
    heads = ("feature", "lowest", "highest", "size")
    return Table(
        caption=words.say("reports.explanation.effects.ranges", unit=unit),
        headers=tuple(words.say(f"reports.explanation.header.{name}") for name in heads),
        rows=tuple(
            (panel.title, _lowest(panel).name, _highest(panel).name, numeral(_size(panel), places))
            for panel in panels[:MOST_ROWS]
        ),
        numbers=frozenset({3}),
    )


def _values(panels: list[EffectPanel], unit: str, words: Words) -> Table:
    places = _places(panels)
    rows = [
        (panel.title, point.name, *(numeral(each, places, sign=True) for each in (point.effect, point.low, point.high)))
        for panel in panels
        for point in panel.points
    ]
    heads = ("feature", "value", "effect", "low", "high")
    return Table(
        caption=words.say("reports.explanation.effects.values", unit=unit),
        headers=tuple(words.say(f"reports.explanation.header.{name}") for name in heads),
        rows=tuple(rows[:MOST_ROWS]),
        numbers=frozenset({2, 3, 4}),
        note=words.say("reports.charts.more_rows", n=len(rows) - MOST_ROWS) if len(rows) > MOST_ROWS else "",
    )
