"""Handing out the files that came inside a delivered bundle."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.lifecycle.models import Delivery, File
from hakari.office.lifecycle.showing.enclosed import attached_in, kind_of
from hakari.office.lifecycle.views.finding import find

__all__ = ["enclosed"]


@signed_in
@require_safe
def enclosed(request: OfficeRequest, key: str, digest: str) -> HttpResponse:
    """Hand out a file of a bundle as a download, to whoever reads the evidence of the assessment.

    It is named by its digest: the name in the bundle is somebody's text. Its type is what its content is.
    """
    found = find(request, key)
    there = attached_in(Delivery.objects.filter(assessment=found))
    if digest not in {one.digest for many in there.values() for one in many}:
        raise Http404
    content = bytes(File.objects.get(digest=digest).content or b"")
    ending, kind = kind_of(content)
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{digest}.{ending}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
