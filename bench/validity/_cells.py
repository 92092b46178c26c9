"""True rates, common random numbers and the verdict rule for many runs at once: what the validity scripts share.

The rule is evaluated on whole arrays of runs. Clopper–Pearson limits grow with the count at every error, so among
groups of one size the largest contrast is always that of the smallest count with the largest: K sizes need K² contrasts
instead of G(G−1). Every script compares a sample of its verdicts with `hakari.statistics.decide`: that is what is
judged.
"""

from __future__ import annotations

import platform
import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from itertools import cycle, islice, product
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from hakari.statistics.contrasts import contrast_count, joint_errors
from hakari.statistics.limits import ClopperPearson
from hakari.statistics.verdict import Rule, decide

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Kind = Literal["met", "not_met"]
Aggregation = Literal["difference", "ratio", "worst_group"]
Method = Literal["mover", "box"]
Reference = int | Literal["rest"] | None
Sides = tuple[Floats, Floats, Floats]
"""Values, lower and upper limits of one group in every run, each held at the value where it would pass it."""

SIZES = (30, 100, 300, 3_000, 30_000)
LOWEST, HIGHEST = 0.02, 0.85
ERROR = 0.025
"""The stated one-sided error of each verdict at confidence .95."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The truth of a simulation: how many rows and which rate every group has."""

    layout: str
    sizes: tuple[int, ...]
    rates: tuple[float, ...]
    label: str
    """The sizes in a few words, for tables."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One verdict about one aggregate at one line. For `met` the line is b, for `not_met` it is a."""

    kind: Kind
    aggregation: Aggregation
    operator: Literal["<=", ">="]
    line: float
    margin: float = 0.0
    method: Method = "mover"
    reference: Reference = None

    @property
    def rule(self) -> Rule:
        """The rule of a plan whose line is this one."""
        sign = 1 if self.operator == "<=" else -1
        threshold = round(self.line - sign * self.margin, 12) if self.kind == "met" else self.line
        return Rule(
            aggregation=self.aggregation, operator=self.operator, threshold=threshold, margin=self.margin,
            method=self.method, reference=self.reference,
        )  # fmt: skip

    def fires(self, sizes: Sequence[int], counts: Ints, error: float = ERROR) -> Bools:
        """Whether the verdict is given, for counts (G, runs). `not_met` counts also where `met` comes first."""
        if self.aggregation == "worst_group":
            return _worst_group(self, sizes, counts, error)
        line = self.line if self.aggregation == "ratio" else 1.0
        bound = 0.0 if self.aggregation == "ratio" else self.line
        if self.kind == "met":
            return self._passes(sizes, counts, line, bound, error)
        share = error / contrast_count(len(sizes), self.reference)
        return gap(sizes, counts, line, share, -1.0, self.method, self.reference) > bound

    def _passes(self, sizes: Sequence[int], counts: Ints, line: float, bound: float, error: float) -> Bools:
        """Whether the upper limit is below the bound: the limit is the largest over the angles, so one angle refutes.

        The middle angles come first: they refute nearly all runs, and the others look at what is left.
        """
        errors = list(_errors(error, 1.0, self.method))
        middle = (len(errors) - 1) / 2
        left = np.arange(counts.shape[1])
        for place in sorted(range(len(errors)), key=lambda each: abs(each - middle)):
            some = counts if len(left) == counts.shape[1] else counts[:, left]
            reach = np.full(len(left), -np.inf)
            for low, high in _pairs(sizes, some, errors[place], self.reference):
                np.maximum(reach, _contrast(low, high, line, 1.0, self.method), out=reach)
            left = left[reach < bound if self.margin == 0 else reach <= bound]
        found = np.zeros(counts.shape[1], dtype=bool)
        found[left] = True
        return found

    def decides(self, sizes: Sequence[int], counts: Ints, error: float = ERROR) -> bool:
        """The same for one run (G,), by the product."""
        limits = ClopperPearson(np.asarray(counts, dtype=float), np.asarray(sizes, dtype=float))
        decision = decide(self.rule, limits, error_met=error, error_not_met=error)
        if self.kind == "met":
            return decision.verdict == "met"
        return decision.verdict == "not_met" or decision.reason == "within_margin"


