"""Deletion and insertion: does the order that an explanation gives move the output faster than a random order?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import unmeasured
from hakari.measures.explanation._attributions import Cost
from hakari.measures.explanation.truth._over_rows import hits_table, ratio_estimate, share_estimate
from hakari.measures.explanation.truth._replacing import background_draws, replaced_outputs
from hakari.measures.explanation.truth._spearman import without_noise
from hakari.measures.explanation.truth.trial import Trial, require_match
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import BoolArray, FloatArray, IntArray

__all__ = ["deletion_insertion"]

_LEAST_GAP = 0.01
"""Rows whose output is nearer to the base than this share of the largest gap have no side to be explained."""
_TIE = 1e-9
"""Areas that differ by less than this share of the largest gap are equal: sums differ in their last digits."""


@dataclass(frozen=True, slots=True, eq=False)
class _Areas:
    """Mean heights of the two curves, on the side of the output (n, 1 + random orders); the explained order first."""

    deletion: FloatArray
    insertion: FloatArray
    gaps: FloatArray
    """(n,): how far the output lies from the base."""

    @property
    def usable(self) -> BoolArray:
        """Rows whose output has a side, and on which the order makes a difference (n,)."""
        least = _TIE * self.gaps.max()
        spread = np.maximum(np.ptp(self.deletion, axis=1), np.ptp(self.insertion, axis=1))
        return np.asarray((self.gaps > _LEAST_GAP * self.gaps.max()) & (spread > least))

    @property
    def faithful(self) -> BoolArray:
        """Rows whose explained order beats more than half of the random ones; equal ones count half (n,).

        An explanation that knows nothing of the row passes with a probability of at most one half: all orders are then
        alike. Beating their mean instead would pass more or less often where areas are skewed.
        """
        score = self.insertion - self.deletion
        ahead = score[:, :1] - score[:, 1:]
        tie = np.abs(ahead) <= _TIE * self.gaps.max()
        points = np.where(tie, 0.5, ahead > 0).sum(axis=1)
        return np.asarray(points > ahead.shape[1] / 2)


def deletion_insertion(
    asked: Asked,
    rows: Features,
    attributions: Attributions,
    background: Features,
    rng: np.random.Generator,
    *,
    draws: int = 20,
    orders: int = 7,
    steps: int = 10,
    confidence: float = 0.95,
) -> Trial:
    """Remove players from the most to the least contributing towards the output's side, and put them in likewise.

    Petsiuk et al. 2018 (arXiv 1806.07421), for columns: a player that is removed takes the values of `draws`
    background rows, the same ones for all rows and orders. The area is compared with that of `orders` random orders,
    in at most `steps` steps. `deletion_gain` and `insertion_gain` are the mean area gained over a random order, in
    units of |output − base|: 0 is no better than chance. `faithful_share` is the share of rows whose order beats more
    than half of the random ones by both curves together. Ties in the explanation are broken by chance.

    Raises:
        InputError: an explanation of other rows or another quantity, no background, or an even number of orders.
    """
    started, before = time.perf_counter(), asked.rows
    require_match(rows, attributions, asked)
    if orders < 1 or orders % 2 == 0 or steps < 1:
        raise InputError(say("measures.explanation.truth.deletion.orders", orders=orders, steps=steps))
    if len(attributions.players) < 2:
        return _nothing(rows.rows, say("measures.explanation.truth.deletion.one_player"))
    areas = _areas(asked, rows, attributions, background, rng, draws, orders, steps)
    used = areas.usable
    gains = {
        "deletion_gain": areas.deletion[:, 1:].mean(axis=1) - areas.deletion[:, 0],
        "insertion_gain": areas.insertion[:, 0] - areas.insertion[:, 1:].mean(axis=1),
    }
    reason = say("measures.explanation.truth.deletion.nothing")
    passed = areas.faithful & used
    per_row = np.full(rows.rows, np.nan)
    per_row[used] = np.mean(list(gains.values()), axis=0)[used] / areas.gaps[used]
    left_out = int((~used).sum())
    limits = [say("measures.explanation.truth.deletion.limit")]
    if left_out:
        limits.append(say("measures.explanation.truth.deletion.left_out", count=left_out, rows=rows.rows))
    return Trial(
        about="faithfulness",
        estimates=(
            share_estimate("faithful_share", passed[used], confidence=confidence, reason=reason),
            *(
                ratio_estimate(metric, each[used], areas.gaps[used], confidence=confidence, reason=reason)
                for metric, each in gains.items()
            ),
        ),
        per_row=per_row,
        passed=passed,
        left_out=left_out,
        cost=Cost(model_rows=asked.rows - before, seconds=time.perf_counter() - started),
        tables=(hits_table("faithful", passed[used]),),
        limits=tuple(limits),
    )


def _areas(
    asked: Asked,
    rows: Features,
    attributions: Attributions,
    background: Features,
    rng: np.random.Generator,
    draws: int,
    orders: int,
    steps: int,
) -> _Areas:
    stand_in = background_draws(background, draws, rng)
    n, d = attributions.values.shape
    nobody = np.zeros((n, 1, d), dtype=bool)
    base = replaced_outputs(
        asked, rows, stand_in, attributions.players, nobody, population=background.rows
    ).means[:, 0]  # fmt: skip
    gap = asked(rows) - base
    side = np.sign(gap)
    places = _places(side[:, None] * without_noise(attributions.values), orders, rng)
    cuts = np.unique(np.linspace(1, d - 1, min(steps, d - 1)).round().astype(np.int64))
    first = places[:, :, None, :] < cuts[:, None]
    keep = np.concatenate([~first, first], axis=1).reshape(n, -1, d)
    outputs = replaced_outputs(asked, rows, stand_in, attributions.players, keep, population=background.rows).means
    heights = (side[:, None] * (outputs - base[:, None])).reshape(n, 2, orders + 1, len(cuts)).mean(axis=3)
    return _Areas(heights[:, 0], heights[:, 1], np.abs(gap))


def _places(towards: FloatArray, orders: int, rng: np.random.Generator) -> IntArray:
    """Place of each player, from 0, in the explained order and in random ones (n, 1 + orders, d)."""
    n, d = towards.shape
    explained = np.lexsort((rng.random((n, d)), -towards), axis=1)
    drawn = np.argsort(rng.random((n, orders, d)), axis=2)
    order = np.concatenate([explained[:, None, :], drawn], axis=1)
    return np.asarray(np.argsort(order, axis=2), dtype=np.int64)


def _nothing(rows: int, reason: Message) -> Trial:
    names = ("faithful_share", "deletion_gain", "insertion_gain")
    return Trial(
        about="faithfulness",
        estimates=tuple(unmeasured(name, reason) for name in names),
        per_row=np.full(rows, np.nan),
        passed=np.zeros(rows, dtype=bool),
        left_out=rows,
        cost=Cost(model_rows=0),
    )
