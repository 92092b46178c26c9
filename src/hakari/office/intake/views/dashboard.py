"""How the office does."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.intake.lanes import LANES
from hakari.office.intake.measuring import ages, by_month, mis_triage
from hakari.office.people.permissions import Permission

__all__ = ["dashboard"]


@allowed(Permission.MEASURE_OFFICE)
@require_safe
def dashboard(request: OfficeRequest) -> HttpResponse:
    """Show what came in, what waits, and how often the lanes below the office were wrong."""
    today = timezone.localdate()
    context = {"months": by_month(today), "lanes": list(LANES), "ages": ages(today), "rates": mis_triage()}
    return render(request, "intake/dashboard.html", context)
