"""Slicings: a section for each way to form groups: the rates, the two columns crossed, the largest differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.measures import Measured
from hakari.reports.audit.metrics import metric_words, named, span_words, value_words
from hakari.reports.audit.result import AuditPart, AuditResult
from hakari.reports.audit.section import Section
from hakari.reports.charts import RatePanel, Reading, crossing_figure, rates_figure
from hakari.reports.charts.readings import MISSING_NUMBER, group_title
from hakari.reports.figure import Figure
from hakari.reports.tables import Table
from hakari.reports.words import Words, capital

__all__ = ["GAPS", "GROUPS", "Gap", "gaps_of", "group_readings", "min_rows_of", "slicing_sections", "slicings_of"]

GROUPS: Final = "fairness.groups"
"""The measure that the sections are made of."""
RATES: Final = (
    "selection_rate",
    "base_rate",
    "accuracy",
    "true_positive_rate",
    "false_positive_rate",
    "positive_predictive_value",
)
"""The rates that are drawn, the most important one first."""
GAPS: Final = tuple(rate for rate in RATES if rate != "base_rate")
"""The rates whose largest difference is told: what the system does, not what the labels are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The largest difference of one rate between two groups of one slicing."""

    columns: tuple[str, ...]
    rate: str
    found: Estimate
    chance: float | None
    """What chance alone would show on average; None where that is not computed."""

    @property
    def limits(self) -> Interval | None:
        """Its interval, if it has a number and one."""
        interval = self.found.interval
        return None if isinstance(self.found.value, Unmeasured) or isinstance(interval, Unmeasured) else interval


def slicing_sections(result: AuditResult, words: Words) -> Iterator[Section]:
    """Yield a section for each slicing of `fairness.groups`; none where it did not run."""
    part = result.part(GROUPS)
    if part is None:
        return
    for number, columns in enumerate(slicings_of(part.measured)):
        named = " × ".join(columns)
        rows = _rows(part.measured, columns)
        if not rows:
            continue
        figures = _figures(f"by-{number}", part, columns, rows, words)
        title = words.say("reports.audit.by", columns=named)
        lead = words.say("reports.audit.groups", n=len(rows), rows=sum(rows.values()))
        yield Section(
            id=f"by-{number}", title=title, lead=lead, figures=figures, tables=tuple(_gap_table(part, columns, words))
        )


def slicings_of(measured: Measured) -> list[tuple[str, ...]]:
    """Return the columns that form groups, as many times as they are put together otherwise."""
    return list(dict.fromkeys(tuple(each.slice) for each in measured.estimates if each.slice))


def gaps_of(part: AuditPart, columns: tuple[str, ...]) -> Iterator[Gap]:
    """Yield the largest differences of one slicing that were looked for, measured or not."""
    over = {
        each.metric: each
        for each in part.measured.estimates
        if tuple(each.slice) == columns and all(level == "*" for level in each.slice.values())
    }
    for rate in GAPS:
        found = over.get(f"{rate}_difference")
        if found is not None:
            floor = over.get(f"{rate}_difference_noise_floor")
            chance = None if floor is None or isinstance(floor.value, Unmeasured) else floor.value
            yield Gap(columns=columns, rate=rate, found=found, chance=chance)


def group_readings(part: AuditPart, metric: str, columns: tuple[str, ...]) -> dict[tuple[str, ...], Reading]:
    """Return one metric of every group of a slicing by the group's levels."""
    least = min_rows_of(part)
    found: dict[tuple[str, ...], Reading] = {}
    for each in part.measured.estimates:
        if each.metric == metric and tuple(each.slice) == columns and "*" not in each.slice.values():
            found[tuple(each.slice.values())] = _reading(each, least)
    return found


def min_rows_of(part: AuditPart) -> int:
    """Return the fewest rows with which a group is compared."""
    least = part.parameters.get("min_rows", 1)
    return least if isinstance(least, int) else 1


def _reading(estimate: Estimate, least: int) -> Reading:
    value = None if isinstance(estimate.value, Unmeasured) else estimate.value
    limits = None if isinstance(estimate.interval, Unmeasured) else estimate.interval
    return Reading(
        value=value,
        low=None if limits is None else limits.low,
        high=None if limits is None else limits.high,
        n=estimate.n,
        assessed=estimate.n >= least,
    )


def _rows(measured: Measured, columns: tuple[str, ...]) -> dict[str, int]:
    """Rows of each group, in the order of the names: the table of the measure counts them, whatever a rate needs."""
    named = " × ".join(columns)
    table = next((table for table in measured.tables if table.name == "groups"), None)
    if table is None:
        return {}
    rows = {group_title(str(row[1]).split(" × ")): row[2] for row in table.rows if row[0] == named}
    return {group: n for group, n in rows.items() if isinstance(n, int)}


def _figures(
    identifier: str, part: AuditPart, columns: tuple[str, ...], rows: Mapping[str, int], words: Words
) -> tuple[Figure, ...]:
    level = part.parameters.get("confidence", 0.95)
    by_rate = {rate: group_readings(part, rate, columns) for rate in RATES}
    panels = [
        RatePanel(
            title=words(metric_words(rate)), readings={group_title(group): each for group, each in readings.items()}
        )
        for rate, readings in by_rate.items()
    ]
    found = [rates_figure(f"{identifier}-rates", " × ".join(columns), panels, rows, level, words)]
    if len(columns) == 2:
        cells = {(group[0], group[1]): each for group, each in by_rate["selection_rate"].items()}
        metric = words(metric_words("selection_rate"))
        pair = (columns[0], columns[1])
        found.append(crossing_figure(f"{identifier}-crossing", pair, metric, cells, level, words))
    return tuple(each for each in found if each is not None)


def _gap_table(part: AuditPart, columns: tuple[str, ...], words: Words) -> Iterator[Table]:
    rows, reasons = [], dict[str, None]()
    for gap in gaps_of(part, columns):
        name, metric = capital(words(metric_words(gap.rate))), f"{gap.rate}_difference"
        if isinstance(gap.found.value, Unmeasured):
            reasons[words(named(gap.found.value.unmeasured))] = None
            continue
        limits = gap.limits
        rows.append(
            (
                name,
                value_words(metric, gap.found.value, words),
                MISSING_NUMBER if limits is None else span_words(metric, limits.low, limits.high, words),
                MISSING_NUMBER if gap.chance is None else value_words(metric, gap.chance, words),
            )
        )
        if isinstance(gap.found.interval, Unmeasured):
            reasons[words(named(gap.found.interval.unmeasured))] = None
    note = " ".join(reasons)
    if rows or note:
        heads = ("rate", "difference", "interval", "chance")
        yield Table(
            caption=words.say("reports.audit.gaps.caption", columns=" × ".join(columns)),
            headers=tuple(words.say(f"reports.audit.head.{head}") for head in heads),
            rows=tuple(rows),
            numbers=frozenset({1, 2, 3}),
            note=note,
        )
