"""The register as pages."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.registry.visibility import visible

__all__ = ["use_cases"]


@require_safe
@signed_in
def use_cases(request: OfficeRequest) -> HttpResponse:
    """List the use cases that this person sees."""
    found = visible(request.access).select_related("unit", "owner")
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    return render(request, "registry/list.html", {"page": page})
