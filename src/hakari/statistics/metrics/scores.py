"""Scores: definitions and arithmetic of the metrics of scores, on counts of the distinct scores.

Counts end in the S distinct scores in rising order and may have leading axes (groups, replicates). Where nothing can be
divided the value is nan. The area under the curve itself, the Brier score and their variances are in `score_metrics`.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from hakari.statistics._arrays import FloatArray, IntArray, divide
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = [
    "DEFINITIONS",
    "auc_influence",
    "average_precision",
    "average_precision_influence",
    "average_score",
    "bin_excess",
    "calibration_error",
    "calibration_floor",
    "cross_auc",
    "equal_count_bins",
    "equal_width_bins",
    "kl_divergence",
    "kolmogorov_smirnov",
    "selected_from",
    "thresholds",
    "wasserstein_distance",
]

Counts = FloatArray | IntArray
BINS = 10
"""Bins of the calibration error and of the divergence."""
SMOOTHING = 0.5
"""Rows added to every bin of the divergence (Jeffreys' prior), so that an empty bin is not endlessly far away."""


def _floats(counts: Counts) -> FloatArray:
    return np.asarray(counts, dtype=float)


def _from_above(counts: FloatArray) -> FloatArray:
    """Rows with this score or a higher one (..., S)."""
    return np.flip(np.cumsum(np.flip(counts, axis=-1), axis=-1), axis=-1)


def average_score(scores: FloatArray, counts: Counts) -> FloatArray:
    """Mean score (...) of counts (..., S)."""
    rows = _floats(counts)
    return divide(rows @ scores, rows.sum(axis=-1))


def cross_auc(negatives: Counts, positives: Counts) -> FloatArray:
    """P(score of a positive of group a > score of a negative of group b) + half of the ties, as (A, B).

    Kallus & Zhou 2019 (xAUC), of counts (B, S) and (A, S); the diagonal is the area within each group.
    """
    neg, pos = _floats(negatives), _floats(positives)
    below = np.cumsum(neg, axis=-1) - neg / 2
    return divide(pos @ below.T, np.outer(pos.sum(axis=-1), neg.sum(axis=-1)))


def auc_influence(negatives: Counts, positives: Counts) -> tuple[FloatArray, FloatArray]:
    """How much one more row at each score moves the area: (..., S) for negatives and for positives.

    The structural components of DeLong, DeLong & Clarke-Pearson 1988 less the area, over the rows of the class.
    """
    neg, pos = _floats(negatives), _floats(positives)
    n, p = neg.sum(axis=-1)[..., None], pos.sum(axis=-1)[..., None]
    of_positive = divide(np.cumsum(neg, axis=-1) - neg / 2, n)
    of_negative = 1 - divide(np.cumsum(pos, axis=-1) - pos / 2, p)
    area = divide(np.sum(pos * of_positive, axis=-1)[..., None], p)
    return divide(of_negative - area, np.broadcast_to(n, neg.shape)), divide(
        of_positive - area, np.broadcast_to(p, pos.shape)
    )


def average_precision(negatives: Counts, positives: Counts) -> FloatArray:
    """Σ (recall at a score − recall above it) · precision at it (...); nan without positives.

    No interpolation; equal scores are one step, as in scikit-learn's `average_precision_score`.
    """
    neg, pos = _floats(negatives), _floats(positives)
    hits, selected = _from_above(pos), _from_above(pos + neg)
    precision = np.where(selected > 0, hits / np.where(selected > 0, selected, 1.0), 0.0)
    return divide(np.sum(pos * precision, axis=-1), pos.sum(axis=-1))


def average_precision_influence(negatives: Counts, positives: Counts) -> tuple[FloatArray, FloatArray]:
    """How much one more row at each score moves the average precision: (..., S) for negatives and for positives."""
    neg, pos = _floats(negatives), _floats(positives)
    hits, selected = _from_above(pos), _from_above(pos + neg)
    used = np.where(selected > 0, selected, 1.0)
    total = pos.sum(axis=-1)[..., None]
    # A row changes the precision at its own score and at every lower one.
    gained = np.cumsum(np.where(selected > 0, pos * (selected - hits) / used**2, 0.0), axis=-1)
    lost = np.cumsum(np.where(selected > 0, pos * hits / used**2, 0.0), axis=-1)
    value = average_precision(neg, pos)[..., None]
    precision = np.where(selected > 0, hits / used, 0.0)
    shape = np.broadcast_to(total, pos.shape)
    return divide(-lost, shape), divide(precision - value + gained, shape)


def equal_width_bins(scores: FloatArray, bins: int = BINS) -> IntArray:
    """Bin (S,) of scores in [0, 1]: bins hold their lower end, the last also its upper one."""
    return np.minimum((scores * bins).astype(np.int64), bins - 1)


def equal_count_bins(scores: FloatArray, rows: Counts, bins: int = BINS) -> IntArray:
    """Bin (S,) of scores held by `rows` (S,): the ends are the quantiles of the rows, interpolated between rows.

    Bins hold their upper end, so equal scores stay together and a bin may be empty; as in scikit-learn's
    `calibration_curve(strategy="quantile")`.
    """
    running = np.cumsum(np.asarray(rows, dtype=np.int64))
    if len(running) == 0 or running[-1] == 0:
        return np.zeros(len(scores), dtype=np.int64)
    ranks = (running[-1] - 1) * np.arange(1, bins) / bins
    below, above = (np.searchsorted(running, part, side="right") for part in (np.floor(ranks), np.ceil(ranks)))
    low, high = scores[below], scores[above]
    return np.searchsorted(low + (high - low) * (ranks - np.floor(ranks)), scores, side="left").astype(np.int64)


def bin_excess(scores: FloatArray, negatives: Counts, positives: Counts, place: IntArray) -> FloatArray:
    """Σ (label − score) per bin (..., B), of counts (..., S) whose scores lie in the bins `place` (S,)."""
    member = (place[:, None] == np.arange(BINS)).astype(float)
    above = _floats(positives) @ (member * (1 - scores)[:, None])
    return np.asarray(above - _floats(negatives) @ (member * scores[:, None]), dtype=float)


def calibration_error(scores: FloatArray, negatives: Counts, positives: Counts, place: IntArray) -> FloatArray:
    """Distance of the mean score from the share of positives, bin by bin, averaged by the bins' rows (...)."""
    rows = _floats(negatives).sum(axis=-1) + _floats(positives).sum(axis=-1)
    return divide(np.abs(bin_excess(scores, negatives, positives, place)).sum(axis=-1), rows)


def calibration_floor(scores: FloatArray, rows: Counts, place: IntArray) -> float:
    """The calibration error that rows (S,) with perfectly calibrated scores would show on average.

    The excess of a bin is then a sum of centred yes/no draws; its mean distance from 0 is taken as that of a normal
    one, √(2/π) standard deviations.
    """
    n = _floats(rows)
    variance = np.bincount(place, weights=n * scores * (1 - scores), minlength=BINS)
    total = float(n.sum())
    return float(np.sqrt(2 / np.pi * variance).sum() / total) if total > 0 else float("nan")


def kolmogorov_smirnov(first: Counts, second: Counts) -> FloatArray:
    """Largest distance of two distribution functions (...): the largest gap in selection rates at any threshold."""
    a, b = _floats(first), _floats(second)
    one = divide(np.cumsum(a, axis=-1), a.sum(axis=-1)[..., None])
    other = divide(np.cumsum(b, axis=-1), b.sum(axis=-1)[..., None])
    return np.asarray(np.abs(one - other).max(axis=-1), dtype=float)


def wasserstein_distance(scores: FloatArray, first: Counts, second: Counts) -> FloatArray:
    """Area between two distribution functions (...): how far scores must be moved on average to make them equal."""
    a, b = _floats(first), _floats(second)
    one = divide(np.cumsum(a, axis=-1), a.sum(axis=-1)[..., None])
    other = divide(np.cumsum(b, axis=-1), b.sum(axis=-1)[..., None])
    return np.asarray(np.abs(one - other)[..., :-1] @ np.diff(scores), dtype=float)


def kl_divergence(first: Counts, second: Counts, smoothing: float = SMOOTHING) -> FloatArray:
    """Σ p ln(p / q) (...) of two sets of rows in bins (..., B), with `smoothing` rows added to every bin of both."""
    a, b = _floats(first), _floats(second)
    size = a.shape[-1] * smoothing
    rows = (a.sum(axis=-1), b.sum(axis=-1))
    p, q = ((part + smoothing) / (total[..., None] + size) for part, total in zip((a, b), rows, strict=True))
    return np.where((rows[0] > 0) & (rows[1] > 0), special.rel_entr(p, q).sum(axis=-1), np.nan)


def thresholds(rows: Counts, most: int = 1_000) -> IntArray:
    """Places (T,) of the thresholds among scores held by `rows` (S,): all, or `most`, evenly over the rows."""
    present = np.flatnonzero(_floats(rows) > 0)
    if len(present) <= most:
        return present
    running = np.cumsum(_floats(rows)[present])
    # The lowest and the highest score stay: there everybody, or hardly anybody, is selected.
    wanted = np.linspace(running[0], running[-1], most)
    return present[np.unique(np.searchsorted(running, wanted))]


def selected_from(counts: Counts, places: IntArray) -> FloatArray:
    """Rows (..., T) whose score is at least the one at each of `places`."""
    return _from_above(_floats(counts))[..., places]


_BORKAN = "Borkan et al. 2019"
_SCORE_ONLY = ("score",)
_BOTH = ("label", "score")
_BIAS = "It is above 0 even for scores that are calibrated: compare it with its noise floor."
_OF_GROUPS = (
    MetricDefinition(
        name="average_score", family="scores", over="group", formula="mean of s", high_is="neutral", source="common",
        needs=_SCORE_ONLY,
    ),
    MetricDefinition(
        name="auc", family="scores", over="group", formula="P(s of a positive > s of a negative) + ½ P(equal)",
        high_is="good", source="common", also=("roc_auc", "subgroup AUC", "c statistic"), needs=_BOTH,
        verdict="smooth", caution="It looks within the group only: all its scores may lie below everybody else's.",
    ),
    MetricDefinition(
        name="bpsn_auc", family="scores", over="group", high_is="good", source=_BORKAN, needs=_BOTH,
        formula="P(s of a positive outside g > s of a negative of g) + ½ P(equal)",
        also=("background positive, subgroup negative AUC",),
        caution="Low where the group's negatives score as high as other people's positives.",
    ),
    MetricDefinition(
        name="bnsp_auc", family="scores", over="group", high_is="good", source=_BORKAN, needs=_BOTH,
        formula="P(s of a positive of g > s of a negative outside g) + ½ P(equal)",
        also=("background negative, subgroup positive AUC",),
        caution="Low where the group's positives score as low as other people's negatives.",
    ),
    MetricDefinition(
        name="average_precision", family="scores", over="group", high_is="good", source="common", needs=_BOTH,
        formula="Σ (recall at s − recall above s) · precision at s",
        caution="It grows with the share of positives, so groups with other base rates differ for that reason alone.",
    ),
    MetricDefinition(
        name="brier", family="scores", over="group", formula="mean of (s − y)²", high_is="bad", source="Brier 1950",
        needs=_BOTH, verdict="smooth",
        caution="It is smaller where the base rate is extreme, whatever the model.",
    ),
    MetricDefinition(
        name="calibration_error", family="scores", over="group", high_is="bad", needs=_BOTH,
        formula="Σ over 10 bins of equal width of (n_bin / n) |mean s − share of y = 1|", source="common",
        also=("expected calibration error", "ECE"), verdict="smooth", caution=_BIAS,
    ),
    MetricDefinition(
        name="calibration_error_equal_counts", family="scores", over="group", high_is="bad", needs=_BOTH,
        formula="the same over 10 bins of equal rows of the group", source="common", also=("adaptive ECE",),
        caution=_BIAS,
    ),
    MetricDefinition(
        name="kl_divergence", family="scores", over="group", high_is="bad", equal_at=0.0, bounds=(0.0, None),
        formula="Σ p ln(p / q) over 10 bins of s, ½ row added to each; p in g, q among all others",
        source="Kullback & Leibler 1951", needs=_SCORE_ONLY,
        caution="It depends on the bins and on which of the two sides comes first.",
    ),
    MetricDefinition(
        name="wasserstein_distance", family="scores", over="group", high_is="bad", equal_at=0.0, needs=_SCORE_ONLY,
        formula="∫ |F_g(s) − F_others(s)| ds", source="common", also=("earth mover's distance",),
        caution="Equal distributions of scores do not mean that errors are equal.",
    ),
    MetricDefinition(
        name="kolmogorov_smirnov", family="scores", over="group", high_is="bad", equal_at=0.0, needs=_SCORE_ONLY,
        formula="max over s of |F_g(s) − F_others(s)|", source="common",
        caution="It is the largest gap in selection rates that any one threshold can make.",
    ),
)  # fmt: skip
_SPREAD = ("average_score", "auc", "average_precision", "brier", "calibration_error", "calibration_error_equal_counts")
_FORMULAS = {"difference": "max v − min v", "ratio": "min v / max v", "worst_group": "the worst v"}
_ALSO = {"average_score_difference": ("Calders–Verwer score, on scores",)}


def _aggregated(each: MetricDefinition) -> list[MetricDefinition]:
    """The definitions of a group metric's difference, ratio and worst group."""
    found = []
    for aggregate, formula in _FORMULAS.items():
        if aggregate == "worst_group" and each.high_is == "neutral":
            continue
        if aggregate == "ratio" and each.name.startswith("calibration_error"):
            continue  # a ratio of two numbers that are above 0 by chance says nothing
        name = f"{each.name}_{aggregate}"
        found.append(
            MetricDefinition(
                name=name,
                family="scores",
                over="groups",
                formula=f"{formula} over the groups' {each.name}",
                high_is={"difference": "bad", "ratio": "good"}.get(aggregate, each.high_is),  # type: ignore[arg-type]
                equal_at={"difference": 0.0, "ratio": 1.0}.get(aggregate),
                source="Calders & Verwer 2010" if name == "average_score_difference" else "common",
                also=_ALSO.get(name, ()),
                needs=each.needs,
                verdict=each.verdict,
            )
        )
    return found


_OVER_GROUPS = (
    MetricDefinition(
        name="xauc_difference", family="scores", over="groups", high_is="bad", equal_at=0.0,
        source="Kallus & Zhou 2019", needs=_BOTH, also=("xAUC disparity",),
        formula="max over pairs of P(s of a positive of g > s of a negative of h) − the same with g and h exchanged",
        caution="It can be large where the areas within the groups are equal.",
    ),
    *(
        MetricDefinition(
            name=f"{each.name}_noise_floor", family="scores", over="group", high_is="neutral", source="common",
            formula="Σ over bins of √(2/π · Σ s(1 − s)) / n", needs=_BOTH,
            caution="Not a property of the scores' quality: what chance alone would show at so many rows.",
        )
        for each in _OF_GROUPS if each.name.startswith("calibration_error")
    ),
    *(
        MetricDefinition(
            name=f"{each.name}_largest", family="scores", over="groups", high_is="bad", equal_at=0.0,
            bounds=each.bounds, source=each.source, needs=each.needs, caution=each.caution,
            formula=f"the largest {each.name} between two groups",
        )
        for each in _OF_GROUPS if each.name in ("kl_divergence", "wasserstein_distance", "kolmogorov_smirnov")
    ),
    MetricDefinition(
        name="kolmogorov_smirnov_of_positives", family="scores", over="groups", high_is="bad", equal_at=0.0,
        source="common", needs=_BOTH, formula="max over thresholds of the true positive rate difference",
        caution="It looks at every threshold; the one in use may show less.",
    ),
    MetricDefinition(
        name="kolmogorov_smirnov_of_negatives", family="scores", over="groups", high_is="bad", equal_at=0.0,
        source="common", needs=_BOTH, formula="max over thresholds of the false positive rate difference",
        caution="It looks at every threshold; the one in use may show less.",
    ),
)  # fmt: skip
DEFINITIONS = (
    *_OF_GROUPS,
    *(d for each in _OF_GROUPS if each.name in _SPREAD for d in _aggregated(each)),
    *_OVER_GROUPS,
)
"""Every metric of scores."""
