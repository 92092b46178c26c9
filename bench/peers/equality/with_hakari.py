"""Hakari: every metric that one of the peers has too, by its functions and the arithmetic under them.

`values` gives them under their own names. `restated` says what they come to under a peer's definition where that is
another one: from the same parts, put together as the peer does.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from bench.peers.equality.asking import WHOLE, Answers, Asked
from bench.peers.equality.restating import class_counts, restated
from bench.peers.equality.samples import Array, Sample

from hakari.measures.fairness import functions
from hakari.measures.fairness._indices import reference_estimates
from hakari.measures.fairness.functions import classes, individual, regression, scores
from hakari.measures.fairness.functions.arrays import counted
from hakari.statistics import RATES, SMOOTH_METRICS, group_rates
from hakari.statistics.contingency.deviation import pooled_z
from hakari.statistics.contingency.pair import Pair
from hakari.statistics.metrics import classes as class_metrics
from hakari.statistics.metrics import decisions

PACKAGES = ("hakari", "numpy", "scipy")

OVER_GROUPS = (
    "demographic_parity_difference",
    "demographic_parity_ratio",
    "equal_opportunity_difference",
    "equal_opportunity_ratio",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "average_odds_difference",
    "selection_rate_difference",
    "selection_rate_ratio",
    "true_positive_rate_difference",
    "true_positive_rate_ratio",
    "true_positive_rate_worst_group",
    "true_negative_rate_difference",
    "true_negative_rate_ratio",
    "false_positive_rate_difference",
    "false_positive_rate_ratio",
    "false_negative_rate_difference",
    "false_negative_rate_ratio",
    "accuracy_difference",
    "accuracy_ratio",
    "accuracy_worst_group",
    "error_rate_difference",
    "error_rate_ratio",
    "error_rate_worst_group",
    "positive_predictive_value_worst_group",
)
SCORES = ("average_score", "auc", "average_precision", "brier")
CALIBRATION = ("calibration_error", "calibration_error_equal_counts")
DISTANCES = ("wasserstein_distance", "kolmogorov_smirnov", "kl_divergence")
CLASS_AVERAGES = ("macro_f1", "weighted_f1", "macro_recall")
CLASS_RATES = ("class_recall", "class_precision", "class_selection_rate")
DECISIONS = np.array([0.0, 1.0])
AMOUNTS = ("mean_prediction", "mean_absolute_error", "mean_squared_error", "root_mean_squared_error")


def values(sample: Sample) -> Answers:
    """Every value under our own name, and those restated under the peers' definitions as `peer: name`."""
    asked, counts = Asked(), confusion_of(sample)
    _decisions(asked, sample, counts)
    _entropies(asked, sample, counts)
    _compared(asked, sample)
    if sample.score is not None:
        of_scores(asked, sample, SCORES if sample.weight is not None else (*SCORES, *CALIBRATION, *DISTANCES))
    if sample.true_class is not None:
        _classes(asked, sample)
    _rest(asked, sample, counts)
    return asked.answers


def quick_values(sample: Sample) -> Answers:
    """The same for the test of stored values: without what needs a bootstrap, classes by the arithmetic alone."""
    asked, counts = Asked(), confusion_of(sample)
    _decisions(asked, sample, counts)
    _entropies(asked, sample, counts)
    _compared(asked, sample)
    if sample.score is not None:
        of_scores(asked, sample, SCORES)
    if sample.true_class is not None:
        levels, by_class, _ = class_counts(sample)
        for name in CLASS_RATES:
            found = getattr(class_metrics, name)(by_class)
            for group, rates in zip(sample.names, found, strict=True):
                for level, rate in zip(levels.tolist(), rates.tolist(), strict=True):
                    asked.put(name, f"{group}|{level}", rate)
    _rest(asked, sample, counts)
    return asked.answers


def _rest(asked: Asked, sample: Sample, counts: Array) -> None:
    if sample.amount is not None:
        _amounts(asked, sample)
    if sample.features is not None:
        for name, with_itself in (("consistency", False), ("consistency (include_self)", True)):
            asked.put(
                name,
                WHOLE,
                individual.consistency_score(sample.features, sample.prediction, include_self=with_itself),
            )
    restated(asked, sample, counts)


def confusion_of(sample: Sample) -> Array:
    """Rows, or the sum of their weights, of every group (G, 2, 2), indexed [group, label, prediction]."""
    place = (sample.group * 2 + sample.label) * 2 + sample.prediction
    found = np.bincount(place, weights=sample.weight, minlength=sample.groups * 4)
    return found.astype(float).reshape(-1, 2, 2)


