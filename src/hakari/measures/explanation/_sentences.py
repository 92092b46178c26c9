"""Sentences: one row's explanation in words, from the same attributions as its table and its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["HOLDS", "sentences"]

HOLDS: Final = 0.95
"""A reason holds if it keeps its sign and its place among the first in at least this share of the repeats."""
_NEGLIGIBLE: Final = 1e-9
"""A contribution below this share of the largest is rounding."""


def sentences(shown: Attributions, row: int = 0, *, most: int = 4) -> tuple[Message, ...]:
    """Return the explanation of one row in words: from where to where, by what, and whether that holds.

    Args:
        shown: the attributions; with trials (`tried`) the sentences say what they found about this row.
        row: which of the explained rows.
        most: how many features are named.
    """
    values, key = shown.values[row], "measures.explanation.sentences"
    unit = say(f"measures.explanation.quantity.{shown.quantity}")
    found = [say(f"{key}.way", unit=unit, output=float(shown.outputs[row]), base=float(shown.base[row]))]
    order = [int(at) for at in np.argsort(-np.abs(values), kind="stable")]
    moved = [at for at in order if abs(values[at]) > _NEGLIGIBLE * max(abs(values[order[0]]), 1e-300)][:most]
    if not moved or values[moved[0]] == 0:
        return (*found, say(f"{key}.nothing"), shown.sums_to())
    found.append(say(f"{key}.most", features=[_part(shown, row, at) for at in moved]))
    return (*found, *_tested(shown, row, moved), shown.sums_to())


def _part(shown: Attributions, row: int, at: int) -> Message:
    error = 0.0 if shown.errors is None else float(shown.errors[row, at])
    key = "part" if error == 0 else "part_about"
    return say(
        f"measures.explanation.sentences.{key}",
        feature=shown.names[at], value=float(shown.values[row, at]), error=error,
    )  # fmt: skip


def _tested(shown: Attributions, row: int, moved: list[int]) -> list[Message]:
    key = "measures.explanation.sentences"
    if shown.followed is None and shown.kept is None:
        return [say(f"{key}.untried")]
    found = []
    if shown.followed is not None:
        found.append(say(f"{key}.followed" if shown.followed[row] else f"{key}.not_followed"))
    if shown.kept is not None:
        hold = [shown.names[at] for at in moved if shown.kept[row, at] >= HOLDS - 1e-9]
        others = [shown.names[at] for at in moved if shown.kept[row, at] < HOLDS - 1e-9]
        if hold:
            found.append(say(f"{key}.hold", features=hold, share=HOLDS))
        if others:
            found.append(say(f"{key}.do_not_hold", features=others, share=HOLDS))
    if shown.near_line is not None and shown.near_line[row]:
        found.append(say(f"{key}.near_line"))
    return found
