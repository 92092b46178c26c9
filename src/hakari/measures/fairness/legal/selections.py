"""Selections: who was selected, by group and stratum, as the legal tests count it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import group_name
from hakari.measures.fairness.legal.parameters import LegalParameters
from hakari.messages import say
from hakari.statistics import GroupRates, Tally, Value, group_rates
from hakari.statistics.contingency import Pair

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.statistics._arrays import IntArray

__all__ = ["Comparison", "Selections", "count_selections"]

_MOST_STRATA = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One group with the people it is compared with."""

    place: int
    """Where the group stands among the groups."""
    pair: Pair
    strata: IntArray
    """Counts (S, 2, 2): [group, others] × [selected, not selected]."""


@dataclass(frozen=True, slots=True, eq=False)
class Selections:
    """One slicing of the people, counted."""

    tally: Tally
    """Groups × controls × selected."""
    rates: GroupRates
    """Selection rates with their limits."""
    counts: IntArray
    """People (G, S, 2) by group, stratum and [not selected, selected]."""
    compared: IntArray
    """Places of the groups with enough rows."""
    large: frozenset[int]
    """The same, to look up."""
    controls: tuple[str, ...]
    """The columns of the strata; a control that is a group column itself is left out."""
    reference: int | None
    """Place of the named reference group; None compares each group with all others."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The group columns."""
        return self.rates.columns

    @property
    def independent(self) -> bool:
        """Whether every row counts once and for itself, as the tests presume."""
        return self.tally.weights is None and "cluster" not in self.tally.axes

    @property
    def same_twice(self) -> bool:
        """Whether two groups are each the rest of the other: then there is one comparison, not two."""
        return self.reference is None and len(self.counts) == 2

    def comparisons(self) -> Iterator[Comparison]:
        """Yield the comparisons of the groups with enough rows."""
        total = self.counts.sum(axis=0)
        for place in self.compared.tolist():
            if place == self.reference:
                continue
            own = self.counts[place]
            others = total - own if self.reference is None else self.counts[self.reference]
            strata = np.stack([own[:, ::-1], others[:, ::-1]], axis=1)
            (selected, refused), (other_selected, other_refused) = strata.sum(axis=0).tolist()
            pair = Pair(selected, selected + refused, other_selected, other_selected + other_refused)
            yield Comparison(place, pair, strata)


def count_selections(inputs: Inputs, slicing: tuple[str, ...], parameters: LegalParameters) -> Selections:
    """Count one slicing in one query.

    Raises:
        InputError: too many strata.
    """
    # No stratified figure is given for dependent rows, and strata by cluster would be as many cells as rows.
    dependent = inputs.columns.weight is not None or inputs.columns.cluster is not None
    named = () if dependent else dict.fromkeys(parameters.controls)
    controls = tuple(column for column in named if column not in slicing)
    outcome = parameters.outcome
    tally = inputs.tally((*slicing, *controls), label=outcome == "label", prediction=outcome == "prediction")
    if parameters.favourable == "negative":
        tally = _turned(tally, outcome)
    metric = "selection_rate" if outcome == "prediction" else "base_rate"
    rates = group_rates(tally, metric, slicing)
    counts = _counts(tally, slicing, controls, outcome, rates.groups)
    compared = np.flatnonzero(rates.trials >= parameters.min_rows)
    return Selections(
        tally=tally,
        rates=rates,
        counts=counts,
        compared=compared,
        large=frozenset(compared.tolist()),
        controls=controls,
        reference=_reference(rates, parameters),
    )


def _turned(tally: Tally, outcome: str) -> Tally:
    """The tally with selected and not selected in each other's place."""
    place = tally.position(outcome)
    rows = ([*row[:place], 1 - int(row[place]), *row[place + 1 :]] for row in tally.to_rows())
    return Tally.from_rows(tally.axes, rows, None if tally.weights is None else tally.weights.scale)


def _counts(
    tally: Tally, slicing: Sequence[str], controls: Sequence[str], outcome: str, groups: Sequence[tuple[Value, ...]]
) -> IntArray:
    part = tally.marginal((*slicing, *controls, outcome))
    width = len(slicing)
    strata = {key: place for place, key in enumerate(dict.fromkeys(cell[width:-1] for cell in part.cells))}
    if len(strata) > _MOST_STRATA:
        found = {"columns": list(controls), "strata": len(strata), "limit": _MOST_STRATA}
        raise InputError(say("measures.fairness.legal.many_strata", **found))
    place = {group: number for number, group in enumerate(groups)}
    counts = np.zeros((len(groups), len(strata), 2), dtype=np.int64)
    for cell, n in zip(part.cells, part.counts, strict=True):
        counts[place[cell[:width]], strata[cell[width:-1]], int(cell[-1])] += n
    return counts


def _reference(rates: GroupRates, parameters: LegalParameters) -> int | None:
    names = [group_name(group) for group in rates.groups]
    wanted = parameters.reference
    return names.index(wanted) if wanted is not None and wanted in names else None
