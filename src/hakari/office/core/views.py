"""The home page, the choice of language, and the page of all parts."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from hakari.office.core.access import OfficeRequest, public, signed_in
from hakari.office.core.home import sections

__all__ = ["home", "language", "parts"]


@signed_in
@require_safe
def home(request: OfficeRequest) -> HttpResponse:
    """Show what needs this person now."""
    return render(request, "office/home.html", {"sections": sections(request.access)})


@public
@require_POST
def language(request: OfficeRequest) -> HttpResponse:
    """Remember the language on this device and go back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language", "en")
    if chosen in ("en", "ja"):
        response.set_cookie(
            "language", chosen, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure(), httponly=True
        )
    return response


@signed_in
@require_safe
def parts(request: OfficeRequest) -> HttpResponse:
    """Show every component once, for those who build pages."""
    return render(request, "office/parts.html")
