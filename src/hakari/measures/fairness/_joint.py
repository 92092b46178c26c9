"""Joint: metrics of decisions that join two rates, with limits made of the rates' own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hakari.measures.fairness._aggregates import limits_rule
from hakari.statistics import GroupRates, decide, method_for

__all__ = ["Bounded", "aggregate", "average_odds_difference", "equalized_odds_difference", "equalized_odds_ratio"]

_ODDS = ("true_positive_rate", "false_positive_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A number with its limits; nan where there is none."""

    value: float
    low: float
    high: float
    method: str
    n: int


def aggregate(
    rates: GroupRates,
    kind: Literal["difference", "ratio"],
    *,
    min_rows: int,
    low_error: float,
    high_error: float,
) -> Bounded | None:
    """Difference or ratio of a rate over the groups with at least `min_rows` trials; None with fewer than two.

    The limits are those of the verdict rule: each side is missed with at most its own error.
    """
    compared = np.flatnonzero(rates.trials >= max(min_rows, 1))
    if len(compared) < 2:
        return None
    limits = rates.limits.take(compared)
    down = kind == "difference"
    rule = limits_rule(kind, "neutral")
    # `met` faces the upper limit of a difference and the lower limit of a ratio.
    met, not_met = (high_error, low_error) if down else (low_error, high_error)
    found = decide(rule, limits, error_met=met, error_not_met=not_met)
    method = f"{limits.method}, {method_for(limits, rule.method)}"
    return Bounded(
        value=found.value,
        low=found.lower,
        high=found.upper,
        method=method,
        n=int(rates.trials[compared].sum()),
    )


def equalized_odds_difference(rates: Mapping[str, GroupRates], *, min_rows: int, error: float) -> Bounded | None:
    """The larger of two differences: above, each limit at the whole error; below, at half of it (union bound)."""
    parts = [
        aggregate(rates[name], "difference", min_rows=min_rows, low_error=error / 4, high_error=error / 2)
        for name in _ODDS
    ]
    return _joined(parts, max, "intersection–union above, Bonferroni below")


def equalized_odds_ratio(rates: Mapping[str, GroupRates], *, min_rows: int, error: float) -> Bounded | None:
    """The smaller of two ratios: below, each limit at the whole error; above, at half of it (union bound)."""
    parts = [
        aggregate(rates[name], "ratio", min_rows=min_rows, low_error=error / 2, high_error=error / 4) for name in _ODDS
    ]
    return _joined(parts, min, "intersection–union below, Bonferroni above")


def average_odds_difference(rates: Mapping[str, GroupRates], *, min_rows: int, error: float) -> Bounded | None:
    """The mean of two differences; both limits of both at half of the error (union bound)."""
    parts = [
        aggregate(rates[name], "difference", min_rows=min_rows, low_error=error / 4, high_error=error / 4)
        for name in _ODDS
    ]
    return _joined(parts, lambda pair: sum(pair) / 2, "Bonferroni on both sides")


def _joined(parts: list[Bounded | None], join: Callable[[Sequence[float]], float], how: str) -> Bounded | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return Bounded(
        value=join([part.value for part in known]),
        low=join([part.low for part in known]),
        high=join([part.high for part in known]),
        method=f"{known[0].method}; {how}",
        n=sum(part.n for part in known),
    )
