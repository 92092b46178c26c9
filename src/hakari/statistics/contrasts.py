"""Contrasts: how far the groups may lie apart, over all pairs, in one limit for each side.

Every rule is read off the gap Γ(φ) = max over i≠j of (φ p_j − p_i). The difference is Γ(1); the ratio min/max is at
least φ exactly where Γ(φ) ≤ 0. So nothing is ever divided and zero counts are legal.
The lower limit is MOVER's (Zou & Donner 2008, Statistics in Medicine 27), over limits of the single groups: it takes
the distance from each value to its limit as a number of standard errors, the same number at every error. For `met` that
is wrong where few successes are expected, because exact limits do not grow in proportion there. So the upper limit
looks along the whole contour instead: see `joint_errors`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import special

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray, IntArray
from hakari.statistics.limits import Limits

Method = Literal["mover", "box"]
Reference = int | Literal["rest"] | None

_CHUNK = 2_000_000  # pairs held in memory at once
_ANGLES = 17


def contrast_count(groups: int, reference: Reference = None) -> int:
    """Ordered contrasts among the groups: all pairs, a reference with every other, or each with its rest."""
    if reference is None:
        return groups * (groups - 1)
    return 2 * (groups - 1) if isinstance(reference, int) else 2 * groups


def method_for(limits: Limits, method: Method) -> Method:
    """The method that is used where `method` was asked for."""
    return "box" if getattr(limits, "spanning", False) else method


def joint_errors(error: float) -> FloatArray:
    """Errors (17,) of one side of a pair whose two limits together have `error`; the other side has them reversed.

    Two independent groups, each measured in standard normal deviations, lie jointly beyond the tangent of a circle of
    radius z = −Φ⁻¹(`error`) with probability `error`. At angle ψ that tangent asks the one group for a limit at
    Φ(−z sin ψ) and the other at Φ(−z cos ψ). The largest contrast over ψ = 0, π/32 … π/2 is the limit. With normal
    limits it is MOVER's √(r² + s²); with exact ones it is what each group allows at each angle. Found to hold by
    enumeration (docs/validity.md), not by proof; `box` has the proof.
    """
    reach = np.minimum(special.ndtri(error), 0.0)
    return np.asarray(special.ndtr(reach * np.sin(np.linspace(0.0, np.pi / 2, _ANGLES))), dtype=float)


@dataclass(frozen=True, slots=True, eq=False)
class Contrasts:
    """The groups of a rule and the pairs that it compares."""

    limits: tuple[Limits, ...]
    """The groups; for "rest" the groups and then the rest of each."""
    low: IntArray | None
    """Side i of every contrast, or None for all ordered pairs."""
    high: IntArray | None
    """Side j of every contrast."""
    count: int
    """Number of contrasts: what the error is divided by for a union–intersection test."""
    method: Method
    """mover (with the contour for `met`), or box for the strict guarantee."""

    @classmethod
    def of(cls, limits: Limits, *, reference: Reference = None, method: Method = "mover") -> Contrasts:
        """The contrasts of a rule; InputError for an unknown reference.

        Where clusters lie in several groups the groups are not independent, and `mover` becomes `box`, which holds
        whatever the dependence (Bonferroni).
        """
        size = len(limits.values)
        method = method_for(limits, method)
        count = contrast_count(size, reference)
        if reference is None:
            return cls((limits,), None, None, count, method)
        if isinstance(reference, int):
            if not 0 <= reference < size:
                raise InputError(say("statistics.contrasts.reference", reference=reference, groups=size))
            others = np.delete(np.arange(size), reference)
            fixed = np.full(size - 1, reference)
            return cls((limits,), np.r_[others, fixed], np.r_[fixed, others], count, method)
        pooled = getattr(limits, "rest", None)
        if pooled is None:
            raise InputError(say("statistics.contrasts.rest", method=limits.method))
        groups, rest = np.arange(size), np.arange(size, 2 * size)
        return cls((limits, pooled()), np.r_[groups, rest], np.r_[rest, groups], count, method)

    @property
    def values(self) -> FloatArray:
        """Values of all sides."""
        return np.concatenate([part.values for part in self.limits])

    def upper(self, error: float) -> Callable[[float], float]:
        """φ → upper limit of Γ(φ): every contrast at `error`, no correction (intersection–union)."""
        if self.method == "box":
            p = self.values
            below, above = self._lower(error / 2, p), self._upper(error / 2, p)
            return lambda line: _largest(-below, above, line, self.low, self.high)
        errors = joint_errors(error)
        some = self._outermost()
        p = some.values
        below = np.minimum(p, np.concatenate([_at_each(part, "lower", errors) for part in some.limits], axis=1))
        above = np.maximum(p, np.concatenate([_at_each(part, "upper", errors[::-1]) for part in some.limits], axis=1))
        return _Contour.of(-below, above, self.low, self.high).largest

    def lower(self, error: float) -> Callable[[float], float]:
        """φ → lower limit of Γ(φ): every contrast at `error` / count (union–intersection)."""
        error = error / self.count
        p = self.values
        if self.method == "box":
            below, above = self._lower(error / 2, p), self._upper(error / 2, p)
            return lambda line: _largest(-above, below, line, self.low, self.high)
        below, above = self._lower(error, p), self._upper(error, p)
        return _Pairs.skyband(-p, above - p, p, p - below, self.low, self.high).smallest

    def _outermost(self) -> Contrasts:
        """The same with the groups left out that can be neither side of the largest contrast, where that is known."""
        known = getattr(self.limits[0], "outermost", None)
        if known is None or self.low is not None:
            return self
        return replace(self, limits=(self.limits[0].take(known()),))

    def gap(self, line: float = 1.0) -> float:
        """The plain value of Γ(φ)."""
        p = self.values
        return _largest(-p, p, line, self.low, self.high)

    def _lower(self, error: float, values: FloatArray) -> FloatArray:
        # At errors near one half a limit can pass its own value: it is held there.
        limits = np.concatenate([part.lower(error) for part in self.limits])
        return np.asarray(np.minimum(values, limits), dtype=float)

    def _upper(self, error: float, values: FloatArray) -> FloatArray:
        limits = np.concatenate([part.upper(error) for part in self.limits])
        return np.asarray(np.maximum(values, limits), dtype=float)


def _at_each(limits: Limits, side: Literal["lower", "upper"], errors: FloatArray) -> FloatArray:
    """Limits (E, G) at several errors; at all at once where the limits can do that."""
    together = getattr(limits, f"{side}_at", None)
    if together is not None:
        return np.asarray(together(errors), dtype=float)
    alone: Callable[[float], FloatArray] = getattr(limits, side)
    return np.stack([alone(error) for error in errors.tolist()])


@dataclass(frozen=True, slots=True, eq=False)
class _Contour:
    """max over the angles and over i≠j of a_i + φ b_j, as the best few sums of each angle."""

    a: FloatArray
    b: FloatArray

    @classmethod
    def of(cls, a: FloatArray, b: FloatArray, low: IntArray | None, high: IntArray | None) -> _Contour:
        """The terms a and b (angles, G) of the pairs."""
        if low is not None and high is not None:
            return cls(a[:, low], b[:, high])
        # The two best of each side hold the best pair of two different groups.
        i = np.argsort(-a, axis=1, kind="stable")[:, [0, 0, 1, 1]]
        j = np.argsort(-b, axis=1, kind="stable")[:, [0, 1, 0, 1]]
        ones, others = np.take_along_axis(a, i, axis=1), np.take_along_axis(b, j, axis=1)
        return cls(np.where(i == j, -np.inf, ones), others)

    def largest(self, line: float) -> float:
        """The largest sum at φ = `line`."""
        return float(np.max(self.a + line * self.b))


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """max over i≠j of a_i + φ b_j − √(r_i² + φ² s_j²), with the groups that can never win left out."""

    a: FloatArray
    r: FloatArray
    b: FloatArray
    s: FloatArray
    low: IntArray | None
    high: IntArray | None

    @classmethod
    def skyband(
        cls, a: FloatArray, r: FloatArray, b: FloatArray, s: FloatArray, low: IntArray | None, high: IntArray | None
    ) -> _Pairs:
        if low is not None and high is not None:
            return cls(a[low], r[low], b[high], s[high], np.arange(len(low)), None)
        first, second = _skyband(a, -r), _skyband(b, -s)
        return cls(a[first], r[first], b[second], s[second], first, second)

    def smallest(self, line: float) -> float:
        """The lower limit of the largest contrast at φ = `line`."""
        if self.high is None:
            return float(np.max(self.a + line * self.b - np.hypot(self.r, line * self.s)))
        best = -np.inf
        assert self.low is not None
        step = max(_CHUNK // len(self.high), 1)
        for start in range(0, len(self.low), step):
            part = slice(start, start + step)
            each = self.a[part, None] + line * self.b - np.hypot(self.r[part, None], line * self.s)
            each[self.low[part, None] == self.high] = -np.inf
            best = max(best, float(each.max()))
        return best


def _skyband(a: FloatArray, r: FloatArray) -> IntArray:
    """Groups that at most one other group matches or beats in both numbers.

    The largest contrast grows in both. If two others match a group, one of them is not its partner and does at least
    as well against that partner; so a group outside the band is never needed.
    """
    order = np.lexsort((-r, -a))
    first = second = -np.inf
    kept = []
    for place, height in zip(order.tolist(), r[order].tolist(), strict=True):
        if height > second:
            kept.append(place)
            if height > first:
                first, second = height, first
            else:
                second = height
    return np.array(kept, dtype=np.int64)


def _largest(a: FloatArray, b: FloatArray, line: float, low: IntArray | None, high: IntArray | None) -> float:
    """max over i≠j of a_i + φ b_j: the two best of each side hold the answer."""
    if low is not None and high is not None:
        return float(np.max(a[low] + line * b[high]))
    first, second = np.argsort(-a, kind="stable")[:2], np.argsort(-b, kind="stable")[:2]
    return max(float(a[i] + line * b[j]) for i in first for j in second if i != j)


def invert(gap: Callable[[float], float], *, largest: bool) -> float:
    """The φ in [0, 1] where a gap that grows with φ passes zero.

    `largest`: the largest φ with gap ≤ 0 (rounded down), else the smallest φ with gap > 0 (rounded up; 1 if none).
    """
    if gap(0.0) > 0:
        return 0.0
    if gap(1.0) <= 0:
        return 1.0
    under, over = 0.0, 1.0
    for _ in range(52):
        middle = (under + over) / 2
        if gap(middle) <= 0:
            under = middle
        else:
            over = middle
    return under if largest else over
