"""Metrics of several classes against scikit-learn."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import balanced_accuracy_score, f1_score, precision_score, recall_score

from hakari.statistics.metrics import classes as metrics

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def counted(pairs: list[tuple[int, int]]) -> metrics.Counts:
    counts = np.zeros((4, 4))
    np.add.at(counts, tuple(np.array(pairs).T), 1)
    return counts


@settings(max_examples=25)
@given(PAIRS)
def test_averages_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    labels, predictions = zip(*pairs, strict=True)
    counts = counted(pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes without labels or predictions: both sides count them alike
        macro = f1_score(labels, predictions, average="macro")
        weighted = f1_score(labels, predictions, average="weighted")
        recall = balanced_accuracy_score(labels, predictions)
    assert metrics.macro_f1(counts) == pytest.approx(macro, abs=1e-12)
    assert metrics.weighted_f1(counts) == pytest.approx(weighted, abs=1e-12)
    assert metrics.macro_recall(counts) == pytest.approx(recall, abs=1e-12)


@settings(max_examples=25)
@given(PAIRS)
def test_rates_of_a_class_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    labels, predictions = zip(*pairs, strict=True)
    counts = counted(pairs)
    known = {"labels": range(4), "average": None, "zero_division": np.nan}
    assert metrics.class_recall(counts) == pytest.approx(recall_score(labels, predictions, **known), nan_ok=True)
    assert metrics.class_precision(counts) == pytest.approx(precision_score(labels, predictions, **known), nan_ok=True)
    given_ = [predictions.count(c) / len(pairs) for c in range(4)]
    assert metrics.class_selection_rate(counts) == pytest.approx(given_)


@settings(max_examples=25)
@given(PAIRS)
def test_an_influence_is_the_slope_of_its_average(pairs: list[tuple[int, int]]) -> None:
    counts = np.asarray(counted(pairs), dtype=float) + 1.0
    step = np.eye(16).reshape(16, 4, 4) * 1e-5
    for name in metrics.AVERAGES:
        value = getattr(metrics, name)
        slopes = (value(counts + step) - value(counts - step)) / 2e-5
        assert slopes.reshape(4, 4) == pytest.approx(metrics.influence(name, counts), abs=1e-7)


@settings(max_examples=25)
@given(PAIRS)
def test_rounding_out_adds_one_row_for_every_class_that_occurs(pairs: list[tuple[int, int]]) -> None:
    counts = np.asarray(counted(pairs), dtype=float)
    out = metrics.rounded_out(counts)
    occurring = {c for pair in pairs for c in pair}
    added = (out - counts).sum(axis=1)
    assert added == pytest.approx([float(c in occurring) for c in range(4)])


def test_leading_axes_are_kept() -> None:
    counts = np.random.default_rng(1).integers(0, 9, (5, 3, 4, 4)).astype(float)
    assert metrics.macro_f1(counts).shape == (5, 3)
    assert metrics.macro_f1(counts)[2, 1] == pytest.approx(metrics.macro_f1(counts[2, 1]))
    assert metrics.influence("weighted_f1", counts).shape == counts.shape


def test_every_definition_has_a_name_of_its_own() -> None:
    names = [each.name for each in metrics.DEFINITIONS]
    assert len(names) == len(set(names))
    assert all(each.family == "classes" and each.formula and each.source for each in metrics.DEFINITIONS)
