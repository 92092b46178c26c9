"""Arithmetic of items and pairs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.statistics.metrics.items import (
    DEFINITIONS,
    OVERLAPS,
    accepted,
    average_recall,
    detected,
    match_threshold,
    negatives_needed,
)


def test_the_overlaps_go_from_a_half_to_nearly_one() -> None:
    assert OVERLAPS == (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@pytest.mark.parametrize(("score", "reached"), [(0.49, 0), (0.5, 1), (0.55, 2), (0.949, 9), (0.95, 10), (1.0, 10)])
def test_an_item_reaches_the_overlaps_up_to_its_score(score: float, reached: int) -> None:
    assert average_recall(np.array([score])) == pytest.approx([reached / 10])


def test_a_quotient_that_is_off_in_its_last_digit_reaches_its_overlap() -> None:
    score = np.array([0.1 * 5.5])
    assert detected(score, 0.55).tolist() == [1.0]
    assert detected(score - 0.001, 0.55).tolist() == [0.0]


@given(st.lists(st.integers(0, 20), min_size=1, max_size=200), st.sampled_from([0.001, 0.01, 0.1, 0.5]))
def test_no_more_false_matches_are_accepted_than_asked_for(values: list[int], rate: float) -> None:
    scores = np.array(values, dtype=float)
    threshold = match_threshold(scores, rate)
    assert accepted(scores, threshold).mean() <= rate + 1e-12
    if math.isfinite(threshold):
        # The next threshold down would accept too many.
        assert (scores >= threshold).mean() > rate


def test_without_ties_the_threshold_uses_all_that_is_allowed() -> None:
    scores = np.random.default_rng(1).permutation(np.arange(1000.0))
    assert accepted(scores, match_threshold(scores, 0.01)).sum() == 10


def test_a_thousand_pairs_are_needed_for_one_false_match_in_a_thousand() -> None:
    assert negatives_needed(0.001) == 1000
    assert negatives_needed(0.3) == 4


def test_definitions_have_names_of_their_own() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(set(names)) == len(names)
