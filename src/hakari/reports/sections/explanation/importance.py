"""Importance: how far each feature moves the result, and what goes wrong without it."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from hakari.evidence import Estimate, Evidence, Unmeasured
from hakari.messages import Message, say
from hakari.reports._lettering import breadth
from hakari.reports.charts.readings import MISSING_NUMBER, joined
from hakari.reports.figure import Figure
from hakari.reports.figures import NARROW, WIDE, Row, forest_svg
from hakari.reports.sections.explanation.reading import (
    above_zero,
    brief,
    column_places,
    ends_of,
    feature_of,
    known,
    listed,
    numeral,
    quantity_word,
    span,
    table_of,
    value_of,
)
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words

__all__ = ["importance_figure"]

DRAWN: Final = 15
"""Features that the chart draws; the table goes on."""
_NAMED: Final = 3
_FIGURE: Final = 144
"""Room for value and limits beside the plot."""
_POINT: Final = 100
"""Shares of errors are written in percentage points."""
_MUCH_SMALLER: Final = 0.5
"""Conditional over plain importance, from which on a feature is said to tell little that the others do not."""


def importance_figure(record: Evidence, words: Words) -> Figure | None:
    """Return the features by the mean size of their contributions; None where none was measured."""
    found = sorted(known(record, "importance"), key=lambda item: (-value_of(item), feature_of(item)))
    if not found:
        return None
    places = column_places(found)
    rows = [
        Row(
            name=feature_of(item),
            figure=_figure(item, places, words),
            value=value_of(item),
            low=ends_of(item)[0],
            high=ends_of(item)[1],
            in_scope=True,
            extreme=False,
        )
        for item in found[:DRAWN]
    ]
    unit = quantity_word(table_of(record, "importance"), words)
    title = words.say("reports.explanation.axis", unit=unit)
    pictures = {
        width: (Markup(forest_svg(rows, axis_title=title, percent=False, lines=None, width=width)),)  # noqa: S704  # our own drawing
        for width in (WIDE, NARROW)
    }
    more = len(found) - len(rows)
    return Figure(
        id="explanation-importance",
        title=words.say("reports.explanation.figure", unit=unit),
        sentence=joined([*_order(found, unit), *_errors(record)], words),
        notes=(words.say("reports.explanation.more", shown=len(rows), n=more),) if more > 0 else (),
        wide=pictures[WIDE],
        narrow=pictures[NARROW],
        tables=(_table(record, found, words),),
    )


def _figure(item: Estimate, places: int | None, words: Words) -> str:
    """Value and limits as far as they fit beside the plot."""
    whole = span(item, words, places=places)
    return whole if breadth(whole, 13) <= _FIGURE else numeral(float(f"{value_of(item):.3g}"))


def _order(found: list[Estimate], unit: str) -> list[Message]:
    """The largest features, and which others their intervals do not exclude from being as large."""
    first = [feature_of(item) for item in found[:_NAMED]]
    sentences = [say("reports.explanation.sentence", features=listed(first), rows=found[0].n, unit=unit)]
    others = [feature_of(item) for item in found[1:] if ends_of(item)[1] >= ends_of(found[0])[0]]
    if others:
        sentences.append(say("reports.explanation.order", first=brief(first[0]), others=listed(others)))
    return sentences


def _errors(record: Evidence) -> list[Message]:
    """Without which features decisions go wrong beyond chance, and which of these the others make up for."""
    loss = {feature_of(item): item for item in known(record, "permutation_importance")}
    if not loss:
        return []
    needed = [name for name, item in loss.items() if above_zero(item)]
    if not needed:
        return [say("reports.explanation.not_needed")]
    needed.sort(key=lambda name: -value_of(loss[name]))
    rest = {feature_of(item): item for item in known(record, "conditional_importance")}
    replaced = [name for name in needed if name in rest and _much_smaller(rest[name], loss[name])]
    sentences = [say("reports.explanation.needed", features=listed(needed))]
    if replaced:
        sentences.append(say("reports.explanation.replaced", features=listed(replaced)))
    return sentences


def _much_smaller(conditional: Estimate, plain: Estimate) -> bool:
    """At most half as large, with limits that do not meet."""
    return value_of(conditional) <= _MUCH_SMALLER * value_of(plain) and ends_of(conditional)[1] < ends_of(plain)[0]


def _table(record: Evidence, found: list[Estimate], words: Words) -> Table:
    losses = {
        metric: {feature_of(item): item for item in known(record, metric)}
        for metric in ("permutation_importance", "conditional_importance")
    }
    # Records of older versions have no conditional importance, and data without labels have neither.
    shown = {metric: items for metric, items in losses.items() if items}
    places = column_places(found)
    rows = tuple(
        (
            feature_of(item),
            span(item, words, places=places),
            *(_points(items.get(feature_of(item)), words) for items in shown.values()),
        )
        for item in found[:MOST_ROWS]
    )
    heads = ("feature", "importance", *shown)
    notes = [say("reports.explanation.loss_note")] if shown else []
    notes += [say("reports.explanation.conditional_note")] if "conditional_importance" in shown else []
    if len(found) > MOST_ROWS:
        notes.append(say("reports.charts.more_rows", n=len(found) - MOST_ROWS))
    return Table(
        caption=words.say("reports.explanation.table"),
        headers=tuple(words.say(f"reports.explanation.header.{name}") for name in heads),
        rows=rows,
        numbers=frozenset(range(1, len(heads))),
        note=joined(notes, words),
    )


def _points(item: Estimate | None, words: Words) -> str:
    """A rise of the share of errors, in percentage points."""
    if item is None:
        return MISSING_NUMBER
    value = numeral(_POINT * value_of(item), 1, sign=True)
    if isinstance(item.interval, Unmeasured):
        return value
    low, high = (numeral(_POINT * end, 1) for end in ends_of(item))
    return words.say("reports.explanation.span", value=value, low=low, high=high)
