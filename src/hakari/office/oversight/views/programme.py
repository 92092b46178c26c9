"""The programme report: shown for a period, and taken away signed."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hakari.errors import InputError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.templatetags.office import told
from hakari.office.oversight import actions
from hakari.office.oversight.forms import PeriodForm
from hakari.office.oversight.programme.counting import figures
from hakari.office.oversight.programme.page import written
from hakari.office.oversight.programme.period import Period, read_period
from hakari.office.oversight.programme.statement import Signed, require_programme
from hakari.office.oversight.programme.telling import tell_report
from hakari.office.people.permissions import Permission

__all__ = ["programme"]


@allowed(Permission.MEASURE_OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: OfficeRequest) -> HttpResponse:
    """Show the figures of a period (GET), or sign them and hand the files out as one archive (POST)."""
    require_programme(request.access.person)
    asked = request.POST if request.method == "POST" else request.GET
    form = PeriodForm(asked if "period" in asked else None, initial={"period": _last_quarter()})
    period = None
    if form.is_bound and form.is_valid():
        try:
            period = read_period(form.cleaned_data["period"])
        except InputError as error:
            form.add_error("period", told(error.message))
    if period is None:
        status = 400 if request.method == "POST" else 200
        return render(request, "oversight/programme.html", {"form": form}, status=status)
    if request.method == "POST":
        return _archive(actions.report(period, by=request.access.person), period)
    context = {"form": form, "period": period, "report": tell_report(figures(period))}
    return render(request, "oversight/programme.html", context)


def _last_quarter() -> str:
    today = timezone.localdate()
    quarter = (today.month - 1) // 3
    return f"{today.year}Q{quarter}" if quarter else f"{today.year - 1}Q4"


def _archive(signed: Signed, period: Period) -> HttpResponse:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in written(signed).items():
            archive.writestr(name, data)
    response = HttpResponse(content.getvalue(), content_type="application/zip")
    name = f"programme-report-{period.name.replace('..', '-to-')}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
