"""The whole model: how its score moves along columns, which features act together, and a tree that imitates it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.evidence import Estimate, Table, Unmeasured
from hakari.measures._estimates import error_of
from hakari.measures.explanation.importance import accumulated_effects
from hakari.measures.explanation.shapley import sampled_interactions
from hakari.measures.explanation.truth._over_rows import mean_estimate
from hakari.messages import Message, say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._features import Features, Players
    from hakari.measures.explanation.importance._curve import Curve
    from hakari.measures.explanation.surrogate import Surrogate
    from hakari.statistics._arrays import FloatArray

__all__ = ["Together", "acting_together", "effects_table", "rules_table"]

_POINTS: Final = 21
"""Grid values of a curve: steps of 5 % of the rows."""
_FEWEST: Final = 5
"""Rows at or beyond an end of a curve that is written down, and of a level: a value is then no single person's."""
_DIGITS: Final = 4
_MOST: Final = 600_000
"""Model rows that are spent on looking for features that act together."""
_FEWEST_SWEEPS: Final = 8
"""Draws of each pair and row in each half."""
_FEWEST_ROWS: Final = 10
_ROUNDING: Final = 1e-12
_STRONGEST: Final = 10
"""Pairs that are written down; the limits of all pairs hold together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Which features act together."""

    estimates: tuple[Estimate, ...]
    """`interaction`, the strongest pairs first."""
    limits: tuple[Message, ...]
    """What they cannot say, or why there are none."""


def effects_table(asked: Asked, rows: Features, shown: Attributions, *, most: int) -> Table | None:
    """Return the accumulated effects of the `most` most important columns on the score, or None without any.

    A column of a group follows in the place of its group. A curve ends at the fifth smallest and the fifth largest
    value, levels with fewer than five rows are left out, and numbers are rounded to four digits.
    """
    names = [shown.names[at] for at in np.argsort(-shown.importance(), kind="stable")]
    columns = [column for name in names for column in shown.players[name]][:most]
    plain = asked.in_quantity("score")
    found: list[tuple[Any, ...]] = []
    for place, column in enumerate(columns):
        inside = rows.with_columns({column: _without_ends(rows.columns[column])})
        curve = accumulated_effects(plain, inside, column, points=_POINTS)
        found += [(place, column, *point) for point in _points(curve, rows)]
    if not found:
        return None
    return Table(
        name="effects",
        columns=("place", "feature", "step", "at", "effect", "error"),
        rows=tuple(found),
        details={"quantity": plain.quantity, "kind": "accumulated_effects", "rows": rows.rows},
    )


