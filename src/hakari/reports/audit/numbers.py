"""Numbers: one section for each measure with its charts, and every number of it in tables that a reader may open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from hakari.evidence import Estimate, Unmeasured
from hakari.messages import Message, say
from hakari.reports.audit.metrics import metric_words, named, span_words, value_words
from hakari.reports.audit.pictures import figures_of
from hakari.reports.audit.result import AuditPart, AuditResult
from hakari.reports.audit.section import Folded, Section
from hakari.reports.charts.readings import MISSING_NUMBER, group_title
from hakari.reports.tables import MOST_ROWS, Table
from hakari.reports.words import Words, capital

__all__ = ["measure_sections"]

_FLOOR: Final = "_noise_floor"
_MOST_NAMES: Final = 12

_Key = tuple[str, tuple[tuple[str, str], ...]]


def measure_sections(result: AuditResult, words: Words) -> Iterator[Section]:
    """Yield a section for each measure that ran."""
    for number, part in enumerate(result.parts):
        identifier = f"measure-{number}"
        yield Section(
            id=identifier,
            title=words(part.title),
            facts=((words.say("reports.check.measure"), f"{part.measure} {part.version}"),),
            figures=figures_of(identifier, part, words),
            folded=tuple(_folded(part, result, words)),
        )


def _folded(part: AuditPart, result: AuditResult, words: Words) -> Iterator[Folded]:
    shown = [each for each in part.measured.estimates if not isinstance(each.value, Unmeasured)]
    floors = {_key(each): each for each in shown if each.metric.endswith(_FLOOR)}
    kinds: dict[str, list[Estimate]] = {"over": [], "by": [], "within": []}
    for each in shown:
        if not each.metric.endswith(_FLOOR):
            kinds[_kind(each, result)].append(each)
    for kind, estimates in kinds.items():
        if estimates:
            title = words.say(f"reports.audit.numbers.{kind}", n=len(estimates))
            table = _numbers(estimates, floors, words, caption=title)
            without = words.say("reports.audit.numbers.without")
            yield Folded(title=title, tables=(table,), heading=without, lines=_without(estimates, words))
    reasons = tuple(_reasons(part.measured.estimates, words))
    if reasons:
        yield Folded(title=words.say("reports.audit.numbers.unmeasured"), lines=reasons)


def _kind(estimate: Estimate, result: AuditResult) -> str:
    """Whether a number is over all groups, of one group, or within levels of other columns."""
    if any(column not in result.columns.sensitive and level != "*" for column, level in estimate.slice.items()):
        return "within"
    return "over" if all(level == "*" for level in estimate.slice.values()) else "by"


def _numbers(estimates: Sequence[Estimate], floors: Mapping[_Key, Estimate], words: Words, *, caption: str) -> Table:
    """Metric, groups, value, interval, what chance alone would show, and rows."""
    chance = any(_key(each) in floors for each in estimates)
    rows = []
    for each in estimates[:MOST_ROWS]:
        assert not isinstance(each.value, Unmeasured)
        limits = None if isinstance(each.interval, Unmeasured) or each.interval.method == "count" else each.interval
        cells = [
            capital(words(metric_words(each.metric))),
            _where(each, words),
            value_words(each.metric, each.value, words),
            MISSING_NUMBER if limits is None else span_words(each.metric, limits.low, limits.high, words),
        ]
        if chance:
            cells.append(_by_chance(each, floors, words))
        rows.append((*cells, f"{each.n:,}"))
    heads = ("metric", "groups", "value", "interval", *(("chance",) if chance else ()), "n")
    rest = len(estimates) - MOST_ROWS
    return Table(
        caption=caption,
        headers=tuple(words.say(f"reports.audit.head.{head}") for head in heads),
        rows=tuple(rows),
        numbers=frozenset(range(2, len(heads))),
        note=words.say("reports.audit.numbers.more", n=rest) if rest > 0 else "",
    )


def _by_chance(estimate: Estimate, floors: Mapping[_Key, Estimate], words: Words) -> str:
    floor = floors.get(_key(estimate))
    if floor is None or isinstance(floor.value, Unmeasured):
        return MISSING_NUMBER
    return value_words(estimate.metric, floor.value, words)


def _key(estimate: Estimate) -> _Key:
    """What a number and its noise floor have in common."""
    return estimate.metric.removesuffix(_FLOOR), tuple(estimate.slice.items())


def _where(estimate: Estimate, words: Words) -> str:
    """Which rows a number is about: `sex: female`, or the columns alone where it is about all of their groups."""
    if not estimate.slice:
        return words.say("reports.audit.all_rows")
    parts = [
        column if level == "*" else words.say("reports.pair", label=column, value=level)
        for column, level in estimate.slice.items()
    ]
    return group_title(parts)


def _without(estimates: Sequence[Estimate], words: Words) -> tuple[str, ...]:
    """Why numbers have no interval, each reason once, with the metrics that it is about."""
    found: dict[Message, dict[Message, None]] = {}
    for each in estimates:
        if isinstance(each.interval, Unmeasured):
            found.setdefault(each.interval.unmeasured, {})[metric_words(each.metric)] = None
    return tuple(_named(reason, metrics, words) for reason, metrics in found.items())


def _reasons(estimates: Sequence[Estimate], words: Words) -> Iterator[str]:
    found: dict[Message, dict[Message, None]] = {}
    for each in estimates:
        if isinstance(each.value, Unmeasured) and not each.metric.endswith(_FLOOR):
            found.setdefault(each.value.unmeasured, {})[metric_words(each.metric)] = None
    for reason, metrics in found.items():
        yield _named(reason, metrics, words)


def _named(reason: Message, metrics: Mapping[Message, None], words: Words) -> str:
    names: list[Message] = list(metrics)[:_MOST_NAMES]
    if len(metrics) > _MOST_NAMES:
        names.append(say("reasons.chart.more", n=len(metrics) - _MOST_NAMES))
    return words.say("reports.audit.numbers.reason", metrics=names, reason=named(reason))
