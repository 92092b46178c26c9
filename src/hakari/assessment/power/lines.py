"""Lines: rows per group for each planned check, at the first three looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.power.expected import Expected, expected_of
from hakari.assessment.rules.levels import budget
from hakari.evidence import Unmeasured
from hakari.messages import Message, say
from hakari.statistics import Rule, stream
from hakari.statistics.power import MOST_TRIALS, trials_needed

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["LOOKS", "LookRows", "PowerLine", "Rows", "power_lines"]

LOOKS = (1, 2, 3)
"""The looks whose cost is shown."""

_STEP = 0.05  # how far a check of one rate without a margin is taken to miss its line
_DIGITS = 3

Progress = Callable[[int, int, Message], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What every group needs."""

    trials: int
    """Rows in the metric's own denominator."""
    rows: int
    """Rows in all, where the denominator is the expected share of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRows:
    """What every group needs at one look."""

    look: int
    error_met: float
    """One-sided error that `met` may spend at this look."""
    error_not_met: float
    """The same of `not_met`, as the first of the family in Holm's order."""
    met: Rows | Unmeasured
    """For `met` with a chance of .8, if every group has the expected rate."""
    not_met: Rows | Unmeasured
    """For `not_met` with a chance of .8, if the true figure is `apart`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLine:
    """What one check can expect."""

    check: str
    """Id of the planned check."""
    expected: Expected | Unmeasured
    """What is assumed, or why nothing can be said."""
    apart: float | Unmeasured
    """The true figure that `not_met` is to find: as far beyond the unacceptable line as that is beyond the other."""
    looks: tuple[LookRows, ...] = ()


def power_lines(
    plan: Plan,
    stated: Mapping[str, float],
    inputs: Inputs | None,
    *,
    groups: int | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[PowerLine, ...]:
    """Return a line for every check of the plan that has an error rate.

    Args:
        plan: the plan; a check that only lacks data is planned for all the same.
        stated: expected rates by metric, see `read_expected`.
        inputs: data at hand, for pooled rates, denominators and the number of groups.
        groups: number of groups in each column, where it is not that of the data.
        seed: seed of the simulations.
        progress: called with (done, total, message).
    """
    checks = [check for check in plan.checks if check.basis != "count"]
    lines = []
    for number, check in enumerate(checks):
        if progress is not None:
            progress(number, len(checks), say("assessment.power.progress", check=check.id))
        lines.append(_line(check, plan.family, stated, inputs, groups, seed))
    return tuple(lines)


def _line(
    check: PlannedCheck, family: int, stated: Mapping[str, float], inputs: Inputs | None, groups: int | None, seed: int
) -> PowerLine:
    reason = _why_not(check)
    expected = reason or expected_of(check, stated, inputs, groups)
    if isinstance(expected, Message):
        absent = Unmeasured(unmeasured=expected)
        return PowerLine(check=check.id, expected=absent, apart=absent)
    rule = _rule(check)
    scene = _apart(rule, expected)
    if scene is None:
        nowhere = Unmeasured(unmeasured=say("assessment.power.no_room"))
        looks = _looks(check, rule, expected, None, family, seed)
        return PowerLine(check=check.id, expected=expected, apart=nowhere, looks=looks)
    looks = _looks(check, rule, expected, scene[1], family, seed)
    return PowerLine(check=check.id, expected=expected, apart=scene[0], looks=looks)


def _why_not(check: PlannedCheck) -> Message | None:
    if check.basis == "smooth":
        return say("assessment.power.smooth", metric=check.metric)
    if check.impossible is not None and check.impossible.key != "assessment.plan.no_data":
        return check.impossible
    return None


def _rule(check: PlannedCheck) -> Rule:
    """The rule over groups of which nothing but their number is known: a named reference is the first of them."""
    reference: int | Literal["rest"] | None = None
    if check.reference is not None and check.aggregation in ("difference", "ratio"):
        reference = "rest" if check.reference == "rest" else 0
    return Rule(
        aggregation=check.aggregation, operator=check.operator, threshold=check.threshold, margin=check.margin,
        method=check.method, reference=reference,
    )  # fmt: skip


def _apart(rule: Rule, expected: Expected) -> tuple[float, tuple[float, ...]] | None:
    """A true figure as far beyond b as b is beyond a, and rates with it; None where there is no room for one.

    Without a margin: twice the accepted difference, the accepted ratio squared, a rate that misses by five points.
    """
    a, m = rule.threshold, rule.margin
    if rule.aggregation == "difference":
        figure = a + 2 * m if m > 0 else 2 * a or _STEP
        # One group alone is moved: down from the expected rate, or up where there is no room below.
        lower, upper = expected.rate - figure, expected.rate + figure
        moved = lower if lower >= 0 else upper
    elif rule.aggregation == "ratio":
        figure = a - 2 * m if m > 0 else a * a
        moved = expected.rate * figure
    else:
        figure = a + (2 * m or _STEP) * (1 if rule.operator == "<=" else -1)
        moved = figure
    figure = round(figure, 12)
    if not (0 <= moved <= 1 and figure > 0):
        return None
    return figure, (*[expected.rate] * (expected.groups - 1), moved)


def _looks(
    check: PlannedCheck, rule: Rule, expected: Expected, apart: tuple[float, ...] | None, family: int, seed: int
) -> tuple[LookRows, ...]:
    found: list[LookRows] = []
    least_met = least_not = max(check.min_rows, 1)
    for look in LOOKS:
        error = budget(check, look=look)
        errors = (error, error / max(family, 1))
        alike = (expected.rate,) * expected.groups
        rng = stream(seed, "power", "met", str(look))
        met = _trials(rule, alike, "met", errors, least_met, rng)
        rng = stream(seed, "power", "not_met", str(look))
        not_met = None if apart is None else _trials(rule, apart, "not_met", errors, least_not, rng)
        # A later look spends less, so it never needs fewer: the search goes on from there.
        least_met, least_not = met or least_met, not_met or least_not
        found.append(
            LookRows(
                look=look,
                error_met=errors[0],
                error_not_met=errors[1],
                met=_rows(met, expected),
                not_met=_rows(not_met, expected),
            )
        )
    return tuple(found)


def _trials(
    rule: Rule,
    rates: tuple[float, ...],
    verdict: Literal["met", "not_met"],
    errors: tuple[float, float],
    least: int,
    rng: np.random.Generator,
) -> int | None:
    met, not_met = errors
    return trials_needed(rule, rates, verdict, error_met=met, error_not_met=not_met, rng=rng, least=least)


def _rows(trials: int | None, expected: Expected) -> Rows | Unmeasured:
    if trials is None:
        return Unmeasured(unmeasured=say("assessment.power.never", most=MOST_TRIALS))
    trials = _rounded_up(trials)
    return Rows(trials=trials, rows=trials if expected.share == 1 else _rounded_up(math.ceil(trials / expected.share)))


def _rounded_up(number: int) -> int:
    """The number with three digits, upwards: the search and the simulation know no more."""
    step = int(10 ** max(len(str(number)) - _DIGITS, 0))
    return -(-number // step) * step
