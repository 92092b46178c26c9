"""Use cases that come later: whatever is written about one in the ledger, the notices that concern it follow."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django_tasks import task

from hakari.office.core.models import Event
from hakari.office.information.actions.notices import reach_later
from hakari.office.information.audience import Audience
from hakari.office.information.routing import concerned, in_force, notices_for, reach
from hakari.office.registry.models import UseCase

__all__ = ["after_event", "reach_all", "reach_case"]


def after_event(instance: Event, created: bool, **_: Any) -> None:
    """Look again which notices concern a use case after each event about it."""
    if not created or instance.object_kind != "use_case":
        return
    key = instance.object_key
    transaction.on_commit(lambda: _look(key))


def _look(key: str) -> None:
    if in_force().exists():
        reach_case.enqueue(key)


@task()
def reach_case(key: str) -> int:
    """Send the notices that concern a use case to those who answer for it and were not told yet."""
    use_case = UseCase.objects.select_related("unit").filter(key=key).first()
    return 0 if use_case is None else sum(reach_later(notice, use_case) for notice in notices_for(use_case))


def reach_all() -> int:
    """Do the same for every use case; run once a day for what no event has told."""
    found = 0
    for notice in in_force():
        audience = Audience.read(notice.audience)
        told = set(notice.recipients.values_list("person_id", "cases__use_case_id"))
        people = reach(audience, concerned(audience, UseCase.objects.all()))
        missing = {case for person, why in people.items() for case in why.cases if (person, case) not in told}
        for use_case in UseCase.objects.filter(pk__in=missing).order_by("pk"):
            found += reach_later(notice, use_case)
    return found
