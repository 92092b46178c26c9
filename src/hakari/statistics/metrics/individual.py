"""Individual: definitions and arithmetic of the metrics of single persons and those who are like them.

Two rows are alike where their features are near. The neighbours of a row are its k nearest other rows and all that are
as near as the k-th, so that nothing depends on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray, divide
from hakari.statistics.metrics.definition import MetricDefinition
from hakari.statistics.metrics.rows import MeanLimits

__all__ = ["DEFINITIONS", "Consistency", "consistency"]

_NEAR = 1 + 1e-9
# Equal distances that are computed on different ways differ in their last digits.


@dataclass(frozen=True, slots=True, eq=False)
class Consistency:
    """The consistency of every group of rows."""

    values: FloatArray
    """1 − |ŷ − mean ŷ of the neighbours| of every row (N,)."""
    limits: MeanLimits
    """Mean and limits of every group (G,)."""


def consistency(
    features: FloatArray,
    outputs: FloatArray,
    group: IntArray,
    groups: int,
    *,
    neighbours: int = 5,
    include_self: bool = False,
) -> Consistency:
    """Consistency yNN of outputs (N,), of which the features (N, d) say who is like whom (Zemel et al. 2013).

    Neighbours are looked for among all rows, whatever their group. `include_self` counts a row as one of its own k
    neighbours, as some libraries do. The standard error is the jackknife's: what the mean would be without each row, in
    its own place and as a neighbour of others (whose means are then taken over the neighbours left).
    Groups are not independent, since they share neighbours. nan for a single row.
    """
    points, owner = np.unique(features, axis=0, return_inverse=True)
    owner = owner.reshape(-1)
    atoms, member = np.unique(np.stack([owner.astype(float), outputs]), axis=1, return_inverse=True)
    member = member.reshape(-1)
    place, output = atoms[0].astype(np.int64), atoms[1]
    rows = np.bincount(member, minlength=len(place)).astype(float)
    others = min(neighbours, max(len(outputs) - 1, 1)) - int(include_self)
    found = _Edges.of(points, np.bincount(owner), others, place)
    own = 0.0 if include_self else 1.0
    count = found.total(rows, len(place)) - own
    total = found.total(rows * output, len(place)) - own * output
    value = 1 - np.abs(output - divide(total, count))
    counted = np.zeros((len(place), groups))
    np.add.at(counted, (member, group), 1.0)
    if len(outputs) < 2:
        value = np.full(len(place), np.nan)
    return Consistency(value[member], _limits(found, value, output, count, total, counted))


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Which atoms (rows alike in features and output) are neighbours, an atom of itself too."""

    of_atom: IntArray
    """Atom that has the neighbour (E,)."""
    neighbour: IntArray
    """The neighbour (E,)."""

    @classmethod
    def of(cls, points: FloatArray, rows: IntArray, neighbours: int, place: IntArray) -> _Edges:
        """Edges between atoms, of which `place` names the point (A,); `rows` counts those at each point."""
        from scipy.spatial import cKDTree

        tree = cKDTree(points)
        most = min(neighbours + 1, len(points))
        distance, near = (np.asarray(part).reshape(len(points), most) for part in tree.query(points, k=most))
        # The row itself is among those at distance 0.
        enough = np.cumsum(rows[near], axis=1) - 1 >= neighbours
        last = np.where(enough.any(axis=1), enough.argmax(axis=1), most - 1)
        radius = distance[np.arange(len(points)), last] * _NEAR
        balls = tree.query_ball_point(points, radius)
        sizes = np.fromiter((len(ball) for ball in balls), np.int64, len(balls))
        inside = np.fromiter(chain.from_iterable(balls), np.int64, int(sizes.sum()))
        return cls(*_expanded(inside, np.cumsum(sizes) - sizes, sizes, place))

    def total(self, numbers: FloatArray, atoms: int) -> FloatArray:
        """Sum over the neighbours of every atom of their numbers (A,)."""
        return np.bincount(self.of_atom, weights=numbers[self.neighbour], minlength=atoms).astype(float)


def _expanded(inside: IntArray, start: IntArray, sizes: IntArray, place: IntArray) -> tuple[IntArray, IntArray]:
    """Edges between points as edges between the atoms at them; `place` (A,) rises."""
    first = np.searchsorted(place, np.arange(int(place.max(initial=0)) + 2))
    held = np.diff(first)
    points = _ranges(start[place], sizes[place])
    of_atom = np.repeat(np.arange(len(place)), sizes[place])
    near = inside[points]
    return np.repeat(of_atom, held[near]), _ranges(first[near], held[near])


