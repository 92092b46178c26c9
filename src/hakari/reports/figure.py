"""Figure: a chart that everybody can read, as title, sentence, picture and table that say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from markupsafe import Markup

from hakari.assessment.model import CheckResult, GroupLine, PlannedCheck
from hakari.assessment.quantity import Scale, group_scale_of, scale_of
from hakari.assessment.reasons import aggregation_word, chart_sentence, check_name, metric_name
from hakari.evidence import Unmeasured
from hakari.messages import Message, say
from hakari.reports.figures import NARROW, WIDE, Bar, Lines, Row, forest_svg, strip_svg
from hakari.reports.tables import MOST_ROWS, Table, group_table, ordered, own_table
from hakari.reports.words import Words, capital

__all__ = ["Figure", "check_figure"]

MOST_GROUPS: Final = 40
"""Groups that one chart draws; of more, those with the largest and the smallest values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What the figure macro of the templates places."""

    id: str
    title: str
    sentence: str
    notes: tuple[str, ...]
    wide: tuple[Markup, ...]
    """SVG pictures one under the other, for a page."""
    narrow: tuple[Markup, ...]
    """The same for a telephone."""
    tables: tuple[Table, ...]


def check_figure(identifier: str, planned: PlannedCheck, result: CheckResult, words: Words) -> Figure | None:
    """Return the figure of one check, or None where there is neither a figure nor a group to show."""
    known = not isinstance(result.value, Unmeasured)
    if not known and not result.groups:
        return None
    drawn = _drawn(result.groups)
    pictures = {width: _pictures(planned, result, drawn, words, width) for width in (WIDE, NARROW)}
    tables = [group_table(planned, result, words)] if result.groups else []
    return Figure(
        id=identifier,
        title=_title(planned, result, words),
        sentence=words(chart_sentence(planned, result)),
        notes=_notes(result, drawn, words),
        wide=pictures[WIDE],
        narrow=pictures[NARROW],
        tables=(*tables, own_table(planned, result, words)),
    )


def _title(planned: PlannedCheck, result: CheckResult, words: Words) -> str:
    if not result.groups:
        return words.say("reports.check.figure.overall", name=check_name(planned))
    return words.say(
        "reports.check.figure.groups",
        metric=metric_name(planned.metric),
        columns=" × ".join(planned.columns),
        level=f"{planned.confidence:.0%}",
    )


def _notes(result: CheckResult, drawn: Sequence[GroupLine], words: Words) -> tuple[str, ...]:
    notes = []
    if any(not line.in_scope for line in drawn):
        notes.append(words.say("reports.check.legend"))
    known = len(result.groups)
    if known > MOST_GROUPS:
        listed = min(known, MOST_ROWS)
        notes.append(words.say("reports.check.cut", shown=len(drawn), all=known, listed=listed))
    return tuple(notes)


def _drawn(groups: tuple[GroupLine, ...]) -> list[GroupLine]:
    lines = [line for line in ordered(groups) if not isinstance(line.value, Unmeasured)]
    if len(lines) <= MOST_GROUPS:
        return lines
    half = MOST_GROUPS // 2
    scoped = [line for line in lines if line.in_scope] or lines
    return scoped if len(scoped) <= MOST_GROUPS else [*scoped[:half], *scoped[-half:]]


def _pictures(
    planned: PlannedCheck, result: CheckResult, drawn: Sequence[GroupLine], words: Words, width: int
) -> tuple[Markup, ...]:
    own, each = scale_of(planned, result), group_scale_of(planned)
    lines = _lines(planned, result, own, words)
    found: list[str] = []
    rows = [_row(line, each, words) for line in drawn]
    faces_groups = planned.aggregation == "worst_group"
    if rows:
        title = capital(words(metric_name(planned.metric)))
        percent = each.unit == "percent"
        found.append(
            forest_svg(rows, axis_title=title, percent=percent, lines=lines if faces_groups else None, width=width)
        )
    bar = _bar(planned, result, own, words)
    if bar is not None and not faces_groups:
        draw = partial(strip_svg, bar, lines=lines, width=width)
        found.append(draw(axis_title=_own_axis(planned, own, words), percent=own.unit == "percent"))
    # The renderer escapes the names in the data itself.
    return tuple(Markup(svg) for svg in found)  # noqa: S704  # the renderer's own output


def _own_axis(planned: PlannedCheck, scale: Scale, words: Words) -> str:
    if planned.aggregation == "overall":
        return capital(words(metric_name(planned.metric)))
    key = "reports.check.axis_points" if scale.unit == "points" else "reports.check.axis_own"
    return capital(words.say(key, aggregation=aggregation_word(planned.aggregation)))


def _lines(planned: PlannedCheck, result: CheckResult, scale: Scale, words: Words) -> Lines:
    def word(key: str, value: float) -> str:
        return words.say(f"reports.check.{key}", value=scale.bare(value))

    return Lines(
        limit=scale.axis(result.threshold),
        unacceptable=scale.axis(result.unacceptable),
        limit_word=word("limit_word", result.threshold),
        unacceptable_word=word("unacceptable_word", result.unacceptable),
        bad_side="high" if planned.operator == "<=" else "low",
    )


def _row(line: GroupLine, scale: Scale, words: Words) -> Row:
    assert not isinstance(line.value, Unmeasured)
    low = line.value if isinstance(line.low, Unmeasured) else line.low
    high = line.value if isinstance(line.high, Unmeasured) else line.high
    return Row(
        name=line.name,
        figure=words(_value_and_span(scale, line.value, low, high)),
        value=scale.axis(line.value),
        low=scale.axis(low),
        high=scale.axis(high),
        in_scope=line.in_scope,
        extreme=line.extreme,
    )


def _bar(planned: PlannedCheck, result: CheckResult, scale: Scale, words: Words) -> Bar | None:
    if isinstance(result.value, Unmeasured) or isinstance(result.low, Unmeasured):
        return None
    if isinstance(result.high, Unmeasured) or planned.basis == "count":
        return None
    own = planned.aggregation == "overall"
    name = metric_name(planned.metric) if own else say(f"reports.check.bar.{planned.aggregation}")
    return Bar(
        name=capital(words(name)),
        figure=words(_value_and_span(scale, result.value, result.low, result.high)),
        value=scale.axis(result.value),
        low=scale.axis(result.low),
        high=scale.axis(result.high),
        noise=None if result.noise_floor is None else scale.axis(result.noise_floor),
        noise_word=words.say("reports.check.noise_word"),
    )


def _value_and_span(scale: Scale, value: float, low: float, high: float) -> Message:
    bare = Scale(unit="points", decimals=scale.decimals) if scale.unit == "percent" else scale
    return say("reports.check.value_span", value=scale.bare(value), low=bare.bare(low), high=bare.bare(high))
