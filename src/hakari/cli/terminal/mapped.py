"""Mapped: the harm mapping and the conflicts between packs of a case, as JSON for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hakari.cli.terminal.session import Session
from hakari.packs.harms.model import EXPOSURES

if TYPE_CHECKING:
    from hakari.assessment.harms import HarmStatement
    from hakari.assessment.rules.conflicts import Conflicts

__all__ = ["conflicts_document", "harms_document"]


def conflicts_document(found: Conflicts, session: Session) -> dict[str, Any]:
    """Return conflicts as JSON for machines."""
    return {
        "lines": [
            {
                "differ": item.differ,
                "sides": [
                    {
                        "check": side.check,
                        "pack": side.pack,
                        "requirement": side.requirement,
                        "status": side.status,
                        "stricter": side is item.stricter,
                        "threshold": side.threshold,
                        "unacceptable": side.unacceptable,
                    }
                    for side in (item.first, item.second)
                ],
            }
            for item in found.lines
        ],
        "rules": [
            {
                "answered_by": {"pack": item.other_pack, "requirement": item.other, "status": item.there},
                "differ": item.differ,
                "pack": item.pack,
                "reasons": [session.text(reason) for reason in item.reasons],
                "requirement": item.requirement,
                "status": item.here,
                "stricter": item.stricter,
            }
            for item in found.rules
        ],
    }


def harms_document(statement: HarmStatement, session: Session) -> dict[str, Any]:
    """Return a statement as JSON for machines, texts in the reader's language."""
    return {
        "complete": statement.complete,
        "exposures": {exposure: statement.exposures.get(exposure) for exposure in EXPOSURES},
        "harms": [
            {
                "answer": line.answer,
                "certain": line.certain,
                "exposures": line.exposures,
                "harm": line.harm,
                "state": line.state,
                "title": line.own_title or session.pick(line.title),
                "unstated": line.unstated,
            }
            for line in statement.harms
        ],
        "incidents": [
            {
                "certain": line.certain,
                "date": line.date,
                "harm": line.harm,
                "incident": line.incident,
                "own": line.own,
                "source": line.source,
                "title": session.pick(line.title),
                "unstated": line.unstated,
            }
            for line in statement.incidents
        ],
        "library": statement.library,
        "mapped": statement.mapped,
        "open_exposures": statement.open_exposures,
        "open_harms": [line.harm for line in statement.open_harms],
    }
