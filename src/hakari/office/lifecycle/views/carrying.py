"""Answers that were carried from an earlier assessment: confirmed together, or changed one by one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.errors import HakariError, NotAllowedError
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.lifecycle.actions.answering import confirm_answers
from hakari.office.lifecycle.actions.rules import WRITABLE
from hakari.office.lifecycle.showing.names import named
from hakari.office.lifecycle.views.finding import board_of, find, page

__all__ = ["carried"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def carried(request: OfficeRequest, key: str) -> HttpResponse:
    """Show carried answers, and confirm those that the reader says are true today as well."""
    found = find(request, key)
    problem: Any = None
    if request.method == "POST":
        places = [tuple(place.rsplit("|", 1)) for place in request.POST.getlist("place") if "|" in place]
        if not places:
            return redirect("lifecycle:carried", key)
        try:
            confirm_answers(found, [(one, other) for one, other in places], by=request.access.person)
        except NotAllowedError:
            raise
        except HakariError as error:
            problem = error.message
        else:
            said = tell("office.lifecycle.page.confirmed", n=len(set(places)))
            messages.success(request, said, extra_tags="good")
            rest = board_of(request, found).my_carried
            return redirect("lifecycle:carried" if rest else "lifecycle:assessment", key)
    board = board_of(request, found)
    names = named(item.answer.by for item in board.carried if item.answer is not None)
    context = {
        "rows": [{"item": item, "by": names.get(item.answer.by, "—") if item.answer else ""} for item in board.carried],
        "mine": bool(board.my_carried) and found.standing in WRITABLE,
        "problem": problem,
    }
    return page(request, "carried", found, context, status=400 if problem else 200)
