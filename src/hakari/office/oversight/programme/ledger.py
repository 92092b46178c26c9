"""Where the ledger stands: events of a period by kind, the last checkpoint, and whether the chain holds."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db.models import Count

from hakari.errors import HakariError
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event, Head

__all__ = ["LONGEST", "ledger_state"]

LONGEST: Final = 200_000
"""Events up to which the whole chain is read again for a report; `hakari ledger verify` reads any number."""


def ledger_state(start: datetime.datetime, end: datetime.datetime) -> dict[str, Any]:
    """Return the ledger's state now, and what stands in it from `start` until before `end`."""
    head = Head.objects.filter(id=1).first()
    last = head.sequence if head is not None else 0
    first, after = _place(start, last), _place(end, last)
    rows = Event.objects.filter(sequence__gte=first, sequence__lt=after).order_by()
    kinds = {row["kind"]: row["n"] for row in rows.values("kind").annotate(n=Count("pk"))}
    holds, sealed = _verified(last)
    return {
        "by_kind": dict(sorted(kinds.items())),
        "digest": head.digest if head is not None else "",
        "events": last,
        "holds": holds,
        "in_period": after - first,
        "name": head.ledger if head is not None else "",
        "sealed": sealed,
    }


def _verified(last: int) -> tuple[bool | None, int | None]:
    """Return whether the chain holds and up to where it is sealed; None where it was not read or cannot be."""
    if last > LONGEST:
        return None, None
    try:
        report = verify()
    except HakariError:
        # A checkpoint that is none: `hakari ledger verify` says which.
        return False, None
    return report.holds, report.sealed


def _place(moment: datetime.datetime, last: int) -> int:
    """Return the number of the first event at or after a moment: numbers rise with time, so twenty looks are enough."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        at = Event.objects.filter(sequence=middle).values_list("at", flat=True).first()
        if at is not None and at < moment:
            low = middle + 1
        else:
            high = middle
    return low
