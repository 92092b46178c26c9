"""Work: a bound on how much is computed, so that no bundle keeps its reader waiting for ever.

It counts what is to be done, not time that passes: the same bundle is refused on every machine or on none.
"""

from __future__ import annotations

from hakari.standalone.python.words import Refused, say

__all__ = ["MOST_WORK", "spend", "start_work"]

MOST_WORK = 120.0
"""About the seconds that a usual machine takes."""
_spent = [0.0]


def start_work() -> None:
    """Begin to count."""
    _spent[0] = 0.0


def spend(seconds: float) -> None:
    """Count work before it is done.

    Raises:
        Refused: it would be too much.
    """
    _spent[0] += seconds
    if _spent[0] > MOST_WORK:
        raise Refused(say("standalone.work.too_much", limit=MOST_WORK))
