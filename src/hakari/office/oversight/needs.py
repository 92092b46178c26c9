"""What is late in the whole programme, for whoever leads the office."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from hakari.messages import Message, render, say
from hakari.office.committee.models import Ballot, Condition, DocketItem, Stop, Task
from hakari.office.core.home import Need
from hakari.office.core.language import reader_language
from hakari.office.intake.lanes import add_working_days, working_days
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.oversight.figures.scope import counted_keys
from hakari.office.people.access import Access
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import title_for

__all__ = ["REVIEW_DAYS", "of_head"]

REVIEW_DAYS: Final = 10
"""Working days after which a round that nobody put on the docket or sent back is called late."""
_LINES: Final = 4
"""Lines of each kind; of more, one line says how many there are."""


def of_head(access: Access) -> Iterator[Need]:
    """Stops past their ratification, votes past their deadline, conditions and tasks past their day, slow reviews."""
    keys, today = counted_keys(access), access.day
    stops = Stop.objects.filter(use_case__in=keys, ratification=None, ratify_by__lt=today).order_by("ratify_by")
    yield from _some(access, "stop", stops.select_related("use_case__unit"), lambda row: (row.use_case, row.ratify_by))
    late = Q(item__use_case__in=keys) | Q(stop__use_case__in=keys)
    ballots = Ballot.objects.filter(late, closed_at=None, deadline__lt=timezone.now()).order_by("deadline")
    rows = ballots.select_related("item__use_case__unit", "stop__use_case__unit")
    yield from _some(access, "ballot", rows, lambda row: ((row.item or row.stop).use_case, row.deadline.date()))
    conditions = Condition.objects.filter(use_case__in=keys, closed_at=None, due__lt=today).order_by("due", "pk")
    rows = conditions.select_related("use_case__unit")
    yield from _some(access, "condition", rows, lambda row: (row.use_case, row.due), more="conditions")
    tasks = Task.objects.filter(stop__use_case__in=keys, done_at=None, due__lt=today).order_by("due", "pk")
    yield from _some(
        access, "task", tasks.select_related("stop__use_case__unit"), lambda row: (row.stop.use_case, row.due)
    )
    yield from _slow_reviews(access, keys)


def _slow_reviews(access: Access, keys: Any) -> Iterator[Need]:
    lying = DocketItem.objects.exclude(standing=DocketItem.Standing.WITHDRAWN).values("round__assessment")
    # Calendar days before the limit in working days, so that the database does the most of it.
    before = timezone.now() - datetime.timedelta(days=REVIEW_DAYS)
    rows = StageAssessment.objects.filter(use_case__in=keys, standing=Standing.IN_REVIEW, standing_since__lt=before)
    found = rows.exclude(pk__in=lying).select_related("use_case__unit").order_by("standing_since")
    for row in found[:_LINES]:
        since = timezone.localdate(row.standing_since)
        if working_days(since, access.day) > REVIEW_DAYS:
            due = add_working_days(since, REVIEW_DAYS)
            yield _need(access, row.use_case, say("office.oversight.need.review"), due, _of_round(row))


def _some(access: Access, kind: str, rows: Any, of: Any, *, more: str = "waiting") -> Iterator[Need]:
    found = list(rows[: _LINES + 1])
    for row in found[:_LINES]:
        case, due = of(row)
        yield _need(access, case, say(f"office.oversight.need.{kind}"), due, _address(kind, row))
    if len(found) > _LINES:
        yield Need(
            title=render(say("office.oversight.need.more"), reader_language()),
            does=say(f"office.oversight.need.more_{kind}", n=rows.count() - _LINES),
            url=reverse("oversight:board", args=[more]),
        )


def _need(access: Access, case: UseCase, does: Message, due: datetime.date, url: str) -> Need:
    return Need(title=title_for(access, case), does=does, url=url, number=case.number, due=due, state="late")


def _address(kind: str, row: Any) -> str:
    if kind == "ballot" and row.item is not None:
        return reverse("committee:item", args=[row.item.key])
    case = row.stop.use_case if kind in ("task", "ballot") else row.use_case
    return reverse("registry:detail", args=[case.number])


def _of_round(row: StageAssessment) -> str:
    return reverse("lifecycle:assessment", args=[row.key])
