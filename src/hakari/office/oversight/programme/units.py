"""Coverage by unit: also the units that notified nothing, by name."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q

from hakari.office.committee.models import Decision
from hakari.office.intake.models import Notification
from hakari.office.lifecycle.models import Outcome, Round
from hakari.office.people.models import Unit

__all__ = ["by_unit", "company_names"]


def by_unit(notified: Q, ever: Q, happened: Q) -> list[dict[str, Any]]:
    """Return every unit in the order of the tree with what it notified itself, and what of it was assessed and decided.

    Args:
        notified: When a notification counts.
        ever: When one counts as sent at all.
        happened: When a round or a decision counts.
    """
    in_period = _counts(Notification.objects.filter(notified), "use_case__unit", "pk")
    at_all = _counts(Notification.objects.filter(ever), "use_case__unit", "pk")
    assessed = _counts(Round.objects.filter(happened), "assessment__use_case__unit", "assessment__use_case")
    decided = _counts(Decision.objects.filter(happened).exclude(outcome=Outcome.DEFER), "use_case__unit", "use_case")
    return [
        {
            "assessed": assessed.get(unit.pk, 0),
            "decided": decided.get(unit.pk, 0),
            "depth": unit.path.count("/") - 2,
            "ever": at_all.get(unit.pk, 0),
            "key": unit.key,
            "name": unit.names,
            "notified": in_period.get(unit.pk, 0),
        }
        for unit in _in_order()
    ]


def company_names() -> dict[str, str]:
    """Return the name of the one unit above all others; empty where there is none or several."""
    tops = list(Unit.objects.filter(parent=None)[:2])
    return tops[0].names if len(tops) == 1 else {"en": "", "ja": ""}


def _in_order() -> list[Unit]:
    """Return the units from the top down, those of one unit by name; paths as texts would put 10 before 9."""
    below: dict[int | None, list[Unit]] = {}
    for unit in Unit.objects.order_by("name", "pk"):
        below.setdefault(unit.parent_id, []).append(unit)
    found: list[Unit] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        waiting.extend(reversed(below.get(unit.pk, [])))
    return found


def _counts(rows: Any, unit: str, what: str) -> dict[int, int]:
    return {row[unit]: row["n"] for row in rows.order_by().values(unit).annotate(n=Count(what, distinct=True))}
