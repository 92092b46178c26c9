"""Contrasts: how far the groups may lie apart, over all pairs, in one limit for each side.

Everything is read off the gap Γ(φ) = max over i≠j of (φ p_j - p_i): the difference is Γ(1), and the ratio min/max is at
least φ exactly where Γ(φ) <= 0, so that nothing is ever divided. The limits of a pair are MOVER (Zou & Donner 2008)
over Clopper–Pearson limits of the single rates, or `box`, which adds the single limits up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from hakari.standalone.python.numbers.limits import Limits
from hakari.standalone.python.work import spend

__all__ = ["Contrasts", "Reference", "invert", "method_for"]

Reference = int | str | None
"""None: all pairs; a group's place: this group with every other; "rest": each group with all others pooled."""
Terms = Sequence[tuple[float, float]]
"""(centre, reach) of each side of a pair."""


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
        below, above = self._reaches(error)
        if self.method == "box":
            return self._largest([(r - p, 0.0) for p, r in below], [(p + r, 0.0) for p, r in above], 1.0)
        return self._largest([(-p, r) for p, r in below], above, 1.0)

    def lower(self, error: float) -> Callable[[float], float]:
        """Return φ → lower limit of Γ(φ): every contrast at `error` over their number (union–intersection)."""
        below, above = self._reaches(error / self.count)
        if self.method == "box":
            return self._largest([(-p - r, 0.0) for p, r in above], [(p - r, 0.0) for p, r in below], -1.0)
        return self._largest([(-p, r) for p, r in above], below, -1.0)

    def gap(self, line: float) -> float:
        """Return the plain value of Γ(φ)."""
        return self._largest([(-p, 0.0) for p in self.values], [(p, 0.0) for p in self.values], 1.0)(line)

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

    def _largest(self, first: Terms, second: Terms, sign: float) -> Callable[[float], float]:
        """Return φ → max over the pairs of a_i + φ b_j ± √(r_i² + φ² s_j²)."""
        if self.pairs is not None:
            pairs = self.pairs
        else:
            ones, others = _band(first, sign), _band(second, sign)
            pairs = [(i, j) for i in ones for j in others if i != j]
        terms = [(*first[i], *second[j]) for i, j in pairs]

        def largest(line: float) -> float:
            spend(3e-7 * len(terms))
            return max(a + line * b + sign * math.hypot(r, line * s) for a, r, b, s in terms)

        return largest


def _band(terms: Terms, sign: float) -> list[int]:
    """Return the groups that at most one other matches or beats in centre and in reach.

    The largest contrast grows in both. If two others match a group, one of them is not its partner and does at least as
    well against that partner: the group is never needed.
    """
    order = sorted(range(len(terms)), key=lambda g: (-terms[g][0], -sign * terms[g][1]))
    first = second = -math.inf
    kept = []
    for group in order:
        reach = sign * terms[group][1]
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
