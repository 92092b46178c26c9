"""How long something takes where some of it is not finished: the Kaplan–Meier estimate, with late entry."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["Course", "Curve", "Quantile", "kaplan_meier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How one case, or some that are alike, went: watched from day `entry` to day `days` after its beginning."""

    days: int
    ended: bool
    """Whether it ended on that day; otherwise nobody knows yet when it will."""
    entry: int = 0
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """By which day a share of all has ended, with limits; None where the data do not reach so far."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The share that has not ended after each day on which one did."""

    cases: int
    ended: int
    steps: tuple[tuple[int, float, float], ...]
    """(day, share not ended, Greenwood's sum): the variance of log S is that sum."""

    @property
    def open(self) -> int:
        """Cases that have not ended."""
        return self.cases - self.ended

    def quantile(self, share: float, *, level: float = 0.95) -> Quantile:
        """Return the day by which `share` has ended, with limits at `level`.

        Limits turn the pointwise log(−log S) limits of the curve round (Brookmeyer & Crowley 1982; Kalbfleisch &
        Prentice 2002, §1.4): the days at which the lower and the upper limit of S fall to 1 − share.
        """
        rest, z = 1 - share + 1e-12, NormalDist().inv_cdf((1 + level) / 2)
        found: dict[str, int] = {}
        for day, still, spread in self.steps:
            low, high = _limits(still, spread, z)
            for name, value in (("days", still), ("low", low), ("high", high)):
                if value is not None and value <= rest:
                    found.setdefault(name, day)
        return Quantile(days=found.get("days"), low=found.get("low"), high=found.get("high"))


def kaplan_meier(courses: Iterable[Course]) -> Curve:
    """Return the estimate of Kaplan & Meier (1958); a case counts as watched from its entry on (late entry).

    Of cases that end and cases that are lost sight of on the same day, the former come first.
    """
    ends, leaves, enters = Counter[int](), Counter[int](), Counter[int]()
    for course in courses:
        enters[course.entry] += course.count
        (ends if course.ended else leaves)[course.days] += course.count
    watched, still, spread = 0, 1.0, 0.0
    steps: list[tuple[int, float, float]] = []
    for day in sorted({*ends, *leaves, *enters}):
        watched += enters[day]
        if ends[day]:
            still *= 1 - ends[day] / watched
            rest = watched - ends[day]
            spread = spread + ends[day] / (watched * rest) if rest else math.inf
            steps.append((day, still, spread))
        watched -= ends[day] + leaves[day]
    return Curve(cases=enters.total(), ended=ends.total(), steps=tuple(steps))


def _limits(still: float, spread: float, z: float) -> tuple[float | None, float | None]:
    """Return the limits of the share at one day; none where nothing is left, as R's survfit says as well."""
    if not 0 < still < 1 or math.isinf(spread):
        return None, None
    width = z * math.sqrt(spread) / abs(math.log(still))
    return still ** math.exp(width), still ** math.exp(-width)
