"""Measuring: our value and interval for every figure of a case, from the counts of its decisions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from bench.published.cases import Case

from hakari.evidence import Interval
from hakari.measures.fairness import functions
from hakari.measures.fairness._indices import reference_estimates
from hakari.measures.fairness.functions import scores
from hakari.measures.fairness.functions.arrays import counted
from hakari.statistics import group_rates, smooth_rates, stream

LEVEL = 0.95
GROUPS = np.array(["unprivileged", "privileged"], dtype=object)

Measured = dict[str, Any]
"""`value`, `low`, `high`, `method`, `n`; in ranges `value`s only."""


def measured(case: Case, made: dict[str, Any]) -> dict[str, Any]:
    """Per metric: published, ours with interval, the range over other splits or seeds, and how they compare."""
    counts = np.array(made["counts"][case.name])
    wanted = [*case.published, *case.extra]
    found: dict[str, Any] = {"rows": int(counts.sum()), "groups": counts.sum(axis=(1, 2)).tolist(), "metrics": {}}
    drawn = [np.array(each) for each in made["ranges"].get(case.name, [])]
    for metric in wanted:
        if metric == "score_difference":
            ours = score_difference(made["scores"][case.name])
        else:
            ours = with_interval(metric, counts, case.sign)
        others = [] if metric == "score_difference" else [plain(metric, each, case.sign) for each in drawn]
        row: dict[str, Any] = {"ours": ours, "published": case.published.get(metric)}
        if others:
            row["range"] = {
                "lowest": min(others),
                "median": float(np.median(others)),
                "highest": max(others),
                "runs": len(others),
            }
        row["outcome"] = outcome(row)
        found["metrics"][metric] = row
    return found


def outcome(row: dict[str, Any]) -> str:
    """How ours and the published figure compare, in one word."""
    if row["published"] is None:
        return "none published"
    digits = len(row["published"].partition(".")[2])
    figure, ours = float(row["published"]), row["ours"]
    if abs(figure - ours["value"]) <= 0.5 * 10**-digits + 1e-12:
        return "equal"
    half = 0.5 * 10**-digits
    if "range" in row and row["range"]["lowest"] - half <= figure <= row["range"]["highest"] + half:
        return "in the range"
    return "in the interval" if ours["low"] - half <= figure <= ours["high"] + half else "outside"


def rates_of(counts: Any) -> dict[str, Any]:
    """Rates of every group (G,) from counts (G, 2, 2)."""
    n = np.asarray(counts, dtype=float)
    return {
        "selection": n[:, :, 1].sum(axis=1) / n.sum(axis=(1, 2)),
        "true_positive": n[:, 1, 1] / n[:, 1].sum(axis=1),
        "false_positive": n[:, 0, 1] / n[:, 0].sum(axis=1),
    }


def from_rates(selection: Any, true_positive: Any, false_positive: Any) -> dict[str, float]:
    """Published metrics of two groups' rates, unprivileged first."""
    gaps = {"true_positive": true_positive[0] - true_positive[1], "false": false_positive[0] - false_positive[1]}
    return {
        "difference": float(selection[0] - selection[1]),
        "ratio": float(selection[0] / selection[1]),
        "true_positive": float(gaps["true_positive"]),
        "odds": float((abs(gaps["true_positive"]) + abs(gaps["false"])) / 2),
    }


def plain(metric: str, counts: Any, sign: int) -> float:
    """The value alone, by the definitions of the examples."""
    n = np.asarray(counts, dtype=float)
    whole = n.sum(axis=0)
    if metric == "accuracy":
        return float((whole[0, 0] + whole[1, 1]) / whole.sum())
    if metric == "auc":  # of yes/no decisions: the mean of the true positive and the true negative rate
        return float((whole[1, 1] / whole[1].sum() + whole[0, 0] / whole[0].sum()) / 2)
    value = from_rates(**rates_of(n))[metric]
    return sign * value if metric in ("difference", "true_positive") else value


def with_interval(metric: str, counts: Any, sign: int) -> Measured:
    """The value and interval that Hakari gives."""
    group, label, prediction = rows_of(counts)
    tally = counted(label, prediction, GROUPS[group])
    if metric == "accuracy":
        (figure,) = functions.rate_by_group(
            "accuracy", label, prediction, sensitive_features=np.zeros(len(label), dtype=int)
        ).values()
        return shown(figure, figure.low, figure.high, figure.method, figure.n)
    if metric == "auc":
        limits = smooth_rates(tally, "balanced_accuracy", (), rng=stream(0, "published", "auc")).limits
        low, high = limits.lower((1 - LEVEL) / 2)[0], limits.upper((1 - LEVEL) / 2)[0]
        return shown(limits.values[0], low, high, limits.method, len(label))
    if metric == "odds":
        figure = functions.average_odds_difference(label, prediction, sensitive_features=GROUPS[group])
        return shown(figure, figure.low, figure.high, figure.method, figure.n)
    rate = "true_positive_rate" if metric == "true_positive" else "selection_rate"
    wanted = f"{rate}_{'ratio' if metric == 'ratio' else 'difference'}_to_reference"
    rates = group_rates(tally, rate, ("group",))
    (found,) = [each for each in reference_estimates(rates, ("privileged",), confidence=LEVEL) if each.metric == wanted]
    assert isinstance(found.interval, Interval)
    assert isinstance(found.value, float)
    flip = sign if metric != "ratio" else 1
    low, high = sorted((flip * found.interval.low, flip * found.interval.high))
    return shown(flip * found.value, low, high, found.interval.method, found.n)


def score_difference(made: dict[str, Any]) -> Measured:
    """Mean score of the one group less that of the other."""
    figure = scores.average_score_difference(
        made["label"], made["score"], sensitive_features=GROUPS[np.array(made["group"])]
    )
    return shown(figure, figure.low, figure.high, figure.method, figure.n)


def rows_of(counts: Any) -> tuple[Any, Any, Any]:
    """Group, label and decision of every row that the counts stand for."""
    n = np.asarray(counts, dtype=np.int64)
    place = np.repeat(np.arange(n.size), n.reshape(-1))
    group, label, prediction = np.unravel_index(place, n.shape)
    return group, label, prediction


def shown(value: Any, low: Any, high: Any, method: str, n: int) -> Measured:
    """Rounded to six digits: more would say more than the interval."""
    numbers = {"value": value, "low": low, "high": high}
    kept = {name: round(float(number), 6) for name, number in numbers.items()}
    assert all(map(math.isfinite, kept.values()))
    return {**kept, "method": method, "n": int(n)}
