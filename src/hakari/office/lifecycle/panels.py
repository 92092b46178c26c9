"""This room's part of a use case's page: where its assessment stands, and the way to open one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.assessment.reasons import status_word
from hakari.office.lifecycle.actions.opening import stages_open_to
from hakari.office.lifecycle.actions.reviewing import gate_blockers
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.lifecycle.views.opening import may_open
from hakari.office.people.access import Access
from hakari.office.registry.models import UseCase
from hakari.office.registry.panels import Panel, add_panel
from hakari.office.registry.states import State
from hakari.reports.marks import STATUSES, signs

__all__ = ["of_assessments"]


def of_assessments(access: Access, use_case: UseCase) -> Mapping[str, Any]:
    """Return what the panel shows."""
    rows = list(StageAssessment.objects.filter(use_case=use_case).select_related("projection", "delivery"))
    for row in rows:
        row.use_case = use_case
    now = rows[0] if rows else None
    projection = getattr(now, "projection", None)
    counts = projection.counts if projection else {}
    opens = may_open(access, use_case)
    return {
        "now": now,
        "earlier": rows[1:],
        "counts": [(name, status_word(name), counts[name]) for name in STATUSES if counts.get(name)],
        "closes": projection.closes if projection else False,
        "blockers": gate_blockers(now) if now is not None and now.standing == Standing.DECIDED else [],
        "stale": messages_of(now) if now is not None else [],
        "stages": stages_open_to(use_case) if opens else [],
        "may_again": opens and now is not None and now.standing == Standing.STALE and use_case.state == State.STALE,
        "signs": signs(),
    }


def _shown(access: Access, use_case: UseCase) -> bool:
    if StageAssessment.objects.filter(use_case=use_case).exists():
        return True
    return may_open(access, use_case) and bool(stages_open_to(use_case))


add_panel(
    Panel(
        key="lifecycle.assessments",
        place=20,
        template="lifecycle/_panel.html",
        context=of_assessments,
        shown=_shown,
    )
)
