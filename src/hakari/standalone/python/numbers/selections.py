"""Selections: the figures of the legal tests, from people counted by group, stratum and whether they were selected.

Ratios, standard deviations and disparities are arithmetic on counts. Fisher's test adds up all tables with the same
margins; the test of Cochran, Mantel and Haenszel needs the error function. P-values are Holm's over all comparisons.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hakari.standalone.python.numbers.counts import GroupRates, Tally, group_order, group_rates, read_tally
from hakari.standalone.python.words import Impossible, say
from hakari.standalone.python.work import spend

__all__ = ["legal_figure"]

_PEOPLE_TABLE = "tally "
_EQUALLY_LIKELY = 1e-10
_LEAST_ROOM = 5.0
_MOST_OUTCOMES = 3_000_000
# Fisher's test adds up all tables with these margins: beyond so many its figure is only read.
_STRATUM = 2e-6  # seconds that one stratum of one comparison takes

Stratum = tuple[int, int, int, int]
"""Selected and not selected of the group, selected and not selected of those it is compared with."""


class SelectedPeople:
    """One way of dividing people into groups."""

    def __init__(self, name: str, table: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        tally = read_tally(table)
        outcome = parameters["outcome"]
        before = tally.axes[: tally.place(outcome)]
        width = next(n for n in range(1, len(before) + 1) if " × ".join(before[:n]) == name)
        self.columns = list(before[:width])
        self.controlled = len(before) > width
        metric = "selection_rate" if outcome == "prediction" else "base_rate"
        self.rates: GroupRates = group_rates(tally, metric, self.columns)
        self.compared = [g for g, n in enumerate(self.rates.trials) if n >= parameters["min_rows"]]
        wanted = parameters.get("reference")
        self.reference = self.rates.names.index(wanted) if wanted in self.rates.names else None
        # Weighted and clustered rows presume other tests: there only rates are compared.
        self.independent = tally.scale is None and "cluster" not in tally.axes
        self.counts = self._counted(tally, width, len(before), outcome)

    def _counted(self, tally: Tally, width: int, end: int, outcome: str) -> list[list[list[int]]]:
        """Return [selected, not selected] by group and stratum."""
        place = tally.place(outcome)
        groups = {group: g for g, group in enumerate(sorted({cell[:width] for cell in tally.cells}, key=group_order))}
        strata = {key: s for s, key in enumerate(dict.fromkeys(cell[width:end] for cell in tally.cells))}
        spend(_STRATUM * len(groups) * len(strata))
        counts = [[[0, 0] for _ in strata] for _ in groups]
        for cell, numbers in tally.cells.items():
            if cell[place] not in (0, 1):
                raise Impossible(say("statistics.tally.count", value=repr(cell[place])))
            counts[groups[cell[:width]]][strata[cell[width:end]]][1 - int(cell[place])] += numbers[0]
        return counts

    def comparisons(self) -> Iterator[list[Stratum]]:
        """Yield the strata of each group with enough rows beside all others, or beside the named reference."""
        if not self.independent or len(self.counts) < 2:
            return
        total = [[sum(group[s][k] for group in self.counts) for k in (0, 1)] for s in range(len(self.counts[0]))]
        for place in self.compared:
            if place == self.reference:
                continue
            own = self.counts[place]
            spend(_STRATUM * len(own))
            rest = [[all_ - mine for all_, mine in zip(t, o, strict=True)] for t, o in zip(total, own, strict=True)]
            others = rest if self.reference is None else self.counts[self.reference]
            yield [(a, b, c, d) for (a, b), (c, d) in zip(own, others, strict=True)]

    def pairs(self) -> Iterator[Stratum]:
        """Yield the comparisons over all strata together."""
        for strata in self.comparisons():
            a, b, c, d = (sum(part) for part in zip(*strata, strict=True))
            yield a, b, c, d

    def ratio(self) -> float | None:
        """Return the lowest rate over the highest, of the groups with enough rows."""
        known = [value for g in self.compared if math.isfinite(value := self.rates.limits.values[g])]
        return min(known) / max(known) if len(known) > 1 and max(known) > 0 else None

    def different(self, figures: list[float]) -> list[float]:
        """Two groups that are each the rest of the other are one comparison."""
        return figures[:1] if self.reference is None and len(self.counts) == 2 else figures


def legal_figure(
    metric: str, columns: Sequence[str], parameters: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]
) -> float | None:
    """Return a figure over all groups, or over those of `columns`; None where it can only be read.

    Raises:
        Impossible: the tables do not hold the groups, or give no such figure.
    """
    parts = list(_divided(parameters, tables))
    wanted = [part for part in parts if not columns or part.columns == list(columns)]
    if metric == "impact_ratio_min":
        found = [ratio for part in wanted if (ratio := part.ratio()) is not None]
    elif metric == "standard_deviations_max":
        found = [abs(value) for part in wanted for pair in part.pairs() if (value := _deviations(pair)) is not None]
    elif metric == "conditional_demographic_disparity_max":
        strata = (each for part in wanted if part.controlled for each in part.comparisons())
        found = [value for each in strata if (value := _disparity(each)) is not None]
    elif metric in ("fisher_p_min", "mantel_haenszel_p_min"):
        if (
            metric == "fisher_p_min"
            and sum(_outcomes(pair) for part in parts for pair in part.pairs()) > _MOST_OUTCOMES
        ):
            return None
        found = _adjusted_values(metric, parts, wanted)
    else:
        return None
    if not found:
        raise Impossible(say("assessment.check.no_estimate", metric=metric))
    return min(found) if metric.endswith("_min") else max(found)


def _divided(parameters: Mapping[str, Any], tables: Sequence[Mapping[str, Any]]) -> Iterator[SelectedPeople]:
    named = {t["name"].removeprefix(_PEOPLE_TABLE): t for t in tables if t["name"].startswith(_PEOPLE_TABLE)}
    columns = parameters["columns"]
    wanted = list(named) if columns is None else list(columns)
    if columns is not None and parameters["intersections"] and len(wanted) > 1:
        wanted.append(" × ".join(columns))
    if not wanted or any(name not in named for name in wanted):
        raise Impossible(say("assessment.check.no_counts", table=_PEOPLE_TABLE + " × ".join(wanted)))
    for name in wanted:
        yield SelectedPeople(name, named[name], parameters)


def _informative(pair: Stratum) -> bool:
    a, b, c, d = pair
    return min(a + b, c + d) > 0 and min(a + c, b + d) > 0


def _deviations(pair: Stratum) -> float | None:
    """Return (selected − expected) / standard deviation given all margins."""
    if not _informative(pair):
        return None
    a, b, c, d = pair
    n, m = a + b + c + d, a + c
    variance = (a + b) / n * (c + d) / n * m * (n - m) / (n - 1)
    return float((a - (a + b) * m / n) / math.sqrt(variance))


def _disparity(strata: Sequence[Stratum]) -> float | None:
    """Return the share of those turned down less the share of those selected, strata weighted by their people."""
    known = [stratum for stratum in strata if stratum[0] + stratum[2] > 0 and stratum[1] + stratum[3] > 0]
    people = sum(sum(stratum) for stratum in known)
    if not known:
        return None
    return math.fsum((a + b + c + d) / people * (b / (b + d) - a / (a + c)) for a, b, c, d in known)


def _outcomes(pair: Stratum) -> int:
    a, b, c, _ = pair
    return min(a + b, a + c)


def _fisher(pair: Stratum) -> float:
    """Return the probability of all tables with these margins that are no more likely than the one seen."""
    a, b, c, d = pair
    rows, other, drawn = a + b, c + d, a + c
    low, high = max(0, drawn - other), min(rows, drawn)
    spend(1e-6 * (high - low + 1))
    # How much more likely one selection more is; from the most likely table outwards nothing is lost.
    ratios = [(rows - k) * (drawn - k) / ((k + 1) * (other - drawn + k + 1)) for k in range(low, high)]
    mode = sum(ratio > 1 for ratio in ratios)
    likely = [1.0] * (high - low + 1)
    for place in range(mode, high - low):
        likely[place + 1] = likely[place] * ratios[place]
    for place in range(mode, 0, -1):
        likely[place - 1] = likely[place] / ratios[place - 1]
    seen = likely[a - low] * (1 + _EQUALLY_LIKELY)
    return min(math.fsum(each for each in likely if each <= seen) / math.fsum(likely), 1.0)


def _stratified_p(strata: Sequence[Stratum]) -> float | None:
    """Return the p-value of Cochran, Mantel and Haenszel, where more than five may move to either side."""
    known = [stratum for stratum in strata if _informative(stratum)]
    excess = variance = down = up = 0.0
    for a, b, c, d in known:
        n, group, selected = a + b + c + d, a + b, a + c
        expected = group * selected / n
        excess += a - expected
        variance += group * (c + d) / n * (selected * (b + d) / n) / (n - 1)
        down += expected - max(group + selected - n, 0)
        up += min(group, selected) - expected
    if not variance or min(down, up) <= _LEAST_ROOM:
        return None
    return math.erfc(abs(excess) / math.sqrt(2.0 * variance))


def _adjusted_values(metric: str, parts: Sequence[SelectedPeople], wanted: Sequence[SelectedPeople]) -> list[float]:
    """Return the p-values of the wanted parts after Holm over all parts: the family is the whole measurement."""
    if metric == "fisher_p_min":
        own = [[_fisher(pair) for pair in part.pairs() if _informative(pair)] for part in parts]
    else:
        strata = [part.comparisons() if part.controlled else [] for part in parts]
        own = [[p for each in comparisons if (p := _stratified_p(each)) is not None] for comparisons in strata]
    tests = [(p, part) for part, found in zip(parts, own, strict=True) for p in part.different(found)]
    highest, found_of_wanted = 0.0, []
    for place, (p, part) in enumerate(sorted(tests, key=lambda test: test[0])):
        highest = max(highest, p * (len(tests) - place))
        if part in wanted:
            found_of_wanted.append(min(highest, 1.0))
    return found_of_wanted
