"""A calendar as bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.http import HttpResponse
from icalendar import Calendar, Event

from hakari.messages import Language, render, say

__all__ = ["answer", "calendar_bytes"]

_PRODUCT: Final = "-//Hakari//AI ethics office//EN"
_HOURS: Final = 6


def calendar_bytes(events: Iterable[Event], language: Language) -> bytes:
    """Return a calendar (RFC 5545; its name by RFC 7986) that programs read again every few hours."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    name = render(say("office.oversight.calendar.name"), language)
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", f"PT{_HOURS}H")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def answer(content: bytes, name: str) -> HttpResponse:
    """Return a calendar as an answer that nobody on the way keeps."""
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
