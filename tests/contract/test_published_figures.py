"""Figures of published examples again, from the counts of their decisions that are kept in the repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.published.cases import CASES, ODDS_EXAMPLE, ODDS_PUBLISHED, Case
from bench.published.measuring import from_rates, outcome, plain, with_interval

COUNTS = Path(__file__).resolve().parents[2] / "bench" / "published" / "counts.json"
EXACT = ("german data", "german LR", "german DT", "adult data", "adult LR", "adult GBC")
"""Their data, split and model are known."""
OF_COUNTS = [case for case in CASES if set(case.published) - {"score_difference"}]


def counts(case: Case) -> Any:
    return np.array(json.loads(COUNTS.read_text(encoding="utf-8"))["counts"][case.name])


@pytest.mark.parametrize("case", [case for case in CASES if case.name in EXACT], ids=lambda case: case.name)
def test_figures_whose_making_is_known_come_out_equal_in_every_digit(case: Case) -> None:
    for metric, figure in case.published.items():
        ours = with_interval(metric, counts(case), case.sign)
        assert outcome({"published": figure, "ours": ours}) == "equal", (metric, figure, ours)


@pytest.mark.parametrize("case", OF_COUNTS, ids=lambda case: case.name)
def test_our_figures_are_those_of_the_examples_own_formulas_and_lie_in_their_intervals(case: Case) -> None:
    for metric in set(case.published) - {"score_difference"}:
        ours = with_interval(metric, counts(case), case.sign)
        assert ours["value"] == pytest.approx(plain(metric, counts(case), case.sign), abs=1e-6)
        assert ours["low"] <= ours["value"] <= ours["high"]


def test_the_odds_example_follows_from_its_printed_rates() -> None:
    found = from_rates(**ODDS_EXAMPLE)
    assert all(abs(found[name] - figure) <= 0.001 for name, figure in ODDS_PUBLISHED.items())
