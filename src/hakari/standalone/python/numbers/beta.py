"""Beta quantiles: the exact limits of a proportion, in plain floating-point arithmetic.

Everything is done on the logit scale z = log(x / (1 - x)). There the logarithm of a tail of the beta distribution is
concave and nearly straight, so that Newton's method cannot miss: after its first step it comes from one side only.
"""

from __future__ import annotations

import math
from functools import lru_cache

__all__ = ["binomial_half_tail", "clopper_pearson_lower", "clopper_pearson_upper", "normal_quantile", "t_quantile"]

_LONGEST_FRACTION = 200_000


def clopper_pearson_lower(successes: float, trials: float, error: float) -> float:
    """Return the one-sided lower Clopper–Pearson limit: the `error` quantile of Beta(x, n - x + 1)."""
    if successes <= 0:
        return 0.0
    return _from_logit(_beta_quantile(successes, trials - successes + 1.0, error))


def clopper_pearson_upper(successes: float, trials: float, error: float) -> float:
    """Return the one-sided upper Clopper–Pearson limit: Beta(x + 1, n - x) exceeds it with probability `error`."""
    if successes >= trials:
        return 1.0
    # 1 - U is distributed as Beta(n - x, x + 1), so the upper tail is the lower tail of its mirror image.
    return _from_logit(-_beta_quantile(trials - successes, successes + 1.0, error))


def binomial_half_tail(successes: int, failures: int) -> float:
    """Return P(X >= successes) of as many throws of a fair coin as there are successes and failures."""
    if successes <= 0:
        return 1.0
    # P(X >= k) = I_½(k, n - k + 1); the fraction converges fast below the mean of the beta distribution.
    a, b = float(successes), failures + 1.0
    if a >= b:
        return math.exp(_log_density(a, b, 0.0)) * _fraction(a, b, 0.0)
    return 1.0 - math.exp(_log_density(b, a, 0.0)) * _fraction(b, a, 0.0)


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


def t_quantile(freedom: float, error: float) -> float:
    """Return t > 0 with P(T > t) = `error` for Student's t with `freedom` degrees; 0 < error <= 0.5."""
    if error >= 0.5:
        return 0.0
    # T² = ν(1 - B)/B with B ~ Beta(ν/2, 1/2), so P(|T| > t) = P(B < ν/(ν + t²)) = 2 · error.
    return math.sqrt(freedom) * math.exp(-_beta_quantile(freedom / 2.0, 0.5, 2.0 * error) / 2.0)


def _from_logit(z: float) -> float:
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1.0 + grown)


@lru_cache(maxsize=200_000)
def _beta_quantile(a: float, b: float, probability: float) -> float:
    """Return the logit of the quantile of Beta(a, b): P(X <= x) = `probability`."""
    if not (a > 0 and b > 0 and 0 < probability < 1):
        raise ValueError(f"no quantile at {probability} of Beta({a}, {b})")
    if probability > 0.5:
        return -_beta_quantile(b, a, 1.0 - probability)
    wanted = math.log(probability)
    middle = math.log(a / b)
    z = min(middle, middle + normal_quantile(probability) * math.sqrt(1.0 / a + 1.0 / b))
    last = math.inf
    for _ in range(200):
        fraction = _fraction(a, b, z)
        # The slope of the log tail is density / tail: one over the fraction.
        step = (_log_density(a, b, z) + math.log(fraction) - wanted) * fraction
        z -= step
        # Near the end rounding keeps the steps from vanishing: there they only stop shrinking.
        if abs(step) <= 4e-16 * max(1.0, abs(z)) or last <= abs(step) < 1e-12 * max(1.0, abs(z)):
            return z
        last = abs(step)
    return z


def _log_density(a: float, b: float, z: float) -> float:
    """Return log of x^a (1-x)^b / B(a, b), the density on the logit scale, by saddle points (Loader 2000).

    Sums of log-gamma functions would lose eight digits at a hundred million rows.
    """
    n = a + b
    x, rest = _from_logit(z), _from_logit(-z)
    start = 0.5 * math.log(a * b / (2.0 * math.pi * n))
    return start + _stirling(n) - _stirling(a) - _stirling(b) - _deviance(a, z, x, n) - _deviance(b, -z, rest, n)


def _stirling(k: float) -> float:
    """Return what Stirling's formula lacks: log Γ(k+1) - (k + ½) log k + k - ½ log 2π."""
    if k < 15.0:
        return math.lgamma(k + 1.0) - (k + 0.5) * math.log(k) + k - 0.5 * math.log(2.0 * math.pi)
    s = 1.0 / (k * k)
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 * s) * s) * s) * s) * s) / k


def _deviance(k: float, z: float, share: float, n: float) -> float:
    """Return k log(k / m) + m - k for the mean m = n · share, without cancellation where k and m are close."""
    m = n * share
    if m > 0 and abs(k - m) < 0.1 * (k + m):
        v = (k - m) / (k + m)
        total, term = (k - m) * v, 2.0 * k * v
        for j in range(1, 1000):
            term *= v * v
            larger = total + term / (2 * j + 1)
            if larger == total:
                return total
            total = larger
    # The logarithm of a share below the smallest float is its logit.
    return k * (math.log(k / n) - (math.log(share) if share > 1e-290 else z)) + m - k


def _fraction(a: float, b: float, z: float) -> float:
    """Return the lower tail over its density on the logit scale, by a continued fraction of Didonato & Morris (1992).

    This is the even part of DLMF 8.17.22, written with a - (a+b)x so that nothing cancels when x is close to 1. It
    converges fast for x below the mean.
    """
    n, x, rest = a + b, _from_logit(z), _from_logit(-z)
    excess = 1.0 + (a - n * x if x < 0.5 else n * rest - b)
    # Numerators and denominators of two successive convergents, divided by the last denominator: only quotients count,
    # and without the division the numbers would outgrow every float.
    first = a / (a + 1.0) * excess
    top, last_top, last_bottom = 1.0 / first, 0.0, 1.0 / first
    for m in range(1, _LONGEST_FRACTION):
        odd = a + 2 * m - 1.0
        weight = m * (b - m) * x
        numerator = (a + m - 1.0) * (n + m - 1.0) * weight * x / (odd * odd)
        term = m + weight / odd + (a + m) / (odd + 2.0) * (excess + m * (1.0 + rest))
        bottom = term + numerator * last_bottom
        value = (term * top + numerator * last_top) / bottom
        if abs(value - top) <= 2e-16 * abs(value):
            return value
        top, last_top, last_bottom = value, top / bottom, 1.0 / bottom
    return top
