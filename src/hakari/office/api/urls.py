"""Addresses of this room: version 1 and its description as OpenAPI.

The page that ninja would show of the description is left out: it is a program of a megabyte and a half that styles
itself, which our content policy does not allow; the description is what tools read.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from hakari.errors import HakariError, NotAllowedError
from hakari.office.api.endpoints import router
from hakari.office.api.keys import TokenAuth
from hakari.office.core.forms import tell
from hakari.office.core.templatetags.office import told

__all__ = ["api", "urlpatterns"]

api = NinjaAPI(title="Hakari", version="1", urls_namespace="api", docs_url=None, auth=TokenAuth())
api.add_router("", router)


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Say how a program shows who it is."""
    response = api.create_response(request, {"detail": tell("office.api.no_token")}, status=401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HakariError)
def refused(request: HttpRequest, error: HakariError) -> HttpResponse:
    """Answer a person's mistake with its one line."""
    status = 403 if isinstance(error, NotAllowedError) else 400
    return api.create_response(request, {"detail": told(error.message)}, status=status)


_addresses: Any = api.urls  # asked for once: each time ninja makes new views, without the mark
for _pattern in _addresses[0]:
    # The permission matrix reads for whom a view is open: these are for programs, except the description.
    _pattern.callback.opens_to = "public" if _pattern.name in {"openapi-json", "api-root"} else "token"

urlpatterns = [path("v1/", _addresses)]
