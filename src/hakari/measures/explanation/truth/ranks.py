"""Ranks: do the reasons of a row stay the same with other chance and under small noise?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from scipy import stats

from hakari.errors import InputError
from hakari.measures._estimates import shortened
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation._explaining import Explainer
from hakari.measures.explanation._features import Features
from hakari.measures.explanation.truth._over_rows import hits_table, mean_estimate, share_estimate
from hakari.measures.explanation.truth._spearman import row_spearman, without_noise
from hakari.measures.explanation.truth.noise import Noise
from hakari.measures.explanation.truth.trial import Explain, Trial, require_match
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._explaining import Choice
    from hakari.statistics._arrays import BoolArray, FloatArray

__all__ = ["KEPT", "RankStability", "rank_stability"]

_AT_ONCE: Final = 8_192
"""Rows that an exact method explains at once."""
KEPT: Final = 0.95
"""A reason is stable if it keeps its sign and its place among the first in at least this share of the repeats."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankStability(Trial):
    """How the reasons of n rows, d players, fared over the repeats."""

    kept: FloatArray
    """(n, d): share of repeats in which the player kept its sign and stayed among the first on its side; 0 for a player
    that is not among them in the shown explanation, and where no repeat counts."""
    crossed: FloatArray
    """(n,): share of the draws of noise that took the row to the other decision; these do not count in `kept`."""
    repeats: FloatArray
    """(n,): repeats that count."""

    @property
    def near_line(self) -> BoolArray:
        """Rows that small noise can take to the other decision (n,)."""
        return np.asarray(self.crossed > 0)


@dataclass(slots=True)
class _Tally:
    """Sums over the repeats so far."""

    kept: FloatArray
    counted: FloatArray
    correlation: FloatArray
    crossed: FloatArray
    spent: int = 0


def rank_stability(
    explain: Explain,
    rows: Features,
    rng: np.random.Generator,
    *,
    seeds: int = 10,
    noise: float = 0.05,
    draws: int = 10,
    reasons: int = 4,
    threshold: float | None = None,
    background: Features | None = None,
    shown: Attributions | None = None,
    confidence: float = 0.95,
) -> RankStability:
    """Explain the rows `seeds` times with other chance and `draws` times under small noise, with other chance too.

    A row's stated reasons are the first `reasons` players towards its decision: up if the output is at least
    `threshold` (at least the base, without one), else down. The row passes if each of them keeps its sign and stays
    among the first `reasons` on its side in at least 95 % of the repeats. Draws of noise that take the row to the other
    decision are counted apart. `stable_reasons_share` is the share of rows that pass, `rank_correlation` the mean
    Spearman correlation of |values| with the shown explanation. `shown` is the explanation that a person is given;
    without it one more is made. A method without chance needs no `seeds`.

    Raises:
        InputError: no repeats, no reasons, or an explanation of other rows.
    """
    started = time.perf_counter()
    if seeds < 0 or draws < 0 or seeds + draws < 1 or reasons < 1:
        raise InputError(say("measures.explanation.truth.ranks.repeats", seeds=seeds, draws=draws, reasons=reasons))
    near = Noise.like(background or rows, noise)
    first = explain(rows, _fresh(rng)) if shown is None else shown
    require_match(rows, first)
    tally = _repeated(explain, rows, rng, first, near, seeds, draws, reasons, threshold)
    tally.spent += first.cost.model_rows if shown is None else 0
    some = tally.counted > 0
    counted = np.where(some, tally.counted, 1.0)
    kept = tally.kept / counted[:, None]
    values = without_noise(first.values)
    up = _up(first, threshold)
    stated = _first(values, reasons) & (np.sign(values) == np.where(up, 1, -1)[:, None])
    used = some & stated.any(axis=1)
    passed = used & np.where(stated, kept >= KEPT - 1e-9, True).all(axis=1)
    correlation = np.where(some, tally.correlation / counted, np.nan)
    reason = say("measures.explanation.truth.ranks.nothing")
    alone = say("measures.explanation.truth.ranks.no_order")
    crossed = tally.crossed / max(draws, 1)
    return RankStability(
        about="stability",
        estimates=(
            share_estimate("stable_reasons_share", passed[used], confidence=confidence, reason=reason),
            mean_estimate("rank_correlation", correlation, confidence=confidence, reason=alone, least=-1.0, most=1.0),
        ),
        per_row=np.where(used, np.where(stated, kept, 1.0).min(axis=1), np.nan),
        passed=passed,
        left_out=int((~used).sum()),
        cost=Cost(model_rows=tally.spent, seconds=time.perf_counter() - started),
        tables=(hits_table("stable", passed[used]),),
        limits=_limits(seeds, noise, draws, near, crossed, used),
        kept=kept,
        crossed=crossed,
        repeats=tally.counted,
    )


