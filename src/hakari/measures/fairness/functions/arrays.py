"""Arrays: labels, decisions and groups as people hold them in a notebook, counted into a tally."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.inputs.tables import WEIGHT_SCALE
from hakari.inputs.values import text
from hakari.messages import say
from hakari.statistics import Tally

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Grouped", "binary", "counted", "grouped", "numbers", "weights_of"]

_MOST_CELLS = 2**26
# Possible cells of a histogram: above this the groups that occur are looked up instead.


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """The group of every row."""

    columns: tuple[str, ...]
    """Names of the sensitive features."""
    groups: tuple[tuple[str, ...], ...]
    """Levels of the groups that occur (G)."""
    index: IntArray
    """Group of every row (N,)."""


def grouped(features: Any, rows: int, *, what: str = "sensitive_features") -> Grouped:
    """Return the groups of features given as one array, several columns (array, frame) or a mapping of names to arrays.

    A missing value is a level of its own, `missing`. Features of another length than `rows` are refused: InputError.
    """
    columns = _columns(features, what)
    coded = [_coded(values) for values in columns.values()]
    for name, (codes, _) in zip(columns, coded, strict=True):
        _check_length(name, len(codes), rows)
    sizes = [len(levels) for _, levels in coded]
    place = np.zeros(rows, dtype=np.int64)
    for (codes, _), size in zip(coded, sizes, strict=True):
        place = place * size + codes
    possible = math.prod(sizes)
    if possible <= _MOST_CELLS:
        present = np.flatnonzero(np.bincount(place, minlength=possible))
        lookup = np.zeros(possible, dtype=np.int64)
        lookup[present] = np.arange(len(present))
        index = lookup[place]
    else:
        present, index = np.unique(place, return_inverse=True)
    levels = np.unravel_index(present, sizes) if sizes else ()
    names = [[each[1][i] for i in chosen.tolist()] for each, chosen in zip(coded, levels, strict=True)]
    return Grouped(tuple(columns), tuple(zip(*names, strict=True)), index)


def binary(values: Any, *, what: str, positive: Any = None) -> IntArray:
    """Return 0 and 1 for a two-class array; `positive` names the class that is counted as 1.

    InputError for missing values, for more than two classes, and for two classes other than 0/1 without `positive`.
    """
    codes, levels = _coded(values)
    if "missing" in levels:
        raise InputError(
            say("measures.fairness.functions.missing", what=what, rows=int((codes == levels.index("missing")).sum()))
        )
    if positive is None:
        wanted = {"0": 0, "1": 1, "false": 0, "true": 1}
        strange = [level for level in levels if level not in wanted]
        if strange:
            raise InputError(say("measures.fairness.functions.classes", what=what, values=strange[:5]))
        return np.array([wanted[level] for level in levels], dtype=np.int64)[codes]
    if text(positive) not in levels or len(levels) > 2:
        raise InputError(
            say("measures.fairness.functions.positive", what=what, positive=text(positive), values=list(levels[:5]))
        )
    return np.array([int(level == text(positive)) for level in levels], dtype=np.int64)[codes]


def numbers(values: Any, *, what: str) -> FloatArray:
    """Return finite numbers (N,). InputError for anything else."""
    try:
        found = np.asarray(_native(values), dtype=float)
    except (TypeError, ValueError):
        raise InputError(say("measures.fairness.functions.not_numbers", what=what)) from None
    if found.ndim != 1:
        raise InputError(say("measures.fairness.functions.shape", what=what, axes=found.ndim))
    bad = np.flatnonzero(~np.isfinite(found))
    if len(bad):
        raise InputError(say("measures.fairness.functions.not_finite", what=what, rows=len(bad), first=int(bad[0])))
    return found


def weights_of(sample_weight: Any, rows: int) -> FloatArray | None:
    """Return the weights (N,), or None where every row counts once. InputError below 0 or not finite."""
    if sample_weight is None:
        return None
    found = numbers(sample_weight, what="sample_weight")
    _check_length("sample_weight", len(found), rows)
    if len(found) and found.min() < 0:
        raise InputError(say("measures.fairness.functions.negative", weight=float(found.min())))
    return found


def counted(
    y_true: Any, y_pred: Any, sensitive_features: Any, sample_weight: Any = None, *, positive: Any = None
) -> Tally:
    """Return the tally of groups, `label` and `prediction`; `y_true` may be None for metrics that need no labels."""
    prediction = None if y_pred is None else binary(y_pred, what="y_pred", positive=positive)
    label = None if y_true is None else binary(y_true, what="y_true", positive=positive)
    rows = len(prediction if prediction is not None else label if label is not None else ())
    groups = grouped(sensitive_features, rows)
    place, axes = groups.index, list(_safe(groups.columns))
    for name, values in (("label", label), ("prediction", prediction)):
        if values is not None:
            _check_length(f"y_{'true' if name == 'label' else 'pred'}", len(values), rows)
            place, axes = place * 2 + values, [*axes, name]
    extra = len(axes) - len(groups.columns)
    size = len(groups.groups) * 2**extra
    n = np.bincount(place, minlength=size)
    sums = []
    weight = weights_of(sample_weight, rows)
    if weight is not None:
        sums = [np.bincount(place, weights=each, minlength=size) for each in (weight, weight * weight)]
    lines = []
    for slot in np.flatnonzero(n).tolist():
        group, rest = divmod(slot, 2**extra)
        classes = [(rest >> bit) & 1 for bit in reversed(range(extra))]
        lines.append([*groups.groups[group], *classes, int(n[slot]), *(float(each[slot]) for each in sums)])
    return Tally.from_cells(axes, lines, scale=None if weight is None else WEIGHT_SCALE)


def _safe(columns: Sequence[str]) -> Sequence[str]:
    """Names that are not also the names of other axes of the tally."""
    return [f"{name} (group)" if name in ("label", "prediction", "score", "cluster") else name for name in columns]


def _columns(features: Any, what: str) -> dict[str, Any]:
    if features is None:
        raise InputError(say("measures.fairness.functions.no_features", what=what))
    if isinstance(features, Mapping):
        return {str(name): values for name, values in features.items()}
    names = getattr(features, "columns", None)
    if names is not None and not callable(names):
        return {str(name): features[name] for name in names}
    if isinstance(features, np.ndarray) and features.ndim == 2:
        return {f"feature_{place}": features[:, place] for place in range(features.shape[1])}
    return {str(getattr(features, "name", None) or "group"): features}


def _native(values: Any) -> npt.NDArray[Any]:
    to_numpy = getattr(values, "to_numpy", None)
    try:
        return np.asarray(values if to_numpy is None else to_numpy())
    except ValueError:
        # Rows of different lengths.
        raise InputError(say("measures.fairness.functions.unhashable")) from None


def _coded(values: Any) -> tuple[IntArray, list[str]]:
    """Return codes (N,) and the levels as text; levels that are written the same are one."""
    category = getattr(values, "cat", None)
    if category is not None and hasattr(category, "codes"):
        codes, levels = np.asarray(category.codes, dtype=np.int64), list(category.categories)
    else:
        array = _native(values)
        if array.ndim != 1:
            raise InputError(say("measures.fairness.functions.shape", what="sensitive_features", axes=array.ndim))
        codes, levels = _looked_up(array)
    names = [text(level) for level in levels]
    if (codes < 0).any():
        names.append("missing")
        codes = np.where(codes < 0, len(names) - 1, codes)
    distinct = list(dict.fromkeys(names))
    if len(distinct) < len(names):
        place = {name: number for number, name in enumerate(distinct)}
        codes = np.array([place[name] for name in names], dtype=np.int64)[codes]
    return codes, distinct


def _looked_up(array: npt.NDArray[Any]) -> tuple[IntArray, list[Any]]:
    if array.dtype.kind in "iub" and len(array):
        low, high = int(array.min()), int(array.max())
        if high - low < 2**16:
            shifted = array.astype(np.int64) - low
            present = np.flatnonzero(np.bincount(shifted, minlength=high - low + 1))
            lookup = np.zeros(high - low + 1, dtype=np.int64)
            lookup[present] = np.arange(len(present))
            levels = (present + low).tolist()
            return lookup[shifted], [bool(each) for each in levels] if array.dtype.kind == "b" else levels
    if array.dtype.kind in "OUST":
        known: dict[Any, int] = {}
        try:
            codes = np.fromiter((known.setdefault(value, len(known)) for value in array.tolist()), np.int64, len(array))
        except TypeError:
            raise InputError(say("measures.fairness.functions.unhashable")) from None
        return codes, list(known)
    distinct, codes = np.unique(array, return_inverse=True)
    return codes.astype(np.int64), distinct.tolist()


def _check_length(name: str, found: int, rows: int) -> None:
    if found != rows:
        raise InputError(say("measures.fairness.functions.length", what=name, rows=found, expected=rows))