def _decisions(asked: Asked, sample: Sample, counts: Array) -> None:
    given, groups = (sample.label, sample.prediction), sample.labelled()
    shared = {"sensitive_features": groups, "sample_weight": sample.weight}
    for rate in RATES:
        needed = RATES[rate].needed_axes
        columns = (given[0] if "label" in needed else None, given[1] if "prediction" in needed else None)
        for group, value in functions.rate_by_group(rate, *columns, **shared).items():
            asked.put(rate, group[0], value)
        asked.put(rate, WHOLE, decisions.rate(rate, counts.sum(axis=0)))
    whole = counts.sum(axis=0)
    for smooth in ("f1", "balanced_accuracy"):
        metric = SMOOTH_METRICS[smooth].value
        found = metric(DECISIONS, counts[:, 0], counts[:, 1])
        for name, number in zip(sample.names, found.tolist(), strict=True):
            asked.put(smooth, name, number)
        asked.put(f"{smooth}_worst_group", WHOLE, np.nanmin(found))
        asked.put(smooth, WHOLE, metric(DECISIONS, whole[0], whole[1]))
    for name in OVER_GROUPS:
        asked.put(name, WHOLE, getattr(functions, name)(*given, **shared))


def _entropies(asked: Asked, sample: Sample, counts: Array) -> None:
    for group, value in zip(sample.names, decisions.demographic_disparity(counts).tolist(), strict=True):
        asked.put("demographic_disparity", group, value)
    if sample.weight is not None:
        return
    asked.put("generalized_entropy", WHOLE, decisions.generalized_entropy(counts))
    asked.put("generalized_entropy (α = 0)", WHOLE, decisions.generalized_entropy(counts, 0.0))
    asked.put("theil_index", WHOLE, decisions.theil_index(counts))
    asked.put("coefficient_of_variation", WHOLE, decisions.coefficient_of_variation(counts))
    asked.put("generalized_entropy_between", WHOLE, decisions.generalized_entropy_between(counts))
    asked.put("generalized_entropy_between (α = 1)", WHOLE, decisions.generalized_entropy_between(counts, 1.0))


def _compared(asked: Asked, sample: Sample) -> None:
    """Each group with all others, and with the group `a`; the intervals need plain counts."""
    if sample.weight is not None:
        return
    tally = counted(sample.label, sample.prediction, sample.labelled())
    for rate in RATES:
        rates = group_rates(tally, rate, ("group",))
        for reference in (None, ("a",)):
            for each in reference_estimates(rates, reference, confidence=0.95):
                known = each.value if isinstance(each.value, float) else float("nan")
                asked.put(each.metric, each.slice["group"], known)
        if rate == "selection_rate":
            rows = [(int(x), int(n)) for x, n in zip(rates.successes, rates.trials, strict=True)]
            chosen, total = (sum(part) for part in zip(*rows, strict=True))
            for group, (x, n) in zip(sample.names, rows, strict=True):
                test = pooled_z(Pair(x, n, chosen - x, total - n))
                asked.put("pooled_z", group, test.statistic if test else float("nan"))


def of_scores(asked: Asked, sample: Sample, names: Iterable[str]) -> None:
    """Add metrics of scores by group."""
    shared = {"sensitive_features": sample.labelled(), "sample_weight": sample.weight}
    for name in names:
        for group, value in scores.score_by_group(name, sample.label, sample.score, **shared).items():
            asked.put(name, group[0], value)
    asked.put("auc_worst_group", WHOLE, scores.auc_worst_group(sample.label, sample.score, **shared))


def _classes(asked: Asked, sample: Sample) -> None:
    shared = {"sensitive_features": sample.labelled(), "sample_weight": sample.weight}
    given = (sample.true_class, sample.predicted_class)
    for name in (*CLASS_AVERAGES, *CLASS_RATES):
        for group, value in classes.class_by_group(name, *given, **shared).items():
            asked.put(name, "|".join(group), value)
    asked.put("multiclass_parity", WHOLE, classes.multiclass_parity(*given, **shared))


def _amounts(asked: Asked, sample: Sample) -> None:
    shared = {"sensitive_features": sample.labelled(), "sample_weight": sample.weight}
    given = (sample.amount, sample.predicted_amount)
    for name in AMOUNTS:
        for group, value in regression.amount_by_group(name, *given, **shared).items():
            asked.put(name, group[0], value)
    for name in ("mean_absolute_error_worst_group", "mean_squared_error_worst_group"):
        asked.put(name, WHOLE, getattr(regression, name)(*given, **shared))
