"""Rates: the metrics that are proportions, as one table, and their values and limits per group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Literal

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import BoolArray, FloatArray, IntArray
from hakari.statistics.limits import ClopperPearson, ClusteredRates, Limits, WeightedRates
from hakari.statistics.tally import Tally, Value, cell_key

Cell = tuple[int, int]
"""(label, prediction), each 0 or 1."""

HighIs = Literal["good", "bad", "neutral"]
"""What a high value of a metric means."""

ALL_CELLS: frozenset[Cell] = frozenset({(0, 0), (0, 1), (1, 0), (1, 1)})

_ACTUAL_POSITIVE: frozenset[Cell] = frozenset({(1, 0), (1, 1)})
_ACTUAL_NEGATIVE: frozenset[Cell] = frozenset({(0, 0), (0, 1)})
_SELECTED: frozenset[Cell] = frozenset({(0, 1), (1, 1)})
_REJECTED: frozenset[Cell] = frozenset({(0, 0), (1, 0)})
_CORRECT: frozenset[Cell] = frozenset({(0, 0), (1, 1)})
_TRUE_POSITIVE: frozenset[Cell] = frozenset({(1, 1)})
_FALSE_POSITIVE: frozenset[Cell] = frozenset({(0, 1)})
_TRUE_NEGATIVE: frozenset[Cell] = frozenset({(0, 0)})
_FALSE_NEGATIVE: frozenset[Cell] = frozenset({(1, 0)})


@dataclass(frozen=True, slots=True)
class RateDefinition:
    """A rate is successes / trials, both sums of cells of the confusion matrix."""

    name: str
    """Name in the field's words."""
    successes: frozenset[Cell]
    """Cells in the numerator."""
    trials: frozenset[Cell]
    """Cells in the denominator."""
    formula: str
    """The same in words of the confusion matrix."""
    high_is: HighIs
    """What a high value means to the people in the group."""
    needs_label: bool = True
    """False where the rate can be computed without labels."""
    needs_prediction: bool = True
    """False where the rate can be computed without predictions."""

    @property
    def needed_axes(self) -> tuple[str, ...]:
        """The axes of a tally that this rate reads."""
        return ("label",) * self.needs_label + ("prediction",) * self.needs_prediction

    def value(self, confusion: FloatArray | IntArray) -> FloatArray:
        """The rate of counts (..., 2, 2) indexed [label, prediction]; nan where there are no trials."""
        parts = (sum(confusion[..., i, j] for i, j in cells) for cells in (self.successes, self.trials))
        x, n = (np.asarray(part, dtype=float) for part in parts)
        out: FloatArray = np.full(n.shape, np.nan)
        np.divide(x, n, out=out, where=n > 0)
        return out


