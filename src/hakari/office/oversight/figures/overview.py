"""The few numbers on the first page, each with the way to where it is shown in full."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from hakari.messages import Message, say
from hakari.office.committee.models import Condition, DocketItem, Stop, Task
from hakari.office.lifecycle.models import Standing
from hakari.office.oversight.figures.scope import counted, counted_keys, latest
from hakari.office.people.access import Access
from hakari.office.registry.states import State

__all__ = ["Tile", "tiles"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number."""

    name: Message
    number: int
    told: Message
    url: str
    late: bool = False


def tiles(access: Access) -> list[Tile]:
    """Return the numbers of the first page."""
    today, keys = access.day, counted_keys(access)
    gone = (State.RETIRED, State.CLOSED)
    cases = counted(access).order_by().aggregate(all=Count("pk"), moving=Count("pk", filter=~Q(state__in=gone)))
    assessed = latest(access).aggregate(
        stale=Count("pk", filter=Q(standing=Standing.STALE, use_case__state="stale")),
        review=Count("pk", filter=Q(standing=Standing.IN_REVIEW)),
    )
    conditions = Condition.objects.filter(closed_at=None, use_case__in=keys).order_by().aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(due__lt=today))
    )  # fmt: skip
    docket = DocketItem.objects.filter(
        use_case__in=keys, standing__in=(DocketItem.Standing.WAITING, DocketItem.Standing.VOTING)
    ).count()
    stops = Stop.objects.filter(use_case__in=keys, ratification=None, turned_into=None).order_by().aggregate(
        all=Count("pk"), late=Count("pk", filter=Q(ratify_by__lt=today))
    )  # fmt: skip
    tasks = Task.objects.filter(stop__use_case__in=keys, done_at=None, due__lt=today).count()
    numbers = (
        ("pipeline", "moving", cases["moving"], cases["all"], False),
        ("conditions", "late", conditions["late"], conditions["all"], True),
        ("stale", "stale", assessed["stale"], 0, True),
        ("waiting", "review", assessed["review"], docket, False),
        ("waiting", "stops", stops["all"], stops["late"], True),
        ("waiting", "tasks", tasks, 0, True),
    )
    return [
        Tile(
            name=say(f"office.oversight.tile.{name}"),
            number=number,
            told=say(f"office.oversight.tile.{name}.says", n=number, other=other),
            url=reverse("oversight:board", args=[board]),
            late=late and number > 0,
        )
        for board, name, number, other, late in numbers
    ]
