"""How much fits on the one page: lines of its print on A4, counted before anything is kept.

The print sets headings beside the texts, a translation beside its original, at one small size; so a line of text has a
known width. Full-width letters count two. What the site adds by itself (figures, differences, like cases) takes the
lines that are left and stands whole on the screen.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.committee.models import DocketItem, Passage, ProposedCondition

__all__ = ["LARGER", "ROOM", "SHEET", "filled", "fitting", "lines_of", "require_room"]

SHEET: Final = 56
"""Lines of the printed sheet besides its head, its foot and what separates its parts."""
ROOM: Final = 38
"""Lines of them for the passages and the conditions."""
LARGER: Final = 38
"""With no more lines than these the print uses larger letters."""
_WHOLE, _HALF = 104, 50
"""Half-width letters in a line, and in one of two columns: fewer than there are, as words do not break."""
_LEAST = 2
"""A heading beside a text takes two lines, however short the text is."""
_TERMS, _LABEL = "." * 140, "." * 30
"""What stands in the same line: by when and by what a condition is closed; which text is the original."""
_ENTRY = 92
"""Half-width letters in a line of a list, parts of which are set in bold."""


def width_of(text: str) -> int:
    """Return the width of a text in half-width letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def lines_of(text: str, *, width: int = _WHOLE) -> int:
    """Return how many lines a text takes in print."""
    return sum(max(1, math.ceil(width_of(line) / width)) for line in text.split("\n"))


def filled(page: Mapping[str, Passage], conditions: list[ProposedCondition]) -> int:
    """Return how many lines the texts of a page take."""
    taken = sum(max(_LEAST, _lines_of_passage(row)) for row in page.values())
    return taken + sum(lines_of(f"{row.text}{_TERMS}") for row in conditions)


def _lines_of_passage(row: Passage) -> int:
    if row.translation is None:
        return lines_of(str(row.text))
    return max(lines_of(f"{_LABEL}{text}", width=_HALF) for text in (row.text, row.translation))


def fitting(texts: Iterable[str], room: int) -> tuple[int, int]:
    """Return how many of some entries, from the first, fit into a number of lines, and the lines that they take."""
    count = taken = 0
    for text in texts:
        lines = lines_of(text, width=_ENTRY)
        if taken + lines > room:
            break
        count, taken = count + 1, taken + lines
    return count, taken


def require_room(item: DocketItem) -> None:
    """Refuse what makes the page longer than one sheet; inside the action that wrote it.

    Raises:
        InputError: it does not fit.
    """
    from hakari.office.committee.actions.rules import page_of

    taken = filled(page_of(item), list(ProposedCondition.objects.filter(item=item).select_related("text")))
    if taken > ROOM:
        raise InputError(say("office.committee.docket.full", over=taken - ROOM, room=ROOM))
