"""Limits of distances, against definitions and against samples whose truth is known, 0 among them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hakari.statistics._arrays import FloatArray
from hakari.statistics.metrics import scores as metrics
from hakari.statistics.metrics.distances import Noise, calibration_noise, divergence_limits, massart, norm_quantile

LEVELS = np.arange(20) / 20 + 0.025


def bell(centre: float, width: float) -> FloatArray:
    shape: FloatArray = np.exp(-0.5 * ((LEVELS - centre) / width) ** 2)
    return np.asarray(shape / shape.sum(), dtype=float)


def test_the_band_of_massart_holds_what_it_promises() -> None:
    assert massart(200, 0.05) == pytest.approx(np.sqrt(np.log(40) / 400))
    assert massart(1, 0.05) == 1.0
    rng = np.random.default_rng(1)
    rows = np.sort(rng.random((2_000, 25)), axis=1)
    ranks = np.arange(25) / 25
    worst = np.maximum(np.abs(rows - ranks), np.abs(rows - ranks - 0.04)).max(axis=1)
    assert np.mean(worst > massart(25, 0.1)) <= 0.13


def test_a_quantile_of_norms_lies_among_them_and_is_extended_beyond_the_outermost() -> None:
    norms = np.sort(np.random.default_rng(2).random((1_000, 1)), axis=0)
    inner = norm_quantile(norms, 0.1)[0]
    assert np.mean(norms > inner) == pytest.approx(0.1, abs=0.002)
    assert norm_quantile(norms, 1e-5)[0] > norms.max()
    assert norm_quantile(norms, 0.1, 1.0)[0] < inner < norm_quantile(norms, 0.1, -1.0)[0]


@pytest.mark.parametrize("other", [(0.5, 0.2), (0.56, 0.2)])
@pytest.mark.parametrize("rows", [40, 300])
def test_distances_are_missed_no_more_often_than_stated(other: tuple[float, float], rows: int) -> None:
    """At equal distributions the usual bootstrap misses always."""
    first, second = bell(0.5, 0.2), bell(*other)
    rng = np.random.default_rng(3)
    true = (metrics.kolmogorov_smirnov(first, second), metrics.wasserstein_distance(LEVELS, first, second))
    missed = np.zeros(2)
    for _ in range(120):
        counts = np.stack([rng.multinomial(rows, shares) for shares in (first, second)]).astype(float)
        norms = Noise.drawn(LEVELS, counts, rng, 200).pair(0, 1)
        values = (metrics.kolmogorov_smirnov(*counts), metrics.wasserstein_distance(LEVELS, *counts))
        for place in (0, 1):
            missed[place] += abs(values[place] - true[place]) > norm_quantile(norms[place], 0.05)
    # 5 % of 120 runs, with four standard errors for chance.
    assert missed.max() <= 6 + 4 * np.sqrt(120 * 0.05 * 0.95)


def test_noise_against_the_rest_is_the_noise_against_all_others_pooled() -> None:
    counts = np.random.default_rng(4).integers(1, 30, (3, 20)).astype(float)
    noise = Noise.drawn(LEVELS, counts, np.random.default_rng(5), 50)
    sizes = counts.sum(axis=1)
    pooled = (sizes[1] * noise.processes[:, 1] + sizes[2] * noise.processes[:, 2]) / (sizes[1] + sizes[2])
    largest, area = next(iter(noise.rests()))
    gap = np.abs(noise.processes[:, 0] - pooled)
    assert largest == pytest.approx(np.sort(gap.max(axis=1)), abs=1e-12)
    assert area == pytest.approx(np.sort(gap @ noise.widths), abs=1e-12)


def test_one_bound_for_all_pairs_is_at_least_the_noise_of_each() -> None:
    counts = np.random.default_rng(6).integers(1, 30, (4, 20)).astype(float)
    noise = Noise.drawn(LEVELS, counts, np.random.default_rng(7), 60)
    bound = noise.all_pairs([0, 1, 2, 3])
    for a in range(4):
        for b in range(a):
            assert all(np.all(each <= most + 1e-12) for each, most in zip(noise.pair(a, b), bound, strict=True))


def test_rare_scores_that_were_not_seen_still_make_noise() -> None:
    counts = np.array([[50.0], [50.0]])
    largest, area = Noise.drawn(np.array([0.5]), counts, np.random.default_rng(8), 400).pair(0, 1)
    assert norm_quantile(largest, 0.05) > 1.5 / 50
    assert norm_quantile(area, 0.05) > 0


@pytest.mark.parametrize("shift", [0.0, 0.1])
def test_a_calibration_error_is_missed_no_more_often_than_stated(shift: float) -> None:
    shares, chance = bell(0.5, 0.3), np.clip(LEVELS + shift, 0, 1)
    cells = np.concatenate([shares * (1 - chance), shares * chance])
    place = metrics.equal_width_bins(LEVELS)
    true = metrics.calibration_error(LEVELS, cells[:20], cells[20:], place)
    rng, missed = np.random.default_rng(9), 0
    for _ in range(200):
        drawn = rng.multinomial(300, cells).astype(float)
        norms = calibration_noise(LEVELS, drawn[:20], drawn[20:], place, rng, 300)
        value = metrics.calibration_error(LEVELS, drawn[:20], drawn[20:], place)
        missed += bool(abs(value - true) > norm_quantile(norms, 0.05))
    assert missed <= 10 + 4 * np.sqrt(200 * 0.05 * 0.95)


@pytest.mark.parametrize("centre", [0.5, 0.6])
def test_a_divergence_is_missed_no_more_often_than_stated(centre: float) -> None:
    parts = (bell(0.5, 0.25), bell(centre, 0.25))
    first, second = (part.reshape(10, 2).sum(axis=1) for part in parts)
    true, rng, missed = float(stats.entropy(first, second)), np.random.default_rng(10), 0
    for _ in range(300):
        one, other = (rng.multinomial(n, shares).astype(float) for n, shares in ((200, first), (500, second)))
        low, high = divergence_limits(one, other, 0.025)
        value = float(metrics.kl_divergence(one, other))
        assert low <= value <= high
        missed += not low <= true <= high
    assert missed <= 15 + 4 * np.sqrt(300 * 0.05 * 0.95)