_GOOD: HighIs = "good"
_BAD: HighIs = "bad"
_NEUTRAL: HighIs = "neutral"
_TABLE = (
    RateDefinition("selection_rate", _SELECTED, ALL_CELLS, "(TP + FP) / all", _NEUTRAL, needs_label=False),
    RateDefinition("base_rate", _ACTUAL_POSITIVE, ALL_CELLS, "(TP + FN) / all", _NEUTRAL, needs_prediction=False),
    RateDefinition("accuracy", _CORRECT, ALL_CELLS, "(TP + TN) / all", _GOOD),
    RateDefinition("error_rate", ALL_CELLS - _CORRECT, ALL_CELLS, "(FP + FN) / all", _BAD),
    RateDefinition("true_positive_rate", _TRUE_POSITIVE, _ACTUAL_POSITIVE, "TP / (TP + FN)", _GOOD),
    RateDefinition("false_positive_rate", _FALSE_POSITIVE, _ACTUAL_NEGATIVE, "FP / (FP + TN)", _BAD),
    RateDefinition("true_negative_rate", _TRUE_NEGATIVE, _ACTUAL_NEGATIVE, "TN / (FP + TN)", _GOOD),
    RateDefinition("false_negative_rate", _FALSE_NEGATIVE, _ACTUAL_POSITIVE, "FN / (TP + FN)", _BAD),
    RateDefinition("positive_predictive_value", _TRUE_POSITIVE, _SELECTED, "TP / (TP + FP)", _GOOD),
    RateDefinition("negative_predictive_value", _TRUE_NEGATIVE, _REJECTED, "TN / (TN + FN)", _GOOD),
    RateDefinition("false_discovery_rate", _FALSE_POSITIVE, _SELECTED, "FP / (TP + FP)", _BAD),
    RateDefinition("false_omission_rate", _FALSE_NEGATIVE, _REJECTED, "FN / (TN + FN)", _BAD),
)
_SHARES = (
    "captured_share",
    "faithful_share",
    "inputs_match_share",
    "late_share",
    "reasons_captured_share",
    "recourse_share",
    "stable_reasons_share",
)
"""Shares of rows that hold something, counted in a table of their own whose `prediction` is 1 where it does."""
ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "precision": "positive_predictive_value",
        "recall": "true_positive_rate",
        **dict.fromkeys(_SHARES, "selection_rate"),
    }
)
RATES: Mapping[str, RateDefinition] = MappingProxyType({definition.name: definition for definition in _TABLE})
"""Every rate by its name; `rate_definition` also knows the aliases."""


@dataclass(frozen=True, slots=True)
class GroupRates:
    """One rate in every group, with its limits."""

    metric: str
    """Name of the rate, aliases resolved."""
    columns: tuple[str, ...]
    """Group columns."""
    groups: tuple[tuple[Value, ...], ...]
    """Levels of the columns, in canonical order (G)."""
    rows: tuple[int, ...]
    """All rows of each group (G), also those outside the denominator."""
    successes: FloatArray
    """Unweighted successes (G,)."""
    trials: FloatArray
    """Unweighted trials (G,): the rate's own denominators."""
    limits: Limits
    """Values and one-sided limits; its values are weighted where the tally is."""
    method: str
    """How the limits are made."""
    approximate: bool
    """True where the stated error holds only approximately."""


def rate_definition(metric: str) -> RateDefinition:
    """The definition of a rate by name or alias."""
    name = ALIASES.get(metric, metric)
    if name not in RATES:
        raise InputError(say("statistics.rates.unknown", metric=metric, known=sorted([*RATES, *ALIASES])))
    return RATES[name]


def group_rates(tally: Tally, metric: str, by: Sequence[str] = (), *, indexed: GroupIndex | None = None) -> GroupRates:
    """One rate in every group of the columns `by`; without columns, in the whole.

    `indexed` is the `GroupIndex` of the same tally and columns, where several rates are asked for.

    The limits fit what the tally carries: clusters and weights give Clopper–Pearson at an effective n
    (`ClusteredRates`, `WeightedRates`), plain counts exact Clopper–Pearson. Rows with a missing label or prediction
    that the rate needs count as rows but not as trials. Without an axis that the rate needs: InputError.
    """
    definition = rate_definition(metric)
    for axis in definition.needed_axes:
        if axis not in tally.axes:
            raise InputError(say("statistics.rates.axis", metric=definition.name, axis=axis, axes=list(tally.axes)))
    indexed = GroupIndex.of(tally, by) if indexed is None else indexed
    hit, used = _membership(tally, definition)
    counts = np.array(tally.counts, dtype=float)
    limits = _limits(tally, indexed, hit, used)
    return GroupRates(
        metric=definition.name,
        columns=tuple(by),
        groups=indexed.groups,
        rows=tuple(int(n) for n in indexed.total(counts)),
        successes=indexed.total(counts * hit),
        trials=indexed.total(counts * used),
        limits=limits,
        method=limits.method,
        approximate=limits.approximate,
    )


