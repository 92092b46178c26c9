"""Submitting, and the page of a frozen round: findings, differences, and what reviewers said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.assessment.reasons import status_word
from hakari.errors import ConflictError, NotAllowedError, OfficeError
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.models import WRITING, Review, Round, Standing
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.board import Board, make_board
from hakari.office.lifecycle.showing.differences import changes, evidence_changes
from hakari.office.lifecycle.showing.names import Roles, named
from hakari.office.lifecycle.showing.parts import ROUND_PARTS
from hakari.office.lifecycle.views.finding import board_of, find, find_editable, frozen, page
from hakari.office.lifecycle.views.reviewing import act_on, desk

__all__ = ["frozen_round", "send"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: OfficeRequest, key: str) -> HttpResponse:
    """Say what is open before a round is frozen, and freeze it."""
    found = find_editable(request, key)
    problem: Any = None
    status = 200
    if request.method == "POST":
        seen = str(request.POST.get("version", ""))
        try:
            number = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
            made = submit(found, seen=number, by=request.access.person)
        except NotAllowedError:
            raise
        except ConflictError as error:
            problem, status, found = error.message, 409, find_editable(request, key)
        except OfficeError as error:
            problem, status = error.message, 400
        else:
            messages.success(request, tell("office.lifecycle.page.submitted", number=made.number), extra_tags="good")
            return redirect("lifecycle:round", key, made.number)
    elif found.standing == Standing.IN_REVIEW:
        return redirect("lifecycle:round", key, found.round)
    board = board_of(request, found)
    context = {
        "board": board,
        "counts": [(name, status_word(name), number) for name, number in board.counts],
        "groups": board.groups([line for line in board.lines if line.open]),
        "may_submit": found.standing in WRITING,
        "problem": problem,
    }
    return page(request, "submit", found, context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def frozen_round(request: OfficeRequest, key: str, number: int) -> HttpResponse:
    """Show a round as it was frozen, what changed since the one before, and take what reviewers say of it."""
    found = find(request, key)
    round = Round.objects.filter(assessment=found, number=number).select_related("submitted_by").first()
    if round is None:
        raise Http404
    round.assessment = found
    frozen_now = frozen(round)
    packs = packs_of(round.packs)
    board = make_board(frozen_now.found, frozen_now.plan, packs, Roles.of(request.access, found), {})
    bench = desk(request, round, board)
    if request.method == "POST":
        done = act_on(request, round, bench)
        if done is not None:
            return done
    context = {
        "round": round,
        "board": board,
        "groups": board.groups(board.lines),
        "counts": [(name, status_word(name), each) for name, each in board.counts],
        "newest": round.number == found.round,
        "parts": ROUND_PARTS,
        "reviews": _reviews(round, board),
        **_before(round, frozen_now, packs),
        **bench.context,
    }
    return page(request, "round", found, context, status=bench.status)


def _before(round: Round, now: Any, packs: Any) -> dict[str, Any]:
    """Return what changed since the round before, if there was one and its document is still there."""
    before = (
        Round.objects.filter(assessment_id=round.assessment_id, number__lt=round.number).order_by("-number").first()
    )
    if before is None:
        return {"before": None}
    try:
        differences = changes(frozen(before), now, packs)
    except Http404:
        return {"before": None}
    new, gone = evidence_changes(before, round)
    return {"before": before, "changes": differences, "new_evidence": new, "gone_evidence": gone}


def _reviews(round: Round, board: Board) -> list[dict[str, Any]]:
    rows = list(Review.objects.filter(round=round).select_related("text"))
    names = named(row.by for row in rows)
    asked = {item.place: item for item in board.questions}
    return [
        {
            "row": row,
            "by": names.get(row.by, "—"),
            "questions": [asked[place] for place in map(tuple, row.questions) if place in asked],
        }
        for row in rows
    ]
