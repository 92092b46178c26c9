"""A person's calendar: its secret address, the feed behind it, and one meeting as a file."""

from __future__ import annotations

import secrets

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.messages import Language
from hakari.office.committee.models import Meeting
from hakari.office.core.access import OfficeRequest, public, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.mail import absolute
from hakari.office.oversight.actions import close_feed, open_feed
from hakari.office.oversight.calendars.addresses import digest_of, find_feed, secret_of, too_often
from hakari.office.oversight.calendars.events import events_of, meeting_event, sees_meetings
from hakari.office.oversight.calendars.feed import answer, calendar_bytes
from hakari.office.oversight.forms import SeedForm
from hakari.office.oversight.models import CalendarFeed
from hakari.office.people.access import access_of

__all__ = ["calendar", "close", "feed", "meeting"]


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: OfficeRequest) -> HttpResponse:
    """Make the secret address of one's own calendar and show it, this once."""
    person = request.access.person
    form = SeedForm(request.POST or None, initial={"seed": secrets.token_urlsafe(32)})
    if request.method == "POST" and form.is_valid():
        seed = form.cleaned_data["seed"]
        secret = secret_of(person, seed)
        # The same form sent twice makes the same address: it is there already, and is shown again.
        if not CalendarFeed.objects.filter(person=person, digest=digest_of(secret), revoked_at=None).exists():
            open_feed(person, seed=seed, by=person)
        address = absolute(reverse("oversight:feed", args=[secret]))
        return render(request, "oversight/calendar_made.html", {"address": address})
    found = CalendarFeed.objects.filter(person=person, revoked_at=None).first()
    return render(request, "oversight/calendar.html", {"form": form, "feed": found})


@signed_in
@require_POST
def close(request: OfficeRequest, key: str) -> HttpResponse:
    """End one's own secret address."""
    person = request.access.person
    close_feed(get_object_or_404(CalendarFeed, person=person, key=key), by=person)
    messages.success(request, tell("office.oversight.calendar.closed"))
    return redirect("oversight:calendar")


@public
@require_safe
def feed(request: OfficeRequest, secret: str) -> HttpResponse:
    """Hand out the calendar of whoever made this address."""
    found = find_feed(secret)
    if found is None:
        # A program that asks for what is not there is slowed down by where it asks from.
        if too_often(f"from {get_adapter().get_client_ip(request)}"):
            return _slow()
        raise Http404
    if too_often(f"feed {found.key}"):
        return _slow()
    today = timezone.localdate()
    if found.last_used_on != today:
        CalendarFeed.objects.filter(pk=found.pk).update(last_used_on=today)
    language: Language = "ja" if found.person.language == "ja" else "en"
    return answer(calendar_bytes(events_of(access_of(found.person, today)), language), "hakari")


@signed_in
@require_safe
def meeting(request: OfficeRequest, key: str) -> HttpResponse:
    """Hand out one meeting as a file."""
    if not sees_meetings(request.access):
        raise Http404
    rows = Meeting.objects.select_related("place").prefetch_related("agenda__item__use_case__unit")
    found = get_object_or_404(rows, key=key)
    language: Language = "ja" if request.access.person.language == "ja" else "en"
    return answer(calendar_bytes([meeting_event(request.access, found)], language), found.number)


def _slow() -> HttpResponse:
    response = HttpResponse(status=429, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = "600"
    response.headers["Cache-Control"] = "no-store"
    return response
