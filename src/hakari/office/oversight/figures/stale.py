"""Cases whose decision does not stand any more and that nobody assesses anew, with the reason."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse

from hakari.messages import Message, say
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.oversight.figures.conditions import MOST
from hakari.office.oversight.figures.scope import latest
from hakari.office.oversight.picture import Cell, Picture, Table, bar
from hakari.office.people.access import Access
from hakari.office.registry.visibility import title_for

__all__ = ["stale_cases"]


def stale_cases(access: Access) -> Picture:
    """Return how many cases are stale by their first reason, and those that have been so longest."""
    stale = latest(access).filter(standing=Standing.STALE, use_case__state="stale")
    grouped = stale.values("stale_because__0__key").annotate(n=Count("pk"))
    counts: dict[str, int] = {}
    for row in grouped:
        kind = _kind(row["stale_because__0__key"] or "")
        counts[kind] = counts.get(kind, 0) + row["n"]
    all_ = sum(counts.values())
    listed = list(stale.select_related("use_case__unit", "use_case__owner").order_by("standing_since", "pk")[:MOST])
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Picture(
        id="stale",
        title=say("office.oversight.stale.title"),
        sentence=say("office.oversight.stale.says", n=all_),
        bars=tuple(bar(say(f"office.oversight.stale.{kind}"), [(n, "full")], ranked[0][1], n) for kind, n in ranked),
        notes=(say("office.oversight.stale.how"),) if all_ else (),
        table=Table(
            caption=say("office.oversight.stale.caption"),
            headers=tuple(say(f"office.oversight.head.{name}") for name in ("case", "stage", "since", "why", "owner")),
            rows=tuple(_row(access, item) for item in listed),
            more=say("office.oversight.more", n=all_ - len(listed)) if all_ > len(listed) else None,
        ),
        open=True,
    )


def _kind(key: str) -> str:
    """Return which kind of reason a stored message is."""
    if ".stale.age" in key:
        return "age"
    if ".stale.component" in key:
        return "component"
    if ".gate.ended" in key:
        return "ended"
    return "changed" if key else "unsaid"


def _row(access: Access, item: StageAssessment) -> tuple[Cell, ...]:
    case: Any = item.use_case
    why: list[Message] = messages_of(item)
    return (
        Cell(
            text=say("office.oversight.case", number=case.number, title=title_for(access, case)),
            url=reverse("lifecycle:assessment", args=[item.key]),
        ),
        Cell(text=say(f"reasons.stage.{item.stage}")),
        Cell(text="", day=item.standing_since),
        Cell(text=why or [say("office.oversight.stale.unsaid")]),
        Cell(text=str(case.owner)),
    )