@dataclass(frozen=True, slots=True)
class GroupIndex:
    """The groups of a tally, and the group of each of its cells."""

    groups: tuple[tuple[Value, ...], ...]
    """Levels of the group columns, in canonical order (G); without columns one empty group."""
    index: IntArray
    """Group of every cell (K,)."""

    @classmethod
    def of(cls, tally: Tally, by: Sequence[str]) -> GroupIndex:
        """The groups of the columns `by`."""
        keys = _parts_of_cells(tally, by)
        groups = tuple(sorted(set(keys), key=cell_key)) if by else ((),)
        place = {group: number for number, group in enumerate(groups)}
        return cls(groups, np.fromiter(map(place.__getitem__, keys), dtype=np.int64, count=len(keys)))

    def total(self, numbers: FloatArray) -> FloatArray:
        """Numbers per cell (K,) summed per group (G,)."""
        return np.bincount(self.index, weights=numbers, minlength=len(self.groups)).astype(float)


def _parts_of_cells(tally: Tally, axes: Sequence[str]) -> list[tuple[Value, ...]]:
    """The levels of every cell (K) on these axes."""
    positions = [tally.position(axis) for axis in axes]
    if len(positions) > 1:
        return list(map(itemgetter(*positions), tally.cells))
    return [tuple(cell[position] for position in positions) for cell in tally.cells]


def _membership(tally: Tally, definition: RateDefinition) -> tuple[BoolArray, BoolArray]:
    """Which cells (K,) are successes, and which are trials."""
    # An axis that the rate does not need is not looked at, so its missing values do not matter.
    needed = definition.needed_axes
    label, prediction = (classes_of(tally, axis) if axis in needed else 0 for axis in ("label", "prediction"))
    successes, trials = _tables(definition)
    return successes[label, prediction], trials[label, prediction]


@cache
def _tables(definition: RateDefinition) -> tuple[BoolArray, BoolArray]:
    """Successes and trials (3, 3) by label and prediction: 0, 1, missing."""
    sides = np.zeros((2, 3, 3), dtype=bool)
    for side, cells in zip(sides, (definition.successes, definition.trials), strict=True):
        for label, prediction in cells:
            row = label if definition.needs_label else slice(None)
            side[row, prediction if definition.needs_prediction else slice(None)] = True
    return sides[0], sides[1]


def classes_of(tally: Tally, axis: str) -> IntArray:
    """0, 1, or 2 for missing, of every cell (K,) on an axis of two classes."""
    place = tally.position(axis)
    known: dict[Value, int] = {0: 0, 1: 1}
    return np.array([known.get(cell[place], 2) for cell in tally.cells], dtype=np.int64)


def _limits(tally: Tally, indexed: GroupIndex, hit: BoolArray, used: BoolArray) -> Limits:
    counts = np.array(tally.counts, dtype=float)
    weights = tally.weights
    amounts = counts if weights is None else np.array(weights.sums, dtype=float) / weights.scale
    if "cluster" in tally.axes:
        return _clustered(tally, indexed, amounts * hit, amounts * used, weights is not None)
    if weights is None:
        return ClopperPearson(indexed.total(counts * hit), indexed.total(counts * used))
    squares = np.array(weights.squares, dtype=float) / float(weights.scale) ** 2
    return WeightedRates(
        trials=indexed.total(counts * used),
        success_weights=indexed.total(amounts * hit),
        trial_weights=indexed.total(amounts * used),
        success_squares=indexed.total(squares * hit),
        trial_squares=indexed.total(squares * used),
    )


def _clustered(tally: Tally, indexed: GroupIndex, x: FloatArray, n: FloatArray, weighted: bool) -> ClusteredRates:
    position = tally.position("cluster")
    place: dict[Value, int] = {}
    code = np.array([place.setdefault(cell[position], len(place)) for cell in tally.cells], dtype=np.int64)
    pairs, slot = np.unique(indexed.index * max(len(place), 1) + code, return_inverse=True)
    x, n = (np.bincount(slot, weights=part, minlength=len(pairs)).astype(float) for part in (x, n))
    group, cluster = np.divmod(pairs, max(len(place), 1))
    return ClusteredRates(len(indexed.groups), group, cluster, x, n, weighted=weighted)
