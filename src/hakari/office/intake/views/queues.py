"""The queues of delegates and of the office, and the page on which they settle a tier."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import tell
from hakari.office.intake.actions import deciding
from hakari.office.intake.actions.rules import is_own
from hakari.office.intake.forms import LevelForm, ReasonForm
from hakari.office.intake.lanes import Lane, due_state, levels_from, working_days
from hakari.office.intake.models import Notification, Step, TriageRecord
from hakari.office.intake.showing import answer_lines, frameworks_of
from hakari.office.intake.views.finding import seen_version, visible_notification
from hakari.office.intake.views.receipt import steps_of
from hakari.office.intake.weighing import question_named
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import Visibility
from hakari.office.registry.visibility import title_for, visible

__all__ = ["decide", "office_queue", "unit_queue", "waiting_for"]

_WAITS = (Step.WAITING, Step.TAKEN, Step.ASKED_BACK)


def waiting_for(access: Access, lane: Lane) -> QuerySet[Notification]:
    """Return what lies in a lane and this person may settle, soonest due first."""
    units = access.units(deciding.JUDGES[lane])
    lies = Q(lane=lane)
    if lane == Lane.OFFICE:
        # What is stuck in a unit's lane: nobody came in time, or its delegates no longer see it.
        lies |= Q(lane=Lane.UNIT) & (Q(due__lt=access.day) | Q(use_case__visibility=Visibility.RESTRICTED))
    found = Notification.objects.filter(lies, step__in=_WAITS, use_case__unit__in=units)
    found = found.filter(use_case__in=visible(access).values("pk"))
    return found.select_related("use_case__unit", "use_case__reporter", "use_case__owner", "taken_by").order_by(
        "due", "pk"
    )


@allowed(Permission.DECIDE_MIDDLE)
@require_safe
def unit_queue(request: OfficeRequest) -> HttpResponse:
    """List what waits for delegates."""
    return _queue(request, Lane.UNIT)


@allowed(Permission.REVIEW)
@require_safe
def office_queue(request: OfficeRequest) -> HttpResponse:
    """List what waits for the office."""
    return _queue(request, Lane.OFFICE)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: OfficeRequest, number: str) -> HttpResponse:
    """Show everything that is needed to settle a tier on one page, and do it."""
    notification = visible_notification(request, number)
    lane = Lane(notification.lane) if notification.lane in deciding.JUDGES else Lane.UNIT
    case = notification.use_case
    if not any(request.access.may(permission, case.unit) for permission in deciding.JUDGES.values()):
        raise NotAllowedError(
            say("office.people.not_allowed", permission=say(f"office.permission.{deciding.JUDGES[lane]}"))
        )
    if notification.step == Step.WRITING:
        return redirect("intake:receipt", number)
    problem, conflict = None, False
    if request.method == "POST":
        try:
            told = _act(request, notification)
            messages.success(request, tell("office.intake.decide.done"))
            return redirect("intake:receipt" if told else "intake:decide", number)
        except InputError as error:
            problem = error.message
        except ConflictError:
            conflict = True
        notification = visible_notification(request, number)
    status = 409 if conflict else 400 if problem else 200
    context = {**_page(request, notification), "problem": problem, "conflict": conflict}
    return render(request, "intake/decide.html", context, status=status)


def _act(request: OfficeRequest, notification: Notification) -> bool:
    """Do what the pressed button says; return whether the page is left."""
    seen, by, asked = seen_version(request), request.access.person, request.POST.get("act", "")
    reason = request.POST.get(f"{asked}-reason", "")[:1_000].replace("\0", "")
    if asked == "accept":
        deciding.accept_tier(notification, seen=seen, by=by)
    elif asked == "raise":
        deciding.raise_tier(notification, reason=reason, seen=seen, by=by)
    elif asked == "back":
        deciding.ask_back(notification, reason=reason, seen=seen, by=by)
    elif asked == "confirm":
        level = request.POST.get("confirm-level", "")
        remark = request.POST.get("confirm-remark", "")[:1_000].replace("\0", "")
        deciding.confirm_tier(notification, level=level, reason=remark, seen=seen, by=by)
    elif asked == "take":
        deciding.take_up(notification, seen=seen, by=by)
    else:
        raise InputError(say("office.intake.decide.nothing"))
    return asked != "take"


def _page(request: OfficeRequest, notification: Notification) -> dict[str, Any]:
    record = TriageRecord.objects.filter(notification=notification).order_by("-round").first()
    assert record is not None  # the caller sends away what was not submitted
    case, access = notification.use_case, request.access
    own = is_own(access.person, notification)
    judges = notification.lane in deciding.JUDGES and access.may(deciding.JUDGES[Lane(notification.lane)], case.unit)
    asked = request.POST.get("act", "")
    typed: Any = request.POST if asked else None
    levels = levels_from(record.lowest)
    return {
        "notification": notification,
        "case": case,
        "record": record,
        "frameworks": frameworks_of(record),
        "lines": answer_lines(notification),
        "steps": steps_of(notification),
        "question": question_named(record.question) if record.question and not record.decided else None,
        "own": own,
        "may_take": notification.step == Step.WAITING and not own and access.may(Permission.REVIEW, case.unit),
        "open": judges and not own and notification.step in (Step.WAITING, Step.TAKEN),
        "office": notification.lane == Lane.OFFICE,
        "due_state": due_state(notification.due, access.day),
        "raise_form": ReasonForm(typed if asked == "raise" else None, prefix="raise"),
        "back_form": ReasonForm(typed if asked == "back" else None, prefix="back"),
        "level_form": LevelForm(
            typed if asked == "confirm" else None, prefix="confirm", levels=levels, initial={"level": case.highest}
        ),
    }


def _queue(request: OfficeRequest, lane: Lane) -> HttpResponse:
    page = Paginator(waiting_for(request.access, lane), 25).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [
        {
            "item": item,
            "title": title_for(request.access, item.use_case),
            "age": working_days(timezone.localtime(item.submitted_at).date(), today) if item.submitted_at else 0,
            "state": due_state(item.due, today),
        }
        for item in page
    ]
    return render(request, "intake/queue.html", {"page": page, "rows": rows, "office": lane == Lane.OFFICE})
