"""A person's own page."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.people.actions.profile import ask_for_erasure, change_profile, withdraw_erasure
from hakari.office.people.actions.sessions import end_sessions
from hakari.office.people.export import about
from hakari.office.people.forms import ProfileForm
from hakari.office.people.models import Assignment
from hakari.office.people.signing.devices import device

__all__ = ["erasure", "export", "me", "profile", "sessions"]


@signed_in
@require_safe
def me(request: OfficeRequest) -> HttpResponse:
    """Show a person what the office knows of them, and what they can do about it."""
    person = request.access.person
    roles = Assignment.objects.filter(person=person, ended_at=None).select_related("unit")
    today = timezone.localdate()
    shown = {
        "roles": [role for role in roles if role.ends is None or role.ends >= today],
        "today": today,
        "factor": is_mfa_enabled(person, ["totp"]),
        "tokens": person.tokens.filter(revoked_at=None, expires_at__gt=timezone.now()).count(),
    }
    return render(request, "people/me.html", shown)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: OfficeRequest) -> HttpResponse:
    """Change name, reading and language."""
    person = request.access.person
    now = {"name": person.name, "reading": person.reading, "language": person.language, "version": person.version}
    form = ProfileForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        seen = given.pop("version")
        try:
            change_profile(person, **given, seen=seen, by=person)
        except ConflictError as error:
            person.refresh_from_db()
            again = ProfileForm({**request.POST.dict(), "version": str(person.version)})
            shown = {"form": again, "other": person, "told": error.message}
            return render(request, "people/profile.html", shown, status=409)
        messages.success(request, tell("office.people.told.profile"))
        return redirect("people:me")
    return render(request, "people/profile.html", {"form": form})


@signed_in
@require_safe
def export(request: OfficeRequest) -> HttpResponse:
    """Give everything about the person as a file."""
    response = JsonResponse(about(request.access.person), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="about-me.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: OfficeRequest) -> HttpResponse:
    """Ask for one's erasure, or take the wish back."""
    person = request.access.person
    if request.method == "POST":
        if "withdraw" in request.POST:
            withdraw_erasure(person, by=person)
            messages.success(request, tell("office.people.told.erasure_withdrawn"))
        else:
            ask_for_erasure(person, by=person)
            messages.success(request, tell("office.people.told.erasure_asked"))
        return redirect("people:me")
    return render(request, "people/erasure.html")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: OfficeRequest) -> HttpResponse:
    """List where the person is signed in, and end one of these or all others."""
    person = request.access.person
    found = UserSession.objects.purge_and_list(person)
    here = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session", "")
        ending = [item for item in found if str(item.pk) == chosen or (chosen == "others" and item.session_key != here)]
        if not ending and chosen != "others":
            raise Http404
        end_sessions(person, ending, by=person)
        messages.success(request, tell("office.people.told.sessions", n=len(ending)))
        return redirect("people:sessions")
    rows = [
        {"row": item, "device": device(item.user_agent), "here": item.session_key == here}
        for item in sorted(found, key=lambda item: item.created_at)
    ]
    return render(request, "people/sessions.html", {"sessions": rows, "others": any(not row["here"] for row in rows)})
