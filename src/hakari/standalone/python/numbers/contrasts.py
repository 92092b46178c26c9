"""Contrasts: how far the groups may lie apart, over all pairs, in one limit for each side.

Everything is read off the gap Γ(φ) = max over i≠j of (φ p_j - p_i): the difference is Γ(1), and the ratio min/max is at
least φ exactly where Γ(φ) <= 0, so that nothing is ever divided. Limits of a pair come from limits of its two sides:
the lower one by MOVER (Zou & Donner 2008), the upper one along the contour on which both sides together have the error,
and with `box` both by adding the single limits up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from heapq import nlargest

from hakari.standalone.python.numbers.beta import normal_quantile
from hakari.standalone.python.numbers.limits import Limits
from hakari.standalone.python.work import spend

__all__ = ["Contrasts", "Reference", "invert", "joint_errors", "method_for"]

Reference = int | str | None
"""None: all pairs; a group's place: this group with every other; "rest": each group with all others pooled."""
Terms = Sequence[tuple[float, float]]
"""(centre, reach) of each side of a pair."""
Block = tuple[Sequence[int], Sequence[int]]
"""Sides i and sides j: every pair of two different ones."""
_LAST = 16
# Number of the last angle: there are 17, a right angle apart from first to last.
_ONE = 3e-7  # seconds that one pair takes
_SUM = 1e-6  # seconds that one side of a block takes


def joint_errors(error: float) -> list[float]:
    """Return the errors of one side of a pair at angles from 0 to a right one; the other side has them backwards.

    Two independent normal deviates are together beyond a tangent of the circle of radius z with probability `error`,
    where z is exceeded by one of them with the same probability. The tangent at ψ cuts them at z sin ψ and z cos ψ.
    """
    reach = max(-normal_quantile(error), 0.0)
    angles = [math.pi / 2 * step / _LAST for step in range(_LAST + 1)]
    return [0.5 * math.erfc(reach * math.sin(angle) / math.sqrt(2.0)) for angle in angles]


def method_for(limits: Limits, method: str) -> str:
    """Return the method that is used where `method` was asked for: only `box` holds where groups share clusters."""
    return "box" if limits.spanning else method


class Contrasts:
    """The groups of a rule and the ordered pairs (i, j) that it compares."""

    def __init__(self, limits: Limits, reference: Reference, method: str) -> None:
        size = len(limits.values)
        self.parts = [limits] if reference != "rest" else [limits, limits.rest()]
        self.method = method_for(limits, method)
        self.pairs: list[tuple[int, int]] | None = None
        if reference == "rest":
            self.pairs = [pair for i in range(size) for pair in ((i, size + i), (size + i, i))]
        elif reference is not None:
            fixed = int(reference)
            self.pairs = [pair for i in range(size) if i != fixed for pair in ((i, fixed), (fixed, i))]
        self.count = size * (size - 1) if self.pairs is None else len(self.pairs)
        self.values = [value for part in self.parts for value in part.values]

    def upper(self, error: float) -> Callable[[float], float]:
        """Return φ → upper limit of Γ(φ): every contrast at `error` (intersection–union)."""
        if self.method != "box":
            return _Contour(self.parts, self.pairs, error).largest
        below, above = self._reaches(error)
        return self._largest([(r - p, 0.0) for p, r in below], [(p + r, 0.0) for p, r in above])

    def lower(self, error: float) -> Callable[[float], float]:
        """Return φ → lower limit of Γ(φ): every contrast at `error` over their number (union–intersection)."""
        below, above = self._reaches(error / self.count)
        if self.method == "box":
            return self._largest([(-p - r, 0.0) for p, r in above], [(p - r, 0.0) for p, r in below])
        return self._largest([(-p, r) for p, r in above], below)

    def gap(self, line: float) -> float:
        """Return the plain value of Γ(φ)."""
        return self._largest([(-p, 0.0) for p in self.values], [(p, 0.0) for p in self.values])(line)

    def _reaches(self, error: float) -> tuple[Terms, Terms]:
        """Return (value, distance to its lower limit) and (value, distance to its upper limit) of every side."""
        if self.method == "box":
            error = error / 2
        lower = [limit for part in self.parts for limit in part.lower(error)]
        upper = [limit for part in self.parts for limit in part.upper(error)]
        # At errors near one half a limit can pass its own value; then that side has no length.
        below = [(p, max(p - limit, 0.0)) for p, limit in zip(self.values, lower, strict=True)]
        above = [(p, max(limit - p, 0.0)) for p, limit in zip(self.values, upper, strict=True)]
        return below, above

    def _largest(self, first: Terms, second: Terms) -> Callable[[float], float]:
        """Return φ → max over the pairs of a_i + φ b_j - √(r_i² + φ² s_j²)."""
        if self.pairs is not None:
            pairs = self.pairs
        else:
            ones, others = _band(first), _band(second)
            pairs = [(i, j) for i in ones for j in others if i != j]
        terms = [(*first[i], *second[j]) for i, j in pairs]

        def largest(line: float) -> float:
            spend(_ONE * len(terms))
            return max(a + line * b - math.hypot(r, line * s) for a, r, b, s in terms)

        return largest


