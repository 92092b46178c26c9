"""Who a program acts for: the token in the header, its scopes, and an end to guessing."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from hakari.office.core.forms import tell
from hakari.office.people.access import access_of
from hakari.office.people.tokens import NEEDS, Scope, find_token, note_use

__all__ = ["TokenAuth", "need"]

MOST_FAILURES: Final = 10
"""Wrong tokens from one address, none further apart than `QUIET`, after which no token is looked at."""
QUIET: Final = 60
"""Seconds without a wrong token after which an address is listened to again."""


class TokenAuth(HttpBearer):
    """`Authorization: Bearer hkr_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Set whose access the request has; None if the token does not count."""
        place = f"api-failures:{get_adapter().get_client_ip(request)}"
        failures = cache.get(place, 0)
        if failures >= MOST_FAILURES:
            raise HttpError(429, tell("office.api.slow"))
        found = find_token(token)
        if found is None:
            cache.set(place, failures + 1, QUIET)
            return None
        note_use(found)
        request.access = access_of(found.person)  # type: ignore[attr-defined]  # as the middleware does for people
        return found


def need(request: HttpRequest, scope: Scope) -> None:
    """Refuse a token without `scope`, or whose person may no longer do what the scope allows.

    Raises:
        HttpError: 403.
    """
    token: Any = request.auth  # type: ignore[attr-defined]  # set by ninja
    if scope not in token.scopes:
        raise HttpError(403, tell("office.api.no_scope", scope=str(scope)))
    permission = NEEDS[scope]
    if permission is not None and not request.access.may(permission):  # type: ignore[attr-defined]
        raise HttpError(403, tell("office.api.not_allowed", scope=str(scope)))
