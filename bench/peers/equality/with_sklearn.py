"""scikit-learn and scipy: metrics of all rows, called on the rows of each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from bench.peers.equality.asking import WHOLE, Answers, Asked
from bench.peers.equality.samples import Sample
from scipy import stats
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

PACKAGES = ("scikit-learn", "scipy", "numpy")
BINS = 10

DECISIONS = {
    "accuracy_score": sk.accuracy_score,
    "recall_score": sk.recall_score,
    "precision_score": sk.precision_score,
    "f1_score": sk.f1_score,
    "balanced_accuracy_score": sk.balanced_accuracy_score,
}
SCORES = {
    "roc_auc_score": sk.roc_auc_score,
    "average_precision_score": sk.average_precision_score,
    "brier_score_loss": sk.brier_score_loss,
}
AMOUNTS = {
    "mean_absolute_error": sk.mean_absolute_error,
    "mean_squared_error": sk.mean_squared_error,
    "root_mean_squared_error": sk.root_mean_squared_error,
}
CLASSES: dict[str, Callable[..., Any]] = {
    'f1_score(average="macro")': lambda y, p, **w: sk.f1_score(y, p, average="macro", **w),
    'f1_score(average="weighted")': lambda y, p, **w: sk.f1_score(y, p, average="weighted", **w),
    "balanced_accuracy_score (classes)": sk.balanced_accuracy_score,
}


def values(sample: Sample) -> Answers:
    """Every metric of these libraries that Hakari has by group."""
    asked = Asked()
    slots = {WHOLE: np.ones(sample.rows, dtype=bool)}
    slots |= {name: sample.group == place for place, name in enumerate(sample.names)}
    for slot, rows in slots.items():
        weighted = {} if sample.weight is None else {"sample_weight": sample.weight[rows]}
        for name, metric in DECISIONS.items():
            _ask(asked, name, slot, metric, (sample.label[rows], sample.prediction[rows]), weighted)
        if sample.score is not None:
            for name, metric in SCORES.items():
                _ask(asked, name, slot, metric, (sample.label[rows], sample.score[rows]), weighted)
        if sample.amount is not None and sample.predicted_amount is not None:
            for name, metric in AMOUNTS.items():
                _ask(asked, name, slot, metric, (sample.amount[rows], sample.predicted_amount[rows]), weighted)
        if sample.true_class is not None and sample.predicted_class is not None:
            _classes(asked, slot, sample.true_class[rows], sample.predicted_class[rows], weighted)
        if sample.score is not None and sample.weight is None:
            _calibrated(asked, slot, sample.label[rows], sample.score[rows])
            if slot:
                _distances(asked, slot, sample.score[rows], sample.score[~rows])
    return asked.answers


def _ask(asked: Asked, name: str, slot: str, metric: Any, given: tuple[Any, Any], weighted: dict[str, Any]) -> None:
    asked.number(name, slot, lambda: metric(*given, **weighted))


def _classes(asked: Asked, slot: str, true: Any, predicted: Any, weighted: dict[str, Any]) -> None:
    for name, metric in CLASSES.items():
        _ask(asked, name, slot, metric, (true, predicted), weighted)
    present = np.unique(np.concatenate([true, predicted])).tolist()
    for name, metric in (("recall_score", sk.recall_score), ("precision_score", sk.precision_score)):
        found = metric(true, predicted, labels=present, average=None, **weighted)
        for level, value in zip(present, found, strict=True):
            asked.number(f"{name}(average=None)", f"{slot}|{level}", lambda value=value: value)


def _calibrated(asked: Asked, slot: str, label: Any, score: Any) -> None:
    """What people make of its calibration curve: distances of the bins, averaged by their rows.

    The curve leaves out how many rows a bin has; they are counted with the edges that its documentation states.
    """

    def equal_width() -> float:
        share, mean = calibration_curve(label, score, n_bins=BINS)
        place = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], score)
        rows = np.bincount(place, minlength=BINS)
        return float(np.abs(share - mean) @ rows[rows > 0] / len(score))

    def equal_counts() -> float:
        share, mean = calibration_curve(label, score, n_bins=BINS, strategy="quantile")
        place = np.searchsorted(np.percentile(score, np.linspace(0, 1, BINS + 1) * 100)[1:-1], score)
        rows = np.bincount(place, minlength=BINS)
        return float(np.abs(share - mean) @ rows[rows > 0] / len(score))

    asked.number("calibration_curve", slot, equal_width)
    asked.number('calibration_curve(strategy="quantile")', slot, equal_counts)


def _distances(asked: Asked, slot: str, score: Any, others: Any) -> None:
    asked.number("scipy.stats.wasserstein_distance", slot, lambda: stats.wasserstein_distance(score, others))
    asked.number("scipy.stats.ks_2samp", slot, lambda: stats.ks_2samp(score, others, method="asymp").statistic)

    def divergence() -> float:
        place = [np.minimum((part * BINS).astype(int), BINS - 1) for part in (score, others)]
        p, q = (np.bincount(part, minlength=BINS) + 0.5 for part in place)
        return float(stats.entropy(p, q))

    asked.number("scipy.stats.entropy", slot, divergence)
