"""Reading records from cells: the same reader and the same rules as for YAML, with a cell instead of file and line."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from hakari.errors import PackError
from hakari.messages import Message, say
from hakari.packs._records import Places, RecordReader

__all__ = ["CellPlaces", "CellReader"]


class CellPlaces(Places):
    """Where records were written; the line of a node is the number of a cell."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []

    def number(self, cell: str) -> int:
        """Return the line that stands for `Sheet!A1`."""
        self.cells.append(cell)
        return len(self.cells) - 1

    def at(self, record: object, key: str = "") -> str | None:
        """Return the cell of a record, or of one of its keys."""
        found = super().at(record, key)
        return None if found is None else self.cells[int(found.rpartition(":")[2])]


class CellReader(RecordReader):
    """Reads nodes that came from cells."""

    def __init__(self, places: CellPlaces, languages: Collection[str] = ()) -> None:
        super().__init__("", places, languages)
        self.cells = places.cells

    def refuse(self, line: int, problem: Message) -> NoReturn:
        """Refuse what stands in the cell with this number."""
        raise PackError(say("packs.at", place=self.cells[line], problem=problem))
