"""The list of assessments, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.assessment.reasons import role_word, status_word
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.lifecycle.actions.reviewing import gate_blockers
from hakari.office.lifecycle.actions.rules import WRITABLE
from hakari.office.lifecycle.models import WRITING, Responsible, Round, Stage, StageAssessment, Standing
from hakari.office.lifecycle.showing.board import Board, RequirementLine
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.lifecycle.views.finding import board_of, find, page, readable
from hakari.office.people.access import Access
from hakari.office.people.models import Unit
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import title_for, veiled
from hakari.reports.marks import STATUSES

__all__ = ["assessment", "assessments", "listed"]

_PAGE: Final = 25
_SHOWS: Final = ("open", "mine", "all")


def listed(access: Access, *, everything: bool = False) -> QuerySet[StageAssessment]:
    """Return the assessments that a person works on or may review, or all that they may read."""
    person = access.person
    answers = Responsible.objects.filter(use_case=OuterRef("use_case"), person=person)
    known = UseCase.objects.filter(~veiled(access)).values("pk")
    found = readable(access).filter(Q(use_case__in=known) | Exists(answers))
    if everything:
        return found
    theirs = Q(use_case__owner=person) | Q(use_case__reporter=person) | Exists(answers)
    units = Q(use_case__unit__in=access.units(Permission.EDIT)) | Q(use_case__unit__in=access.units(Permission.REVIEW))
    return found.filter(theirs | units)


@signed_in
@require_safe
def assessments(request: OfficeRequest) -> HttpResponse:
    """List assessments, the latest move first."""
    access, query = request.access, request.GET
    asked = {name: str(query.get(name, ""))[:40] for name in ("whose", "stage", "standing", "unit")}
    found = listed(access, everything=asked["whose"] == "all")
    if asked["stage"] in Stage.values:
        found = found.filter(stage=asked["stage"])
    if asked["standing"] in Standing.values:
        found = found.filter(standing=asked["standing"])
    unit = Unit.objects.filter(key=asked["unit"]).first() if asked["unit"].isalnum() else None
    if unit is not None:
        found = found.filter(use_case__unit__path__startswith=unit.path)
    rows = found.select_related("projection").defer("projection__content").order_by("-standing_since", "-pk")
    shown = Paginator(rows, _PAGE).get_page(query.get("page"))
    context = {
        "page": shown,
        "rows": [{"item": item, "title": title_for(access, item.use_case), **_counts(item)} for item in shown],
        "asked": asked,
        "narrow": any(asked.values()),
        "stages": Stage.values,
        "standings": Standing.values,
        "units": Unit.objects.all(),
    }
    return render(request, "lifecycle/list.html", context)


def _counts(item: StageAssessment) -> dict[str, int]:
    projection = getattr(item, "projection", None)
    counts = projection.counts if projection else {}
    passed = counts.get("met", 0) + counts.get("excepted", 0)
    return {"passed": passed, "asked": sum(counts.values()) - counts.get("not_applicable", 0)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filters:
    """Which requirements the reader asked for; what the address says wrongly is as if it were not said."""

    show: str
    status: str
    role: str

    @classmethod
    def read(cls, request: OfficeRequest, board: Board) -> _Filters:
        """Return the filters that the address names; at first what is open."""
        show, status, role = (str(request.GET.get(name, "")) for name in ("show", "status", "role"))
        return cls(
            show=show if show in _SHOWS else "open",
            status=status if status in STATUSES else "",
            role=role if role in board.roles else "",
        )

    def fits(self, line: RequirementLine) -> bool:
        """Return whether a requirement is asked for."""
        if self.status:
            # One status is asked for: whether it stands in the way is said by it.
            wanted = line.finding.status == self.status and (self.show != "mine" or line.mine)
        else:
            wanted = self.show == "all" or (line.open and (self.show == "open" or line.mine))
        return wanted and (not self.role or self.role in line.requirement.roles)


@signed_in
@require_safe
def assessment(request: OfficeRequest, key: str) -> HttpResponse:
    """Show where an assessment stands, what is open, and who is waited for."""
    found = find(request, key)
    board = board_of(request, found)
    filters = _Filters.read(request, board)
    shown = [line for line in board.lines if filters.fits(line)]
    doable, following = _doable(request, found), _next(board)
    context = {
        "board": board,
        "step": _step(board, doable, asks=following is not None),
        "groups": board.groups(shown),
        "filters": filters,
        "statuses": [(name, status_word(name), number) for name, number in board.counts],
        "roles": [(role, role_word(role)) for role in board.roles],
        "tabs": _tabs(board),
        "next": following,
        "rounds": Round.objects.filter(assessment=found).select_related("submitted_by").order_by("-number"),
        **doable,
    }
    return page(request, "assessment", found, context)


def _tabs(board: Board) -> list[tuple[str, int]]:
    mine = sum(line.open and line.mine for line in board.lines)
    return [("open", board.open_lines), ("mine", mine), ("all", len(board.lines))]


def _next(board: Board) -> Any:
    return next((item for item in board.open_questions if item.mine and not item.unknown), None)


def _step(board: Board, doable: dict[str, Any], *, asks: bool) -> str:
    """Return what the reader does best now; that one button is filled."""
    if board.unstated and doable["may_write"]:
        return "facts"  # first, as they decide what is asked
    if board.my_carried and doable["may_answer"]:
        return "carried"
    if asks and doable["may_answer"]:
        return "answer"
    if doable["may_write"] and any(item.checks for item in board.waiting):
        return "evidence"
    return "submit" if doable["may_submit"] else ""


def _doable(request: OfficeRequest, found: StageAssessment) -> dict[str, Any]:
    """Return what this reader may do with an assessment as it stands."""
    access, case = request.access, found.use_case
    edits = may_edit(access, case)
    decided = found.standing == Standing.DECIDED
    return {
        "may_edit": edits,
        "may_write": edits and found.standing in WRITABLE,
        "may_answer": found.standing in WRITABLE and case.state != State.SUSPENDED,
        "may_submit": edits and found.standing in WRITING and case.state != State.SUSPENDED,
        "may_accept": access.may(Permission.ACCEPT, case.unit) and found.standing in (*WRITABLE, Standing.IN_REVIEW),
        "blockers": gate_blockers(found) if decided else [],
        "may_close": decided and (edits or access.may(Permission.REVIEW, case.unit)),
        "may_again": found.standing == Standing.STALE and case.state == State.STALE and _may_open(access, found),
        "stale": messages_of(found),
    }


def _may_open(access: Access, found: StageAssessment) -> bool:
    return may_edit(access, found.use_case) or access.may(Permission.REVIEW, found.use_case.unit)
