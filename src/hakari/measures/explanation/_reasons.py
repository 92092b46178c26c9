"""Reasons: the few players that may be named to a person, because they hold when the explanation is repeated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

if TYPE_CHECKING:
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["LEAST_KEPT", "LEAST_SHARE", "MOST_REASONS", "Pull", "Reason", "Reasons", "choose_reasons"]

Pull = Literal["up", "down"]
"""Which way a player moved what the model says."""

MOST_REASONS: Final = 4
"""More than four reasons are not read."""
LEAST_KEPT: Final = 0.95
"""Share of repeats in which a reason must keep its sign and its place among the first."""
LEAST_SHARE: Final = 0.05
"""A player with less than this share of the pull on its side is no main reason."""
_SURE: Final = 3.0
"""Standard errors that a value must be away from 0 for its sign to be stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One player that pulled the row to the side that was decided."""

    player: str
    """Name of the player: a column, or a group of columns."""
    pull: Pull
    """Which way it pulled."""
    value: float
    """Its attribution, in the unit of the explanation."""
    share: float
    """Its share of the total pull on its side, 0 … 1."""
    kept: float
    """Share of repeats in which it kept its sign and stayed among the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The reasons of one row, and how many main ones are left out and why."""

    stated: tuple[Reason, ...]
    """Stable, strongest first, and allowed to be named."""
    unstable: int = 0
    """Main ones that flipped or fell back when the explanation was repeated, or whose sign is not sure."""
    unnamed: int = 0
    """Main and stable ones that may not be named."""

    @property
    def reliable(self) -> bool:
        """False if not one reason holds when the explanation is repeated."""
        return bool(self.stated) or self.unnamed > 0


def choose_reasons(
    attributions: Attributions,
    *,
    pull: Pull,
    row: int = 0,
    private: Collection[str] = (),
    most: int = MOST_REASONS,
    least_kept: float = LEAST_KEPT,
    least_share: float = LEAST_SHARE,
) -> Reasons:
    """Return the players that pulled row `row` to the side `pull`, strongest first, without those that flip.

    Only the `most` strongest players on that side are looked at: a weaker one never takes the place of one that is left
    out, because then it would be called a main reason.

    Args:
        attributions: n explained rows, d players, with the trial of their stability (`tried`).
        pull: `down` where the model's output was too low for the other decision, `up` where it was too high.
        row: which of the n rows.
        private: players that may not be named; those that would be reasons are counted.
        most: largest number of reasons.
        least_kept: share of repeats that a reason must hold in.
        least_share: share of the pull on its side that a reason must have.

    Raises:
        ValueError: nobody tried whether the attributions hold.
    """
    towards = attributions.values[row] * (1 if pull == "up" else -1)
    errors = np.zeros_like(towards) if attributions.errors is None else attributions.errors[row]
    if attributions.kept is None:
        raise ValueError("reasons are chosen among attributions whose stability was tried")
    holds = attributions.kept[row]
    total = float(towards[towards > 0].sum())
    order = [int(place) for place in np.argsort(-towards, kind="stable") if towards[place] > 0]
    main = [place for place in order[:most] if towards[place] / total >= least_share]
    names = attributions.names
    stable = [place for place in main if holds[place] >= least_kept and towards[place] > _SURE * errors[place]]
    stated = tuple(
        Reason(
            player=names[place],
            pull=pull,
            value=float(attributions.values[row, place]),
            share=float(towards[place] / total),
            kept=float(holds[place]),
        )
        for place in stable
        if names[place] not in private
    )
    return Reasons(stated=stated, unstable=len(main) - len(stable), unnamed=len(stable) - len(stated))
