"""Each request learns who asks, what they may do, and in which language they read."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_request

from hakari.office.people.access import access_of
from hakari.office.people.models import Person

__all__ = ["LANGUAGE_COOKIE", "AccessMiddleware"]

LANGUAGE_COOKIE = "language"
_EVERY = 600
"""Seconds after which it is noted again that a session is in use."""


class AccessMiddleware:
    """Set `request.access` (asked for on first use) and the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        def access() -> object:
            # The person themselves, not the stand-in for whom Django asks on first use: actions write to it.
            user = getattr(request.user, "_wrapped", request.user) if request.user.is_authenticated else None
            return access_of(user if isinstance(user, Person) else None, timezone.localdate())

        request.access = SimpleLazyObject(access)  # type: ignore[attr-defined]  # every view may ask for it
        language = self._language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            self._note_session(request)
            response = self.get_response(request)
            if request.user.is_authenticated:
                response.headers.setdefault("Cache-Control", "private, no-cache")
            response.headers.setdefault("Content-Language", language)
            response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
            return response

    @staticmethod
    def _note_session(request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        now = int(time.time())
        if now - request.session.get("seen_at", 0) > _EVERY:
            request.session["seen_at"] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())

    @staticmethod
    def _language(request: HttpRequest) -> str:
        # A choice made on this device wins over the account, so that a page can be read in the other language at once.
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if chosen in ("en", "ja"):
            return chosen
        if request.user.is_authenticated:
            return str(request.user.language)
        return "ja" if get_language_from_request(request).startswith("ja") else "en"