class _Contour:
    """The largest limit over the pairs and over the angles at which the two sides of a pair share one error.

    A limit moves outwards as its error falls: with the angle on the low side, against it on the high side. So between
    two angles no pair passes the sum of its low side at the later and its high side at the earlier one. Limits in
    between are made only where this sum is above the best one known; a limit is a quantile, which is the costly part.
    """

    def __init__(self, parts: Sequence[Limits], pairs: Sequence[tuple[int, int]] | None, error: float) -> None:
        self.pairs = pairs
        self.errors = joint_errors(error)
        self.sides = [(part, place) for part in parts for place in range(len(part.values))]
        self.values = [value for part in parts for value in part.values]
        lower = [limit for part in parts for limit in part.lower(self.errors[-1])]
        upper = [limit for part in parts for limit in part.upper(self.errors[-1])]
        # Lower limits are kept with a minus: the larger, the further out, as for the upper ones.
        self.lows = {(side, _LAST): -min(self.values[side], limit) for side, limit in enumerate(lower)}
        self.highs = {(side, 0): max(self.values[side], limit) for side, limit in enumerate(upper)}
        self.alone: dict[int, Limits] = {}

    def largest(self, line: float) -> float:
        """Return the upper limit of Γ(φ) at φ = `line`."""
        everyone = range(len(self.values))
        pairs = self._outermost() if self.pairs is None else self.pairs
        spend(2 * _ONE * len(pairs))
        sums = [(self.lows[i, _LAST] + line * self.highs[j, 0], i, j) for i, j in pairs]
        _, i, j = max(sums)
        known = self._low(i, _LAST // 2) + line * self._high(j, _LAST // 2)
        blocks: list[Block] = [((i,), (j,)) for most, i, j in sums if most > known]
        return self._search(blocks if self.pairs is not None else [(everyone, everyone)], 0, _LAST, line, known)

    def _outermost(self) -> list[tuple[int, int]]:
        """Return the pairs of the two best of each side, both at the whole error."""
        everyone = range(len(self.values))
        spend(2 * _ONE * len(everyone))
        ones = nlargest(2, everyone, key=lambda side: self.lows[side, _LAST])
        others = nlargest(2, everyone, key=lambda side: self.highs[side, 0])
        return [(i, j) for i in ones for j in others if i != j]

    def _search(self, blocks: Sequence[Block], first: int, last: int, line: float, known: float) -> float:
        """Return what the pairs reach at the angles from `first` to `last`, or `known` if that is more."""
        best, passing = known, []
        for block in blocks:
            lows, highs = self._sums(block, last, first, line)
            most = max(lows.values())
            if most > known:
                best = max(best, most)
                passing.append(([i for i in lows if lows[i] > known], [j for j in highs if highs[j] > known]))
        if first == last or not passing:
            return best
        middle = (first + last) // 2
        known = self._search(passing, first, middle, line, known)
        return self._search(passing, middle + 1, last, line, known)

    def _sums(self, block: Block, low: int, high: int, line: float) -> tuple[dict[int, float], dict[int, float]]:
        """Return the largest sum of each side of a block: with the better of the two best others that is not itself."""
        spend(_SUM * (2 + len(block[0]) + len(block[1])))
        lows = {i: self._low(i, low) for i in block[0]}
        highs = {j: line * self._high(j, high) for j in block[1]}
        ones, others = nlargest(2, lows, key=lows.__getitem__), nlargest(2, highs, key=highs.__getitem__)
        return (
            {i: lows[i] + max((highs[j] for j in others if j != i), default=-math.inf) for i in lows},
            {j: highs[j] + max((lows[i] for i in ones if i != j), default=-math.inf) for j in highs},
        )

    def _low(self, side: int, angle: int) -> float:
        if (side, angle) not in self.lows:
            limit = self._alone(side).lower(self.errors[angle])[0]
            self.lows[side, angle] = -min(self.values[side], limit)
        return self.lows[side, angle]

    def _high(self, side: int, angle: int) -> float:
        if (side, angle) not in self.highs:
            limit = self._alone(side).upper(self.errors[_LAST - angle])[0]
            self.highs[side, angle] = max(self.values[side], limit)
        return self.highs[side, angle]

    def _alone(self, side: int) -> Limits:
        if side not in self.alone:
            part, place = self.sides[side]
            self.alone[side] = part.take([place])
        return self.alone[side]


def _band(terms: Terms) -> list[int]:
    """Return the groups that at most one other matches or beats in centre and in reach.

    The lower limit of a contrast grows with its centres and falls with its reaches. If two others match a group, one of
    them is not its partner and does at least as well against that partner: the group is never needed.
    """
    order = sorted(range(len(terms)), key=lambda g: (-terms[g][0], terms[g][1]))
    first = second = -math.inf
    kept = []
    for group in order:
        reach = -terms[group][1]
        if reach > second:
            kept.append(group)
            first, second = (reach, first) if reach > first else (first, reach)
    return kept


def invert(gap: Callable[[float], float], *, largest: bool) -> float:
    """Return the φ of [0, 1] where a gap that grows with φ passes zero.

    `largest`: the largest φ with gap <= 0 (rounded down), else the smallest with gap > 0 (rounded up; 1 if none).
    """
    if gap(0.0) > 0:
        return 0.0
    if gap(1.0) <= 0:
        return 1.0
    under, over = 0.0, 1.0
    for _ in range(52):
        middle = (under + over) / 2
        under, over = (middle, over) if gap(middle) <= 0 else (under, middle)
    return under if largest else over
