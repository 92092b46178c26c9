"""`fairness.individual`: whether rows that are alike are decided alike, and whether the attribute alone changes one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.inputs.classes import encode_classes
from hakari.inputs.values import class_text, is_missing, text
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, shortened, slicings, unmeasured
from hakari.measures.fairness._rows import (
    Slicing,
    Unusable,
    checked_columns,
    slicing_estimates,
    slicing_of,
    small_groups,
    weights_and_units,
)
from hakari.messages import Message, say
from hakari.statistics import MISSING
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.individual import consistency
from hakari.statistics.metrics.rows import share_limits

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.inputs import Columns, Data, Inputs, Model, ModelSpec
    from hakari.measures._context import Context
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["FLIPS", "OVER", "IndividualParameters", "measure_individual", "with_flips"]

OVER: Mapping[str, Mapping[str, Spreading]] = MappingProxyType(
    {
        "consistency": {"consistency_difference": "difference", "consistency_worst_group": "lowest"},
        "flip_rate": {"flip_rate_difference": "difference", "flip_rate_worst_group": "highest"},
        "gained_by_flip": {},
        "lost_by_flip": {},
    }
)
"""Metric of the groups → the numbers over the groups made of it."""
FLIPS = ("flip_rate", "gained_by_flip", "lost_by_flip")
_MOST_LEVELS = 50
# A column of text with more levels names rows rather than describing them.
_CHUNK = 10_000
# Rows that a model is given at once.
_MOST_CELLS = 20_000_000
# Rows times groups held in memory for the limits of consistency.


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualParameters:
    """What `fairness.individual` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Sensitive columns; all that the manifest names if left out."""
    features: tuple[str, ...] | None = None
    """Columns that make rows alike; all that have no other meaning if left out."""
    flipped: str | None = None
    """Column of the decision for the same row with the attribute in it changed; a model at hand is asked without it."""
    attribute: str | None = None
    """Sensitive column that the model is asked with changed; the only one that it is given if left out."""
    neighbours: int = 5
    """How many nearest rows a row is compared with."""
    rows: int = 5_000
    """Of a larger table so many rows are drawn for the comparison with neighbours."""
    intersections: bool = True
    """Whether the groups of all columns crossed are measured as well."""
    min_rows: int = 30
    """Groups with fewer rows are listed, not compared."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the groups, and of each number over the groups."""


@dataclass(frozen=True, slots=True, eq=False)
class _Alike:
    """What neighbours are looked up by, for the rows that were drawn."""

    chosen: IntArray
    """Rows that were drawn (M,)."""
    points: FloatArray
    """Standardised features (M, d)."""
    decisions: FloatArray
    """0 or 1 (M,)."""
    used: tuple[str, ...]
    left_out: tuple[str, ...]
    """Columns of text with too many levels, and columns that are the same in every row."""


