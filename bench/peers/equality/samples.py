"""Samples: the data sets on which values are compared. Random ones follow from their number, on every machine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

SEEDS = 100
SMALLEST, LARGEST = 50, 5_000

Array = Any
"""numpy.ndarray; the peers' environments are not type-checked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """One data set; a part that it does not have is None."""

    name: str
    group: Array
    """Number of each row's group (N,), every number from 0 to G − 1 occurs."""
    label: Array
    """0 or 1 (N,)."""
    prediction: Array
    """0 or 1 (N,)."""
    score: Array | None = None
    """In [0, 1] (N,)."""
    weight: Array | None = None
    """Not below 0 (N,)."""
    true_class: Array | None = None
    """0 … K − 1 (N,)."""
    predicted_class: Array | None = None
    amount: Array | None = None
    """Above 0 (N,)."""
    predicted_amount: Array | None = None
    features: Array | None = None
    """Numbers that say which rows are alike (N, D)."""
    tied_features: bool = False
    """True where rows can be equally near, so that a k-th neighbour need not be the only one."""

    @property
    def rows(self) -> int:
        """Number of rows N."""
        return len(self.group)

    @property
    def groups(self) -> int:
        """Number of groups G."""
        return int(self.group.max()) + 1

    @property
    def names(self) -> list[str]:
        """How the groups are called."""
        return [group_name(place) for place in range(self.groups)]

    def labelled(self) -> Array:
        """The group of every row by name (N,), as Python strings."""
        return np.array(self.names, dtype=object)[self.group]


def group_name(place: int) -> str:
    """How a group is called: `a`, `b`, …"""
    return chr(ord("a") + place)


def random_sample(seed: int, largest: int = LARGEST) -> Sample:
    """Data set number `seed`: which of its corners are sharp follows from the number.

    Of ten in a row: two with a group in which nobody is selected, two with a group of one class, one in which nobody
    is selected at all, one without errors, one with a group of a single row. Every fourth has weights, of which every
    second time some are 0; every sixth has features in steps, so that neighbours tie.
    """
    # The old generator is promised to give the same numbers in every version of numpy; the new ones are not.
    draw = np.random.RandomState(seed)
    rows = int(SMALLEST * (largest / SMALLEST) ** draw.random_sample())
    group = _groups(draw, rows, single=seed % 10 == 7)
    count = int(group.max()) + 1
    base = 0.1 + 0.6 * draw.random_sample(count)
    label = (draw.random_sample(rows) < base[group]).astype(np.int64)
    if seed % 5 == 2:
        label[group == count - 1] = (seed // 5) % 2
    score: Array = (draw.random_sample(rows) + draw.random_sample(rows) + 0.8 * label + 0.2 * base[group]) / 3
    score = np.round(np.minimum(score, 1.0), 2 if seed % 3 == 0 else 6)
    prediction = (score >= 0.35 + 0.3 * draw.random_sample()).astype(np.int64)
    if seed % 5 == 1:
        prediction[group == 0] = 0
    if seed % 10 == 4:
        prediction[:] = 0
    if seed % 10 == 9:
        prediction = label.copy()
    weight = np.round(3 * draw.random_sample(rows), 4)
    if seed % 8 == 7:
        weight[draw.random_sample(rows) < 0.1] = 0.0
    classes = 3 + int(3 * draw.random_sample())
    true_class = (classes * draw.random_sample(rows) ** (1 + base[group])).astype(np.int64)
    right = draw.random_sample(rows) < 0.4 + 0.4 * base[group]
    other = (classes * draw.random_sample(rows)).astype(np.int64)
    amount = np.round(10 + 90 * draw.random_sample(rows), 2)
    predicted = np.round(amount * (0.8 + 0.4 * draw.random_sample(rows)) + 10 * (base[group] - 0.4), 2)
    features = draw.random_sample((rows, 2))
    tied = seed % 6 == 0
    return Sample(
        name=f"random {seed}",
        group=group,
        label=label,
        prediction=prediction,
        score=score,
        weight=weight if seed % 4 == 3 else None,
        true_class=true_class,
        predicted_class=np.where(right, true_class, other),
        amount=amount,
        predicted_amount=predicted,
        features=np.floor(6 * features) if tied else features,
        tied_features=tied,
    )


def _groups(draw: Any, rows: int, *, single: bool) -> Array:
    """Groups of unequal sizes, of which the last may have one row; numbers without a gap."""
    count = 2 + int(5 * draw.random_sample())
    shares = np.cumsum(0.05 + draw.random_sample(count) ** 2)
    group = np.searchsorted(shares / shares[-1], draw.random_sample(rows), side="right")
    group = np.unique(np.minimum(group, count - 1), return_inverse=True)[1]
    if single or int(group.max()) == 0:
        group[0] = int(group.max()) + 1
    return group.astype(np.int64)


def save(sample: Sample, folder: Path) -> Path:
    """Write a data set as .npz."""
    kept = {each.name: getattr(sample, each.name) for each in fields(sample)}
    path = folder / f"{sample.name}.npz"
    with path.open("wb") as file:
        np.savez_compressed(file, **{name: value for name, value in kept.items() if value is not None})
    return path


def load(path: Path) -> Sample:
    """Read a data set that `save` wrote."""
    with np.load(path) as found:
        kept = {name: found[name] for name in found.files}
    return Sample(**{**kept, "name": str(kept["name"]), "tied_features": bool(kept["tied_features"])})
