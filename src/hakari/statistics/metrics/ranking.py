"""Ranking: definitions and arithmetic of the metrics of places in lists.

A list orders its rows; place 1 comes first. Rows of one list that are tied share their places: each has the mean
exposure of these places and the same share of being among the first k, so nothing depends on the order of the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = ["DEFINITIONS", "Places", "discount", "listed_sums", "ndkl"]


def discount(places: FloatArray) -> FloatArray:
    """Attention that a place gets: 1 / log2(1 + place), 1 at the first (Singh & Joachims 2018)."""
    return np.asarray(1 / np.log2(1 + places), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The rows of several lists from the first place of the first list to the last of the last."""

    order: IntArray
    """Row at each position (N,)."""
    lists: IntArray
    """List at each position (N,), rising from 0."""
    place: IntArray
    """Place in its list (N,), from 1."""
    start: IntArray
    """First place that a row at this position may have (N,); equal to `place` without ties."""
    block: IntArray
    """Number of the block of tied rows (N,), rising."""

    @classmethod
    def of(cls, worth: FloatArray, lists: IntArray) -> Places:
        """Order rows by their list (N,) and then by their worth (N,), the highest first."""
        order = np.lexsort((-worth, lists))
        sorted_lists, sorted_worth = lists[order], worth[order]
        fresh = np.ones(len(order), dtype=bool)
        fresh[1:] = sorted_lists[1:] != sorted_lists[:-1]
        number = np.arange(len(order))
        listed = np.cumsum(fresh) - 1
        place = number - np.flatnonzero(fresh)[listed] + 1
        fresh[1:] |= sorted_worth[1:] != sorted_worth[:-1]
        block = np.cumsum(fresh) - 1
        return cls(order, listed, place, place[np.flatnonzero(fresh)][block], block)

    @property
    def count(self) -> int:
        """Number of lists L."""
        return int(self.lists[-1]) + 1 if len(self.lists) else 0

    @property
    def tied(self) -> bool:
        """True where some rows of a list are tied."""
        return len(self.block) > 0 and int(self.block[-1]) + 1 < len(self.block)

    @property
    def sizes(self) -> IntArray:
        """Rows of each list (L,)."""
        return np.bincount(self.lists, minlength=self.count)

    @property
    def owner(self) -> IntArray:
        """List of every row (N,), in the rows' own order."""
        return self._unsorted(self.lists).astype(np.int64)

    def exposure(self) -> FloatArray:
        """Expected attention of every row (N,), in the rows' own order."""
        return self._unsorted(self.shared(discount(self.place.astype(float))))

    def among_first(self, k: int) -> FloatArray:
        """Share of the tied orders in which a row is among the first k of its list (N,), in the rows' own order."""
        return self._unsorted(self.shared((self.place <= k).astype(float)))

    def shared(self, numbers: FloatArray) -> FloatArray:
        """Numbers at each position (N,) as the mean over its block of tied rows."""
        size = np.bincount(self.block)
        return np.asarray(np.bincount(self.block, weights=numbers) / np.maximum(size, 1), dtype=float)[self.block]

    def _unsorted(self, numbers: FloatArray | IntArray) -> FloatArray:
        found = np.empty(len(numbers))
        found[self.order] = numbers
        return found


def listed_sums(numbers: FloatArray, lists: IntArray, count: int) -> FloatArray:
    """Sum of the rows' numbers (N,) in every list (L,)."""
    return np.bincount(lists, weights=numbers, minlength=count).astype(float)


def ndkl(places: Places, group: IntArray, groups: int) -> FloatArray:
    """Normalised discounted cumulative Kullback–Leibler divergence of every list (L,), natural logarithm.

    Σ_i d(i) KL(D_i ‖ D) / Σ_i d(i) with the discount d of place i, the groups' shares D_i among the first i rows, and D
    in the whole list (Geyik, Ambler & Kenthapadi 2019). Tied rows spread evenly over their places.
    """
    mine = group[places.order]
    divergence = _divergence_of_ties(places, mine, groups) if places.tied else _divergence(places, mine)
    weight = discount(places.place.astype(float))
    sums = [listed_sums(each, places.lists, places.count) for each in (weight * divergence, weight)]
    return np.asarray(np.maximum(sums[0] / sums[1], 0.0), dtype=float)


def _divergence(places: Places, mine: IntArray) -> FloatArray:
    """KL(D_i ‖ D) at every position (N,), without ties, whatever the number of groups.

    i KL = Σ_g c ln(c / D_g) − i ln i with the counts c of the groups so far, of which each row changes one.
    """
    width = int(mine.max(initial=0)) + 1
    cell = places.lists * width + mine
    order = np.argsort(cell, kind="stable")
    fresh = np.ones(len(cell), dtype=bool)
    fresh[1:] = cell[order][1:] != cell[order][:-1]
    number = np.cumsum(fresh) - 1
    count, held = np.empty(len(cell)), np.empty(len(cell))
    count[order] = np.arange(len(cell)) - np.flatnonzero(fresh)[number] + 1
    held[order] = np.bincount(number)[number]
    share = held / places.sizes[places.lists]
    step = _part(count, share) - _part(count - 1, share)
    running = np.cumsum(step)
    first = np.flatnonzero(places.place == 1)
    gained = running - (running[first] - step[first])[places.lists]
    place = places.place.astype(float)
    return np.asarray(gained / place - np.log(place), dtype=float)


def _part(count: FloatArray, share: FloatArray) -> FloatArray:
    return np.where(count > 0, count * np.log(np.where(count > 0, count, 1.0) / share), 0.0)