def layouts(groups: int) -> Iterator[tuple[str, str, tuple[int, ...], tuple[float, ...]]]:
    """Name, label, sizes, and where between the extremes (0 to 1) each group lies; group 0 is at one extreme."""
    between = tuple(((np.arange(groups - 2) + 1) / (groups - 1)).tolist())
    low, high = (groups + 1) // 2, groups // 2
    for n, m in product(SIZES, SIZES):
        if groups == 2:
            yield "pair", f"{n:,} / {m:,}", (n, m), (0.0, 1.0)
            continue
        yield "spread", f"{n:,} / {m:,}", tuple(islice(cycle((n, m)), groups)), (0.0, 1.0, *between)
        yield "half", f"{n:,} / {m:,}", (n,) * low + (m,) * high, (0.0,) * low + (1.0,) * high
        if n > m:
            sizes, label = (n,) + (m,) * (groups - 1), f"{n:,} with {m:,}"
            yield "one large, low", label, sizes, (0.0,) + (1.0,) * (groups - 1)
            yield "one large, high", label, sizes, (1.0,) + (0.0,) * (groups - 1)
            yield "one large, low, rest between", label, sizes, (0.0, 1.0, *between)
            yield "one large, high, rest between", label, sizes, (1.0, 0.0, *between)
    if groups > 2:
        for name, order in (("all sizes up", SIZES), ("all sizes down", SIZES[::-1])):
            yield "spread", name, tuple(islice(cycle(order), groups)), (0.0, 1.0, *between)
            yield "half", name, tuple(islice(cycle(order), groups)), (0.0,) * low + (1.0,) * high


def rates_of(aggregation: str, line: float, low: float, places: Sequence[float]) -> tuple[float, ...] | None:
    """Rates whose extremes are exactly on the line, or None where they leave the range."""
    high = low + line if aggregation == "difference" else low / line
    if high > HIGHEST + 1e-9:
        return None
    return tuple(round(low + place * (high - low), 12) for place in places)


class Draws:
    """Common random numbers: one column of uniforms for each group, sorted once, made counts by inversion."""

    def __init__(self, runs: int, groups: int, seed: Sequence[int]) -> None:
        uniform = np.random.default_rng(list(seed)).random((groups, runs))
        self.runs = runs
        self._order = np.argsort(uniform, axis=1)
        self._sorted = np.take_along_axis(uniform, self._order, axis=1)

    def counts(self, sizes: Sequence[int], rates: Sequence[float]) -> Ints:
        """Binomial counts (G, runs)."""
        out = np.empty((len(sizes), self.runs), dtype=np.int64)
        for group, (n, p) in enumerate(zip(sizes, rates, strict=True)):
            first, steps = _steps(n, p)
            edges = np.searchsorted(self._sorted[group], steps, side="right")
            repeats = np.diff(edges, prepend=0, append=self.runs)
            out[group, self._order[group]] = np.repeat(np.arange(first, first + len(repeats)), repeats)
        return out


@lru_cache(maxsize=20_000)
def _steps(n: int, p: float) -> tuple[int, Floats]:
    """First outcome of a window that misses 1e-12 of the mass, and P(X ≤ x) from there on."""
    first, last = (int(stats.binom.ppf(q, n, p)) for q in (1e-12, 1 - 1e-12))
    return first, np.asarray(stats.binom.cdf(np.arange(first, last), n, p), dtype=float)


@lru_cache(maxsize=600)
def table(n: int, error: float) -> Sides:
    """Values and one-sided limits of every outcome 0..n."""
    return _held(ClopperPearson(np.arange(n + 1.0), np.full(n + 1, float(n))), error)


def _held(rates: ClopperPearson, error: float) -> Sides:
    p = rates.values
    return p, np.minimum(p, rates.lower(error)), np.maximum(p, rates.upper(error))


def _look_up(n: int, counts: Ints, error: float) -> Sides:
    if n <= 100_000:
        values, lower, upper = table(n, error)
        return values[counts], lower[counts], upper[counts]
    distinct, place = np.unique(counts, return_inverse=True)
    values, lower, upper = _held(ClopperPearson(distinct.astype(float), np.full(len(distinct), float(n))), error)
    return values[place], lower[place], upper[place]


def classes(sizes: Sequence[int], counts: Ints, without: int | None = None) -> Iterator[tuple[int, int, Ints, Ints]]:
    """For every size: how many groups have it, and their smallest and largest count in each run."""
    every = np.asarray(sizes)
    for n in sorted(set(sizes)):
        members = [g for g in np.flatnonzero(every == n).tolist() if g != without]
        if members:
            part = counts if len(members) == len(sizes) else counts[members]
            yield n, len(members), part.min(axis=0), part.max(axis=0)


