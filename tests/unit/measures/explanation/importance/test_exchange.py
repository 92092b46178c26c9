"""Who lends to whom, and what the differences say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.measures.explanation.importance._exchange import donors_within, mean_difference
from tests.unit.measures.explanation.importance.known import rng


@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(0, 2**32))
def test_each_row_gives_once_within_its_stratum_and_never_keeps_its_own(strata: list[int], seed: int) -> None:
    codes = np.unique(np.array(strata), return_inverse=True)[1].astype(np.int64)
    sizes = np.bincount(codes)
    for ring in donors_within(codes, 3, rng(seed)):
        assert sorted(ring.tolist()) == list(range(len(codes)))
        assert (codes[ring] == codes).all()
        assert ((ring == np.arange(len(codes))) == (sizes[codes] == 1)).all()


def test_every_other_row_is_as_likely_a_donor() -> None:
    donors = donors_within(np.zeros(5, dtype=np.int64), 4000, rng())
    counts = np.array([(donors[:, 0] == other).mean() for other in range(1, 5)])
    assert counts == pytest.approx(np.full(4, 0.25), abs=0.03)


def test_the_mean_over_all_pairs_is_that_of_the_pairs_drawn() -> None:
    donors = donors_within(np.zeros(40, dtype=np.int64), 7, rng())
    differences = rng(1).normal(size=(7, 40))
    value, _ = mean_difference(differences, donors, np.zeros(40, dtype=np.int64))
    assert value == pytest.approx(differences.mean())


def test_weights_count_rows_as_if_they_stood_there_more_often() -> None:
    """Weight 2 on a row is two rows: compared over all ordered pairs of two different people."""
    x, w = rng(3).normal(size=6), np.array([1.0, 2.0, 1.0, 3.0, 1.0, 2.0])
    donors = donors_within(np.zeros(6, dtype=np.int64), 15_000, rng(4))
    value, _ = mean_difference((x - x[donors]) ** 2, donors, np.zeros(6, dtype=np.int64), w)
    pairs = [(i, k) for i in range(6) for k in range(6) if i != k]
    expected = sum(w[i] * w[k] * (x[i] - x[k]) ** 2 for i, k in pairs) / sum(w[i] * w[k] for i, k in pairs)
    assert value == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("repeats", [1, 10])
def test_the_standard_error_is_the_spread_over_samples_of_rows_donors_and_repeats(repeats: int) -> None:
    """h(i, k) = (x_i − x_k)², whose mean is twice the variance."""
    found = []
    strata = np.zeros(100, dtype=np.int64)
    for seed in range(400):
        chance = rng(seed)
        x = chance.normal(size=100)
        donors = donors_within(strata, repeats, chance)
        found.append(mean_difference((x - x[donors]) ** 2, donors, strata))
    values, errors = np.array(found).T
    assert values.mean() == pytest.approx(2, abs=4 * values.std() / 20)
    assert errors.mean() == pytest.approx(values.std(), rel=0.12)
    # The mean of squares is skewed, so that the interval misses a little more often than 5 % at 100 rows.
    assert 0.89 < (np.abs(values - 2) < 1.984 * errors).mean() < 0.98


def test_the_receivers_alone_would_say_too_little() -> None:
    """With many repeats the mean of each row as receiver forgets that donors are a sample as well."""
    x = rng(5).normal(size=200)
    strata = np.zeros(200, dtype=np.int64)
    donors = donors_within(strata, 200, rng(6))
    differences = (x - x[donors]) ** 2
    receivers = differences.mean(axis=0).std(ddof=1) / np.sqrt(200)
    assert mean_difference(differences, donors, strata)[1] > 1.6 * receivers