def _divergence_of_ties(places: Places, mine: IntArray, groups: int) -> FloatArray:
    """The same with tied rows spread evenly over their places, one pass for every group."""
    owner, sizes = places.lists, places.sizes.astype(float)
    first = np.flatnonzero(places.place == 1)
    divergence = np.zeros(len(owner))
    for each in range(groups):
        member = places.shared((mine == each).astype(float))
        running = np.cumsum(member)
        seen = running - (running[first] - member[first])[owner]
        # Sums of fractions leave digits below 0 or above the place.
        share = np.clip(seen / places.place, 0.0, 1.0)
        wanted = (listed_sums(member, owner, places.count) / sizes)[owner]
        some = (share > 1e-12) & (wanted > 0)
        divergence += np.where(some, share * np.log(np.where(some, share / np.where(some, wanted, 1.0), 1.0)), 0.0)
    return divergence


_RANK = ("rank",)
_MERIT = ("rank", "label")
_GEYIK = "Geyik, Ambler & Kenthapadi 2019"
_SINGH = "Singh & Joachims 2018"

DEFINITIONS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        name="top_k_rate", family="ranking", over="group", high_is="good", source="common", needs=_RANK,
        formula="rows of g among the first k of their list / all rows of g",
        caution="The shorter the list, the higher it is for everybody in it; see representation_at_k.",
    ),
    MetricDefinition(
        name="representation_at_k", family="ranking", over="group", high_is="good", source="common", needs=_RANK,
        formula="rows of g among the first k / rows expected there from the shares of g in the lists", equal_at=1.0,
        bounds=(0.0, None),
    ),
    MetricDefinition(
        name="skew_at_k", family="ranking", over="group", high_is="good", source=_GEYIK, needs=_RANK,
        formula="ln(representation_at_k)", equal_at=0.0, bounds=(None, None), also=("skew@k",),
        caution="The paper averages over lists and has −∞ where a list has nobody; here the lists are summed first.",
    ),
    MetricDefinition(
        name="top_k_rate_difference", family="ranking", over="groups", high_is="bad", source="common", needs=_RANK,
        formula="max v − min v of top_k_rate", equal_at=0.0,
    ),
    MetricDefinition(
        name="top_k_rate_ratio", family="ranking", over="groups", high_is="good", source="common", needs=_RANK,
        formula="min v / max v of top_k_rate", equal_at=1.0,
    ),
    MetricDefinition(
        name="min_skew_at_k", family="ranking", over="groups", high_is="good", source=_GEYIK, needs=_RANK,
        formula="smallest skew_at_k of a group", equal_at=0.0, bounds=(None, 0.0), also=("MinSkew@k",),
    ),
    MetricDefinition(
        name="max_skew_at_k", family="ranking", over="groups", high_is="bad", source=_GEYIK, needs=_RANK,
        formula="largest skew_at_k of a group", equal_at=0.0, bounds=(0.0, None), also=("MaxSkew@k",),
    ),
    MetricDefinition(
        name="ndkl", family="ranking", over="groups", high_is="bad", source=_GEYIK, needs=_RANK,
        formula="mean over lists of Σ_i KL(shares among the first i ‖ shares in the list) / log2(i + 1), over Σ_i "
        "1 / log2(i + 1)",
        equal_at=0.0, bounds=(0.0, None),
        caution="Above 0 for a random order too, the more so the shorter the list; compare with its noise floor.",
    ),
    MetricDefinition(
        name="ndkl_noise_floor", family="ranking", over="groups", high_is="neutral", source="common", needs=_RANK,
        formula="mean ndkl of the same lists in random order", bounds=(0.0, None),
    ),
    MetricDefinition(
        name="exposure", family="ranking", over="group", high_is="good", source=_SINGH, needs=_RANK,
        formula="mean of 1 / log2(1 + place) over the rows of g",
        caution="A group that stands in longer lists gets less of it; see relative_exposure.",
    ),
    MetricDefinition(
        name="relative_exposure", family="ranking", over="group", high_is="good", source="common", needs=_RANK,
        formula="Σ exposure of the rows of g / Σ mean exposure of their lists", equal_at=1.0, bounds=(0.0, None),
    ),
    MetricDefinition(
        name="exposure_per_merit", family="ranking", over="group", high_is="good", source=_SINGH, needs=_MERIT,
        formula="Σ exposure of the rows of g / Σ merit of the rows of g", bounds=(0.0, None),
        caution="Merit is a column somebody filled; where it is biased, so is this.",
    ),
    MetricDefinition(
        name="exposure_difference", family="ranking", over="groups", high_is="bad", source=_SINGH, needs=_RANK,
        formula="max v − min v of exposure", equal_at=0.0,
    ),
    MetricDefinition(
        name="exposure_ratio", family="ranking", over="groups", high_is="good", source=_SINGH, needs=_RANK,
        formula="min v / max v of exposure", equal_at=1.0, also=("demographic parity of exposure",),
    ),
    MetricDefinition(
        name="relative_exposure_ratio", family="ranking", over="groups", high_is="good", source="common", needs=_RANK,
        formula="min v / max v of relative_exposure", equal_at=1.0,
    ),
    MetricDefinition(
        name="exposure_per_merit_ratio", family="ranking", over="groups", high_is="good", source=_SINGH, needs=_MERIT,
        formula="min v / max v of exposure_per_merit", equal_at=1.0, also=("disparate treatment ratio",),
        caution="The paper divides one named group by the other; here the smaller by the larger.",
    ),
)  # fmt: skip
"""The metrics of places in lists."""
