"""What is late in the whole programme, for whoever leads the office: a line for each kind, with the oldest day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from hakari.messages import render, say
from hakari.office.committee.models import Ballot, Condition, DocketItem, Stop, Task
from hakari.office.core.home import Need
from hakari.office.core.language import reader_language
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.oversight.figures.scope import counted_keys
from hakari.office.people.access import Access

__all__ = ["REVIEW_DAYS", "of_head"]

REVIEW_DAYS: Final = 14
"""Days after which a round that nobody put on the docket or sent back is called slow."""


def of_head(access: Access) -> Iterator[Need]:
    """Stops past their ratification, votes past their deadline, conditions and tasks past their day, slow reviews."""
    keys, today, now = counted_keys(access), access.day, timezone.now()
    ballots = Q(item__use_case__in=keys) | Q(stop__use_case__in=keys)
    lying = DocketItem.objects.exclude(standing=DocketItem.Standing.WITHDRAWN).values("round__assessment")
    slow = StageAssessment.objects.filter(
        use_case__in=keys,
        standing=Standing.IN_REVIEW,
        standing_since__lt=now - datetime.timedelta(days=REVIEW_DAYS),
    ).exclude(pk__in=lying)
    stops = Stop.objects.filter(use_case__in=keys, ratification=None, turned_into=None, ratify_by__lt=today)
    kinds: tuple[tuple[str, Any, str, str], ...] = (
        ("stops", stops, "ratify_by", "waiting"),
        ("ballots", Ballot.objects.filter(ballots, closed_at=None, deadline__lt=now), "deadline", "waiting"),
        ("conditions", Condition.objects.filter(use_case__in=keys, closed_at=None, due__lt=today), "due", "conditions"),
        ("tasks", Task.objects.filter(stop__use_case__in=keys, done_at=None, due__lt=today), "due", "waiting"),
        ("reviews", slow, "standing_since", "waiting"),
    )
    for kind, rows, day, board in kinds:
        found = rows.order_by().aggregate(n=Count("pk"), first=Min(day))
        if found["n"]:
            yield _need(kind, found["n"], found["first"], board)


def _need(kind: str, n: int, first: Any, board: str) -> Need:
    return Need(
        title=render(say(f"office.oversight.late.{kind}", n=n), reader_language()),
        does=say(f"office.oversight.late.{kind}.does"),
        url=reverse("oversight:board", args=[board]),
        due=timezone.localdate(first) if isinstance(first, datetime.datetime) else first,
        state="late",
    )
