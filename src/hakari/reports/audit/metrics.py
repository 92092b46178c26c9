"""Metrics in words: the name that a person reads, and the unit in which a number is written."""

from __future__ import annotations

from typing import Final, Literal

from hakari.assessment.quantity import Scale
from hakari.messages import Message, catalogue, say
from hakari.reports.words import Words

__all__ = ["base_of", "metric_words", "named", "span_words", "unit_of", "value_words"]

Unit = Literal["percent", "points", "ratio", "p", "count", "number"]

SUFFIXES: Final = (
    "noise_floor",
    "difference_to_reference",
    "difference_to_rest",
    "ratio_to_reference",
    "ratio_to_rest",
    "worst_group",
    "worst_change",
    "harm_p",
    "difference",
    "ratio",
    "deviation",
    "largest",
    "earlier",
    "newer",
    "change",
    "adjusted",
    "min",
    "max",
)
"""What may be done with a metric over groups or versions, as the end of its name; longer ends come first."""

_SHARES: Final = frozenset(
    {
        "accuracy",
        "positive_predictive_value",
        "negative_predictive_value",
        "precision",
        "recall",
        "specificity",
        "detection_recall",
        "average_recall",
        "class_recall",
        "class_precision",
        "guess_accuracy",
        "gained_by_flip",
        "lost_by_flip",
    }
)
_DISTANCES: Final = frozenset(
    {"difference", "difference_to_reference", "difference_to_rest", "deviation", "change", "worst_change"}
)
_RATIOS: Final = frozenset({"ratio", "ratio_to_reference", "ratio_to_rest"})
_POINTS: Final = frozenset({"rate_difference", "equalized_odds_difference", "average_odds_difference", "guess_gain"})
_COUNTS: Final = frozenset({"selections_to_flip"})


def base_of(metric: str) -> tuple[str, str]:
    """Return the metric that `metric` is made of, and what was done with it: `("accuracy", "difference")`."""
    for suffix in SUFFIXES:
        if metric.endswith(f"_{suffix}"):
            return metric.removesuffix(f"_{suffix}"), suffix
    return metric, ""


def metric_words(metric: str) -> Message:
    """Return the name of a metric; one that an outside package brings is written by its own name."""
    for key in (f"reports.metric.{metric}", f"reasons.metric.{metric}"):
        if key in catalogue():
            return say(key)
    base, suffix = base_of(metric)
    return (
        say(f"reports.over.{suffix}", metric=metric_words(base))
        if suffix
        else say("reports.metric.unnamed", name=metric)
    )


def named(message: Message) -> Message:
    """Return a message of a measure with its metric in words: measures say `selection_rate`, people do not."""
    metric = message.arguments.get("metric")
    return (
        say(message.key, **{**message.arguments, "metric": metric_words(metric)})
        if isinstance(metric, str)
        else message
    )


def unit_of(metric: str) -> Unit:
    """Return how the numbers of a metric are written."""
    if metric.endswith("_noise_floor"):
        return unit_of(metric.removesuffix("_noise_floor"))
    if metric in _POINTS:
        return "points"
    if metric in _COUNTS:
        return "count"
    if metric.endswith(("_p", "_p_adjusted", "_p_min")):
        return "p"
    base, suffix = base_of(metric)
    if suffix in _RATIOS or base == "impact_ratio":
        return "ratio"
    if base in _SHARES or base.endswith("_rate"):
        return "points" if suffix in _DISTANCES else "percent"
    return "number"


def value_words(metric: str, value: float, words: Words) -> str:
    """Return one number as it is read: `12.3%`, `4.1 points`, `0.83`, `< 0.001`."""
    unit = unit_of(metric)
    if unit == "percent" or unit == "points":
        return _minus(words(Scale(unit=unit, decimals=1).say(value)))
    return _bare(unit, value)


def span_words(metric: str, low: float, high: float, words: Words) -> str:
    """Return an interval without its unit, for a column beside the value."""
    unit = unit_of(metric)
    ends = [
        _minus(f"{100 * end + 0.0:.1f}") if unit in ("percent", "points") else _bare(unit, end) for end in (low, high)
    ]
    return words.say("reasons.quantity.range", low=ends[0], high=ends[1])


def _bare(unit: Unit, value: float) -> str:
    if unit == "p":
        return "< 0.001" if value < 0.001 else f"{value:.3f}"
    if unit == "count":
        return f"{value:,.0f}"
    if unit == "ratio":
        return _minus(f"{value:.2f}")
    size = abs(value)
    if 0 < size < 0.001:
        return _minus(f"{value:.1e}")
    return _minus(f"{value:,.{3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0}f}")


def _minus(text: str) -> str:
    return text.replace("-", "−")
