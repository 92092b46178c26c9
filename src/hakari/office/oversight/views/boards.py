"""Dashboards: each a few pictures over the cases that the reader sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.messages import say
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.oversight.figures import ageing, conditions, coverage, deciding, pipeline, stale, waiting
from hakari.office.oversight.figures.overview import tiles
from hakari.office.oversight.figures.scope import scope_words
from hakari.office.oversight.picture import Picture
from hakari.office.oversight.programme.statement import may_programme
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission

__all__ = ["BOARDS", "board", "overview"]

BOARDS: Final[Mapping[str, tuple[Callable[[Access], Picture], ...]]] = {
    "pipeline": (pipeline.by_state, pipeline.by_stage),
    "ages": (ageing.ages,),
    "time": (deciding.time_to_decision,),
    "conditions": (conditions.open_conditions,),
    "stale": (stale.stale_cases,),
    "coverage": (coverage.coverage,),
    "waiting": (waiting.answers_wanted, waiting.committee_waits),
}
"""Address → pictures."""


@allowed(Permission.MEASURE_OFFICE)
@require_safe
def overview(request: OfficeRequest) -> HttpResponse:
    """Show the few numbers that matter most, and the way to the rest."""
    return render(request, "oversight/overview.html", {"tiles": tiles(request.access), **_frame(request)})


@allowed(Permission.MEASURE_OFFICE)
@require_safe
def board(request: OfficeRequest, name: str) -> HttpResponse:
    """Show one dashboard."""
    if name not in BOARDS:
        raise Http404
    pictures = [draw(request.access) for draw in BOARDS[name]]
    context = {"pictures": pictures, "title": say(f"office.oversight.board.{name}"), **_frame(request, name)}
    return render(request, "oversight/board.html", context)


def _frame(request: OfficeRequest, here: str = "") -> dict[str, object]:
    return {
        "tabs": [(name, say(f"office.oversight.board.{name}")) for name in BOARDS],
        "here": here,
        "scope": scope_words(request.access),
        "may_programme": may_programme(request.access),
    }
