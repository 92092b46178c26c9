"""Metrics of places in lists as functions: `y_true` is what a row deserves, `y_pred` the score that orders it."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import error_of
from hakari.measures.fairness._rows import Slicing
from hakari.measures.fairness.functions._estimated import by_group, equally_long, over_groups, slicing_by, units_of
from hakari.measures.fairness.functions.figure import Figure
from hakari.messages import say
from hakari.statistics import Limits
from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import FEWEST_CLUSTERS
from hakari.statistics.metrics.between import Spreading
from hakari.statistics.metrics.ranking import Places, listed_sums
from hakari.statistics.metrics.ranking import ndkl as ndkl_of_lists
from hakari.statistics.metrics.rows import MeanLimits, mean_limits, ratio_limits, share_limits

__all__ = [
    "RankingMetric",
    "exposure_difference",
    "exposure_per_merit_ratio",
    "exposure_ratio",
    "max_skew_at_k",
    "min_skew_at_k",
    "ndkl",
    "place_by_group",
    "relative_exposure_ratio",
    "skew_at_k",
    "top_k_rate_difference",
    "top_k_rate_ratio",
]

_KNOWN = ("top_k_rate", "representation_at_k", "skew_at_k", "exposure", "relative_exposure", "exposure_per_merit")


class RankingMetric(Protocol):
    """A metric of places over groups: `metric(y_true, y_pred, *, sensitive_features, query=None, …)`."""

    __name__: str

    def __call__(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        query: Any = None,
        k: int = 10,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure: ...


def place_by_group(
    metric: str,
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    query: Any = None,
    k: int = 10,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return a metric of places in every group; the intervals rest on lists, and need at least 15 of them.

    Args:
        metric: `top_k_rate`, `representation_at_k`, `skew_at_k`, `exposure`, `relative_exposure` or
            `exposure_per_merit`.
        y_true: what a row deserves (N,), 0 or more; None where the metric does not need it.
        y_pred: score (N,); the highest of a list comes first.
        sensitive_features: one array (N,), several columns, or names with arrays; missing values are a group.
        query: list of every row (N,); one list if left out.
        k: how many places count as the first ones.
        confidence: of all intervals together.

    >>> float(place_by_group("exposure", None, [.9, .5, .1], sensitive_features=list("abb"))[("a",)])
    1.0
    """
    limits, slicing = _limits(metric, y_true, y_pred, sensitive_features, query, k)
    return by_group(limits, slicing, slicing.rows.tolist(), confidence)


def skew_at_k(
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    query: Any = None,
    k: int = 10,
    confidence: float = 0.95,
) -> dict[tuple[str, ...], Figure]:
    """Return ln(rows among the first k / rows expected there) of every group (Geyik, Ambler & Kenthapadi 2019)."""
    return place_by_group(
        "skew_at_k", y_true, y_pred, sensitive_features=sensitive_features, query=query, k=k, confidence=confidence
    )


def ndkl(
    y_true: Any,  # noqa: ARG001  (the order of arguments that all metrics have)
    y_pred: Any,
    *,
    sensitive_features: Any,
    query: Any = None,
    confidence: float = 0.95,
) -> Figure:
    """Return the mean over lists of the normalised discounted KL divergence (Geyik, Ambler & Kenthapadi 2019).

    `y_true` is there for the order of arguments only. The figure is above 0 for a random order too, the more so the
    shorter the lists.
    """
    (scores,) = equally_long(y_pred=y_pred)
    slicing = slicing_by(sensitive_features, len(scores))
    places = Places.of(scores, _lists(query, len(scores)))
    each = ndkl_of_lists(places, slicing.index, len(slicing.groups))
    lists = np.arange(places.count)
    limits = mean_limits(each, np.zeros_like(lists), 1, unit=lists, least=0.0)
    value, n = float(limits.values[0]), len(scores)
    if places.count < FEWEST_CLUSTERS:
        return Figure(value, n=n, why=str(say("measures.fairness.ranking.few_lists")))
    side = error_of(confidence) / 2
    low, high = float(limits.lower(side)[0]), float(limits.upper(side)[0])
    return Figure(value, low=low, high=high, level=confidence, method=limits.method, n=n)


