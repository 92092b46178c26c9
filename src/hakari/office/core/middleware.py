"""Errors that people cause become pages that say what to do."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from hakari.errors import ConflictError, HakariError, NotAllowedError

__all__ = ["RefusalMiddleware"]


class RefusalMiddleware:
    """Turn a HakariError that no view has caught into a page with its one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # PostgreSQL takes no NUL and fails on one; nothing lies at such an address.
        if "\0" in request.path_info or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise Http404
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer with 403, 409 or 400."""
        if not isinstance(exception, HakariError):
            return None
        status = 403 if isinstance(exception, NotAllowedError) else 409 if isinstance(exception, ConflictError) else 400
        return render(request, "office/refused.html", {"told": exception.message, "status": status}, status=status)
