"""Conditions of decisions that are still open: past their day, due soon, later."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db.models import Count, Q
from django.urls import reverse

from hakari.messages import say
from hakari.office.committee.models import Condition
from hakari.office.intake.lanes import working_days
from hakari.office.oversight.figures.scope import counted_keys
from hakari.office.oversight.picture import Cell, Picture, Table, bar
from hakari.office.people.access import Access
from hakari.office.registry.visibility import title_for

__all__ = ["MOST", "open_conditions"]

MOST: Final = 30
"""Rows that one table lists."""
_SOON: Final = datetime.timedelta(days=30)


def open_conditions(access: Access) -> Picture:
    """Return the open conditions of the cases that the reader sees, the latest first."""
    today, found = access.day, Condition.objects.filter(closed_at=None, use_case__in=counted_keys(access))
    late, soon = Q(due__lt=today), Q(due__gte=today, due__lte=today + _SOON)
    counts = found.order_by().aggregate(
        all=Count("pk"), late=Count("pk", filter=late), soon=Count("pk", filter=soon),
        cases=Count("use_case", distinct=True, filter=late),
    )  # fmt: skip
    later = counts["all"] - counts["late"] - counts["soon"]
    rows = found.filter(due__lte=today + _SOON).select_related("decision", "use_case__unit", "use_case__owner")
    listed = list(rows.order_by("due", "pk")[:MOST])
    left = counts["late"] + counts["soon"] - len(listed)
    names = ("late", "soon", "later")
    return Picture(
        id="conditions",
        title=say("office.oversight.conditions.title"),
        sentence=say("office.oversight.conditions.says", **counts),
        bars=tuple(
            bar(
                say(f"office.oversight.conditions.{name}"),
                [(n, "bad" if name == "late" else "half" if name == "soon" else "none")],
                max(counts["late"], counts["soon"], later),
                n,
            )
            for name, n in zip(names, (counts["late"], counts["soon"], later), strict=True)
        ),
        table=Table(
            caption=say("office.oversight.conditions.caption"),
            headers=tuple(
                say(f"office.oversight.head.{name}") for name in ("case", "decision", "due", "late", "owner")
            ),
            rows=tuple(_row(access, item) for item in listed),
            more=say("office.oversight.more", n=left) if left else None,
        ),
        open=True,
    )


def _row(access: Access, item: Condition) -> tuple[Cell, ...]:
    case: Any = item.use_case
    decision: Any = item.decision
    days = working_days(item.due, access.day)
    return (
        Cell(
            text=say("office.oversight.case", number=case.number, title=title_for(access, case)),
            url=reverse("registry:detail", args=[case.number]),
        ),
        Cell(
            text=say("office.oversight.conditions.place", decision=decision.number, condition=item.number),
            url=reverse("committee:decision", args=[decision.number]),
        ),
        Cell(text="", day=item.due),
        Cell(text=say("office.oversight.working_days", n=days) if days else "–"),
        Cell(text=str(case.owner)),
    )
