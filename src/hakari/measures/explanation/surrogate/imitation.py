"""Imitation: a glass box for the whole model, and how well it imitates it on rows it has not seen."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.errors import InputError
from hakari.evidence import Estimate, Interval
from hakari.measures._estimates import error_of, unmeasured
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.importance._scoring import decisions
from hakari.measures.explanation.surrogate._linear import fitted_terms
from hakari.measures.explanation.surrogate._stand_in import Surrogate, SurrogateKind
from hakari.measures.explanation.surrogate._tree import grown_tree
from hakari.messages import Message, say
from hakari.statistics import clopper_pearson

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["glass_box"]

_FEWEST: Final = 20
"""Rows below which there is nothing to fit to and to hold out."""
_LEAST_SHARE: Final = 0.01
# Of the rows fitted to, in each leaf, and at least five: a rule for one person is no rule.
_REPLICATES: Final = 1_000
_BLOCK: Final = 2_000_000
# Rows drawn at once for the interval.


def glass_box(
    asked: Asked,
    rows: Features,
    rng: np.random.Generator,
    *,
    kind: SurrogateKind = "tree",
    depth: int = 3,
    held_out: float = 0.3,
    confidence: float = 0.95,
    threshold: float = 0.5,
) -> Surrogate:
    """Fit a small tree or a linear model to what the model says, and measure how well it imitates it.

    Global surrogates go back to Craven & Shavlik 1996 (NeurIPS 8). A share `held_out` of the rows is kept aside;
    on these `surrogate_fidelity` is R² (percentile bootstrap of the rows) and `decision_agreement` the share of equal
    decisions at `threshold` (Clopper–Pearson). A tree needs scikit-learn (extra `ml`).

    Raises:
        InputError: fewer than 20 rows, a parameter out of its range, the model failed, or scikit-learn is missing.
    """
    started, before = time.perf_counter(), asked.rows
    error_of(confidence)
    if rows.rows < _FEWEST:
        raise InputError(say("measures.explanation.surrogate.rows", rows=rows.rows, least=_FEWEST))
    # Only odds need a line between 0 and 1: a score may be an amount.
    line_holds = 0 < threshold < 1 if asked.quantity == "log_odds" else math.isfinite(threshold)
    if not (0 < held_out < 1 and line_holds and 1 <= depth <= 10):
        raise InputError(
            say("measures.explanation.surrogate.range", held_out=held_out, threshold=threshold, depth=depth)
        )
    outputs = asked(rows)
    aside = np.zeros(rows.rows, dtype=bool)
    aside[rng.permutation(rows.rows)[: min(max(round(held_out * rows.rows), 2), rows.rows - 2)]] = True
    seen = rows.take(~aside)
    made = Surrogate(
        kind=kind,
        quantity=asked.quantity,
        fidelity=(),
        fitted_rows=int((~aside).sum()),
        held_out_rows=int(aside.sum()),
        cost=Cost(model_rows=asked.rows - before),
        limits=(),
    )
    if kind == "tree":
        least = max(5, round(_LEAST_SHARE * seen.rows))
        leaves = grown_tree(seen, outputs[~aside], depth=depth, least=least, seed=int(rng.integers(2**31)))
        made = _with_shares(replace(made, leaves=leaves), rows)
    else:
        terms, intercept = fitted_terms(seen, outputs[~aside])
        made = replace(made, terms=terms, intercept=intercept)
    own = made.predict(rows.take(aside))
    line = decisions(outputs[aside], asked.quantity, threshold)
    fidelity = (
        _explained(outputs[aside], own, asked, rng, confidence),
        _agreement(line, decisions(own, asked.quantity, threshold), confidence),
    )
    cost = Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started)
    return replace(made, fidelity=fidelity, limits=_limits(made, line), cost=cost)


def _with_shares(made: Surrogate, rows: Features) -> Surrogate:
    leaves = []
    for leaf in made.leaves:
        covered = np.ones(rows.rows, dtype=bool)
        for condition in leaf.conditions:
            covered &= condition.holds(rows)
        leaves.append(replace(leaf, share=float(covered.mean()), rows=int(covered.sum())))
    return replace(made, leaves=tuple(leaves))


def _explained(
    outputs: FloatArray, own: FloatArray, asked: Asked, rng: np.random.Generator, confidence: float
) -> Estimate:
    """R² on held-out rows: how much of what sets the model's outputs apart the stand-in repeats."""
    n, metric = len(outputs), "surrogate_fidelity"
    if asked.quantity == "class":
        return unmeasured(metric, say("measures.explanation.surrogate.classes_only"), n=n)
    # Far from 0 the squares would lose the digits that set outputs apart.
    moved = outputs - outputs.mean()
    if outputs.min() == outputs.max():
        return unmeasured(metric, say("measures.explanation.surrogate.constant"), n=n)
    parts = np.column_stack([(outputs - own) ** 2, moved, moved**2])
    block = max(_BLOCK // n, 1)
    sums = [
        parts[rng.integers(0, n, (min(block, _REPLICATES - start), n))].mean(axis=1)
        for start in range(0, _REPLICATES, block)
    ]
    error, first, second = np.concatenate(sums).T
    total = second - first**2
    drawn = 1 - error[total > 0] / total[total > 0]
    low, high = np.quantile(drawn, [error_of(confidence) / 2, 1 - error_of(confidence) / 2])
    value = 1 - float(parts[:, 0].mean() / parts[:, 2].mean())
    interval = Interval(low=float(low), high=float(high), level=confidence, method="percentile bootstrap over rows")
    return Estimate(metric=metric, value=value, interval=interval, n=n)


def _agreement(first: BoolArray, second: BoolArray, confidence: float) -> Estimate:
    n, same = len(first), int((first == second).sum())
    low, high = clopper_pearson(same, n, error_of(confidence) / 2)
    interval = Interval(low=low, high=high, level=confidence, method="clopper-pearson")
    return Estimate(metric="decision_agreement", value=same / n, interval=interval, n=n)


def _limits(made: Surrogate, line: BoolArray) -> tuple[Message, ...]:
    usual = max(float(line.mean()), 1 - float(line.mean()))
    return (
        say("measures.explanation.surrogate.limit.imitates", rows=made.held_out_rows),
        say("measures.explanation.surrogate.limit.usual", share=round(usual, 4)),
    )
