"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hakari.office.core.language import reader_language
from hakari.office.core.navigation import entries

__all__ = ["frame"]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return language, mode, and the way round the site for this person."""
    return {
        "language": reader_language(),
        "demo": settings.ENVIRONMENT.mode == "demo",
        "navigation": entries(request),
        "access": getattr(request, "access", None),
    }
