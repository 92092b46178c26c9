"""Codes: columns of a frame in memory as small integers, so that a cell is one number and counting is one pass.

Categories and dictionaries are codes already, small whole numbers nearly so, and text is looked up once per column. A
mixed-radix number then names the cell of a row, and counting is a histogram of these numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hakari.inputs.tables.table import Key

if TYPE_CHECKING:
    import narwhals as nw
    import numpy.typing as npt

    Codes = npt.NDArray[np.integer[Any]]

__all__ = ["Coded", "count_coded"]

_MOST_CELLS = 2**20
# Possible cells, occurring or not: above this the histogram would be larger than what a hash table needs.
_SMALL_RANGE = 2**12
_CHUNK = 2**17
# Rows at a time: their codes stay in the processor's cache.
_FEW_CELLS = 2**6
# Up to so many cells, a histogram of pairs of cells stays in the cache too.


class Coded(NamedTuple):
    """A column: the level of row i is `levels[codes[i] - first]`; null is a level where it occurs."""

    codes: Codes
    levels: Sequence[Any]
    first: int = 0


def count_coded(frame: nw.DataFrame[Any], keys: Sequence[Key], known: dict[Key, Coded]) -> list[tuple[Any, ...]] | None:
    """Return rows (*values, n) of a pandas or pyarrow frame, null as None; None where another way is better.

    `known` keeps the codes of columns whose levels had to be looked up, so that no text is read twice.
    """
    if not keys or not (frame.implementation.is_pandas() or frame.implementation.is_pyarrow()):
        return None
    native = frame.to_native()
    if not len(native):
        return []
    columns: list[Coded] = []
    cells = 1
    for key in keys:
        coded = known.get(key) or _coded(native[key.column], key.per_unit)
        cells *= 1 if coded is None else len(coded.levels)
        if coded is None or cells > _MOST_CELLS:
            return None
        columns.append(coded)
        known[key] = coded
    counts = _histogram(columns, len(native), cells).tolist()
    levels = [column.levels for column in columns]
    return [(*cell, n) for cell, n in zip(itertools.product(*levels), counts, strict=True) if n]


def _histogram(columns: Sequence[Coded], rows: int, cells: int) -> npt.NDArray[np.int64]:
    """How many rows lie in each cell (cells,)."""
    # The smallest type that holds a cell's number. Steps between may wrap around; the number itself comes out exact.
    small = np.min_scalar_type(cells - 1)
    parts = (_places(columns, slice(start, start + _CHUNK), small) for start in range(0, rows, _CHUNK))
    if cells > _FEW_CELLS:
        return sum((np.bincount(part, minlength=cells) for part in parts), np.zeros(cells, dtype=np.int64))
    # Counting is most of the work, so two rows are counted at once: as the pair of their cells.
    pairs, odd = np.zeros((cells, cells), dtype=np.int64), np.zeros(cells, dtype=np.int64)
    for part in parts:
        half = len(part) // 2
        pair = part[:half].astype(np.uint16)
        pair *= np.uint16(cells)
        pair += part[half : 2 * half]
        pairs += np.bincount(pair, minlength=cells**2).reshape(cells, cells)
        odd += np.bincount(part[2 * half :], minlength=cells)
    counts: npt.NDArray[np.int64] = odd + pairs.sum(axis=0) + pairs.sum(axis=1)
    return counts


def _places(columns: Sequence[Coded], rows: slice, small: np.dtype[Any]) -> Codes:
    """The number of each row's cell: the codes as digits, the last column changing fastest."""
    size, origin = 2 ** (8 * small.itemsize), 0
    place: Codes = np.zeros(1, dtype=small)
    for number, column in enumerate(columns):
        levels, codes = len(column.levels), column.codes[rows]
        origin = origin * levels + column.first
        if number == 0:
            place = codes.astype(small)
        else:
            place *= small.type(levels % size)
            place += codes.astype(small, copy=False)
    if origin:
        place -= small.type(origin % size)
    return place


def _coded(column: Any, per_unit: int | None) -> Coded | None:
    if type(column).__module__.startswith("pyarrow"):
        return None if per_unit is not None else _coded_arrow(column)
    if per_unit is not None:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return None if np.isnan(values).any() else _coded_whole(np.floor(values * per_unit + 0.5).astype(np.int64))
    if str(column.dtype) == "category":
        return _with_null(column.array.codes, column.array.categories.tolist())
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iub":
        found = _coded_whole(column.to_numpy())
        if found is not None:
            return found
    try:
        codes, levels = column.factorize()
    except TypeError:
        # Lists and the like have no hash.
        return None
    return _with_null(_narrow(codes, len(levels)), levels.tolist())


def _with_null(codes: Codes, levels: list[Any]) -> Coded:
    """Codes of which −1 stands for null, where it occurs."""
    return Coded(codes, [None, *levels], -1) if codes.min() < 0 else Coded(codes, levels)


def _coded_whole(values: Codes) -> Coded | None:
    """Whole numbers in a small range are their own codes."""
    if values.dtype.kind == "b":
        return Coded(values.view(np.uint8), (False, True))
    if values.dtype.kind == "u" and values.dtype.itemsize == 8:
        return None  # with int64 numpy would add these as floats
    if np.bitwise_or.reduce(values) == 1:
        return Coded(values, (0, 1))  # one look at the bits instead of two at the sizes: most labels are 0 and 1
    low, high = int(values.min()), int(values.max())
    return Coded(values, range(low, high + 1), low) if high - low < _SMALL_RANGE else None


def _coded_arrow(column: Any) -> Coded | None:
    import pyarrow as pa

    if pa.types.is_integer(column.type) and not column.null_count:
        found = _coded_whole(column.to_numpy())
        if found is not None:
            return found
    try:
        encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    except pa.ArrowNotImplementedError:
        return None
    whole = encoded.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        if whole.num_chunks != 1:
            return None
        whole = whole.chunk(0)
    codes = whole.indices
    if codes.null_count:
        codes = codes.cast(pa.int64()).fill_null(-1)
    codes = codes.to_numpy(zero_copy_only=False)
    return _with_null(_narrow(codes, len(whole.dictionary)), whole.dictionary.to_pylist())


def _narrow(codes: Codes, levels: int) -> Codes:
    """The codes in the smallest type that holds them: they stay in memory as long as the frame."""
    return codes.astype(np.min_scalar_type(-levels - 1))
