"""A person's own page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, signed_in

__all__ = ["me"]


@require_safe
@signed_in
def me(request: OfficeRequest) -> HttpResponse:
    """Show a person what the office knows of them."""
    return render(request, "people/me.html")
