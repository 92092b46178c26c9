"""Trials needed: at so many the chance is .8, at clearly fewer it is not."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from scipy import stats

from hakari.statistics import Rule
from hakari.statistics.power import CHANCE, trials_needed, verdict_chances

ERRORS = {"error_met": 0.0125, "error_not_met": 0.0125}
DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05)
RATIO = Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.1)
Verdict = Literal["met", "not_met"]


def needed(
    rule: Rule, rates: tuple[float, ...], verdict: Verdict, *, least: int = 8, met: float = 0.0125
) -> int | None:
    errors = {"error_met": met, "error_not_met": 0.0125}
    return trials_needed(rule, rates, verdict, rng=np.random.default_rng(5), least=least, **errors)


@pytest.mark.parametrize(
    ("rule", "rates", "verdict"),
    [
        (DIFFERENCE, (0.3, 0.3), "met"),
        (DIFFERENCE, (0.3, 0.3, 0.1), "not_met"),
        (RATIO, (0.5, 0.5), "met"),
        (RATIO, (0.5, 0.3), "not_met"),
    ],
)
def test_the_number_gives_the_verdict_in_eight_of_ten_samples(
    rule: Rule, rates: tuple[float, ...], verdict: Verdict
) -> None:
    found = needed(rule, rates, verdict)
    assert found is not None
    rng = np.random.default_rng(6)
    at, below = (
        getattr(verdict_chances(rule, rates, size, rng=rng, draws=8000, **ERRORS), verdict)
        for size in (found, round(0.85 * found))
    )
    assert at == pytest.approx(CHANCE, abs=0.035)
    assert below < at


def test_the_rows_for_one_proportion_are_near_the_textbook_formula() -> None:
    """n = ((z_α √(b(1−b)) + z_β √(p(1−p))) / (p − b))² for a test of p against b, and a little more for exactness."""
    rule, p, b = Rule(aggregation="overall", operator=">=", threshold=0.7, margin=0.1), 0.7, 0.6
    z_error, z_chance = stats.norm.isf(0.0125), stats.norm.ppf(CHANCE)
    formula = ((z_error * (b * (1 - b)) ** 0.5 + z_chance * (p * (1 - p)) ** 0.5) / (p - b)) ** 2
    found = needed(rule, (p,), "met")
    assert found is not None
    assert 0.95 < found / formula < 1.12


def test_later_looks_and_more_groups_need_more() -> None:
    looks = [needed(DIFFERENCE, (0.3,) * 3, "met", met=0.025 / (k * (k + 1))) for k in (1, 2, 3)]
    groups = [needed(DIFFERENCE, (0.3,) * size, "met") for size in (2, 5, 20)]
    for found in (looks, groups):
        assert None not in found
        assert found == sorted(found, key=lambda each: each or 0)
        assert len(set(found)) == 3


@pytest.mark.parametrize("reference", [None, 0, "rest"])
def test_no_number_leads_to_a_verdict_on_the_wrong_side_of_its_line(reference: Literal["rest"] | int | None) -> None:
    line = Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.05, reference=reference)
    assert needed(line, (0.5, 0.2, 0.2), "met") is None
    assert needed(line, (0.3, 0.3, 0.3), "not_met") is None
    ratio = Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.1, reference=reference)
    assert needed(ratio, (0.5, 0.2, 0.2), "met") is None
    assert needed(ratio, (0.3, 0.3, 0.3), "not_met") is None


def test_a_truth_exactly_on_the_line_is_never_decided() -> None:
    assert needed(Rule(aggregation="overall", operator="<=", threshold=0.2, margin=0.1), (0.3,), "met") is None
    assert needed(Rule(aggregation="overall", operator="<=", threshold=0.2, margin=0.1), (0.2,), "not_met") is None


def test_the_search_starts_where_it_is_told_to() -> None:
    easy = Rule(aggregation="overall", operator=">=", threshold=0.3, margin=0.2)
    assert needed(easy, (0.99,), "met", least=200) == 200


def test_a_difference_too_fine_for_ten_million_rows_has_no_number() -> None:
    line = Rule(aggregation="overall", operator=">=", threshold=0.5, margin=0.0001)
    assert needed(line, (0.5,), "met", least=5_000_000) is None
