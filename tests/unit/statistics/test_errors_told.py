"""Every refusal of the statistical floor names the figures that were wrong, in both languages."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.messages import Message, render
from hakari.statistics.bootstrap import percentile_interval, replicate_counts
from hakari.statistics.contrasts import Contrasts
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.multiplicity import candidates_error, holm_levels, look_error
from hakari.statistics.noise import noise_floor
from hakari.statistics.rates import group_rates
from hakari.statistics.smooth import smooth_limits
from hakari.statistics.studentised import StudentisedBootstrap
from hakari.statistics.tally import Tally
from hakari.statistics.verdict import Rule, decide, plug_in

DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.05)
NAMED = Rule(aggregation="difference", operator="<=", threshold=0.05, reference=1)
REST = Rule(aggregation="difference", operator="<=", threshold=0.05, reference="rest")
OVERALL = Rule(aggregation="overall", operator=">=", threshold=0.5)
TWO = ClopperPearson(np.array([1, 0]), np.array([2, 0]))
SCORED = Tally.from_cells(("label", "score"), [(1, 1.5, 4), (0, 0.25, 4)])
DECIDED = Tally.from_cells(("label", "prediction"), [(1, 0, 4), (0, 3, 4)])
DRAWN = StudentisedBootstrap(np.array([0.5, 0.4]), np.zeros(2), np.ones(2), np.zeros((200, 2)), logit=True)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def smooth(tally: Tally, metric: str, replicates: int = 200) -> object:
    return smooth_limits(tally, metric, rng=rng(), replicates=replicates)


def floor(rule: Rule, successes: list[int], trials: list[int]) -> float:
    return noise_floor(rule, np.array(successes), np.array(trials), rng=rng())


def clustered() -> Tally:
    return Tally.from_cells(("cluster", "label", "score"), [(1, 1, 0.5, 1)])


TOLD: list[tuple[Callable[[], object], list[str]]] = [
    (lambda: percentile_interval(np.array([1.0, 2.0, np.nan]), 1.0), ["level 1 ", "2 finite replicates"]),
    (lambda: percentile_interval(np.array([1.0]), 0.0), ["level 0 ", "1 finite replicate."]),
    (lambda: percentile_interval(np.array([np.nan])), ["level 0.95 ", "0 finite"]),
    (lambda: replicate_counts(Tally.from_cells(("g",), []), 5, rng()), ["without rows"]),
    (lambda: replicate_counts(clustered(), 5, rng()), ["independent rows"]),
    (lambda: Contrasts.of(TWO, reference=2), ["group 2 ", "2 groups"]),
    (lambda: Contrasts.of(TWO, reference=-1), ["group -1 ", "2 groups"]),
    (lambda: Contrasts.of(DRAWN, reference="rest"), ["studentised bootstrap", "cannot be pooled"]),
    (lambda: holm_levels([0.1, 0.2, 0.3], [0.1]), ["3 p-values need 3 budgets", "got 1."]),
    (lambda: holm_levels([-0.25], [0.1]), ["p-value -0.25 ", "budget 0.1 "]),
    (lambda: holm_levels([1.25], [0.1]), ["p-value 1.25 ", "budget 0.1 "]),
    (lambda: holm_levels([0.5], [0.0]), ["p-value 0.5 ", "budget 0 "]),
    (lambda: holm_levels([0.5], [1.0]), ["p-value 0.5 ", "budget 1 "]),
    (lambda: look_error(0.1, 0), ["look 0 "]),
    (lambda: candidates_error(0.1, 0), ["0 is not"]),
    (lambda: floor(DIFFERENCE, [1, 3], [2, 2]), ["2 numbers of successes", "2 numbers of trials"]),
    (lambda: floor(DIFFERENCE, [1, 1], [2]), ["2 numbers of successes", "1 number of trials"]),
    (lambda: floor(NAMED, [1, 0], [2, 0]), ["named reference with trials"]),
    (lambda: floor(REST, [1, 0], [2, 1]), ["named reference with trials"]),
    (
        lambda: group_rates(DECIDED, "gini"),
        ["“gini”; known are accuracy, base_rate, ", "error_rate,", "precision", "recall"],
    ),
    (lambda: group_rates(SCORED, "recall"), ["true_positive_rate needs", "“prediction”", "(label, score)"]),
    (lambda: smooth(SCORED, "gini"), ["“gini”", "auc, balanced_accuracy, brier, calibration_error, f1"]),
    (lambda: smooth(clustered(), "auc"), ["auc has limits for independent rows"]),
    (lambda: smooth(Tally.from_cells(("label", "score"), [(1, "high", 2)]), "auc"), ["“high”"]),
    (lambda: smooth(SCORED, "brier"), ["score 1.5 ", "brier needs probabilities"]),
    (lambda: smooth(SCORED, "calibration_error"), ["score 1.5 ", "calibration_error needs"]),
    (lambda: smooth(DECIDED, "f1"), ["prediction 3 ", "f1 needs decisions"]),
    (lambda: smooth(SCORED, "auc", 99), ["99 replicates are too few", "100"]),
    (lambda: Rule(aggregation="difference", operator=">=", threshold=0.1), ["“difference”", "operator <=,", "not >="]),
    (lambda: Rule(aggregation="ratio", operator="<=", threshold=0.8), ["“ratio”", "operator >=,", "not <="]),
    (lambda: Rule(aggregation="overall", operator="==", threshold=0.8), ["“==”"]),  # type: ignore[arg-type]  # on purpose
    (lambda: Rule(aggregation="overall", operator=">=", threshold=0.8, margin=-0.5), ["is 0.8 ", "margin -0.5."]),
    (lambda: Rule(aggregation="overall", operator=">=", threshold=math.inf), ["is inf ", "margin 0."]),
    (lambda: Rule(aggregation="overall", operator=">=", threshold=0.8, margin=math.inf), ["is 0.8 ", "margin inf."]),
    (lambda: Rule(aggregation="ratio", operator=">=", threshold=0.25, margin=0.5), ["of 0.25 ", "margin 0.5 "]),
    (lambda: Rule(aggregation="overall", operator=">=", threshold=0.5, reference=0), ["“overall”", "no reference"]),
    (lambda: decide(DIFFERENCE, TWO, error_met=0.0, error_not_met=0.1), ["error of 0 "]),
    (lambda: decide(DIFFERENCE, TWO, error_met=0.1, error_not_met=0.75), ["error of 0.75 "]),
    (lambda: decide(OVERALL, TWO, error_met=0.1, error_not_met=0.1), ["one group, the whole, not 2."]),
    (lambda: decide(NAMED, TWO, error_met=0.1, error_not_met=0.1), ["group 1 "]),
    (lambda: plug_in(REST, np.array([0.1])), ["counts, not rates"]),
    (lambda: ClopperPearson(np.array([-1]), np.array([2])), ["between 0 and the trials"]),
]


@pytest.mark.parametrize(("call", "parts"), TOLD, ids=[" ".join(parts) for _, parts in TOLD])
def test_a_refusal_names_what_was_wrong(call: Callable[[], object], parts: list[str]) -> None:
    with pytest.raises(InputError) as found:
        call()
    message = found.value.message
    assert isinstance(message, Message)
    for part in parts:
        assert part in render(message)
    assert "{" not in render(message) + render(message, "ja")
