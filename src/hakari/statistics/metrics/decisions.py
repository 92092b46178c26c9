"""Decisions: definitions and arithmetic of the metrics of yes/no decisions, on counts (..., G, 2, 2).

Counts are indexed [group, label, prediction] and may have leading replicate axes. Where nothing can be divided the
value is nan.
"""

from __future__ import annotations

import numpy as np

from hakari.statistics._arrays import FloatArray, IntArray, divide
from hakari.statistics.metrics.definition import MetricDefinition
from hakari.statistics.rates import RATES

__all__ = [
    "DEFINITIONS",
    "average_odds_difference",
    "bias_amplification",
    "coefficient_of_variation",
    "conditional_demographic_disparity",
    "demographic_disparity",
    "equalized_odds_difference",
    "equalized_odds_ratio",
    "generalized_entropy",
    "generalized_entropy_between",
    "rate",
    "spread",
    "theil_index",
    "treatment_ratio",
]

Counts = FloatArray | IntArray


def rate(name: str, counts: Counts) -> FloatArray:
    """A rate of `RATES` in every group (..., G)."""
    return RATES[name].value(counts)


def spread(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Smallest and largest value over the groups (...), groups with nan left out; nan without any."""
    known = np.isfinite(values)
    some = known.any(axis=-1)
    low = np.where(known, values, np.inf).min(axis=-1)
    high = np.where(known, values, -np.inf).max(axis=-1)
    return np.where(some, low, np.nan), np.where(some, high, np.nan)


def _difference(name: str, counts: Counts) -> FloatArray:
    low, high = spread(rate(name, counts))
    return np.asarray(high - low, dtype=float)


def _ratio(name: str, counts: Counts) -> FloatArray:
    low, high = spread(rate(name, counts))
    # Nothing but zeros: all groups are equal.
    return np.where(high == 0, 1.0, divide(low, high))


def equalized_odds_difference(counts: Counts) -> FloatArray:
    """The larger of the differences of the true and of the false positive rate (...)."""
    return np.maximum(_difference("true_positive_rate", counts), _difference("false_positive_rate", counts))


def equalized_odds_ratio(counts: Counts) -> FloatArray:
    """The smaller of the ratios of the true and of the false positive rate (...)."""
    return np.minimum(_ratio("true_positive_rate", counts), _ratio("false_positive_rate", counts))


def average_odds_difference(counts: Counts) -> FloatArray:
    """The mean of the differences of the true and of the false positive rate (...), both without a sign."""
    return (_difference("true_positive_rate", counts) + _difference("false_positive_rate", counts)) / 2


def treatment_ratio(counts: Counts) -> FloatArray:
    """FN / FP of every group (..., G); infinite without false positives, nan without errors."""
    n = np.asarray(counts, dtype=float)
    missed, alarms = n[..., 1, 0], n[..., 0, 1]
    return np.where((alarms == 0) & (missed > 0), np.inf, divide(missed, alarms))


def _benefits(counts: Counts) -> FloatArray:
    """Rows (..., G, 3) with benefit 0 (false negatives), 1 (right decisions) and 2 (false positives)."""
    n = np.asarray(counts, dtype=float)
    return np.stack([n[..., 1, 0], n[..., 0, 0] + n[..., 1, 1], n[..., 0, 1]], axis=-1)


def generalized_entropy(counts: Counts, alpha: float = 2.0) -> FloatArray:
    """Generalised entropy of the benefits b = 1 + ŷ − y of all rows (...); 0 where all are alike.

    Speicher et al. 2018, eq. 2: mean of ((b/μ)^α − 1) / (α(α − 1)); for α = 1 mean of (b/μ) ln(b/μ), for α = 0 minus
    the mean of ln(b/μ), which is infinite as soon as one benefit is 0.
    """
    rows = _benefits(counts).sum(axis=-2)
    return _entropy(np.array([0.0, 1.0, 2.0]), rows, alpha)


def theil_index(counts: Counts) -> FloatArray:
    """Generalised entropy at α = 1 (...)."""
    return generalized_entropy(counts, 1.0)


def coefficient_of_variation(counts: Counts) -> FloatArray:
    """Standard deviation of the benefits divided by their mean (...): √(2 · generalised entropy at α = 2)."""
    return np.sqrt(2 * generalized_entropy(counts, 2.0))


def generalized_entropy_between(counts: Counts, alpha: float = 2.0) -> FloatArray:
    """The part of the generalised entropy between groups (...): every row has its group's mean benefit.

    Speicher et al. 2018, eq. 4.
    """
    rows = _benefits(counts)
    size = rows.sum(axis=-1)
    means = divide(rows @ np.array([0.0, 1.0, 2.0]), size)
    return _entropy(np.nan_to_num(means), size, alpha)


def _entropy(benefits: FloatArray, rows: FloatArray, alpha: float) -> FloatArray:
    """Entropy of benefits (..., M) held by `rows` (..., M) rows each."""
    total = rows.sum(axis=-1)
    mean = divide(np.sum(rows * benefits, axis=-1), total)
    share = divide(np.broadcast_to(benefits, rows.shape).astype(float), mean[..., None])
    if alpha == 1.0:
        inside = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    elif alpha == 0.0:
        inside = -np.where(share > 0, np.log(np.where(share > 0, share, 1.0)), -np.inf)
    else:
        with np.errstate(divide="ignore"):
            inside = (share**alpha - 1) / (alpha * (alpha - 1))
    # A benefit that nobody has says nothing, even where its own term would be endless.
    found = divide(np.sum(np.where(rows > 0, rows * np.where(rows > 0, inside, 0.0), 0.0), axis=-1), total)
    return np.where(np.isfinite(mean), np.maximum(found, 0.0), np.nan)


def demographic_disparity(counts: Counts) -> FloatArray:
    """Share of each group among the rejected minus its share among the selected (..., G).

    Wachter, Mittelstadt & Russell 2021. Nan unless somebody is rejected and somebody selected.
    """
    n = np.asarray(counts, dtype=float)
    decided = n.sum(axis=-2)
    rejected, selected = decided[..., 0], decided[..., 1]
    return divide(rejected, rejected.sum(axis=-1, keepdims=True)) - divide(
        selected, selected.sum(axis=-1, keepdims=True)
    )


def conditional_demographic_disparity(counts: Counts) -> FloatArray:
    """Demographic disparity in each stratum, averaged by the strata's rows (..., G), of counts (..., S, G, 2, 2).

    Wachter, Mittelstadt & Russell 2021. Strata in which all are decided alike have no disparity and are left out.
    """
    n = np.asarray(counts, dtype=float)
    each = demographic_disparity(n)
    known = np.isfinite(each)
    rows = np.where(known, n.sum(axis=(-1, -2, -3))[..., None], 0.0)
    return divide(np.sum(np.where(known, each, 0.0) * rows, axis=-2), rows.sum(axis=-2))


def bias_amplification(counts: Counts) -> FloatArray:
    """Directional bias amplification from the group to the decision (...), averaged over the groups.

    Wang & Russakovsky 2021, BiasAmp→ in the direction A→T for one task: P(ŷ=1|g) − P(y=1|g), with its sign turned
    where the label and the group occur together less often than by chance. Above 0 the decisions lean further to the
    side to which the labels lean already.
    """
    n = np.asarray(counts, dtype=float)
    size = n.sum(axis=(-1, -2))
    total = size.sum(axis=-1, keepdims=True)
    base, selected = rate("base_rate", n), rate("selection_rate", n)
    overall = divide(n[..., 1, :].sum(axis=(-1, -2))[..., None], total)
    sign = np.where(base > overall, 1.0, -1.0)
    moved = sign * (selected - base)
    known = np.isfinite(moved)
    return divide(np.sum(np.where(known, moved, 0.0), axis=-1), known.sum(axis=-1).astype(float))


_RATE_NAMES = {
    "selection_rate": ("acceptance rate", "predicted prevalence"),
    "base_rate": ("prevalence",),
    "true_positive_rate": ("recall", "sensitivity", "hit rate"),
    "true_negative_rate": ("specificity",),
    "positive_predictive_value": ("precision",),
    "false_positive_rate": ("fall-out",),
    "false_negative_rate": ("miss rate",),
}
_OF_RATES = tuple(
    MetricDefinition(
        name=each.name,
        family="decisions",
        over="group",
        formula=each.formula,
        high_is=each.high_is,
        source="common",
        also=_RATE_NAMES.get(each.name, ()),
        needs=each.needed_axes,
        verdict="rate",
    )
    for each in RATES.values()
)
_SPEICHER = "Speicher et al. 2018"
_OVER_GROUPS = (
    MetricDefinition(
        name="equalized_odds_difference", family="decisions", over="groups", high_is="bad", equal_at=0.0,
        formula="max(TPR difference, FPR difference)", source="Hardt, Price & Srebro 2016",
        caution="It hides which of the two rates differs: read both.",
    ),
    MetricDefinition(
        name="equalized_odds_ratio", family="decisions", over="groups", high_is="good", equal_at=1.0,
        formula="min(TPR ratio, FPR ratio)", source="Hardt, Price & Srebro 2016",
        caution="A ratio of rare false positives is far from 1 by chance.",
    ),
    MetricDefinition(
        name="average_odds_difference", family="decisions", over="groups", high_is="bad", equal_at=0.0,
        formula="(TPR difference + FPR difference) / 2", source="common",
        also=("average absolute odds difference",),
    ),
    MetricDefinition(
        name="treatment_ratio", family="decisions", over="group", high_is="neutral", bounds=(0.0, None),
        formula="FN / FP", source="Berk et al. 2021", also=("treatment equality",),
        caution="It says which error is more frequent, not how frequent errors are.",
    ),
    MetricDefinition(
        name="generalized_entropy", family="decisions", over="rows", high_is="bad", equal_at=0.0, bounds=(0.0, None),
        formula="mean of ((b/μ)² − 1) / 2 with b = 1 + ŷ − y and μ its mean", source=_SPEICHER,
        caution="It counts a false positive as a gain, which fits only where selection is wanted.",
    ),
    MetricDefinition(
        name="generalized_entropy_between", family="decisions", over="groups", high_is="bad", equal_at=0.0,
        bounds=(0.0, None), formula="the same with every b replaced by its group's mean", source=_SPEICHER,
    ),
    MetricDefinition(
        name="theil_index", family="decisions", over="rows", high_is="bad", equal_at=0.0, bounds=(0.0, None),
        formula="mean of (b/μ) ln(b/μ) with b = 1 + ŷ − y and μ its mean", source=_SPEICHER,
        caution="It counts a false positive as a gain, which fits only where selection is wanted.",
    ),
    MetricDefinition(
        name="coefficient_of_variation", family="decisions", over="rows", high_is="bad", equal_at=0.0,
        bounds=(0.0, None), formula="√(2 · generalised entropy)", source="common",
    ),
    MetricDefinition(
        name="bias_amplification", family="decisions", over="groups", high_is="bad", equal_at=0.0, bounds=(-1.0, 1.0),
        formula="mean over g of ±(P(ŷ=1|g) − P(y=1|g)); + where P(y=1|g) > P(y=1)", source="Wang & Russakovsky 2021",
        also=("directional bias amplification",),
        caution="It takes the labels as they are: it cannot see a lean that the labels already have.",
    ),
    MetricDefinition(
        name="demographic_disparity", family="decisions", over="group", high_is="neutral", equal_at=0.0,
        bounds=(-1.0, 1.0), formula="P(g | ŷ=0) − P(g | ŷ=1)", source="Wachter, Mittelstadt & Russell 2021",
        needs=("prediction",),
    ),
    MetricDefinition(
        name="conditional_demographic_disparity", family="decisions", over="group", high_is="neutral", equal_at=0.0,
        bounds=(-1.0, 1.0), formula="Σ over strata of (rows of stratum / rows) · demographic disparity there",
        source="Wachter, Mittelstadt & Russell 2021", needs=("prediction",),
        caution="What it is conditioned on must itself be a fair ground: a stratum can carry the disparity.",
    ),
)  # fmt: skip
DEFINITIONS = (*_OF_RATES, *_OVER_GROUPS)
"""Metrics of yes/no decisions. Each rate also has the aggregates of `AGGREGATES`."""
