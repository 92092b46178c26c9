"""Legal: the figures of `fairness.legal` from its tables of groups × controls × selected."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hakari.errors import EvidenceError
from hakari.evidence import Table
from hakari.messages import say
from hakari.statistics import GroupRates, Tally, group_rates
from hakari.statistics._arrays import IntArray
from hakari.statistics.contingency import (
    Pair,
    demographic_disparity,
    fisher_exact,
    hypergeometric_deviations,
    mantel_haenszel,
)
from hakari.statistics.description import holm_adjusted

__all__ = ["legal_figure"]

_TABLE: Final = "tally "
_JOINED: Final = " × "
_MOST_TABLES: Final = 200_000_000
# Fisher's test runs through all tables with the same margins: beyond so many its figure is only read.
_MOST_CELLS: Final = 20_000_000
# Groups × strata: more than any real record holds, but a bent one could ask for it.


class _TooManyError(Exception):
    """More than can be derived in a reasonable time."""


@dataclass(frozen=True, slots=True, eq=False)
class _Slicing:
    """One slicing of the people, read from its table."""

    columns: tuple[str, ...]
    rates: GroupRates
    counts: IntArray
    """People (G, S, 2) by group, stratum and [selected, not selected]."""
    compared: tuple[int, ...]
    """Groups with enough rows."""
    reference: int | None
    independent: bool
    """Whether every row counts once and for itself: otherwise only rates are compared."""
    controlled: bool

    def strata(self) -> Iterator[IntArray]:
        """Yield the counts (S, 2, 2) of each comparison: [group, others] × [selected, not selected]."""
        if not self.independent or len(self.counts) < 2:
            return
        total = self.counts.sum(axis=0)
        for place in self.compared:
            if place != self.reference:
                own = self.counts[place]
                others = total - own if self.reference is None else self.counts[self.reference]
                yield np.stack([own, others], axis=1)

    def different(self, figures: Sequence[float]) -> list[float]:
        """Two groups that are each the rest of the other are one comparison."""
        return list(figures[:1] if self.reference is None and len(self.counts) == 2 else figures)


def legal_figure(
    metric: str, columns: tuple[str, ...], parameters: Mapping[str, Any], tables: Sequence[Table]
) -> float | None:
    """Return a figure over all groups, or over those of `columns`; None where it can only be read.

    Raises:
        EvidenceError: the tables do not hold the groups, or give no such figure.
    """
    try:
        parts = _slicings(parameters, tables)
    except _TooManyError:
        return None
    wanted = [part for part in parts if not columns or part.columns == columns]
    found: list[float]
    if metric == "impact_ratio_min":
        found = [-ratio for part in wanted for ratio in _ratios(part)]
    elif metric == "standard_deviations_max":
        found = [
            abs(each.statistic) for pair in _pairs(wanted) if (each := hypergeometric_deviations(pair)) is not None
        ]
    elif metric == "conditional_demographic_disparity_max":
        strata = (each for part in wanted if part.controlled for each in part.strata())
        found = [value for each in strata if math.isfinite(value := demographic_disparity(each).value)]
    elif metric in ("fisher_p_min", "mantel_haenszel_p_min"):
        if metric == "fisher_p_min" and sum(_tables_of(pair) for pair in _pairs(parts)) > _MOST_TABLES:
            return None
        found = [-p for p in _adjusted(metric, parts, wanted)]
    else:
        return None
    if not found:
        raise EvidenceError(say("assessment.check.no_estimate", metric=metric))
    # The smallest ratio and the smallest p-value stand here with the other sign.
    return abs(max(found)) if metric.endswith("_min") else max(found)


def _slicings(parameters: Mapping[str, Any], tables: Sequence[Table]) -> list[_Slicing]:
    named = {table.name.removeprefix(_TABLE): table for table in tables if table.name.startswith(_TABLE)}
    columns = parameters["columns"]
    wanted = list(named) if columns is None else list(columns)
    if columns is not None and parameters["intersections"] and len(wanted) > 1:
        wanted.append(_JOINED.join(columns))
    if not wanted or any(name not in named for name in wanted):
        raise EvidenceError(say("assessment.check.no_counts", table=f"{_TABLE}{_JOINED.join(wanted)}"))
    return [_slicing(name, named[name], parameters) for name in wanted]


def _slicing(name: str, table: Table, parameters: Mapping[str, Any]) -> _Slicing:
    axes = tuple(table.columns[: table.columns.index("n")])
    tally = Tally.from_rows(axes, table.rows, table.details.get("scale"))
    outcome = parameters["outcome"]
    before = axes[: axes.index(outcome)]
    columns = next(before[:width] for width in range(1, len(before) + 1) if _JOINED.join(before[:width]) == name)
    controls = before[len(columns) :]
    rates = group_rates(tally, "selection_rate" if outcome == "prediction" else "base_rate", columns)
    names = [_JOINED.join(str(level) for level in group) for group in rates.groups]
    reference = parameters.get("reference")
    return _Slicing(
        columns=columns,
        rates=rates,
        counts=_counts(tally, columns, controls, outcome, rates),
        compared=tuple(np.flatnonzero(rates.trials >= parameters["min_rows"]).tolist()),
        reference=names.index(reference) if reference in names else None,
        independent=tally.weights is None and "cluster" not in axes,
        controlled=bool(controls),
    )


def _counts(tally: Tally, columns: Sequence[str], controls: Sequence[str], outcome: str, rates: GroupRates) -> IntArray:
    part = tally.marginal((*columns, *controls, outcome))
    width = len(columns)
    groups = {group: place for place, group in enumerate(rates.groups)}
    strata = {key: place for place, key in enumerate(dict.fromkeys(cell[width:-1] for cell in part.cells))}
    if len(groups) * len(strata) > _MOST_CELLS:
        raise _TooManyError
    counts = np.zeros((len(groups), len(strata), 2), dtype=np.int64)
    for cell, n in zip(part.cells, part.counts, strict=True):
        counts[groups[cell[:width]], strata[cell[width:-1]], 1 - int(cell[-1])] += n
    return counts


def _ratios(part: _Slicing) -> Iterator[float]:
    """Yield the lowest rate over the highest, of the groups with enough rows."""
    rates = part.rates.limits.values[list(part.compared)]
    known = rates[np.isfinite(rates)]
    if len(known) > 1 and known.max() > 0:
        yield float(known.min() / known.max())


def _pairs(parts: Sequence[_Slicing]) -> Iterator[Pair]:
    for part in parts:
        yield from (_pair(strata) for strata in part.strata())


def _pair(strata: IntArray) -> Pair:
    (selected, refused), (other_selected, other_refused) = strata.sum(axis=0).tolist()
    return Pair(selected, selected + refused, other_selected, other_selected + other_refused)


def _tables_of(pair: Pair) -> int:
    """Return how many tables have the margins of this one, at most."""
    return min(pair.rows, pair.selections)


def _adjusted(metric: str, parts: Sequence[_Slicing], wanted: Sequence[_Slicing]) -> list[float]:
    """Return the p-values of the wanted parts after Holm over all parts: the family is the whole measurement."""
    own = [part.different(list(_p_values(metric, part))) for part in parts]
    adjusted = iter(holm_adjusted([p for each in own for p in each]).tolist())
    found = [[next(adjusted) for _ in each] for each in own]
    return [p for part, each in zip(parts, found, strict=True) if part in wanted for p in each]


def _p_values(metric: str, part: _Slicing) -> Iterator[float]:
    for strata in part.strata():
        if metric == "fisher_p_min":
            pair = _pair(strata)
            if pair.informative:
                yield fisher_exact(pair).two_sided
        elif part.controlled:
            found = mantel_haenszel(strata)
            if found.trusted and math.isfinite(found.p):
                yield found.p
