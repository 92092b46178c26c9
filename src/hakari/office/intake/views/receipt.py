"""The receipt: what was found, who looks at it, by when, what comes, and what may be done already."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.intake.actions.rules import may_edit
from hakari.office.intake.delegates import nearest_delegates
from hakari.office.intake.lanes import LANES, Lane, due_state
from hakari.office.intake.models import AskLink, LaneStep, Notification, Step, TriageRecord
from hakari.office.intake.showing import answer_lines, frameworks_of, names_of, stages_of
from hakari.office.intake.views.finding import visible_notification
from hakari.office.intake.weighing import question_named

__all__ = ["receipt"]


@signed_in
@require_safe
def receipt(request: OfficeRequest, number: str) -> HttpResponse:
    """Show the receipt; printed, it is one sheet."""
    notification = visible_notification(request, number)
    records = list(TriageRecord.objects.filter(notification=notification).order_by("-round"))
    if notification.step == Step.WRITING or not records:
        return redirect("intake:go_on", number)
    record = records[0]
    context = {
        "notification": notification,
        "case": notification.use_case,
        "record": record,
        "records": records,
        "frameworks": frameworks_of(record),
        "plan": stages_of(record),
        "question": question_named(record.question) if not record.decided and record.question else None,
        "lines": answer_lines(notification),
        "may_edit": may_edit(request.access, notification),
        "links": [link for link in AskLink.objects.filter(notification=notification) if link.state == "answered"],
        "steps": steps_of(notification),
        **who_looks(notification),
    }
    context["already"] = _already(notification)
    context["due_state"] = due_state(notification.due, request.access.day)
    return render(request, "intake/receipt.html", context)


def _already(notification: Notification) -> str:
    """Return which text says what may be done: nobody is told to stop because of what they do not know yet."""
    case = notification.use_case
    return "open" if case.lowest != case.highest and case.highest in ("high", "stop") else str(case.highest)


def steps_of(notification: Notification) -> list[dict[str, Any]]:
    """Return what was done in the lanes, oldest first, with names."""
    steps = list(LaneStep.objects.filter(notification=notification).select_related("reason").order_by("pk"))
    names = names_of(step.by for step in steps)
    return [{"step": step, "by": names.get(step.by, "")} for step in steps]


def who_looks(notification: Notification) -> dict[str, Any]:
    """Return the lane, the people in it, and how many working days it has."""
    people: list[str] = []
    if notification.step != Step.SETTLED and notification.lane == Lane.UNIT:
        case = notification.use_case
        own = {case.reporter.key, case.owner.key}
        people = [person.name for person in nearest_delegates(case.unit, without=own)[1]]
    elif notification.taken_by is not None:
        people = [notification.taken_by.name]
    lane = notification.lane or Lane.AT_ONCE
    return {"people": people, "days": LANES[Lane(lane)].days, "settled_by": names_of([notification.settled_by])}