def measure_individual(inputs: Inputs, parameters: IndividualParameters, *, context: Context) -> Measured:
    """Measure consistency among nearest neighbours and, where the flipped decision is at hand, the flip test.

    Raises:
        InputError: no sensitive or prediction column, an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = checked_columns(inputs, "fairness.individual", parameters.columns, parameters.min_rows)
    if inputs.columns.prediction is None:
        raise InputError(say("measures.fairness.individual.no_prediction"))
    if parameters.neighbours < 1 or parameters.rows < 2:
        raise InputError(
            say("measures.fairness.individual.range", neighbours=parameters.neighbours, rows=parameters.rows)
        )
    error_of(parameters.confidence)
    levels = inputs.data.read(columns)
    alike = _attempted(lambda: _alike(inputs, parameters, columns, context.rng("rows")))
    flips = _attempted(lambda: _flips(inputs, parameters, columns))
    parts = ((), *slicings(columns, intersections=parameters.intersections))
    estimates: list[Estimate] = []
    rows: list[tuple[Any, ...]] = []
    limits = list(_limits(inputs, alike, flips, columns))
    for number, part in enumerate(parts):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(parts), say("measures.fairness.individual.progress"))
        slicing = slicing_of(levels, part, inputs.data.rows)
        estimates += _consistency_estimates(alike, slicing, parameters)
        estimates += _flip_estimates(flips, slicing, parameters)
        rows += _flip_rows(flips, slicing)
        limits += small_groups(slicing, parameters.min_rows)
    context.progress(len(parts), len(parts), say("measures.fairness.individual.progress"))
    names = ("columns", "group", "prediction", "flipped", "n")
    tables = (Table(name="flips", columns=names, rows=tuple(rows)),) if rows else ()
    return Measured(estimates=tuple(estimates), tables=tables, limits=tuple(limits))


def _attempted(read: Any) -> Any:
    """Return what `read` returns, or the reason why that cannot be measured."""
    try:
        return read()
    except Unusable as unusable:
        return unusable.reason


def _classes(inputs: Inputs, names: tuple[str, ...]) -> list[FloatArray]:
    """Return columns of two classes as 0 and 1 (N,)."""
    values = inputs.data.read(names)
    slicings_ = [slicing_of(values, [name], inputs.data.rows) for name in names]
    for name, each in zip(names, slicings_, strict=True):
        if (MISSING,) in each.groups:
            absent = int(each.rows[each.groups.index((MISSING,))])
            raise Unusable(say("measures.fairness.individual.no_decision", column=name, rows=absent))
    found = {name: [level for (level,) in each.groups] for name, each in zip(names, slicings_, strict=True)}
    codes = encode_classes(found, inputs.columns.positive, inputs.columns.negative)
    return [
        np.array([codes[name][level] for level in found[name]], dtype=float)[each.index]
        for name, each in zip(names, slicings_, strict=True)
    ]


def _alike(
    inputs: Inputs, parameters: IndividualParameters, columns: tuple[str, ...], rng: np.random.Generator
) -> _Alike:
    meaning = inputs.columns
    if meaning.weight is not None or meaning.cluster is not None:
        raise Unusable(say("measures.fairness.individual.dependent"))
    assert meaning.prediction is not None
    taken = {meaning.label, meaning.prediction, meaning.score, parameters.flipped, *meaning.sensitive, *columns}
    names = parameters.features
    if names is None:
        names = tuple(name for name in inputs.data.columns if name not in taken)
    (decisions,) = _classes(inputs, (meaning.prediction,))
    chosen = np.arange(len(decisions))
    if len(chosen) > parameters.rows:
        chosen = np.sort(rng.choice(len(chosen), parameters.rows, replace=False))
    values = inputs.data.read(names)
    parts = {name: _feature(values[name], chosen) for name in names}
    used = tuple(name for name, part in parts.items() if part is not None)
    if not used:
        raise Unusable(say("measures.fairness.individual.no_features"))
    points = np.column_stack([part for part in parts.values() if part is not None])
    left_out = tuple(name for name in names if name not in used)
    return _Alike(chosen, points, decisions[chosen], used, left_out)


def _feature(values: npt.NDArray[Any], chosen: IntArray) -> FloatArray | None:
    """Return a column as coordinates (M, d), or None where it cannot say who is like whom.

    A number is measured in its standard deviations, two different levels of text are one such unit apart. A missing
    number is at the mean, one unit away from all that are not missing.
    """
    picked = values[chosen]
    if picked.dtype.kind in "iuf":
        numbers = picked.astype(float)
        absent = ~np.isfinite(numbers)
        if absent.all() or len(np.unique(numbers[~absent])) < 2:
            return None
        moved = np.where(absent, 0.0, (numbers - numbers[~absent].mean()) / numbers[~absent].std())
        return np.column_stack([moved, absent.astype(float)]) if absent.any() else moved[:, None]
    slicing = slicing_of({"feature": picked}, ["feature"], len(picked))
    if not 2 <= len(slicing.groups) <= _MOST_LEVELS:
        return None
    return np.asarray(np.eye(len(slicing.groups))[slicing.index] / np.sqrt(2), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class _Flips:
    """The decision for each row (N,) as it is, and with the attribute changed."""

    before: FloatArray
    after: FloatArray
    weight: FloatArray | None
    unit: IntArray | None

    def hits(self, metric: str) -> FloatArray:
        """1 where the metric counts the row."""
        if metric == "gained_by_flip":
            return self.after * (1 - self.before)
        if metric == "lost_by_flip":
            return self.before * (1 - self.after)
        return np.abs(self.after - self.before)


def _flips(inputs: Inputs, parameters: IndividualParameters, columns: tuple[str, ...]) -> _Flips:
    assert inputs.columns.prediction is not None
    after = parameters.flipped
    if after is None:
        after = _free_name(inputs.data)
        inputs = replace(inputs, data=_asked_with_change(inputs, parameters.attribute, columns, after))
    now, then = _classes(inputs, (inputs.columns.prediction or "", after))
    return _Flips(now, then, *weights_and_units(inputs, inputs.columns.cluster))


def _free_name(data: Data) -> str:
    names = (f"flipped {number}" for number in count(1))
    return next(name for name in names if name not in data.columns)


def _asked_with_change(inputs: Inputs, attribute: str | None, columns: tuple[str, ...], name: str) -> Data:
    """Return the data with what the model at hand decides about each row with the attribute changed."""
    model = inputs.model
    if model is None:
        raise Unusable(say("measures.fairness.individual.no_flipped"))
    given = [column for column in columns if column in model.features]
    if attribute is None and len(given) != 1:
        key = "several" if given else "not_given"
        raise Unusable(say(f"measures.fairness.individual.{key}", columns=given or list(columns)))
    try:
        return _flipped(inputs.data, model.load(), model.spec, inputs.columns, attribute or given[0], name)
    except InputError as error:
        # Consistency among neighbours needs no model and is still measured.
        told = error.message
        raise Unusable(told if isinstance(told, Message) else say("text", text=str(told))) from error


def _consistency_estimates(
    alike: _Alike | Message, slicing: Slicing, parameters: IndividualParameters
) -> Iterator[Estimate]:
    over = OVER["consistency"]
    reason = alike if isinstance(alike, Message) else None
    if isinstance(alike, _Alike) and len(alike.chosen) * len(slicing.groups) > _MOST_CELLS:
        reason = say("measures.fairness.individual.too_many_groups", groups=len(slicing.groups))
    if reason is not None or isinstance(alike, Message):
        assert reason is not None
        yield from _absent("consistency", slicing, reason)
        return
    group = slicing.index[alike.chosen]
    found = consistency(alike.points, alike.decisions, group, len(slicing.groups), neighbours=parameters.neighbours)
    n = np.bincount(group, minlength=len(slicing.groups)).tolist()
    yield from slicing_estimates(
        found.limits, slicing, metric="consistency", n=n, min_rows=parameters.min_rows,
        confidence=parameters.confidence, over=over,
    )  # fmt: skip


def _absent(metric: str, slicing: Slicing, reason: Message) -> Iterator[Estimate]:
    names = (metric, *(OVER[metric] if slicing.columns else ()))
    yield from (unmeasured(name, reason, slice_=slicing.star) for name in names)


def _flip_estimates(flips: _Flips | Message, slicing: Slicing, parameters: IndividualParameters) -> Iterator[Estimate]:
    n = slicing.rows.tolist()
    for metric in FLIPS:
        if isinstance(flips, Message):
            yield from _absent(metric, slicing, flips)
            continue
        found = share_limits(
            flips.hits(metric), slicing.index, len(slicing.groups), weight=flips.weight, unit=flips.unit
        )
        yield from slicing_estimates(
            found, slicing, metric=metric, n=n, min_rows=parameters.min_rows,
            confidence=parameters.confidence, over=OVER[metric],
        )  # fmt: skip


def _flip_rows(flips: _Flips | Message, slicing: Slicing) -> Iterator[tuple[Any, ...]]:
    if isinstance(flips, Message):
        return
    cell = slicing.index * 4 + (flips.before * 2 + flips.after).astype(np.int64)
    counts = np.bincount(cell, minlength=4 * len(slicing.groups)).reshape(-1, 4).tolist()
    columns = " × ".join(slicing.columns)
    for group, line in zip(slicing.groups, counts, strict=True):
        for number, n in enumerate(line):
            yield (columns, group_name(group), number // 2, number % 2, n)


def _limits(
    inputs: Inputs, alike: _Alike | Message, flips: _Flips | Message, columns: tuple[str, ...]
) -> Iterator[Message]:
    yield say("measures.fairness.groups.limit.not_cause")
    yield say("measures.fairness.groups.limit.not_law")
    if isinstance(alike, _Alike):
        yield say("measures.fairness.individual.limit.alike", features=shortened(alike.used))
        yield say("measures.fairness.individual.limit.constant")
        if alike.left_out:
            yield say("measures.fairness.individual.limit.left_out", columns=shortened(alike.left_out))
        if len(alike.chosen) < inputs.data.rows:
            yield say("measures.fairness.individual.limit.drawn", rows=len(alike.chosen), total=inputs.data.rows)
    if isinstance(flips, _Flips):
        yield say("measures.fairness.individual.limit.flip", columns=list(columns))


def with_flips(
    data: Data, spec: ModelSpec, columns: Columns, attribute: str, *, base: Path | None = None, name: str = "flipped"
) -> Data:
    """Return `data` with the column `name`: the model's decision for each row with the attribute changed.

    Every other value of the attribute that occurs is tried; the first one that changes the decision is kept, and where
    none does the decision is as before. Nothing else in the row is changed.

    Raises:
        InputError: the model is not given the attribute, too few or too many values, a column `name` already, or a
            prediction column that is not the model's.
    """
    from hakari.inputs import load_model

    return _flipped(data, load_model(spec, base), spec, columns, attribute, name)


def _flipped(data: Data, model: Model, spec: ModelSpec, columns: Columns, attribute: str, name: str) -> Data:
    if attribute not in spec.features:
        raise InputError(
            say("measures.fairness.individual.no_attribute", attribute=attribute, features=list(spec.features))
        )
    if name in data.columns:
        raise InputError(say("inputs.model.taken", columns=[name], source=data.name))
    features = data.read(spec.features)
    levels = _levels(features[attribute])
    if not 2 <= len(levels) <= _MOST_LEVELS:
        raise InputError(
            say("measures.fairness.individual.one_level", attribute=attribute, levels=len(levels), most=_MOST_LEVELS)
        )
    now = _decisions(model, features, spec, columns)
    _refuse_other_decisions(now, data, columns)
    after = now.copy()
    own = features[attribute]
    for level in levels:
        changed = np.full(len(own), level, dtype=own.dtype)
        found = _decisions(model, {**features, attribute: changed}, spec, columns)
        other = (found != now) & (after == now) & (own != changed)
        after[other] = found[other]
    return data.extended({name: _written(after, data, columns)})


def _levels(values: npt.NDArray[Any]) -> list[Any]:
    """Return the values that occur, without missing ones, in an order of their own."""
    known = {value for value in values.tolist() if not is_missing(value)}
    return sorted(known, key=lambda value: (text(value), str(type(value))))


def _decisions(
    model: Model, features: Mapping[str, npt.NDArray[Any]], spec: ModelSpec, columns: Columns
) -> npt.NDArray[np.bool_]:
    """Return which rows the model selects (N,)."""
    rows = len(next(iter(features.values())))
    parts = []
    for start in range(0, rows, _CHUNK):
        chunk = {name: values[start : start + _CHUNK] for name, values in features.items()}
        answer = model.predict(chunk, positive=columns.positive)
        if answer.score is not None:
            parts.append(np.asarray(answer.score >= spec.threshold))
        elif answer.label is not None:
            wanted = class_text(columns.positive)
            levels, index = np.unique(answer.label.astype(str), return_inverse=True)
            parts.append(np.array([class_text(level) == wanted for level in levels.tolist()], dtype=bool)[index])
    return np.concatenate(parts)


def _prediction_codes(data: Data, columns: Columns) -> tuple[Slicing, dict[str, int]]:
    name = columns.prediction or "prediction"
    slicing = slicing_of(data.read([name]), [name], data.rows)
    levels = [level for (level,) in slicing.groups]
    codes = encode_classes({name: levels}, columns.positive, columns.negative)[name]
    return slicing, {str(level): code for level, code in codes.items()}


def _refuse_other_decisions(now: npt.NDArray[np.bool_], data: Data, columns: Columns) -> None:
    slicing, codes = _prediction_codes(data, columns)
    recorded = np.array([codes[level] for (level,) in slicing.groups], dtype=np.int64)[slicing.index]
    differ = int((recorded != now).sum())
    if differ:
        raise InputError(say("measures.fairness.individual.other_model", rows=differ, total=len(now)))


def _written(after: npt.NDArray[np.bool_], data: Data, columns: Columns) -> npt.NDArray[Any]:
    """Return the decisions in the words of the prediction column, so that both name the same two classes."""
    _, codes = _prediction_codes(data, columns)
    words = {1: columns.positive, 0: columns.negative or "0"} | {code: level for level, code in codes.items()}
    found = np.empty(len(after), dtype=object)
    found[:] = np.where(after, words[1], words[0]).tolist()
    return found
