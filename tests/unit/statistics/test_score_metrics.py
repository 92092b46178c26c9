from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.statistics import score_metrics as m
from hakari.statistics._arrays import FloatArray

SCORED = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=2, max_size=60)
Rows = list[tuple[int, int]]


def counted(rows: Rows) -> tuple[FloatArray, FloatArray, FloatArray]:
    scores = np.arange(21) / 20
    neg, pos = (np.bincount([s for y, s in rows if y == label], minlength=21).astype(float) for label in (0, 1))
    return scores, neg, pos


def confusion_of(rows: Rows) -> FloatArray:
    counts = np.zeros((2, 2))
    for y, s in rows:
        counts[y, int(s > 10)] += 1
    return counts


@settings(max_examples=50)
@given(SCORED)
def test_auc_is_the_share_of_ordered_pairs_with_ties_counted_half(rows: Rows) -> None:
    pairs = [(s > t) + (s == t) / 2 for y, s in rows if y for z, t in rows if not z]
    _, neg, pos = counted(rows)
    assert m.auc(neg, pos) == pytest.approx(np.mean(pairs) if pairs else np.nan, nan_ok=True)


@settings(max_examples=50)
@given(SCORED)
def test_metrics_agree_with_scikit_learn(rows: Rows) -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    y, s = np.array(rows).T
    scores, neg, pos = counted(rows)
    assert m.brier(scores, neg, pos) == pytest.approx(sklearn.brier_score_loss(y, s / 20, pos_label=1))
    table, decisions = confusion_of(rows), (s > 10).astype(int)
    if table[1].sum() + table[:, 1].sum() > 0:
        assert m.f1(table) == pytest.approx(sklearn.f1_score(y, decisions))
    if 0 < y.sum() < len(y):
        assert m.auc(neg, pos) == pytest.approx(sklearn.roc_auc_score(y, s))
        assert m.balanced_accuracy(table) == pytest.approx(sklearn.balanced_accuracy_score(y, decisions))


@settings(max_examples=50)
@given(SCORED)
def test_calibration_error_is_the_weighted_gap_of_ten_bins(rows: Rows) -> None:
    bins: dict[int, list[tuple[int, float]]] = {}
    for y, s in rows:
        bins.setdefault(min(s // 2, 9), []).append((y, s / 20))
    expected = sum(abs(sum(y - s for y, s in inside)) for inside in bins.values()) / len(rows)
    assert m.calibration_error(*counted(rows)) == pytest.approx(expected)


def delong(rows: Rows) -> float:
    """DeLong's variance row by row."""
    pos, neg = [s for y, s in rows if y], [s for y, s in rows if not y]
    psi = np.array([[(s > t) + (s == t) / 2 for t in neg] for s in pos], dtype=float)
    return float(psi.mean(1).var(ddof=1) / len(pos) + psi.mean(0).var(ddof=1) / len(neg))


@settings(max_examples=50)
@given(SCORED)
def test_the_variance_of_the_auc_is_delongs(rows: Rows) -> None:
    if sum(y for y, _ in rows) >= 2 and sum(1 - y for y, _ in rows) >= 2:
        _, neg, pos = counted(rows)
        assert m.auc_variance(neg, pos) == pytest.approx(delong(rows), abs=1e-12)


def jackknife(rows: Rows, value: Callable[[Rows], float]) -> float:
    n = len(rows)
    left = np.array([value(rows[:k] + rows[k + 1 :]) for k in range(n)])
    return float((n - 1) / n * ((left - left.mean()) ** 2).sum())


def sample(seed: int) -> Rows:
    rng = np.random.default_rng(seed)
    s = rng.integers(0, 21, 300)
    return list(zip((rng.random(300) < 0.2 + 0.6 * s / 20).astype(int).tolist(), s.tolist(), strict=True))


@pytest.mark.parametrize(
    ("variance", "value"),
    [
        (lambda rows: m.brier_variance(*counted(rows)), lambda rows: m.brier(*counted(rows))),
        (lambda rows: m.calibration_variance(*counted(rows)), lambda rows: m.calibration_error(*counted(rows))),
        (lambda rows: m.f1_variance(confusion_of(rows)), lambda rows: m.f1(confusion_of(rows))),
        (
            lambda rows: m.balanced_accuracy_variance(confusion_of(rows)),
            lambda rows: m.balanced_accuracy(confusion_of(rows)),
        ),
    ],
    ids=["brier", "calibration", "f1", "balanced accuracy"],
)
def test_variances_are_close_to_the_jackknife(
    variance: Callable[[Rows], float], value: Callable[[Rows], float]
) -> None:
    rows = sample(1)
    assert float(variance(rows)) == pytest.approx(jackknife(rows, value), rel=0.08)


def test_metrics_broadcast_over_replicates() -> None:
    scores, neg, pos = counted(sample(2))
    negs, poss = np.stack([neg, neg[::-1]]), np.stack([pos, pos])
    for value in (m.brier, m.brier_variance, m.calibration_error, m.calibration_variance):
        assert value(scores, negs, poss)[1] == pytest.approx(float(value(scores, neg[::-1], pos)))
    for ranked in (m.auc, m.auc_variance):
        assert ranked(negs, poss)[1] == pytest.approx(float(ranked(neg[::-1], pos)))


def test_without_one_class_there_is_no_auc() -> None:
    assert np.isnan(m.auc(np.zeros(3), np.ones(3)))
