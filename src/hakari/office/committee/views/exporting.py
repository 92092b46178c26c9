"""A decision as a file that anybody can check without the office."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from hakari.errors import HakariError, NotAllowedError
from hakari.messages import say
from hakari.office.committee.actions.exporting import export_decision, may_export
from hakari.office.committee.exporting import file_name
from hakari.office.committee.models import Decision
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.registry.visibility import is_veiled, title_for, visible

__all__ = ["bundle"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def bundle(request: OfficeRequest, number: str) -> HttpResponse:
    """Say what the bundle of a decision holds and how it is checked; sent as a form, hand it out."""
    access = request.access
    related = ("use_case__unit", "use_case__owner", "use_case__reporter", "round__assessment", "assessment")
    seen = Decision.objects.filter(use_case__in=visible(access)).select_related(*related)
    decision = seen.filter(number=number).first()
    # Who is told a code name only does not hear that there is a decision.
    if decision is None or is_veiled(access, decision.use_case):
        raise Http404
    if not may_export(access, decision):
        raise NotAllowedError(say("office.committee.export.not_allowed"))
    context = {
        "decision": decision,
        "use_case": decision.use_case,
        "title": title_for(access, decision.use_case),
        "file": file_name(decision),
    }
    if request.method != "POST":
        return render(request, "committee/export.html", context)
    try:
        content = export_decision(decision, by=access.person)
    except NotAllowedError:
        raise
    except HakariError as error:
        return render(request, "committee/export.html", {**context, "told": error.message}, status=409)
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(decision)}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
