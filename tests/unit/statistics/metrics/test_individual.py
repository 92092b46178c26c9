"""Consistency, row by row and against scikit-learn's neighbours; its error, row by row left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from hakari.statistics.metrics.individual import DEFINITIONS, consistency

Floats = np.ndarray


def plain(features: Floats, outputs: Floats, neighbours: int) -> Floats:
    """1 − |ŷ − mean of the k nearest other rows and all as near as the k-th|, row by row."""
    found = []
    for row in range(len(outputs)):
        distance = np.sqrt(((features - features[row]) ** 2).sum(axis=1))
        distance[row] = np.inf
        near = distance <= np.sort(distance)[neighbours - 1] * (1 + 1e-9)
        found.append(1 - abs(outputs[row] - outputs[near].mean()))
    return np.array(found)


def decisions(rows: int, seed: int) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(rows, 3)), (rng.random(rows) < 0.5).astype(float), rng.integers(0, 2, rows)


@pytest.mark.parametrize("grid", [False, True], ids=["distances differ", "many ties"])
def test_every_row_is_compared_with_its_neighbours(grid: bool) -> None:
    features, outputs, group = decisions(80, 1)
    features = np.round(features) if grid else features
    found = consistency(features, outputs, group, 2, neighbours=5)
    expected = plain(features, outputs, 5)
    assert found.values == pytest.approx(expected)
    assert found.limits.values == pytest.approx([expected[group == g].mean() for g in (0, 1)])


def test_with_itself_among_them_the_neighbours_are_scikit_learns() -> None:
    features, outputs, _ = decisions(120, 2)
    _, near = NearestNeighbors(n_neighbors=5).fit(features).kneighbors(features)
    expected = 1 - np.abs(outputs - outputs[near].mean(axis=1)).mean()
    found = consistency(features, outputs, np.zeros(120, dtype=np.int64), 1, neighbours=5, include_self=True)
    assert found.limits.values == pytest.approx([expected])


def test_scores_are_compared_like_decisions() -> None:
    features, _, group = decisions(60, 3)
    scores = np.random.default_rng(4).random(60)
    assert consistency(features, scores, group, 2).values == pytest.approx(plain(features, scores, 5))


def test_rows_alike_in_everything_are_all_neighbours() -> None:
    outputs = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
    found = consistency(np.zeros((5, 1)), outputs, np.zeros(5, dtype=np.int64), 1, neighbours=2)
    assert found.values == pytest.approx([0.25, 0.25, 0.5, 0.5, 0.5])


def test_one_decision_for_everybody_is_consistent_without_an_interval() -> None:
    features, _, group = decisions(50, 5)
    found = consistency(features, np.ones(50), group, 2)
    assert found.limits.values == pytest.approx([1.0, 1.0])
    assert np.isnan(found.limits.lower(0.025)).all()


def test_one_row_has_no_neighbour() -> None:
    found = consistency(np.zeros((1, 2)), np.ones(1), np.zeros(1, dtype=np.int64), 1)
    assert np.isnan(found.limits.values).all()


def test_the_error_is_what_leaving_rows_out_shows() -> None:
    """Row by row: its own part, and what its neighbours lose where their mean is taken over the others left."""
    features, outputs, group = decisions(60, 6)
    rows, k = len(outputs), 5
    values = plain(features, outputs, k)
    distance = np.sqrt(((features[:, None] - features[None]) ** 2).sum(axis=2))
    np.fill_diagonal(distance, np.inf)
    near = np.argsort(distance, axis=1)[:, :k]
    for g in (0, 1):
        mine = group == g
        moved = np.where(mine, values - values[mine].mean(), 0.0)
        for row in np.flatnonzero(mine):
            for gone in near[row]:
                left = [other for other in near[row] if other != gone]
                moved[gone] += values[row] - (1 - abs(outputs[row] - outputs[left].mean()))
        expected = np.sqrt(np.sum(moved**2)) / mine.sum()
        assert consistency(features, outputs, group, 2).limits.errors[g] == pytest.approx(expected)
    assert rows == 60


def test_groups_share_neighbours_and_are_not_independent() -> None:
    features, outputs, group = decisions(60, 7)
    assert consistency(features, outputs, group, 2).limits.spanning


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(chance: object) -> None:
    features, outputs, group = decisions(50, 8)
    features = np.round(features, 1)
    order = np.random.default_rng(chance.randint(0, 2**31)).permutation(50)  # type: ignore[attr-defined]  # on purpose
    one = consistency(features, outputs, group, 2)
    other = consistency(features[order], outputs[order], group[order], 2)
    assert other.values == pytest.approx(one.values[order])
    assert other.limits.errors == pytest.approx(one.limits.errors)


def test_definitions_have_names_of_their_own() -> None:
    names = [definition.name for definition in DEFINITIONS]
    assert len(set(names)) == len(names)
