"""Pictures: the charts of the measures that have one, read from their estimates and tables."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from hakari.evidence import Table
from hakari.reports.audit.metrics import metric_words
from hakari.reports.audit.result import AuditPart
from hakari.reports.audit.slicings import group_readings, min_rows_of, slicings_of
from hakari.reports.charts import (
    Bin,
    ChangePanel,
    Curve,
    calibration_figure,
    ratios_figure,
    thresholds_figure,
    versions_figure,
)
from hakari.reports.charts.readings import group_title
from hakari.reports.charts.thresholds import STEPS
from hakari.reports.figure import Figure
from hakari.reports.words import Words

__all__ = ["FIGURES", "figures_of"]

_CURVES: Final = ("selection_rate", "true_positive_rate", "false_positive_rate", "positive_predictive_value")
_BINS: Final = "calibration_error_equal_counts"
"""Bins of equal counts are drawn: where most scores lie together, those of equal width are one bin."""

Row = Mapping[str, Any]


def figures_of(identifier: str, part: AuditPart, words: Words) -> tuple[Figure, ...]:
    """Return the charts of one measure, if it has any."""
    draw = FIGURES.get(part.measure)
    return () if draw is None else tuple(draw(identifier, part, words))


def _scores(identifier: str, part: AuditPart, words: Words) -> Iterator[Figure]:
    calibration = _by_slicing(_table(part, "calibration"))
    curves = _by_slicing(_table(part, "curves"))
    for number, columns in enumerate(dict.fromkeys([*calibration, *curves])):
        found = (
            calibration_figure(
                f"{identifier}-{number}-calibration",
                columns,
                _bins(calibration.get(columns, {}), part),
                _level(part),
                words,
            ),
            _thresholds(f"{identifier}-{number}-thresholds", columns, curves.get(columns, {}), part, words),
        )
        yield from (each for each in found if each is not None)


def _bins(groups: Mapping[str, list[Row]], part: AuditPart) -> dict[str, list[Bin]]:
    """Bins of the groups that have enough rows; ten bins of a handful of people say nothing."""
    least, found = min_rows_of(part), dict[str, list[Bin]]()
    for name, rows in groups.items():
        own = [row for row in rows if row["metric"] == _BINS and row["n"]]
        if sum(row["n"] for row in own) >= least:
            found[name] = [
                Bin(score=row["mean_score"], rate=row["rate"], low=row["rate_low"], high=row["rate_high"], n=row["n"])
                for row in own
            ]
    return found


def _thresholds(
    identifier: str, columns: str, groups: Mapping[str, list[Row]], part: AuditPart, words: Words
) -> Figure | None:
    least = min_rows_of(part)
    compared = {name: rows for name, rows in groups.items() if rows and rows[0]["n"] >= least}
    rates: dict[str, dict[str, Curve]] = {}
    for rate in _CURVES:
        curves = {name: _curve(rows, rate, least) for name, rows in compared.items()}
        curves = {name: curve for name, curve in curves.items() if any(each is not None for each in curve.values)}
        if curves:
            rates[words(metric_words(rate))] = curves
    return thresholds_figure(identifier, columns, rates, {name: rows[0]["n"] for name, rows in compared.items()}, words)


def _curve(rows: list[Row], rate: str, least: int) -> Curve:
    """The rate at 0, 0.01, … 1. Whoever scores at least the threshold is selected, so the next score above decides.

    A rate of fewer than `least` people jumps from one person to the next and is left out.
    """
    ordered = sorted(rows, key=lambda row: row["threshold"])
    scores = [row["threshold"] for row in ordered]
    values: list[float | None] = []
    for step in range(STEPS + 1):
        place = bisect_left(scores, step / STEPS)
        # Above the highest score nobody is selected.
        row = ordered[place] if place < len(ordered) else {**ordered[-1], "selected": 0, rate: 0.0}
        values.append(row[rate] if _people(row, rate) >= least else None)
    return Curve(values=tuple(values))


def _people(row: Row, rate: str) -> int:
    """Rows in the denominator of a rate at one threshold."""
    if rate == "selection_rate":
        return int(row["n"])
    if row["positives"] is None:
        return 0
    positives = int(row["positives"])
    among = {"true_positive_rate": positives, "false_positive_rate": int(row["n"]) - positives}
    return among.get(rate, int(row["selected"]))


def _legal(identifier: str, part: AuditPart, words: Words) -> Iterator[Figure]:
    for number, columns in enumerate(slicings_of(part.measured)):
        readings = group_readings(part, "impact_ratio", columns)
        named = {group_title(group): each for group, each in readings.items()}
        found = ratios_figure(f"{identifier}-{number}-ratios", " × ".join(columns), named, _level(part), words)
        if found is not None:
            yield found


def _versions(identifier: str, part: AuditPart, words: Words) -> Iterator[Figure]:
    verdicts = _by_slicing(_table(part, "verdicts"), "metric")
    changes = _by_slicing(_table(part, "changes"), "metric")
    for number, columns in enumerate(slicings_of(part.measured)):
        named = " × ".join(columns)
        panels = [
            _panel(
                part,
                metric,
                columns,
                verdicts.get(named, {}).get(metric, []),
                changes.get(named, {}).get(metric, []),
                words,
            )
            for metric in part.parameters.get("metrics", ())
        ]
        level = next((each.interval.level for each in part.measured.estimates if hasattr(each.interval, "level")), 0.95)
        found = versions_figure(f"{identifier}-{number}-change", named, panels, level, words)
        if found is not None:
            yield found


def _panel(
    part: AuditPart, metric: str, columns: tuple[str, ...], verdicts: list[Row], changes: list[Row], words: Words
) -> ChangePanel:
    sides = []
    for side in ("earlier", "newer"):
        readings = group_readings(part, f"{metric}_{side}", columns)
        sides.append({group_title(group): each.value for group, each in readings.items() if each.value is not None})
    change = group_readings(part, f"{metric}_change", columns)
    verdict = verdicts[0] if verdicts else {}
    margin = verdict.get("margin")
    rising = metric == "false_positive_rate" or (
        metric == "selection_rate" and not part.parameters.get("favourable", True)
    )
    return ChangePanel(
        title=words(metric_words(metric)),
        earlier=sides[0],
        newer=sides[1],
        change={group_title(group): each for group, each in change.items()},
        margin=None if margin is None else margin if rising else -margin,
        verdict=verdict.get("verdict"),
        harmed=tuple(_title(row) for row in changes if row["harm_shown"]),
    )


def _table(part: AuditPart, name: str) -> Table | None:
    return next((table for table in part.measured.tables if table.name == name), None)


def _by_slicing(table: Table | None, key: str = "group") -> dict[str, dict[str, list[Row]]]:
    """The rows of a table by its slicing, and within that by group or metric."""
    found: dict[str, dict[str, list[Row]]] = {}
    for cells in () if table is None else table.rows:
        row = dict(zip(table.columns, cells, strict=True)) if table is not None else {}
        named = str(row[key]) if key == "metric" else _title(row)
        found.setdefault(str(row["columns"]), {}).setdefault(named, []).append(row)
    return found


def _title(row: Row) -> str:
    return group_title(str(row["group"]).split(" × "))


def _level(part: AuditPart) -> float:
    level = part.parameters.get("confidence", 0.95)
    return level if isinstance(level, float) else 0.95


FIGURES: Final[Mapping[str, Callable[[str, AuditPart, Words], Iterator[Figure]]]] = MappingProxyType(
    {"fairness.legal": _legal, "fairness.scores": _scores, "fairness.versions": _versions}
)
"""Measure → what draws it; the rates of `fairness.groups` stand with their slicing."""