def _without_ends(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The column with its smallest and largest numbers moved in, so that no end is a single person's value."""
    if column.dtype.kind not in "iuf":
        return column
    known = np.sort(column[~np.isnan(column)] if column.dtype.kind == "f" else column)
    if len(known) < 2 * _FEWEST:
        return column
    return np.asarray(np.clip(column, known[_FEWEST - 1], known[-_FEWEST]))


def _points(curve: Curve, rows: Features) -> list[tuple[int, float | int | str, float, float]]:
    column = rows.columns[curve.player]
    drawn = list(range(len(curve.grid)))
    if column.dtype.kind in "biuf":
        plain = column.astype(np.float64)
        at = np.array([math.nan if value is None else float(value) for value in curve.grid])
        drawn = [
            place for place in drawn if (plain <= at[place]).sum() >= _FEWEST and (plain >= at[place]).sum() >= _FEWEST
        ]
    else:
        texts = column.astype(str)
        drawn = [place for place in drawn if (texts == str(curve.grid[place])).sum() >= _FEWEST]
    if len(drawn) < 2:
        return []
    return [
        (step, _rounded(curve.grid[place]), float(curve.values[0, place]), float(curve.errors[0, place]))
        for step, place in enumerate(drawn)
    ]


def _rounded(value: float | str | None) -> float | int | str:
    if value is None or isinstance(value, str):
        return value or ""
    rounded = float(f"{value:.{_DIGITS}g}")
    return int(rounded) if rounded.is_integer() else rounded


def acting_together(
    asked: Asked,
    rows: Features,
    background: Features,
    players: Players,
    rng: np.random.Generator,
    *,
    most_model_rows: int,
    confidence: float,
) -> Together:
    """Return how far pairs of features act together: the mean size of their interaction over the rows.

    The index is that of `sampled_interactions`, drawn twice: each draw is counted with the sign of the other. The size
    of what is only noise then has mean 0, where a plain mean of sizes is above 0 for every pair; where a sign is in
    doubt the size comes out too small. The interval reaches from the lower limit of this mean to the upper limit of the
    plain one; those of all pairs hold together (Šidák).
    """
    if len(players) < 2:
        return Together(estimates=(), limits=())
    most = min(most_model_rows, _MOST)
    even = len(players) + len(players) % 2
    sweep = (even // 2) * (2 * even - 2)
    # Fewer rows before fewer draws: with few draws every sign is in doubt.
    few = min(rows.rows, (most // 2 - background.rows) // (1 + _FEWEST_SWEEPS * sweep))
    if few < min(_FEWEST_ROWS, rows.rows):
        price = 2 * (background.rows + _FEWEST_ROWS * (1 + _FEWEST_SWEEPS * sweep))
        reason = say("measures.explanation.tabular.interactions.price", price=price, most=most)
        return Together(estimates=(), limits=(reason,))
    rows = rows.take(slice(0, few))
    fixed = few + background.rows
    # A whole pass over the background is exact where features act at most in pairs.
    sweeps = min((most // 2 - fixed) // (few * sweep), background.rows)
    sweeps = max(sweeps, _FEWEST_SWEEPS)
    spent = fixed + sweeps * few * sweep
    first, second = (
        sampled_interactions(asked, rows, background, players, rng, most_model_rows=spent).values for _ in range(2)
    )
    sizes = (first * np.sign(second) + second * np.sign(first)) / 2
    # What is left of differences that cancel is rounding, and no size.
    outputs = asked(rows)
    sizes[np.abs(sizes) < _ROUNDING * max(float(np.abs(outputs).max()), 1e-300)] = 0.0
    pairs = list(combinations(range(len(players)), 2))
    each = (1 - error_of(confidence)) ** (1 / len(pairs))
    strongest = sorted(pairs, key=lambda pair: (-float(sizes[:, pair[0], pair[1]].mean()), pair))[:_STRONGEST]
    names = tuple(players)
    estimates = tuple(
        _size(sizes[:, i, j], (first + second)[:, i, j] / 2, {"feature": names[i], "with": names[j]}, each)
        for i, j in strongest
    )
    counts = {"rows": rows.rows, "pairs": len(pairs), "shown": len(strongest)}
    return Together(estimates=estimates, limits=(say("measures.explanation.tabular.interactions.limit", **counts),))


def _size(cautious: FloatArray, draws: FloatArray, pair: dict[str, str], confidence: float) -> Estimate:
    """The cautious mean size, with an interval up to the upper limit of the plain mean, which is too large."""
    reason = say("measures.explanation.tabular.no_rows")
    found, plain = (
        mean_estimate("interaction", values, confidence=confidence, reason=reason, least=0.0, slice_=pair)
        for values in (cautious, np.abs(draws))
    )
    if isinstance(found.interval, Unmeasured) or isinstance(plain.interval, Unmeasured):
        return found
    return replace(found, interval=replace(found.interval, high=max(found.interval.high, plain.interval.high)))


def rules_table(found: Surrogate, rows: Features) -> Table:
    """Return the rules of a tree that imitates the model: one row for each condition.

    A question to a column of two numbers is written as the number that it lets through.
    """
    pairs = {name: two for name in rows.numeric if (two := _two_values(rows.columns[name])) is not None}
    lines: list[tuple[Any, ...]] = []
    for number, leaf in enumerate(found.leaves):
        about = (round(leaf.output, _DIGITS), round(leaf.share, _DIGITS))
        for step, condition in enumerate(leaf.conditions):
            operator, value = condition.operator, condition.value
            if condition.column in pairs and operator in ("<=", ">"):
                above = operator == ">"
                operator, value = "is", pairs[condition.column][above]
            missing = condition.missing and condition.gaps
            lines.append((number, step, condition.column, operator, _rounded(value), missing, *about))
        if not leaf.conditions:
            lines.append((number, 0, "", "", "", False, *about))
    return Table(
        name="rules",
        columns=("rule", "step", "feature", "operator", "value", "or_missing", "output", "share"),
        rows=tuple(lines),
        details={"quantity": found.quantity, "held_out_rows": found.held_out_rows},
    )


def _two_values(column: npt.NDArray[Any]) -> tuple[float, float] | None:
    """The two numbers that occur, the smaller one first, or None where there are not exactly two."""
    plain = column.astype(np.float64)
    different = np.unique(plain[~np.isnan(plain)])
    return (float(different[0]), float(different[1])) if len(different) == 2 else None