def _repeated(
    explain: Explain,
    rows: Features,
    rng: np.random.Generator,
    first: Attributions,
    near: Noise,
    seeds: int,
    draws: int,
    reasons: int,
    threshold: float | None,
) -> _Tally:
    values, up = without_noise(first.values), _up(first, threshold)
    stands = _first(values, reasons)
    tally = _Tally(np.zeros(values.shape), np.zeros(len(values)), np.zeros(len(values)), np.zeros(len(values)))
    for repeat, again in enumerate(_again(explain, rows, rng, first, near, seeds, draws)):
        noisy = repeat >= seeds
        tally.spent += again.cost.model_rows
        crossed = (_up(again, threshold) != up) & noisy
        other = without_noise(again.values)
        same = stands & _first(other, reasons) & (np.sign(other) == np.sign(values))
        tally.kept += same & ~crossed[:, None]
        tally.counted += ~crossed
        tally.crossed += crossed
        # nan + anything stays nan: a row without an order in one repeat has none in the mean.
        tally.correlation += np.where(crossed, 0.0, row_spearman(np.abs(values), np.abs(other)))
    return tally


def _again(
    explain: Explain,
    rows: Features,
    rng: np.random.Generator,
    first: Attributions,
    near: Noise,
    seeds: int,
    draws: int,
) -> Iterator[Attributions]:
    """Explain the rows with other chance, then under noise."""
    asked = ((near.draw(rows, rng) if repeat >= seeds else rows, _fresh(rng)) for repeat in range(seeds + draws))
    if not (first.exact and isinstance(explain, Explainer)):
        for given, chance in asked:
            found = explain(given, chance)
            require_match(rows, found)
            yield found
        return
    # Without chance, draws of noise are rows like any others: most of the work is shared by those asked at once. Many
    # rows must not make another method of it.
    held = replace(explain, choice=cast("Choice", first.method))
    every = list(asked)
    size = max(1, _AT_ONCE // rows.rows)
    for start in range(0, len(every), size):
        part = every[start : start + size]
        joined = Features({name: np.concatenate([given.columns[name] for given, _ in part]) for name in rows.names})
        found = held(joined, part[0][1])
        require_match(joined, found)
        for place in range(len(part)):
            block = slice(place * rows.rows, (place + 1) * rows.rows)
            # The price is that of all of them: it is counted once.
            yield replace(found.take(block), cost=found.cost if place == 0 else Cost(model_rows=0))


def _fresh(rng: np.random.Generator) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(int(rng.integers(2**53))))


def _up(found: Attributions, threshold: float | None) -> BoolArray:
    """Whether each row is decided upwards (n,)."""
    return np.asarray(found.outputs >= (found.base if threshold is None else threshold))


def _first(values: FloatArray, reasons: int) -> BoolArray:
    """Players among the first `reasons` on their own side of 0 (n, d); equal ones share the better place."""
    place = [stats.rankdata(-side * values, method="min", axis=1) for side in (1, -1)]
    return np.asarray(((values > 0) & (place[0] <= reasons)) | ((values < 0) & (place[1] <= reasons)))


def _limits(
    seeds: int, noise: float, draws: int, near: Noise, crossed: FloatArray, used: BoolArray
) -> tuple[Message, ...]:
    key = "limit" if seeds else "limit_exact"
    found = [say(f"measures.explanation.truth.ranks.{key}", seeds=seeds, noise=noise, draws=draws)]
    if draws and near.unmoved:
        found.append(say("measures.explanation.truth.unmoved", columns=shortened(near.unmoved)))
    if (crossed > 0).any():
        count = int((crossed > 0).sum())
        found.append(say("measures.explanation.truth.ranks.near_line", count=count, rows=len(crossed)))
    if not used.all():
        found.append(say("measures.explanation.truth.ranks.left_out", count=int((~used).sum()), rows=len(used)))
    return tuple(found)
