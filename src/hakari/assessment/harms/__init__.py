"""The harm mapping of a use case: who is exposed to it, which harms reach them, why, and what is done against each.

The library (`hakari.packs.harms`) asks four questions and knows harms; a *mapping* is what people answered to them for
one use case, kept in `harms.yaml`. The *statement* made from it is one evidence record: the answers, every harm that
the facts call up whether anybody answered it or not, and the incidents that match. It changes no status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.harms.map_edit import with_exposure, with_harm
    from hakari.assessment.harms.map_file import read_map, write_map
    from hakari.assessment.harms.model import (
        ExposureAnswer,
        HarmAnswer,
        HarmLine,
        HarmMap,
        HarmMotive,
        HarmStatement,
        IncidentLine,
    )
    from hakari.assessment.harms.record import is_statement, record_of, statement_faults, statement_in, statement_of
    from hakari.assessment.harms.statement import make_statement

__all__ = [
    "ExposureAnswer",
    "HarmAnswer",
    "HarmLine",
    "HarmMap",
    "HarmMotive",
    "HarmStatement",
    "IncidentLine",
    "is_statement",
    "make_statement",
    "read_map",
    "record_of",
    "statement_faults",
    "statement_in",
    "statement_of",
    "with_exposure",
    "with_harm",
    "write_map",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "map_edit": ("with_exposure", "with_harm"),
        "map_file": ("read_map", "write_map"),
        "model": (
            "ExposureAnswer",
            "HarmAnswer",
            "HarmLine",
            "HarmMap",
            "HarmMotive",
            "HarmStatement",
            "IncidentLine",
        ),
        "record": ("is_statement", "record_of", "statement_faults", "statement_in", "statement_of"),
        "statement": ("make_statement",),
    },
)
