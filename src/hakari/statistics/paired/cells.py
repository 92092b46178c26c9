"""Cells: how often two versions succeed together, alone or not at all, in each group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import ClopperPearson, Limits
from hakari.statistics.paired.change import Change, DependentChange, PairedChange
from hakari.statistics.rates import GroupIndex, RateDefinition, group_rates, rate_definition
from hakari.statistics.tally import Tally, Value

PAIRED_RATES = (
    "selection_rate",
    "accuracy",
    "error_rate",
    "true_positive_rate",
    "false_positive_rate",
    "true_negative_rate",
    "false_negative_rate",
)
"""Rates whose denominator does not depend on the predictions, so that two versions share it."""

OTHER = "other_prediction"
"""Axis of a tally that holds the earlier version's prediction, beside `prediction` for the newer one's."""

_Side = list[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedCells:
    """The four paired cells of one rate in every group, and the limits of its change."""

    metric: str
    """Name of the rate, aliases resolved."""
    columns: tuple[str, ...]
    """Group columns."""
    groups: tuple[tuple[Value, ...], ...]
    """Levels of the columns, in canonical order (G)."""
    both: FloatArray
    """Rows on which both versions succeed (G,)."""
    gained: FloatArray
    """Rows on which only the newer version succeeds (G,)."""
    lost: FloatArray
    """Rows on which only the earlier version succeeds (G,)."""
    trials: FloatArray
    """Rows of the shared denominator (G,)."""
    earlier: Limits
    """Limits of the earlier version's rate."""
    newer: Limits
    """Limits of the newer version's rate."""
    change: Change
    """Limits of the newer rate minus the earlier one."""

    @property
    def neither(self) -> FloatArray:
        """Rows on which no version succeeds (G,)."""
        return self.trials - self.both - self.gained - self.lost


def paired_cells(tally: Tally, metric: str, by: Sequence[str] = ()) -> PairedCells:
    """The paired cells of a rate from a tally over (…, label, other_prediction, prediction), or without label.

    Weights and clusters of the tally go into the limits (`DependentChange`); plain rows get `PairedChange`.

    Raises:
        InputError: a rate whose denominator differs between versions, or an axis that is not there.
    """
    definition = rate_definition(metric)
    if definition.name not in PAIRED_RATES:
        raise InputError(say("statistics.paired.unpaired", metric=definition.name, known=list(PAIRED_RATES)))
    trial, before, after = _membership(tally, definition)
    indexed = GroupIndex.of(tally, by)
    counts = np.array(tally.counts, dtype=float)

    def total(side: _Side) -> FloatArray:
        return indexed.total(counts * np.array(side, dtype=bool))

    plain = tally.weights is None and "cluster" not in tally.axes
    trials = total(trial)

    def limits(side: _Side) -> Limits:
        return ClopperPearson(total(side), trials) if plain else _rates(tally, by, trial, side)

    gained = [b and not a for a, b in zip(before, after, strict=True)]
    lost = [a and not b for a, b in zip(before, after, strict=True)]
    gains, losses = total(gained), total(lost)
    change = PairedChange(gains, losses, trials) if plain else DependentChange(limits(gained), limits(lost))
    return PairedCells(
        metric=definition.name, columns=tuple(by), groups=indexed.groups, both=total(before) - losses, gained=gains,
        lost=losses, trials=trials, earlier=limits(before), newer=limits(after), change=change,
    )  # fmt: skip


def _membership(tally: Tally, definition: RateDefinition) -> tuple[_Side, _Side, _Side]:
    """Which cells are trials, and which are successes of the earlier and of the newer version."""
    axes = {axis: tally.axes.index(axis) for axis in ("label", OTHER, "prediction") if axis in tally.axes}
    needed = {OTHER, *definition.needed_axes}
    if not needed <= set(axes):
        missing = sorted(needed - set(axes))[0]
        raise InputError(say("statistics.rates.axis", metric=definition.name, axis=missing, axes=list(tally.axes)))

    def sides(cells: frozenset[tuple[int, int]], axis: str) -> _Side:
        if not definition.needs_label:
            hit = {prediction for _, prediction in cells}
            return [cell[axes[axis]] in hit for cell in tally.cells]
        return [(cell[axes["label"]], cell[axes[axis]]) in cells for cell in tally.cells]

    # Rows without one of the predictions are trials of neither version.
    trial = [a and b for a, b in zip(*(sides(definition.trials, axis) for axis in (OTHER, "prediction")), strict=True)]
    before, after = (
        [a and b for a, b in zip(trial, sides(definition.successes, axis), strict=True)]
        for axis in (OTHER, "prediction")
    )
    return trial, before, after


def _rates(tally: Tally, by: Sequence[str], trial: _Side, hit: _Side) -> Limits:
    """The share of these cells among the trials: a selection rate, whose limits weights and clusters already have."""
    kept = [axis for axis in (*by, "cluster") if axis in tally.axes]
    places = [tally.position(axis) for axis in kept]
    weights = repeat(()) if tally.weights is None else zip(tally.weights.sums, tally.weights.squares, strict=True)
    rows = (
        (*(cell[place] for place in places), int(success) if used else None, n, *more)
        for cell, n, used, success, more in zip(tally.cells, tally.counts, trial, hit, weights, strict=False)
    )
    scale = None if tally.weights is None else tally.weights.scale
    return group_rates(Tally.from_rows((*kept, "prediction"), rows, scale), "selection_rate", by).limits
