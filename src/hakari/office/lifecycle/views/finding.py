"""Finding an assessment for a reader, its board, and how every page of it is rendered."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render

from hakari.assessment.model import Assessment, Plan
from hakari.errors import NotAllowedError
from hakari.evidence import decode, parse_json
from hakari.messages import say
from hakari.office.core.access import OfficeRequest
from hakari.office.lifecycle.given import last_answers, plan_of
from hakari.office.lifecycle.models import File, Responsible, Round, StageAssessment
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.projecting import projected
from hakari.office.lifecycle.showing.board import Board, make_board
from hakari.office.lifecycle.showing.differences import Frozen
from hakari.office.lifecycle.showing.names import Roles
from hakari.office.people.access import Access
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import is_veiled, title_for, visible
from hakari.reports.marks import signs

__all__ = ["board_of", "find", "find_editable", "frozen", "page", "readable", "sees"]


def readable(access: Access) -> QuerySet[StageAssessment]:
    """Return the assessments of use cases that a person sees; those under a code name are sorted out by `sees`."""
    rows = StageAssessment.objects.filter(use_case__in=visible(access).values("pk"))
    return rows.select_related("use_case__unit", "use_case__owner", "use_case__reporter", "delivery")


def sees(access: Access, use_case: UseCase) -> bool:
    """Return whether a person who sees a use case knows it by its own name, or answers for a role in it."""
    if not is_veiled(access, use_case):
        return True
    return Responsible.objects.filter(use_case=use_case, person=access.person).exists()


def find(request: OfficeRequest, key: str) -> StageAssessment:
    """Return one assessment.

    Raises:
        Http404: none that this person may know of.
    """
    found = readable(request.access).filter(key=key).first()
    if found is None or not sees(request.access, found.use_case):
        raise Http404
    return found


def find_editable(request: OfficeRequest, key: str) -> StageAssessment:
    """Return one assessment that this person works on.

    Raises:
        Http404, NotAllowedError: not there for them, or theirs to read only.
    """
    found = find(request, key)
    if not may_edit(request.access, found.use_case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    return found


def board_of(request: OfficeRequest, assessment: StageAssessment) -> Board:
    """Return what stands in an assessment now, as this reader sees it.

    Raises:
        Http404: it was never derived.
    """
    found = projected(assessment)
    if found is None:
        raise Http404
    roles = Roles.of(request.access, assessment)
    return make_board(found, plan_of(assessment), packs_of(assessment.packs), roles, last_answers(assessment))


def frozen(round: Round) -> Frozen:
    """Return a round with its document and plan.

    Raises:
        Http404: they were erased.
    """
    files = File.objects.in_bulk([round.document, round.plan])
    found = [files.get(digest) for digest in (round.document, round.plan)]
    contents = [bytes(file.content) for file in found if file is not None and file.content is not None]
    if len(contents) < len(found):
        raise Http404
    document, plan = (parse_json(content, what="round") for content in contents)
    return Frozen(
        round=round,
        found=decode(Assessment, document, what="assessment.json"),
        plan=decode(Plan, plan, what="plan.json"),
    )


def page(
    request: OfficeRequest, template: str, assessment: StageAssessment, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Return a page of an assessment."""
    case = assessment.use_case
    frame = {
        "assessment": assessment,
        "case": case,
        "case_title": title_for(request.access, case),
        "signs": signs(),
    }
    return render(request, f"lifecycle/{template}.html", {**frame, **context}, status=status)
