"""Pair: two groups of people and how many of each were selected."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.errors import InputError
from hakari.messages import say

__all__ = ["Pair"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A fourfold table: the group that is looked at, and the people it is compared with."""

    selected: int
    """People of the group who were selected."""
    rows: int
    """People of the group."""
    other_selected: int
    """People selected among those it is compared with."""
    other_rows: int
    """People it is compared with."""

    def __post_init__(self) -> None:
        for selected, rows in ((self.selected, self.rows), (self.other_selected, self.other_rows)):
            if not 0 <= selected <= rows:
                raise InputError(say("statistics.contingency.pair", selected=selected, rows=rows))

    @property
    def reversed(self) -> Pair:
        """The same table seen from the other side."""
        return Pair(self.other_selected, self.other_rows, self.selected, self.rows)

    @property
    def total(self) -> int:
        """All people."""
        return self.rows + self.other_rows

    @property
    def selections(self) -> int:
        """All selections."""
        return self.selected + self.other_selected

    @property
    def informative(self) -> bool:
        """Whether the table could have come out otherwise: nobody or everybody selected says nothing."""
        return min(self.rows, self.other_rows) > 0 and 0 < self.selections < self.total

    @property
    def expected(self) -> float:
        """Selections that the group would have at the rate of all people together; 0 without people."""
        return self.rows * self.selections / self.total if self.total else 0.0
