"""Hakari: tally, then arithmetic; and the two tasks that only it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from route import METRICS, Route, Values
from table import group_name

from hakari.inputs import Columns, Data, Inputs, open_data
from hakari.statistics import (
    SMOOTH_METRICS,
    Confusion,
    GroupRates,
    Rule,
    Tally,
    confusion,
    decide,
    group_rates,
    percentile_interval,
    plug_in,
    rate_definition,
    replicate_counts,
    smooth_rates,
    stream,
)

SMOOTH = ("f1", "balanced_accuracy")
RATES = tuple(metric for metric in METRICS if metric not in SMOOTH)
DIFFERENCE = Rule(aggregation="difference", operator="<=", threshold=0.1, margin=0.02)
RATIO = Rule(aggregation="ratio", operator=">=", threshold=0.8, margin=0.05)
ERROR = 0.025
REPLICATES = 1_000
DECISIONS = np.array([0.0, 1.0])


class Answer(NamedTuple):
    """Arrays, as Hakari gives them."""

    counted: Confusion
    by_group: dict[str, Any]
    overall: dict[str, Any]
    difference: dict[str, float]
    ratio: dict[str, float]


def tally_of(given: Any) -> Tally:
    """Count a frame that nothing has been counted of before."""
    data = open_data(given, role="data.test")
    return tally_by(data, tuple(name for name in data.columns if name not in ("label", "prediction")))


def tally_by(data: Data, by: tuple[str, ...]) -> Tally:
    """Count an opened table; what the table itself remembers, such as the codes of its texts, is used again."""
    return Inputs(data, None, Columns(label="label", prediction="prediction", sensitive=by)).tally(by=by)


def measure(given: Any) -> Answer:
    """Ten metrics per group and overall, their differences and ratios."""
    tally = tally_of(given)
    by = tally.axes[:-2]
    rates = {metric: group_rates(tally, metric, by) for metric in RATES}
    by_group = {metric: found.limits.values for metric, found in rates.items()}
    overall = {metric: group_rates(tally, metric).limits.values[0] for metric in RATES}
    counted = confusion(tally, by)
    for metric in SMOOTH:
        by_group[metric] = smooth(metric, counted.counts)
        overall[metric] = smooth(metric, counted.counts.sum(axis=0))
    difference = {metric: plug_in(DIFFERENCE, values) for metric, values in by_group.items()}
    ratio = {metric: plug_in(RATIO, values) for metric, values in by_group.items()}
    return Answer(counted, by_group, overall, difference, ratio)


def smooth(metric: str, counts: Any) -> Any:
    """F1 or balanced accuracy of counts (..., label, prediction)."""
    return SMOOTH_METRICS[metric].value(DECISIONS, counts[..., 0, :], counts[..., 1, :])


def read(answer: Answer) -> Values:
    """Plain numbers."""
    names = [group_name(*group) for group in answer.counted.groups]
    counts = answer.counted.counts
    rest = counts.sum(axis=0) - counts
    to_rest = {metric: replicate_values(metric, counts) - replicate_values(metric, rest) for metric in METRICS}
    return {
        "to_rest": {m: dict(zip(names, map(float, v), strict=True)) for m, v in to_rest.items()},
        "by_group": {m: dict(zip(names, map(float, v), strict=True)) for m, v in answer.by_group.items()},
        "overall": {metric: float(value) for metric, value in answer.overall.items()},
        "difference": answer.difference,
        "ratio": answer.ratio,
    }


def replicated(given: Any) -> dict[str, Any]:
    """Point values, and display intervals of every metric in every group, overall, and of every gap and ratio."""
    tally = tally_of(given)
    by = tally.axes[:-2]
    for metric in RATES:
        group_rates(tally, metric, by)
    counted = confusion(tally, by)
    spread = counted.spread(replicate_counts(tally, REPLICATES, stream(7, "bench.replicates")))
    whole = spread.sum(axis=-3)
    intervals = {}
    for metric in METRICS:
        values = replicate_values(metric, spread)
        overall = replicate_values(metric, whole)
        highest, lowest = values.max(axis=-1), values.min(axis=-1)
        shown = [*values.T, overall, highest - lowest, lowest / highest]
        intervals[metric] = [percentile_interval(each) for each in shown]
    return {"groups": len(counted.groups), "intervals": sum(map(len, intervals.values()))}


def replicate_values(metric: str, counts: Any) -> Any:
    """A metric of counts (..., label, prediction)."""
    return smooth(metric, counts) if metric in SMOOTH else rate_definition(metric).value(counts)


def decided(tally: Tally, *, with_smooth: bool) -> int:
    """Limits and verdicts of the difference and of the ratio, for each metric; how many."""
    by = tally.axes[:-2]
    found: list[GroupRates] = [group_rates(tally, metric, by) for metric in RATES]
    if with_smooth:
        found += [smooth_rates(tally, metric, by, rng=stream(7, "bench", metric)) for metric in SMOOTH]
    for rates in found:
        for rule in (DIFFERENCE, RATIO):
            decide(rule, rates.limits, error_met=ERROR, error_not_met=ERROR)
    return 2 * len(found)


def parts(given: Any) -> Mapping[str, Any]:
    """Pieces of the work by name; each is called without arguments and timed on its own."""
    tally = tally_of(given)
    data = open_data(given, role="data.test")
    return {
        "tally": lambda: tally_of(given),
        "another tally of a table that was counted before": lambda: tally_by(data, tally.axes[:1]),
        "verdicts": lambda: decided(tally, with_smooth=False),
        "verdicts with F1 and balanced accuracy": lambda: decided(tally, with_smooth=True),
    }


def further_frames() -> dict[str, Callable[[Any], Any]]:
    """Other frames than pandas, made of the frame of categories."""
    import polars as pl
    import pyarrow as pa

    def strings(given: Any) -> pl.DataFrame:
        return pl.from_pandas(given).with_columns(pl.col(pl.Categorical).cast(pl.String))

    return {
        "polars strings": strings,
        "polars categories": pl.from_pandas,
        "polars lazy, strings": lambda given: strings(given).lazy(),
        "Arrow strings": lambda given: strings(given).to_arrow(),
        "Arrow dictionaries": lambda given: pa.Table.from_pandas(given, preserve_index=False),
    }


ROUTES = (
    Route(
        name="hakari",
        asks="open_data, Inputs.tally, group_rates, confusion, plug_in",
        gives="ten metrics by group and overall, differences, ratios",
        convert=lambda given: given,
        measure=measure,
        read=read,
        packages=("hakari", "numpy", "pandas", "narwhals", "pyarrow", "polars"),
    ),
)
