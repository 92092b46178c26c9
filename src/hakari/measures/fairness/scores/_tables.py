"""Tables: threshold curves, calibration, distributions and pairs of groups, for charts and for a second look."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hakari.evidence import Cell, Table
from hakari.measures._estimates import group_name
from hakari.measures.fairness.scores._cells import ScoreCells
from hakari.measures.fairness.scores._means import CALIBRATION, bins_of
from hakari.measures.fairness.scores._ranked import MOST_PAIRED, compared_groups, paired
from hakari.measures.fairness.scores._run import ScoreRun
from hakari.statistics import ClopperPearson, simultaneous
from hakari.statistics._arrays import FloatArray
from hakari.statistics.metrics import scores as metrics

__all__ = ["CALIBRATION_TABLE", "CURVES_TABLE", "DISTRIBUTIONS_TABLE", "PAIRS_TABLE", "tables_of"]

CURVES_TABLE = (
    "columns", "group", "threshold", "n", "selected", "positives", "selected_positives", "selection_rate",
    "true_positive_rate", "false_positive_rate", "positive_predictive_value",
)  # fmt: skip
CALIBRATION_TABLE = (
    "columns", "group", "metric", "bin", "low", "high", "n", "mean_score", "positives", "rate", "rate_low", "rate_high",
)  # fmt: skip
DISTRIBUTIONS_TABLE = ("columns", "group", "bin", "low", "high", "n")
PAIRS_TABLE = ("columns", "positives_of", "negatives_of", "positives", "negatives", "xauc", "low", "high")
_MOST_CURVE_ROWS = 20_000
_FEWEST_POINTS = 20
_MOST_GROUPS = 100
# Curves and calibration of more groups than this cannot be read.

_Rows = list[tuple[Cell, ...]]


def tables_of(runs: list[ScoreRun], points: int) -> tuple[Table, ...]:
    """Return the tables of all slicings: `curves` (rows of single persons), `calibration`, `distributions`, `xauc`.

    Numbers are rows, also where rows have weights; rates are then those of the rows.
    """
    curves: _Rows = []
    calibration: _Rows = []
    distributions: _Rows = []
    pairs: _Rows = []
    groups = sum(len(run.cells.groups) for run in runs)
    most = min(points, max(_MOST_CURVE_ROWS // max(groups, 1), _FEWEST_POINTS))
    for run in runs:
        distributions += _distributions(run.cells)
        if len(run.cells.groups) <= _MOST_GROUPS:
            curves += _curves(run.cells, most)
            if run.cells.labelled:
                calibration += _calibration(run)
        if run.cells.labelled and run.cells.plain:
            pairs += _pairs(run)
    found = [
        Table(name="curves", columns=CURVES_TABLE, rows=tuple(curves), disclosure="rows"),
        Table(name="distributions", columns=DISTRIBUTIONS_TABLE, rows=tuple(distributions)),
    ]
    if calibration:
        details = {"confidence": round(1 - runs[0].error, 12)}
        found.append(Table(name="calibration", columns=CALIBRATION_TABLE, rows=tuple(calibration), details=details))
    if pairs:
        details = {"confidence": round(1 - runs[0].error, 12)}
        found.append(Table(name="xauc", columns=PAIRS_TABLE, rows=tuple(pairs), details=details))
    return tuple(found)


def _named(cells: ScoreCells) -> Iterator[tuple[int, str, str]]:
    columns = " × ".join(cells.columns)
    for place, group in enumerate(cells.groups):
        yield place, columns, group_name(group)


def _share(part: FloatArray, whole: FloatArray | float) -> list[float | None]:
    below = np.broadcast_to(np.asarray(whole, dtype=float), part.shape)
    return [x / n if n > 0 else None for x, n in zip(part.tolist(), below.tolist(), strict=True)]


def _curves(cells: ScoreCells, most: int) -> _Rows:
    counts = cells.counts(rows=True)
    found: _Rows = []
    for place, columns, name in _named(cells):
        own = counts[place]
        at = metrics.thresholds(own.sum(axis=0), most)
        hits, selected = metrics.selected_from(own[1], at), metrics.selected_from(own.sum(axis=0), at)
        n, positives = int(own.sum()), int(own[1].sum())
        absent: list[float | None] = [None] * len(at)
        rates = [_share(selected, n), absent, absent, absent]
        if cells.labelled:
            rates[1:] = [_share(hits, positives), _share(selected - hits, n - positives), _share(hits, selected)]
        for number, score in enumerate(cells.scores[at].tolist()):
            known = (positives, int(hits[number])) if cells.labelled else (None, None)
            found.append((columns, name, score, n, int(selected[number]), *known, *(rate[number] for rate in rates)))
    return found


def _calibration(run: ScoreRun) -> _Rows:
    cells, scores = run.cells, run.cells.scores
    counts = cells.counts(rows=True)
    found: _Rows = []
    for place, columns, name in _named(cells):
        own = counts[place]
        rows = own.sum(axis=0)
        for metric in CALIBRATION:
            slot = bins_of(metric, scores, rows)
            n, positives, mass = (
                np.bincount(slot, weights=part, minlength=metrics.BINS).astype(float)
                for part in (rows, own[1], rows * scores)
            )
            low, high = simultaneous(ClopperPearson(positives, n), run.error)
            for number in range(metrics.BINS):
                inside = scores[(slot == number) & (rows > 0)]
                if metric == CALIBRATION[0]:
                    ends: tuple[float | None, float | None] = (number / metrics.BINS, (number + 1) / metrics.BINS)
                else:
                    ends = (float(inside.min()), float(inside.max())) if len(inside) else (None, None)
                some = n[number] > 0
                line = (
                    (mass[number] / n[number], positives[number] / n[number], low[number], high[number])
                    if some
                    else None
                )
                mean, rate, below, above = (None,) * 4 if line is None else tuple(float(each) for each in line)
                found.append(
                    (
                        columns,
                        name,
                        metric,
                        number + 1,
                        *ends,
                        int(n[number]),
                        mean,
                        int(positives[number]),
                        rate,
                        below,
                        above,
                    )
                )
    return found


def _distributions(cells: ScoreCells) -> _Rows:
    slot, rows = metrics.equal_width_bins(cells.scores), cells.counts(rows=True).sum(axis=1)
    found: _Rows = []
    for place, columns, name in _named(cells):
        n = np.bincount(slot, weights=rows[place], minlength=metrics.BINS)
        for number in range(metrics.BINS):
            ends = (number / metrics.BINS, (number + 1) / metrics.BINS)
            found.append((columns, name, number + 1, *ends, int(n[number])))
    return found


def _pairs(run: ScoreRun) -> _Rows:
    """Areas of every ordered pair of groups that are compared; their intervals hold together (Bonferroni)."""
    compared = compared_groups(run)
    if not 2 <= len(compared) <= MOST_PAIRED:
        return []
    values, limits = paired(run.cells, compared)
    assert limits is not None
    size = len(compared)
    each = run.error / 2 / (size * (size - 1))
    low, high = limits.lower(each).reshape(size, size), limits.upper(each).reshape(size, size)
    columns = " × ".join(run.cells.columns)
    names = [group_name(run.cells.groups[place]) for place in compared]
    rows = run.cells.counts(rows=True).sum(axis=2)[compared].astype(int)
    return [
        (columns, names[a], names[b], int(rows[a, 1]), int(rows[b, 0]),
         float(values[a, b]), float(low[a, b]), float(high[a, b]))
        for a in range(size) for b in range(size) if a != b
    ]  # fmt: skip
