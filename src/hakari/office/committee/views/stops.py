"""Stops: made in one act, voted on by the committee, ended; and the tasks that come of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.committee.actions import stopping
from hakari.office.committee.actions.voting import close_if_due
from hakari.office.committee.models import Ballot, Ratification, Stop, Task
from hakari.office.committee.showing.ballots import Bench, show_ballot
from hakari.office.committee.showing.reading import known_cases
from hakari.office.committee.views.forms_meetings import ReasonForm, ResultForm, StopForm, task_rows
from hakari.office.committee.views.refusals import show_refusal
from hakari.office.committee.views.voting import part_of
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.templatetags.office import told
from hakari.office.intake.lanes import add_working_days
from hakari.office.lifecycle.models import Responsible
from hakari.office.lifecycle.showing.names import named
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import NEXT, State
from hakari.office.registry.visibility import get_visible, title_for, visible

__all__ = [
    "find_stop",
    "open_vote",
    "people_for_tasks",
    "require_in",
    "resume_case",
    "stop",
    "stop_case",
    "stops",
    "task",
    "tasks",
    "wanted_tasks",
]

_PAGE = 25


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def stop_case(request: OfficeRequest, number: str) -> HttpResponse:
    """Stop a use or recall a product in one act, with tasks."""
    access = request.access
    case = get_visible(access, number)
    require_in(access, Permission.STOP, case)
    there = stopping.last_stop(case)
    if case.state == State.SUSPENDED and there is not None:
        if request.method == "POST":
            messages.info(request, tell("office.stop.already"), extra_tags="doubt")
        return redirect("committee:stop", key=there.key)
    posted = request.POST if request.method == "POST" else None
    form = StopForm(posted)
    due = add_working_days(access.day, stopping.RATIFIED_WITHIN)
    rows = task_rows(posted, people_for_tasks(case), due)
    if posted is not None and form.is_valid() and rows.is_valid():
        given = form.cleaned_data
        try:
            made = stopping.stop(case, given["kind"], given["reason"], wanted_tasks(rows), by=access.person)
        except (InputError, OfficeError) as error:
            if isinstance(error, NotAllowedError):
                raise
            form.add_error(None, told(error.message))
        else:
            if made.by != access.person.key:
                messages.info(request, tell("office.stop.already"), extra_tags="doubt")
            return redirect("committee:stop", key=made.key)
    context = {
        "use_case": case, "title": title_for(access, case), "form": form, "rows": rows, "due": due,
        "possible": State.SUSPENDED in NEXT[State(case.state)],
    }  # fmt: skip
    return render(request, "committee/stop_form.html", context, status=422 if posted is not None else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def resume_case(request: OfficeRequest, number: str) -> HttpResponse:
    """Let a use go on whose stop the committee upheld."""
    access = request.access
    case = get_visible(access, number)
    require_in(access, Permission.STOP, case)
    if case.state != State.SUSPENDED:
        return redirect("registry:detail", number=number)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            stopping.resume(case, form.cleaned_data["reason"], by=access.person)
        except (InputError, OfficeError) as error:
            if isinstance(error, NotAllowedError):
                raise
            form.add_error(None, told(error.message))
        else:
            messages.success(request, tell("office.stop.resumed"), extra_tags="good")
            return redirect("registry:detail", number=number)
    context = {
        "use_case": case, "title": title_for(access, case), "form": form, "stop": stopping.last_stop(case),
        "possible": stopping.may_resume(case),
    }  # fmt: skip
    return render(request, "committee/resume_form.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def stops(request: OfficeRequest) -> HttpResponse:
    """List the stops of cases that the reader sees: those not ratified, those that stand, all."""
    access = request.access
    shown = request.GET.get("show") if request.GET.get("show") in ("open", "stands", "lifted") else "all"
    rows = _seen(access)
    if shown == "open":
        rows = rows.filter(ratification=None, turned_into=None).order_by("ratify_by", "pk")
    elif shown != "all":
        rows = rows.filter(ratification__upheld=shown == "stands")
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    found = [
        {"stop": row, "title": title_for(access, row.use_case), "ratification": getattr(row, "ratification", None),
         "late": _late(access, row)}
        for row in page
    ]  # fmt: skip
    return render(request, "committee/stops.html", {"rows": found, "page": page, "show": shown})


@signed_in
@require_safe
def stop(request: OfficeRequest, key: str) -> HttpResponse:
    """Show one stop, with the vote on it and its tasks."""
    return _page(request, find_stop(request.access, key))


@signed_in
@require_POST
def open_vote(request: OfficeRequest, key: str) -> HttpResponse:
    """Open the vote on a stop."""
    found = find_stop(request.access, key)
    try:
        stopping.open_ballot_on_stop(found, by=request.access.person)
    except (InputError, OfficeError) as error:
        show_refusal(request, error)
    return redirect("committee:stop", key=key)


@signed_in
@require_safe
def tasks(request: OfficeRequest) -> HttpResponse:
    """List tasks: one's own, and all of the cases that the reader sees."""
    access, query = request.access, request.GET
    whose = "all" if query.get("whose") == "all" else "mine"
    shown = "done" if query.get("show") == "done" else "open"
    rows = _tasks(access).filter(done_at__isnull=shown == "open")
    if whose == "mine":
        rows = rows.filter(person=access.person)
    page = Paginator(rows.order_by("due", "pk"), _PAGE).get_page(query.get("page"))
    found = [_task_row(access, row) for row in page]
    return render(request, "committee/tasks.html", {"rows": found, "page": page, "whose": whose, "show": shown})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: OfficeRequest, key: str) -> HttpResponse:
    """Show one task; its person says what came of it."""
    access = request.access
    found = _tasks(access).filter(key=key).first()
    if found is None:
        raise Http404
    mine = found.person_id == access.person.pk
    form = ResultForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    if form.is_bound and not mine:
        raise NotAllowedError(say("office.committee.task_other"))
    if form.is_bound and found.done_at is not None:
        return redirect("committee:task", key=key)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            stopping.finish_task(found, given["result"], seen=given["version"], by=access.person)
        except (InputError, ConflictError) as error:
            form.add_error(None, told(error.message))
        else:
            messages.success(request, tell("office.stop.task.done_now"), extra_tags="good")
            return redirect("committee:task", key=key)
    context = {**_task_row(access, found), "form": form if mine and found.done_at is None else None}
    return render(request, "committee/task.html", context, status=422 if form.is_bound else 200)


