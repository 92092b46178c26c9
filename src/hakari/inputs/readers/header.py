"""Header: the names of the columns, checked before anything is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hakari.errors import InputError
from hakari.messages import say, unprintable

__all__ = ["check_header"]

_SHOWN = 20


def check_header(names: Sequence[str], source: str) -> tuple[str, ...]:
    """Return the names without surrounding spaces.

    Raises:
        InputError: a name is empty, cannot be shown, or two are equal, also if only in case (DuckDB does not tell those
            apart).
    """
    clean = tuple(name.strip() for name in names)
    empty = [position for position, name in enumerate(clean, start=1) if not name]
    if empty:
        shown = [*empty[:_SHOWN], *(["…"] if len(empty) > _SHOWN else [])]
        raise InputError(say("inputs.columns.unnamed", source=source, positions=shown))
    for position, name in enumerate(clean, start=1):
        # Spreadsheets break long names into lines; everything else of this kind steers a terminal.
        if not name.isprintable() and any(unprintable(sign) and sign not in "\r\n\t" for sign in name):
            raise InputError(say("inputs.columns.unprintable", source=source, position=position, column=name))
    times = Counter(name.casefold() for name in clean)
    double = sorted({name for name in clean if times[name.casefold()] > 1})
    if double:
        raise InputError(say("inputs.columns.duplicate", source=source, columns=double))
    return clean
