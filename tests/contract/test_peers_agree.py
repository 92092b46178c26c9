"""Stored values of five other libraries, held against ours without these libraries.

`bench/peers/equality` makes the values and compares all of them; here are data sets 0 to 9, with every sharp corner.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from bench.peers.equality.asking import Answers
from bench.peers.equality.comparing import Row, compare
from bench.peers.equality.pairs import DIFFERENT, PEERS, SAME
from bench.peers.equality.samples import random_sample
from bench.peers.equality.storing import SEEDS, STORED
from bench.peers.equality.with_hakari import quick_values


@cache
def stored() -> Any:
    return json.loads(STORED.read_text(encoding="utf-8"))


@cache
def ours(seed: int) -> Answers:
    with np.errstate(all="ignore"):  # 0 / 0 is what some of the peers' formulas come to
        return quick_values(random_sample(seed))


def compared(seed: int) -> list[Row]:
    name = f"random {seed}"
    answers = {peer: {name: stored()["answers"][name][peer]} for peer in PEERS}
    same, different = compare({**answers, "hakari": {name: ours(seed)}})
    return [row for _, row in (*same, *different)]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stored_value_equals_ours_or_ours_restated_by_the_peers_definition(seed: int) -> None:
    left = [(row.peer, row.theirs, row.unexplained) for row in compared(seed) if row.unexplained]
    assert not left


def test_most_stored_values_equal_ours_as_they_are() -> None:
    rows = [row for seed in SEEDS[:3] for row in compared(seed)[: len(SAME)]]
    assert sum(row.equal for row in rows) > 0.85 * sum(row.values for row in rows)
    assert max(row.largest for row in rows) < 1e-10


def test_the_values_say_of_which_versions_they_are() -> None:
    versions = stored()["versions"]
    assert versions["fairlearn"]["fairlearn"]
    assert versions["sklearn"]["scikit-learn"]
    assert {"aif360", "aequitas", "holisticai"} <= set(versions)


def test_no_metric_of_a_peer_is_listed_twice() -> None:
    same = [(pair.peer, pair.theirs) for pair in SAME]
    other = [(pair.peer, pair.theirs, pair.ours) for pair in DIFFERENT]
    assert len(set(same)) == len(same)
    assert len(set(other)) == len(other)


def test_every_other_definition_says_why_ours_differs() -> None:
    assert all(pair.formula and pair.why and pair.ours for pair in DIFFERENT)
