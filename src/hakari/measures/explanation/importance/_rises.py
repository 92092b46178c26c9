"""Rises: how much more wrong a model is when the columns of a player come from other rows."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.errors import InputError
from hakari.measures._estimates import error_of, shortened
from hakari.measures.explanation._attributions import Attributions, Cost
from hakari.measures.explanation._features import Features
from hakari.measures.explanation.importance._encoding import is_number, numbers, texts
from hakari.measures.explanation.importance._exchange import donors_within, mean_difference
from hakari.measures.explanation.importance._scoring import Loss, Scoring, checked_labels
from hakari.messages import Message, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Correlated, Method
    from hakari.measures.explanation._features import Players
    from hakari.statistics._arrays import FloatArray, IntArray

__all__ = ["Setting", "is_constant", "measured_rises", "setting_of", "t_quantile"]

_BATCH: Final = 100_000
"""Changed rows held in memory at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What is asked about which rows, after rows without a label or without weight were left out."""

    asked: Asked
    rows: Features
    players: Players
    scoring: Scoring
    weights: FloatArray | None
    repeats: int
    confidence: float
    rows_before: int
    """Rows that were asked for before the first exchange."""
    unlabelled: int
    """Rows left out because nobody knows what happened."""
    started: float


def setting_of(
    asked: Asked,
    rows: Features,
    labels: npt.NDArray[Any] | None,
    players: Players,
    *,
    loss: Loss,
    repeats: int,
    confidence: float,
    threshold: float,
    weights: npt.NDArray[Any] | None,
) -> Setting:
    """Check what was given and ask the model about the rows as they are.

    Raises:
        InputError: labels, weights or numbers that cannot be used, or fewer than two rows.
    """
    started, rows_before = time.perf_counter(), asked.rows
    error_of(confidence)
    if repeats < 1:
        raise InputError(say("measures.explanation.importance.repeats", repeats=repeats))
    if not 0 < threshold < 1:
        raise InputError(say("measures.explanation.importance.threshold", threshold=threshold))
    known_labels, kept = checked_labels(labels, rows.rows, loss)
    unlabelled = int((~kept).sum())
    weight = None if weights is None else _checked_weights(weights, rows.rows)
    if weight is not None:
        kept = kept & (weight > 0)
    if int(kept.sum()) < 2:
        raise InputError(say("measures.explanation.importance.one_row", rows=int(kept.sum())))
    if not kept.all():
        rows = rows.take(kept)
        known_labels = None if known_labels is None else known_labels[kept]
        weight = None if weight is None else weight[kept]
    scoring = Scoring(loss, known_labels, asked(rows), asked.quantity, threshold)
    return Setting(asked, rows, players, scoring, weight, repeats, confidence, rows_before, unlabelled, started)


def _checked_weights(weights: npt.NDArray[Any], rows: int) -> FloatArray:
    found = np.asarray(weights, dtype=np.float64)
    if found.shape != (rows,) or not np.isfinite(found).all() or (found < 0).any():
        raise InputError(say("measures.explanation.importance.weights", rows=rows))
    return found


def measured_rises(
    setting: Setting,
    strata_of: Callable[[str], IntArray],
    rng: np.random.Generator,
    *,
    method: Method,
    correlated: Correlated,
    limits: Callable[[], tuple[Message, ...]] = tuple,
) -> Attributions:
    """Return the rise of the loss for every player; `strata_of` says which rows may lend to each other."""
    rows, scoring = setting.rows, setting.scoring
    before = scoring(scoring.outputs)
    values, errors = np.zeros((1, len(setting.players))), np.zeros((1, len(setting.players)))
    unmoved: list[str] = []
    for place, (player, columns) in enumerate(setting.players.items()):
        if all(is_constant(rows.columns[name]) for name in columns):
            continue  # Another row's value is the same value: nothing can rise, and nobody need be asked.
        strata = strata_of(player)
        donors = donors_within(strata, setting.repeats, rng)
        differences = _losses(setting, columns, donors) - before
        values[0, place], errors[0, place] = mean_difference(differences, donors, strata, setting.weights)
        if not differences.any():
            unmoved.append(player)
    mean = np.array([np.average(before, weights=setting.weights)])
    return Attributions(
        method=method,
        players=setting.players,
        values=values,
        errors=errors,
        base=mean,
        outputs=mean.copy(),
        quantity=setting.asked.quantity,
        correlated=correlated,
        additive=False,
        cost=Cost(model_rows=setting.asked.rows - setting.rows_before, seconds=time.perf_counter() - setting.started),
        limits=(*_limits(setting, values[0], errors[0], unmoved), *limits()),
    )


def _losses(setting: Setting, columns: tuple[str, ...], donors: IntArray) -> FloatArray:
    """Return the loss of every row in every repeat (R, n)."""
    rows, n = setting.rows, setting.rows.rows
    at_once = max(_BATCH // n, 1)
    found = np.empty(donors.shape)
    for start in range(0, len(donors), at_once):
        part = donors[start : start + at_once]
        changed = {name: rows.columns[name][part.ravel()] for name in columns}
        every = Features({name: changed.get(name, np.tile(values, len(part))) for name, values in rows.columns.items()})
        found[start : start + at_once] = setting.scoring(setting.asked(every).reshape(len(part), n))
    return found


def is_constant(values: npt.NDArray[Any]) -> bool:
    """Whether a column is the same in every row, missing counting as a value."""
    if is_number(values):
        plain = numbers(values)
        return bool(np.isnan(plain).all() or (plain == plain[0]).all())
    plain_texts = texts(values)
    return bool((plain_texts == plain_texts[0]).all())


def t_quantile(confidence: float, degrees: int) -> float:
    """Return the two-sided t quantile."""
    from scipy import stats

    return float(stats.t.isf(error_of(confidence) / 2, max(degrees, 1)))


def _limits(setting: Setting, values: FloatArray, errors: FloatArray, unmoved: list[str]) -> Iterator[Message]:
    yield say(f"measures.explanation.importance.loss.{setting.scoring.loss}", repeats=setting.repeats)
    yield say("measures.explanation.importance.limit.relied_on")
    if setting.unlabelled:
        yield say("measures.explanation.importance.limit.unlabelled", rows=setting.unlabelled)
    if unmoved:
        yield say("measures.explanation.importance.limit.unmoved", players=shortened(unmoved), rows=setting.rows.rows)
    if setting.scoring.loss == "output":
        return
    reach = t_quantile(setting.confidence, setting.rows.rows - 1) * errors
    unsure = [
        name for name, value, far in zip(setting.players, values, reach, strict=True) if far > 0 and abs(value) <= far
    ]
    if unsure:
        yield say(
            "measures.explanation.importance.limit.unsure", players=shortened(unsure), confidence=setting.confidence
        )