def _contrast(low: Sides, high: Sides, line: float, sign: float, method: Method) -> Floats:
    """The upper (sign +1) or lower (−1) limit of line·p_j − p_i, in the product's order of operations."""
    (p_i, l_i, u_i), (p_j, l_j, u_j) = low, high
    if sign > 0:
        return -l_i + line * u_j
    if method == "box":
        return -u_i + line * l_j
    return -p_i + line * p_j - np.hypot(u_i - p_i, line * (p_j - l_j))


def _errors(error: float, sign: float, method: Method) -> Iterator[tuple[float, float]]:
    """The errors of the low and of the high side of a pair; the upper limit is the largest over all of them."""
    if method == "box":
        yield error / 2, error / 2
    elif sign < 0:
        yield error, error
    else:
        errors = joint_errors(error).tolist()
        yield from zip(errors, reversed(errors), strict=True)


def gap(
    sizes: Sequence[int], counts: Ints, line: float, error: float, sign: float, method: Method, reference: Reference
) -> Floats:
    """The limit of the largest contrast in every run, each contrast at `error`."""
    best = np.full(counts.shape[1], -np.inf)
    for errors in _errors(error, sign, method):
        for low, high in _pairs(sizes, counts, errors, reference):
            np.maximum(best, _contrast(low, high, line, sign, method), out=best)
    return best


def _pairs(
    sizes: Sequence[int], counts: Ints, errors: tuple[float, float], reference: Reference
) -> Iterator[tuple[Sides, Sides]]:
    """The pairs (low side, high side) among which the largest contrast is, each side at its own error."""
    at_low, at_high = errors
    if reference == "rest":
        rest, total = counts.sum(axis=0) - counts, sum(sizes)
        for group, n in enumerate(sizes):
            yield _look_up(n, counts[group], at_low), _look_up(total - n, rest[group], at_high)
            yield _look_up(total - n, rest[group], at_low), _look_up(n, counts[group], at_high)
        return
    found = [
        (size, members, _look_up(size, least, at_low), _look_up(size, most, at_high))
        for size, members, least, most in classes(sizes, counts, reference)
    ]
    if reference is not None:
        n, fixed = sizes[reference], counts[reference]
        for _, _, least, most in found:
            yield least, _look_up(n, fixed, at_high)
            yield _look_up(n, fixed, at_low), most
        return
    for size, members, least, _ in found:
        for other, _, _, most in found:
            if size != other or members > 1:
                yield least, most


def _worst_group(claim: Claim, sizes: Sequence[int], counts: Ints, error: float) -> Bools:
    high_is_bad = claim.operator == "<="
    share = error if claim.kind == "met" else error / len(sizes)
    fired = np.full(counts.shape[1], claim.kind == "met")
    for n, _, least, most in classes(sizes, counts):
        _, lower, upper = _look_up(n, most if high_is_bad else least, share)
        if claim.kind == "met":
            fired &= one_group_passes(claim, lower, upper)
        else:
            fired |= one_group_fails(claim, lower, upper)
    return fired


def one_group_passes(claim: Claim, lower: Floats, upper: Floats) -> Bools:
    """Whether the limits of single groups lie on the good side of b."""
    if claim.operator == "<=":
        return upper < claim.line if claim.margin == 0 else upper <= claim.line
    return lower > claim.line if claim.margin == 0 else lower >= claim.line


def one_group_fails(claim: Claim, lower: Floats, upper: Floats) -> Bools:
    """Whether the limits of single groups lie on the bad side of a."""
    return lower > claim.line if claim.operator == "<=" else upper < claim.line


def machine() -> dict[str, str]:
    """Where a result was made."""
    names = ("hakari", "numpy", "scipy")
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def machine_line() -> str:
    """The same in one line for a table's foot."""
    found = machine()
    packages = ", ".join(f"{name} {found[name]}" for name in ("hakari", "numpy", "scipy"))
    return f"{found['system']}, Python {found['python']}, {packages}"


def paragraph(text: str) -> str:
    """Prose for the docs, in lines of at most 118 signs."""
    return textwrap.fill(" ".join(text.split()), 118, break_long_words=False, break_on_hyphens=False)


def progress(text: str, started: float) -> None:
    """A line for who watches a long run; `started` is processor time."""
    print(f"{text}, {time.process_time() - started:.0f} s", file=sys.stderr, flush=True)
