"""Opening an assessment of a use case, opening the next one of a stale stage, and closing a stage."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.intake.models import TriageRecord
from hakari.office.lifecycle.actions.opening import open_assessment, open_next, stages_open_to
from hakari.office.lifecycle.actions.reviewing import close_stage
from hakari.office.lifecycle.forms import OpenForm
from hakari.office.lifecycle.models import LIVE, StageAssessment, Standing
from hakari.office.lifecycle.policy import known_packs
from hakari.office.lifecycle.views.finding import find, sees
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import get_visible, is_veiled, title_for

__all__ = ["again", "close", "may_open", "open_stage", "wanted_packs"]

_CORE = "ai-ethics-core"
"""The pack that every company starts with."""


def may_open(access: Access, use_case: UseCase) -> bool:
    """Return whether a person may open an assessment of a use case that they see."""
    office = access.may(Permission.REVIEW, use_case.unit) and not is_veiled(access, use_case)
    return may_edit(access, use_case) or office


def wanted_packs(use_case: UseCase) -> list[str]:
    """Return the packs to begin with: those of the last assessment, else the core and what triage says applies."""
    known = known_packs()
    last = StageAssessment.objects.filter(use_case=use_case).first()
    if last is not None:
        pins = [f"{pin['name']}@{pin['version']}" for pin in last.packs]
        return [reference for reference in pins if reference in known]
    record = TriageRecord.objects.filter(notification__use_case=use_case).order_by("-round").first()
    applies = [item["pack"] for item in record.packs if item["applies"]] if record else []
    core = [pack for pack in known.values() if pack.name == _CORE]
    newest = max(core, key=lambda pack: [int(part) for part in pack.version.split(".")], default=None)
    wanted = [*([newest.reference] if newest else []), *applies]
    return [reference for reference in dict.fromkeys(wanted) if reference in known]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def open_stage(request: OfficeRequest, number: str) -> HttpResponse:
    """Ask at which stage and against which packs, and open the assessment."""
    access, case = request.access, get_visible(request.access, number)
    if not sees(access, case):
        raise Http404
    if not may_open(access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    live = StageAssessment.objects.filter(use_case=case, standing__in=LIVE).first()
    if live is not None:  # somebody opened it, perhaps this form a moment ago
        return redirect("lifecycle:assessment", live.key)
    stages = stages_open_to(case)
    if not stages:
        asked = say("office.lifecycle.stage_shut.asked")
        raise OfficeError(say("office.lifecycle.stage_shut", stage=asked))
    packs = sorted(known_packs().values(), key=lambda pack: (pack.name != _CORE, in_readers_words(pack.title)))
    posted = request.POST if request.method == "POST" else None
    first = {"stage": stages[0] if len(stages) == 1 else None, "packs": wanted_packs(case)}
    form = OpenForm(posted, stages=stages, packs=packs, initial=first)
    if form.is_bound and form.is_valid():
        try:
            given = form.cleaned_data
            made = open_assessment(case, given["stage"], given["packs"], by=access.person)
        except ConflictError:  # somebody else was quicker: theirs is the one
            return redirect("lifecycle:open", number)
        except InputError as error:
            form.add_error(None, in_readers_words(error.message))
        else:
            messages.success(request, tell("office.lifecycle.page.opened"), extra_tags="good")
            return redirect("lifecycle:assessment", made.key)
    context: dict[str, Any] = {"case": case, "case_title": title_for(access, case), "form": form}
    return render(request, "lifecycle/open.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def again(request: OfficeRequest, key: str) -> HttpResponse:
    """Assess a stale stage again with the same packs; a second press leads to the same assessment."""
    old = find(request, key)
    made = StageAssessment.objects.filter(before=old).first()
    if made is None:
        try:
            made = open_next(old, by=request.access.person)
        except ConflictError:
            made = StageAssessment.objects.filter(before=old).first()
            if made is None:
                raise
        messages.success(request, tell("office.lifecycle.page.opened"), extra_tags="good")
    return redirect("lifecycle:assessment", made.key)


@signed_in
@require_POST
def close(request: OfficeRequest, key: str) -> HttpResponse:
    """Close a decided stage whose gate holds."""
    found = find(request, key)
    if found.standing != Standing.CLOSED:
        seen = str(request.POST.get("version", ""))
        close_stage(found, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, by=request.access.person)
        messages.success(request, tell("office.lifecycle.page.closed"), extra_tags="good")
    return redirect("lifecycle:assessment", key)
