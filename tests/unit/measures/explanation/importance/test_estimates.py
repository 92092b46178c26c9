"""Importances as numbers with intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import players_of
from hakari.measures.explanation.importance import importance_estimates, permutation_importance
from tests.unit.measures.explanation.importance.known import asked, linear, plain, rng


def test_intervals_hold_together_and_a_player_that_moved_nobody_has_none() -> None:
    features = plain(100)
    labels = linear(features)
    found = permutation_importance(
        asked(linear), features, labels, players_of(features.names), rng(), loss="squared", repeats=3
    )
    first, second, *others = importance_estimates(found, rows=100, confidence=0.9)
    assert found.errors is not None
    each = 0.9**0.5
    reach = stats.t.ppf((1 + each) / 2, 99) * found.errors[0, 0]
    assert isinstance(first.interval, Interval)
    assert (first.interval.low, first.interval.high) == pytest.approx(
        (found.values[0, 0] - reach, found.values[0, 0] + reach)
    )
    assert first.slice == {"feature": "a"}
    assert isinstance(second.interval, Interval)
    assert all(isinstance(other.interval, Unmeasured) and other.value == 0 for other in others)
    assert np.isfinite(reach)
