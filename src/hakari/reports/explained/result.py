"""Row explanation: what was found about one row, for the terminal, for JSON and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from hakari.messages import Language, Message

if TYPE_CHECKING:
    from hakari.measures.explanation import Attributions
    from hakari.measures.explanation._reasons import Reasons

__all__ = ["FEW_CHANCES", "Following", "GroupsFrom", "RowExplanation"]

GroupsFrom = Literal["manifest", "glossary", "nobody"]
"""Who said which columns are explained as one."""

FEW_CHANCES: Final = 0.95
"""Share of random orders that one row must beat before the model is said to follow: chance does so in 5 of 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Whether the model follows the explanation of one row."""

    orders: int
    """Random orders that the explained one was compared with."""
    beaten: int
    """Orders that move the result more slowly."""
    tied: int
    """Orders that move it alike; all of them where there is nothing to move, or one feature only."""
    infidelity: float | None
    """How badly the values foretell joint changes: 0 perfectly, 1 as saying nothing; None where nothing changes."""

    @property
    def followed(self) -> bool | None:
        """True, False, or None where one row is too little to say.

        True needs nearly all random orders beaten; False is an order no better than the middle one of chance.
        """
        if self.tied >= self.orders:
            return None
        if self.beaten >= FEW_CHANCES * self.orders:
            return True
        return False if self.beaten + self.tied / 2 <= self.orders / 2 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowExplanation:
    """One row of a project's tested data, explained."""

    title: Mapping[Language, str]
    """The use case, in each language."""
    version: str
    """Of the system."""
    model: str
    """File or function that was asked."""
    row: int
    """1 is the first row."""
    rows: int
    """Rows of the tested data."""
    shown: Attributions
    """Of this one row, with what the trials found."""
    own: Mapping[str, Any]
    """Column → the row's own value; None where it is missing."""
    usual: Mapping[str, Any]
    """Column → the median, or for texts the most frequent value, of the rows compared with."""
    compared: int
    """Rows that it was compared with."""
    compared_from: Literal["train", "test"]
    """Whether these are of the training data, or of the tested data where the manifest names none."""
    score: float | None
    """None where the model gives classes only."""
    threshold: float
    """The line on scores."""
    line: float | None
    """The same in the unit that is explained; None where there is none."""
    positive: bool
    """Whether the model gave the positive class."""
    positive_class: str
    reasons: Reasons
    """What holds well enough to be given as a reason for the decision, whatever a notice may name."""
    main: int
    """How many of the strongest features on each side were looked at for `kept`."""
    following: Following
    groups_from: GroupsFrom
    warnings: tuple[Message, ...]
    """What must be read before anything else."""
    repeats: int
    """How often the explanation was made again."""
    seed: int
    model_rows: int
    """Rows that the model was asked for in all."""
    seconds: float
    """Time on this machine; on no page, so that a page is the same each time."""