def _ranges(start: IntArray, size: IntArray) -> IntArray:
    """start₀ … start₀ + size₀ − 1, then the same of the next."""
    before = np.cumsum(size) - size
    return np.asarray(np.arange(int(size.sum())) + np.repeat(start - before, size), dtype=np.int64)


def _limits(
    found: _Edges, value: FloatArray, output: FloatArray, count: FloatArray, total: FloatArray, counted: FloatArray
) -> MeanLimits:
    """Limits of the mean of every group; `counted` (A, G) are its rows of every atom."""
    from scipy.sparse import coo_array

    atoms, groups = counted.shape
    size = counted.sum(axis=0)
    mean = divide(np.nan_to_num(value) @ counted, size)
    if len(value) and np.isnan(value).any():
        mean = np.full(groups, np.nan)
    # What a row of atom a loses when one row of its neighbour b is gone.
    left = count[found.of_atom] - 1
    without = divide(total[found.of_atom] - output[found.neighbour], left)
    lost = value[found.of_atom] - (1 - np.abs(output[found.of_atom] - without))
    lost = np.nan_to_num(lost)
    matrix = coo_array((lost, (found.neighbour, found.of_atom)), shape=(atoms, atoms)).tocsr()
    through = np.asarray(matrix @ counted)
    itself = np.zeros(atoms)
    same = found.of_atom == found.neighbour
    itself[found.of_atom[same]] = lost[same]
    own = np.nan_to_num(value)[:, None] - np.nan_to_num(mean)[None, :] - itself[:, None] + through
    others = counted.sum(axis=1)[:, None] - counted
    squares = np.sum(others * through**2 + counted * own**2, axis=0)
    known = np.isfinite(mean) & (size > 1) & (squares > 1e-18 * size**2)
    return MeanLimits(
        points=mean,
        errors=np.where(known, np.sqrt(squares) / np.where(size > 0, size, 1.0), np.nan),
        skews=np.zeros(groups),
        units=size,
        counted=size,
        least=0.0,
        most=1.0,
        spanning=groups > 1,
        base="jackknife over neighbours, student t",
    )


_ZEMEL = "Zemel et al. 2013"
_FLIPPED = ("prediction", "flipped")

DEFINITIONS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        name="consistency", family="individual", over="group", high_is="good", source=_ZEMEL, needs=("prediction",),
        formula="mean of 1 − |ŷ − mean ŷ of the k nearest other rows|", equal_at=1.0, also=("yNN",),
        caution="A system that decides the same for everybody has 1; and it depends on which columns make rows alike.",
    ),
    MetricDefinition(
        name="consistency_difference", family="individual", over="groups", high_is="bad", source="common",
        needs=("prediction",), formula="max v − min v of consistency", equal_at=0.0,
    ),
    MetricDefinition(
        name="consistency_worst_group", family="individual", over="groups", high_is="good", source="common",
        needs=("prediction",), formula="min v of consistency",
    ),
    MetricDefinition(
        name="flip_rate", family="individual", over="group", high_is="bad", source="common", needs=_FLIPPED,
        formula="rows whose decision changes when only the attribute in them is changed / rows", equal_at=0.0,
        also=("attribute flip test",),
        caution="0 does not show that the attribute has no influence: other columns may stand for it.",
    ),
    MetricDefinition(
        name="gained_by_flip", family="individual", over="group", high_is="bad", source="common", needs=_FLIPPED,
        formula="rows that are selected only after the change / rows", equal_at=0.0,
    ),
    MetricDefinition(
        name="lost_by_flip", family="individual", over="group", high_is="neutral", source="common", needs=_FLIPPED,
        formula="rows that are selected only before the change / rows", equal_at=0.0,
    ),
    MetricDefinition(
        name="flip_rate_difference", family="individual", over="groups", high_is="bad", source="common",
        needs=_FLIPPED, formula="max v − min v of flip_rate", equal_at=0.0,
    ),
    MetricDefinition(
        name="flip_rate_worst_group", family="individual", over="groups", high_is="bad", source="common",
        needs=_FLIPPED, formula="max v of flip_rate",
    ),
)  # fmt: skip
"""The metrics of single persons."""