def _lists(query: Any, rows: int) -> Any:
    found = units_of(query, rows, what="query")
    return np.zeros(rows, dtype=np.int64) if found is None else found


def _limits(metric: str, y_true: Any, y_pred: Any, features: Any, query: Any, k: int) -> tuple[Limits, Slicing]:
    if metric not in _KNOWN:
        raise InputError(say("measures.fairness.functions.no_place", metric=metric, known=list(_KNOWN)))
    if k < 1:
        raise InputError(say("measures.fairness.ranking.k", k=k))
    (scores,) = equally_long(y_pred=y_pred)
    slicing = slicing_by(features, len(scores))
    places = Places.of(scores, _lists(query, len(scores)))
    owner, sizes, groups = places.owner, places.sizes.astype(float), len(slicing.groups)

    def ratio(above: FloatArray, below: FloatArray) -> MeanLimits:
        return ratio_limits(above, below, slicing.index, groups, unit=owner, least=0.0)

    if metric == "top_k_rate":
        return share_limits(places.among_first(k), slicing.index, groups, unit=owner), slicing
    if metric in ("representation_at_k", "skew_at_k"):
        found = ratio(places.among_first(k), (np.minimum(sizes, k) / sizes)[owner])
        return (found if metric == "representation_at_k" else found.shown_as("log")), slicing
    exposure = places.exposure()
    if metric == "exposure":
        return ratio(exposure, np.ones(len(exposure))), slicing
    if metric == "relative_exposure":
        return ratio(exposure, (listed_sums(exposure, owner, places.count) / sizes)[owner]), slicing
    return ratio(exposure, _merit(y_true, len(scores))), slicing


def _merit(y_true: Any, rows: int) -> FloatArray:
    if y_true is None:
        raise InputError(say("measures.fairness.functions.needed", metric="exposure_per_merit", argument="y_true"))
    (merit,) = equally_long(y_true=y_true)
    if len(merit) != rows:
        raise InputError(say("measures.fairness.functions.length", what="y_true", rows=len(merit), expected=rows))
    if len(merit) and merit.min() < 0:
        raise InputError(say("measures.fairness.functions.negative_merit", least=float(merit.min())))
    return merit


def _of(name: str, metric: str, spreading: Spreading, words: str) -> RankingMetric:
    def named(
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        query: Any = None,
        k: int = 10,
        min_rows: int = 1,
        confidence: float = 0.95,
    ) -> Figure:
        limits, slicing = _limits(metric, y_true, y_pred, sensitive_features, query, k)
        n = slicing.rows.tolist()
        if spreading == "lowest" and np.any(np.isnan(limits.values) & (slicing.rows >= min_rows)):
            return Figure(float("nan"), why=str(say("measures.fairness.ranking.hidden_group")))
        return over_groups(limits, slicing, n, spreading, min_rows=min_rows, confidence=confidence)

    named.__name__ = named.__qualname__ = name
    named.__doc__ = (
        f"Return the {words}.\n\n"
        "`y_true` is what a row deserves and may be None where that is not needed; `y_pred` is the score. Groups with\n"
        "fewer than `min_rows` rows are left out. The interval rests on lists, and needs at least 15 of them."
    )
    return named


top_k_rate_difference = _of(
    "top_k_rate_difference", "top_k_rate", "difference", "difference of the groups' shares among the first k"
)
top_k_rate_ratio = _of("top_k_rate_ratio", "top_k_rate", "ratio", "ratio of the groups' shares among the first k")
min_skew_at_k = _of("min_skew_at_k", "skew_at_k", "lowest", "smallest skew at k of a group")
max_skew_at_k = _of("max_skew_at_k", "skew_at_k", "highest", "largest skew at k of a group")
exposure_difference = _of("exposure_difference", "exposure", "difference", "difference of the groups' mean exposure")
exposure_ratio = _of("exposure_ratio", "exposure", "ratio", "ratio of the groups' mean exposure")
relative_exposure_ratio = _of(
    "relative_exposure_ratio", "relative_exposure", "ratio", "ratio of the groups' exposure relative to their lists"
)
exposure_per_merit_ratio = _of(
    "exposure_per_merit_ratio", "exposure_per_merit", "ratio", "ratio of the groups' exposure per merit"
)
