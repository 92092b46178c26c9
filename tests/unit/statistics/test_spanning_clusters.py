"""Clusters that lie in several groups make the groups depend on each other."""

from __future__ import annotations

import numpy as np
import pytest

from hakari.statistics import Rule, decide, method_for
from hakari.statistics.limits import ClopperPearson, ClusteredRates


def clustered(spanning: bool) -> ClusteredRates:
    rng = np.random.default_rng(5)
    clusters, each = 40, 6
    group = np.repeat([0, 1], clusters)
    cluster = np.tile(np.arange(clusters), 2) if spanning else np.arange(2 * clusters)
    successes = rng.binomial(each, np.repeat([0.3, 0.5], clusters)).astype(float)
    return ClusteredRates(2, group, cluster, successes, np.full(2 * clusters, float(each)))


def test_only_clusters_in_several_groups_change_the_method() -> None:
    assert method_for(clustered(spanning=True), "mover") == "box"
    assert method_for(clustered(spanning=False), "mover") == "mover"
    assert method_for(clustered(spanning=False), "box") == "box"
    assert method_for(ClopperPearson(np.array([1.0]), np.array([2.0])), "mover") == "mover"


def test_the_gap_of_groups_that_share_clusters_adds_the_limits_of_both_at_half_the_error() -> None:
    limits = clustered(spanning=True)
    rule = Rule(aggregation="difference", operator="<=", threshold=0.1)
    found = decide(rule, limits, error_met=0.02, error_not_met=0.02)
    lower, upper = limits.lower(0.01), limits.upper(0.01)
    assert found.upper == pytest.approx(max(upper[1] - lower[0], upper[0] - lower[1]))
    # Two contrasts share the error of `not_met`.
    lower, upper = limits.lower(0.005), limits.upper(0.005)
    assert found.lower == pytest.approx(max(lower[1] - upper[0], 0.0))
