"""The single file's quantiles are those of scipy, and where scipy loses digits, those of exact arithmetic."""

from __future__ import annotations

import math
import random
from decimal import Decimal, localcontext
from typing import SupportsFloat

import pytest
from scipy import special

from hakari.standalone.python.numbers.beta import (
    clopper_pearson_lower,
    clopper_pearson_upper,
    normal_quantile,
    t_quantile,
)


def close(mine: float, other: SupportsFloat, relative: float) -> bool:
    return math.isclose(mine, float(other), rel_tol=relative, abs_tol=1e-300)


@pytest.mark.parametrize("seed", range(4))
def test_the_limits_of_a_rate_are_scipys(seed: int) -> None:
    """Sizes from 1 to 100,000, whole and effective numbers of rows, errors from one half down to 1e-15."""
    rng = random.Random(seed)
    for _ in range(600):
        n = 10 ** rng.uniform(0, 5)
        n = n if rng.random() < 0.3 else max(round(n), 1)
        x = n * rng.choice((rng.random(), 10 ** rng.uniform(-5, 0)))
        x = min(x if rng.random() < 0.3 else round(x), n)
        error = 10 ** rng.uniform(-15, math.log10(0.5))
        if x > 0.05:
            assert close(clopper_pearson_lower(x, n, error), special.betaincinv(x, n - x + 1, error), 1e-12), (
                x,
                n,
                error,
            )
        if n - x > 0.05:
            upper = special.betainccinv(x + 1, n - x, error)
            assert close(clopper_pearson_upper(x, n, error), upper, 3e-12), (x, n, error)


@pytest.mark.parametrize("seed", range(2))
def test_the_limits_of_a_hundred_million_rows_are_those_of_exact_sums(seed: int) -> None:
    """P(X <= x | upper limit) is the error, summed in 60 digits; scipy is up to 3e-10 off here."""
    rng = random.Random(seed)
    for _ in range(12):
        n, x = round(10 ** rng.uniform(6, 8)), rng.randint(0, 30)
        error = 10 ** rng.uniform(-15, math.log10(0.5))
        limit = clopper_pearson_upper(x, n, error)
        reached = tail(x, n, limit)
        # How much the probability changes with the limit: d log P / d log u = -(x+1) pmf(x+1) / P.
        slope = (x + 1) * pmf(x + 1, n, limit) / reached
        assert abs(reached / Decimal(error) - 1) / slope < Decimal("1e-12"), (x, n, error)


def pmf(k: int, n: int, p: float) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        share = Decimal(p)
        return Decimal(math.comb(n, k)) * share**k * (1 - share) ** (n - k)


def tail(x: int, n: int, p: float) -> Decimal:
    return sum((pmf(k, n, p) for k in range(x + 1)), Decimal(0))


def test_a_rate_of_nothing_and_of_everything_has_its_limit_at_the_end() -> None:
    assert clopper_pearson_lower(0, 50, 0.025) == 0.0
    assert clopper_pearson_upper(50, 50, 0.025) == 1.0
    assert close(clopper_pearson_upper(0, 50, 0.025), 1 - 0.025 ** (1 / 50), 1e-14)
    assert close(clopper_pearson_lower(50, 50, 0.025), 0.025 ** (1 / 50), 1e-14)


def test_the_limits_of_successes_are_those_of_failures_from_the_other_side() -> None:
    assert clopper_pearson_lower(30, 100, 0.01) == pytest.approx(1 - clopper_pearson_upper(70, 100, 0.01), rel=1e-15)


@pytest.mark.parametrize("freedom", [1, 2, 3, 14, 15, 50.5, 999, 100_000])
def test_the_quantiles_of_t_are_scipys(freedom: float) -> None:
    for error in (0.49, 0.3, 0.1, 0.025, 1e-3, 1e-6, 1e-10, 1e-15):
        assert close(t_quantile(freedom, error), -special.stdtrit(freedom, error), 1e-12)
    assert t_quantile(freedom, 0.5) == 0.0


def test_the_normal_quantiles_are_scipys() -> None:
    for error in (0.5, 0.3, 0.025, 1e-6, 1e-15):
        assert normal_quantile(error) == pytest.approx(special.ndtri(error), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("wrong", [(-1.0, 2.0, 0.1), (2.0, 2.0, 0.0), (2.0, 2.0, 1.0), (math.nan, 2.0, 0.1)])
def test_what_is_no_distribution_is_refused(wrong: tuple[float, float, float]) -> None:
    from hakari.standalone.python.numbers.beta import _beta_quantile

    with pytest.raises(ValueError, match="no quantile"):
        _beta_quantile(*wrong)
