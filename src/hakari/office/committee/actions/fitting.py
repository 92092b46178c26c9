"""How much fits on the one page: lines of its print on A4, counted before anything is kept.

The print sets headings beside the texts, a translation beside its original, at one small size; so a line of text has a
known width. Full-width letters count two. What the site adds by itself (head, figures, differences, like cases) has its
own fixed room, and is cut in print, never here.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from typing import Final

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.committee.models import DocketItem, Passage, ProposedCondition

__all__ = ["ROOM", "filled", "lines_of", "require_room"]

ROOM: Final = 44
"""Lines for the passages and the conditions of one page."""
_WHOLE, _HALF = 104, 50
"""Half-width letters in a line, and in one of two columns; a little less than there are, for words that do not break."""


def width_of(text: str) -> int:
    """Return the width of a text in half-width letters."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def lines_of(text: str, *, width: int = _WHOLE) -> int:
    """Return how many lines a text takes in print."""
    return sum(max(1, math.ceil(width_of(line) / width)) for line in text.split("\n"))


def filled(page: Mapping[str, Passage], conditions: list[ProposedCondition]) -> int:
    """Return how many lines the texts of a page take."""
    taken = 0
    for row in page.values():
        original = str(row.text)
        if row.translation is None:
            taken += lines_of(original)
        else:
            taken += max(lines_of(original, width=_HALF), lines_of(str(row.translation), width=_HALF))
    # Each condition has a line of its own that says by when and what closes it.
    return taken + sum(1 + lines_of(str(row.text)) for row in conditions)


def require_room(item: DocketItem) -> None:
    """Refuse what makes the page longer than one sheet; inside the action that wrote it.

    Raises:
        InputError: it does not fit.
    """
    from hakari.office.committee.actions.rules import page_of

    taken = filled(page_of(item), list(ProposedCondition.objects.filter(item=item).select_related("text")))
    if taken > ROOM:
        raise InputError(say("office.committee.docket.full", over=taken - ROOM, room=ROOM))
