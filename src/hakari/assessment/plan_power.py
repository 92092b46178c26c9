"""What a plan can expect to decide, from group sizes alone: a ratio over small groups seldom says anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hakari.assessment.model import Plan, PlannedCheck
from hakari.assessment.rules.levels import budget
from hakari.messages import Message, say
from hakari.statistics import ClopperPearson, Rule, decide, group_rates, rate_definition, stream

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["conclusive_chance", "ratio_warnings"]

_DRAWS = 200
_UNLIKELY = 0.5


def ratio_warnings(plan: Plan, inputs: Inputs | None) -> tuple[Message, ...]:
    """Return a warning for each planned ratio whose verdict is less likely than not (verdicts.md, Rows needed)."""
    if inputs is None:
        return ()
    warnings = []
    for check in plan.checks:
        if check.aggregation == "ratio" and check.table == "tally" and check.impossible is None:
            chance = conclusive_chance(check, inputs, family=plan.family, seed=plan.measurements[0].seed)
            if chance < _UNLIKELY:
                warnings.append(say("assessment.plan.ratio_power", check=check.id, chance=chance))
    return tuple(warnings)


def conclusive_chance(check: PlannedCheck, inputs: Inputs, *, family: int, seed: int) -> float:
    """Return the chance of a verdict if all groups had the pooled rate.

    Only the denominators of the groups and the one pooled rate are used, never a group's own rate, so that the plan
    stays blind to the differences that it will judge.
    """
    needed = rate_definition(check.metric)
    tally = inputs.tally(by=check.columns, label=needed.needs_label, prediction=needed.needs_prediction)
    rates = group_rates(tally, check.metric, by=check.columns)
    trials = np.array([n for n in rates.trials if n >= check.min_rows])
    if len(trials) < 2 or rates.approximate:
        return 1.0
    pooled = float(rates.successes.sum() / rates.trials.sum())
    rng = stream(seed, "plan-power", check.id)
    rule = Rule(
        aggregation=check.aggregation, operator=check.operator, threshold=check.threshold, margin=check.margin,
        method=check.method,
    )  # fmt: skip
    error = budget(check)
    decided = 0
    for drawn in rng.binomial(trials.astype(np.int64), pooled, size=(_DRAWS, len(trials))):
        limits = ClopperPearson(drawn.astype(float), trials)
        verdict = decide(rule, limits, error_met=error, error_not_met=error / max(family, 1)).verdict
        decided += verdict != "inconclusive"
    return decided / _DRAWS
