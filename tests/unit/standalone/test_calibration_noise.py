"""The lower limit of a calibration error in the single file: the product's, and the same formula from scipy."""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari import statistics as product
from hakari.standalone.python.numbers.bootstrap import BootstrapLimits, _Group, _reach, score_rates
from hakari.standalone.python.numbers.counts import read_tally
from hakari.standalone.python.numbers.draws import stream
from hakari.standalone.python.numbers.scores import SCORE_METRICS
from hakari.statistics import score_metrics

ERRORS = (0.9, 0.5, 0.2, 0.025, 0.00417, 1e-8, 1e-15)


def same(found: Any, expected: Any) -> None:
    assert list(found) == pytest.approx(list(expected), rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("bins", [(0.3,), (1.0, 0.1), (1.0,) * 10])
def test_the_reach_is_that_of_the_formula(bins: tuple[float, ...], error: float) -> None:
    mean = sum(float(stats.halfnorm.mean(scale=each)) for each in bins)
    variance = sum(float(stats.halfnorm.var(scale=each)) for each in bins)
    part = variance / mean**2 / 9
    cube = mean * max(float(stats.norm.isf(error)) * math.sqrt(part) + 1 - part, 0.0) ** 3
    one = math.sqrt(sum(each**2 for each in bins))
    expected = max(cube, float(stats.halfnorm.isf(error, scale=one)))
    assert _reach(sum(bins), one, error) == pytest.approx(expected, rel=1e-10)
    assert _reach(0.0, 0.0, error) == 0


@pytest.mark.parametrize("seed", range(6))
def test_the_noise_of_the_bins_is_the_products(seed: int) -> None:
    rng = random.Random(seed)
    scores = sorted({0.0, 0.1, 0.3, 1.0, *(rng.random() for _ in range(rng.choice((1, 20))))})
    counts = [[float(rng.choice((0, 0, 1, 30))) for _ in scores] for _ in (0, 1)]
    noise = SCORE_METRICS["calibration_error"].noise
    assert noise is not None
    theirs = score_metrics.calibration_noise(*(np.array(part) for part in (scores, *counts)))
    same(noise(scores, *counts), map(float, theirs))
    assert all(math.isnan(each) for each in noise(scores, [0.0] * len(scores), [0.0] * len(scores)))


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("miss", [0.0, 0.2])
def test_lower_limits_of_calibrated_and_shifted_scores_are_the_products(rows: int, miss: float) -> None:
    """With a large miss the bootstrap decides, with none the formula."""
    rng = random.Random(f"{rows} {miss}")
    cells: dict[tuple[str, int, float], int] = {}
    for group in "ab":
        for score in (0.05, 0.25, 0.55, 0.75):
            for _ in range(rows):
                key = (group, int(rng.random() < score + miss), score)
                cells[key] = cells.get(key, 0) + 1
    table = [(*key, count) for key, count in cells.items()]
    columns = ("g", "label", "score", "n")
    tally = product.Tally.from_rows(columns[:-1], table)
    theirs = product.smooth_limits(tally, "calibration_error", by=("g",), rng=product.stream(7, "check", "x"))
    ours = score_rates(
        read_tally({"columns": columns, "rows": table, "details": {}}), "calibration_error", ("g",),
        stream(7, "check", "x"),
    ).limits  # fmt: skip
    assert ours.method == theirs.method
    assert "lower limit at most the value less the noise of the bins" in ours.method
    for error in ERRORS[1:]:
        same(ours.lower(error), theirs.lower(error))
        same(ours.upper(error), theirs.upper(error))
        same(ours.take([1]).lower(error), theirs.take([1]).lower(error))


def test_the_formula_is_moved_by_no_shift_and_never_below_0() -> None:
    group = _Group(0.3, 0.3, 1e-6, [0.0] * 2000, (0.1, 0.05))
    limits = BootstrapLimits([group], logit=False, detail="")
    expected = 0.3 - _reach(0.1, 0.05, 0.025)
    assert limits.lower(0.025) == limits.shifted(1.0).lower(0.025) == [pytest.approx(expected)]
    assert limits.lower(1e-15) == [0.0]
    assert limits.upper(0.025)[0] == pytest.approx(0.3, abs=1e-5)
