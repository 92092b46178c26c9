"""How long it takes from the notification to the first decision, with those that are not decided yet."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Case, Count, DateField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import TruncDate

from hakari.messages import Message, say
from hakari.office.committee.models import Decision
from hakari.office.intake.models import Notification
from hakari.office.lifecycle.models import Outcome
from hakari.office.oversight.figures.scope import TIERS, counted_keys, tier, tier_word
from hakari.office.oversight.figures.survival import Course, Curve, Quantile, kaplan_meier
from hakari.office.oversight.picture import Cell, Picture, Table, span
from hakari.office.people.access import Access
from hakari.office.registry.states import State

__all__ = ["all_of", "courses", "half_words", "quantile_words", "scale_of", "time_to_decision"]

_QUARTERS: Final = (0.25, 0.5, 0.75)


def time_to_decision(access: Access) -> Picture:
    """Return by tier by which day a quarter, half and three quarters of the cases are decided."""
    found = courses(Q(use_case__in=counted_keys(access)), access.day)
    curves = {level: kaplan_meier(found.get(level, ())) for level in TIERS}
    shown = [(level, curve) for level, curve in curves.items() if curve.cases]
    quarters = {level: [curve.quantile(share) for share in _QUARTERS] for level, curve in shown}
    whole = scale_of(item.days for items in quarters.values() for item in items)
    return Picture(
        id="deciding",
        title=say("office.oversight.deciding.title"),
        sentence=_sentence(kaplan_meier(all_of(found))),
        notes=(say("office.oversight.deciding.how"),),
        bars=tuple(
            span(tier_word(level), low.days or 0, high.days, middle.days, whole, half_words(middle.days))
            for level, (low, middle, high) in quarters.items()
            if low.days is not None
        ),
        scale=(say("office.oversight.days", n=0), say("office.oversight.days", n=whole)),
        table=Table(
            caption=say("office.oversight.deciding.caption"),
            headers=tuple(
                say(f"office.oversight.deciding.head.{name}")
                for name in ("tier", "cases", "decided", "open", "quarter", "half", "limits", "most")
            ),
            rows=tuple(
                (
                    Cell(text=tier_word(level)), Cell(text=curve.cases), Cell(text=curve.ended), Cell(text=curve.open),
                    Cell(text=quantile_words(quarters[level][0])), Cell(text=quantile_words(quarters[level][1])),
                    Cell(text=_limits(quarters[level][1])), Cell(text=quantile_words(quarters[level][2])),
                )
                for level, curve in shown
            ),
        ),
    )  # fmt: skip


def courses(which: Q, end: datetime.date, start: datetime.date | None = None) -> dict[str, list[Course]]:
    """Return by tier how the cases that were sent until `end` went on; a deferral is no decision.

    With `start`, only what happens from that day on counts: cases enter with the days that they had waited by then.
    """
    first = Decision.objects.filter(use_case=OuterRef("use_case")).exclude(outcome=Outcome.DEFER).order_by("pk")
    retired = When(use_case__state=State.RETIRED, then=TruncDate("use_case__state_since"))
    rows = (
        Notification.objects.filter(which, submitted_at__isnull=False, submitted_at__date__lte=end)
        .order_by()
        .annotate(
            tier=tier("use_case__"),
            sent=TruncDate("submitted_at"),
            decided=TruncDate(Subquery(first.values("at")[:1])),
            gone=Case(retired, default=Value(None), output_field=DateField()),
        )
        .values("tier", "sent", "decided", "gone")
        .annotate(n=Count("pk"))
    )
    found: dict[str, list[Course]] = {}
    for row in rows:
        course = _course(row, start, end)
        if course is not None:
            found.setdefault(row["tier"], []).append(course)
    return found


def _course(row: Any, start: datetime.date | None, end: datetime.date) -> Course | None:
    sent, decided, gone = row["sent"], row["decided"], row["gone"]
    ended = decided is not None and decided <= end
    last = decided if ended else min(gone or end, end)
    if start is not None and last < start:
        return None
    entry = max((start - sent).days, 0) if start is not None else 0
    return Course(days=max((last - sent).days, entry), ended=ended, entry=entry, count=row["n"])


def scale_of(days: Iterable[int | None]) -> int:
    """Return how many days a whole line stands for: half as many again as the longest that is known."""
    return max((math.ceil(1.5 * day) for day in days if day), default=0) or 1


def quantile_words(found: Quantile) -> Message:
    """Return a number of days, or that the data do not reach so far."""
    if found.days is None:
        return say("office.oversight.deciding.beyond")
    return say("office.oversight.days", n=found.days)


def half_words(days: int | None) -> Message:
    """Return by which day half are decided, as it stands at the end of a line."""
    return say("office.oversight.deciding.half", half=quantile_words(Quantile(days=days, low=None, high=None)))


def _limits(found: Quantile) -> Message:
    low = say("office.oversight.deciding.unknown") if found.low is None else found.low
    high = say("office.oversight.deciding.unknown") if found.high is None else found.high
    return say("office.oversight.deciding.limits", low=low, high=high)


def _sentence(curve: Curve) -> Message:
    if not curve.cases:
        return say("office.oversight.deciding.none")
    half = curve.quantile(0.5)
    words: dict[str, Any] = {"n": curve.cases, "decided": curve.ended, "open": curve.open}
    if half.days is None:
        return say("office.oversight.deciding.unreached", **words)
    return say("office.oversight.deciding.says", half=half.days, limits=_limits(half), **words)


def all_of(found: dict[str, list[Course]]) -> Iterable[Course]:
    """Return the courses of all tiers."""
    return (item for group in found.values() for item in group)
