"""Chances of verdicts against `decide` on every outcome, or on samples of its own."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.statistics import ClopperPearson, Rule, decide
from hakari.statistics.power import Chances, verdict_chances

ERRORS = {"error_met": 0.05, "error_not_met": 0.05}
DIFFERENCE: dict[str, Any] = {"aggregation": "difference", "operator": "<=", "threshold": 0.1, "margin": 0.05}
RATIO: dict[str, Any] = {"aggregation": "ratio", "operator": ">=", "threshold": 0.8, "margin": 0.1}
WORST: dict[str, Any] = {"aggregation": "worst_group", "operator": ">=", "threshold": 0.5, "margin": 0.1}
RULES = {
    "difference": Rule(**DIFFERENCE),
    "difference without a margin": Rule(**{**DIFFERENCE, "threshold": 0.3, "margin": 0.0}),
    "difference by box": Rule(**DIFFERENCE, method="box"),
    "difference from a reference": Rule(**DIFFERENCE, reference=1),
    "difference from the rest": Rule(**DIFFERENCE, reference="rest"),
    "ratio": Rule(**RATIO),
    "ratio by box": Rule(**RATIO, method="box"),
    "ratio to a reference": Rule(**RATIO, reference=0),
    "ratio to the rest": Rule(**RATIO, reference="rest"),
    "worst of all": Rule(**WORST),
    "worst where high is bad": Rule(**{**WORST, "operator": "<=", "threshold": 0.2, "margin": 0.0}),
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def chances(rule: Rule, rates: tuple[float, ...], trials: int, draws: int = 2000) -> Chances:
    return verdict_chances(rule, rates, trials, rng=np.random.default_rng(1), draws=draws, **ERRORS)


@every_rule
@pytest.mark.parametrize("rates", [(0.5, 0.5), (0.25, 0.75)], ids=["alike", "apart"])
def test_chances_are_those_of_all_outcomes_of_two_groups(rule: Rule, rates: tuple[float, float]) -> None:
    n, met, not_met = 16, 0.0, 0.0
    weights = np.outer(*(stats.binom.pmf(np.arange(n + 1), n, rate) for rate in rates))
    for x, y in product(range(n + 1), repeat=2):
        weight = float(weights[x, y])
        if weight > 1e-4:
            limits = ClopperPearson(np.array([x, y], dtype=float), np.array([n, n], dtype=float))
            verdict = decide(rule, limits, **ERRORS).verdict
            met, not_met = met + weight * (verdict == "met"), not_met + weight * (verdict == "not_met")
    found = chances(rule, rates, n)
    assert found.met == pytest.approx(met, abs=0.01 + 4 * 0.5 / 2000**0.5)
    assert found.not_met == pytest.approx(not_met, abs=0.01 + 4 * 0.5 / 2000**0.5)


@every_rule
def test_of_several_groups_every_single_sample_is_judged_as_by_decide(rule: Rule) -> None:
    """Sample by sample: the same draw with one draw at a time."""
    rates, n = (0.35, 0.5, 0.45, 0.6), 400
    for seed in range(6):
        x = np.random.default_rng(seed).binomial(n, rates, size=(1, 4))
        found = verdict_chances(rule, rates, n, rng=np.random.default_rng(seed), draws=1, **ERRORS)
        verdict = decide(rule, ClopperPearson(x[0].astype(float), np.full(4, float(n))), **ERRORS).verdict
        assert (found.met == 1, found.not_met == 1) == (verdict == "met", verdict == "not_met")


def test_a_check_of_the_whole_is_a_single_proportion() -> None:
    rule = Rule(aggregation="overall", operator=">=", threshold=0.6, margin=0.1)
    x = np.arange(101)
    met = stats.beta.ppf(0.05, x[1:], 101 - x[1:]) >= 0.5
    assert chances(rule, (0.7,), 100).met == pytest.approx(stats.binom.pmf(x[1:], 100, 0.7)[met].sum(), abs=0.045)


def test_many_different_counts_are_judged_between_nodes_without_harm() -> None:
    """Beyond 32 different counts the limits are interpolated."""
    rule, n, rates = RULES["difference"], 4000, (0.4, 0.52)
    found = chances(rule, rates, n, draws=1500)
    x = np.random.default_rng(1).binomial(n, rates, size=(1500, 2))[:200]
    verdicts = [decide(rule, ClopperPearson(row.astype(float), np.full(2, float(n))), **ERRORS).verdict for row in x]
    assert abs(found.not_met - verdicts.count("not_met") / 200) < 4 * 0.5 / 200**0.5
    assert abs(found.met - verdicts.count("met") / 200) < 4 * 0.5 / 200**0.5


@pytest.mark.parametrize(("rates", "trials"), [((0.5, 1.2), 10), ((-0.1, 0.5), 10), ((0.5, 0.5), 0)])
def test_impossible_rates_and_samples_are_refused(rates: tuple[float, float], trials: int) -> None:
    with pytest.raises(InputError):
        chances(RULES["difference"], rates, trials)
