"""Turning a stop into a recall: the same people, one act, with tasks of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.office.committee.actions import stopping
from hakari.office.committee.models import Stop
from hakari.office.committee.views.forms_meetings import ReasonForm, task_rows
from hakari.office.committee.views.stops import find_stop, people_for_tasks, require_in, wanted_tasks
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.templatetags.office import told
from hakari.office.intake.lanes import add_working_days
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import title_for

__all__ = ["recall"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: OfficeRequest, key: str) -> HttpResponse:
    """Turn a stop into a recall; sent twice it is one recall."""
    access, found = request.access, find_stop(request.access, key)
    case = UseCase.objects.select_related("unit", "owner", "reporter").get(pk=found.use_case_id)
    require_in(access, Permission.STOP, case)
    there: Stop | None = Stop.objects.filter(turned_from=found).first()
    if there is not None:
        return redirect("committee:stop", key=there.key)
    posted = request.POST if request.method == "POST" else None
    form, due = ReasonForm(posted), add_working_days(access.day, stopping.RATIFIED_WITHIN)
    rows = task_rows(posted, people_for_tasks(case), due)
    if posted is not None and form.is_valid() and rows.is_valid():
        try:
            wanted = wanted_tasks(rows)
            made = stopping.turn_into_recall(found, form.cleaned_data["reason"], wanted, by=access.person)
        except (InputError, OfficeError) as error:
            if isinstance(error, NotAllowedError):
                raise
            form.add_error(None, told(error.message))
        else:
            return redirect("committee:stop", key=made.key)
    context: dict[str, Any] = {
        "use_case": case, "title": title_for(access, case), "form": form, "rows": rows, "due": due, "stop": found,
        "possible": stopping.may_turn(found, case),
    }  # fmt: skip
    return render(request, "committee/stop_form.html", context, status=422 if posted is not None else 200)