def _page(request: OfficeRequest, found: Stop) -> HttpResponse:
    access = request.access
    ballot = _last_ballot(found)
    bench = Bench.of(found, access.person)
    shown = show_ballot(ballot, bench, access.person) if ballot is not None else None
    case = UseCase.objects.select_related("unit", "owner", "reporter").get(pk=found.use_case_id)
    ratification = Ratification.objects.filter(stop=found).first()
    leads = access.may(Permission.CHAIR) or access.may(Permission.REVIEW)
    turned = Stop.objects.filter(turned_from=found).first()
    running = shown is not None and shown.ballot.closed_at is None
    context = {
        "stop": found,
        "use_case": case,
        "title": title_for(access, case),
        "made_by": named([found.by]).get(found.by, "–"),
        "ratification": ratification,
        "turned": turned,
        "late": ratification is None
        and turned is None
        and case.state == State.SUSPENDED
        and found.ratify_by < access.day,
        "shown": shown,
        "bench": bench,
        **part_of(request, found, bench, shown),
        "tasks": [_task_row(access, row) for row in _tasks(access).filter(stop=found).order_by("due", "pk")],
        "may_open_vote": (leads or access.may(Permission.STOP))
        and ratification is None
        and not running
        and turned is None,
        "too_few": len(bench.eligible) < 2,
        "may_close": leads and running and shown is not None and not shown.waiting and shown.problem is None,
        "may_void": leads and running and shown is not None and shown.problem is not None,
        "may_turn": access.may(Permission.STOP, case.unit) and stopping.may_turn(found, case),
        "may_resume": access.may(Permission.STOP, case.unit)
        and stopping.may_resume(case)
        and stopping.last_stop(case) == found,
    }
    return render(request, "committee/stop.html", context)


def find_stop(access: Access, key: str) -> Stop:
    """Return one stop; one of a case that the reader does not see does not exist for them."""
    found = _seen(access).filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _seen(access: Access) -> QuerySet[Stop]:
    rows: QuerySet[Stop] = Stop.objects.filter(use_case__in=known_cases(access).values("pk"))
    related = (
        "use_case__unit",
        "use_case__owner",
        "use_case__reporter",
        "reason",
        "ratification",
        "turned_into",
        "turned_from",
    )
    return rows.select_related(*related).order_by("-at", "-pk")


def _tasks(access: Access) -> QuerySet[Task]:
    # Whoever has to do something must be able to read it, also where the case is not shown to them any more.
    seen = Q(stop__use_case__in=known_cases(access).values("pk")) | Q(person=access.person)
    return Task.objects.filter(seen).select_related("stop__use_case__unit", "stop__reason", "person", "text", "result")


def _task_row(access: Access, row: Task) -> dict[str, Any]:
    case = row.stop.use_case
    sees = visible(access).filter(pk=case.pk).exists()
    return {
        "task": row,
        "stop": row.stop,
        "title": title_for(access, case) if sees else row.stop.number,
        "late": row.done_at is None and row.due < access.day,
    }


def _last_ballot(found: Stop) -> Ballot | None:
    ballot = found.ballots.order_by("pk").last()
    return close_if_due(ballot) if ballot is not None else None


def _late(access: Access, row: Stop) -> bool:
    open_still = (
        getattr(row, "ratification", None) is None
        and getattr(row, "turned_into", None) is None
        and row.use_case.state == State.SUSPENDED
    )
    return open_still and row.ratify_by < access.day


def people_for_tasks(case: UseCase) -> list[Person]:
    """Return whom a task can be given to: owner, reporter, who holds a role, who is named."""
    found = {case.owner_id: case.owner, case.reporter_id: case.reporter}
    for row in Responsible.objects.filter(use_case=case).select_related("person"):
        found[row.person_id] = row.person
    for person in case.people.all():
        found.setdefault(person.pk, person)
    return [person for person in found.values() if person.is_active and person.erased_at is None] or [case.owner]


def wanted_tasks(rows: Any) -> list[stopping.Wanted]:
    """Return the tasks that a form names."""
    given = [row.cleaned_data for row in rows if row.cleaned_data.get("text")]
    people = {person.key: person for person in Person.objects.filter(key__in=[item["person"] for item in given])}
    return [(people[item["person"]], item["text"], item["due"]) for item in given]


def require_in(access: Access, permission: Permission, case: UseCase) -> None:
    """Refuse whoever lacks a permission in the unit of a case."""
    if not access.may(permission, case.unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say(f"office.permission.{permission}")))
