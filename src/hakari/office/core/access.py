"""Who may open a page: every view says so with one of these marks, and a test finds those that do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase

from hakari.errors import NotAllowedError
from hakari.messages import say

__all__ = ["OfficeRequest", "allowed", "public", "signed_in"]


class OfficeRequest(HttpRequest):
    """A request as the middleware hands it on."""

    access: Any
    """What the person asking may do (`people.access.Access`)."""
    htmx: Any
    """True where only a part of the page is wanted."""


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def public(view: View) -> View:
    """Anybody may open it, also without an account."""
    view.opens_to = "public"  # type: ignore[attr-defined]  # read by the permission matrix
    return view


def signed_in(view: View) -> View:
    """Whoever has an account may open it; what they find there is for the view to choose by their access."""
    return _guard(view, None)


def allowed(permission: Any) -> Callable[[View], View]:
    """Who holds `permission` somewhere may open it; for which unit, the view or its action checks."""
    return lambda view: _guard(view, permission)


def _guard(view: View, permission: Any) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        access = request.access  # type: ignore[attr-defined]  # set by the middleware
        if not access.signed_in:
            return redirect_to_login(request.get_full_path())
        if permission is not None and not access.may(permission):
            raise NotAllowedError(say("office.people.not_allowed", permission=say(f"office.permission.{permission}")))
        return view(request, *args, **kwargs)

    guarded.opens_to = "signed_in" if permission is None else str(permission)  # type: ignore[attr-defined]
    return cast("View", guarded)
