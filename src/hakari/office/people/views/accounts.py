"""Accounts as administrators keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.people.actions import accounts
from hakari.office.people.actions.profile import change_profile
from hakari.office.people.forms import ChangeForm, PersonForm
from hakari.office.people.models import Person, Unit
from hakari.office.people.permissions import Permission

__all__ = ["act", "add", "change", "people", "person"]

_ACTS: Final[dict[str, Callable[..., Any]]] = {
    "activate": accounts.activate,
    "deactivate": accounts.deactivate,
    "erase": accounts.erase,
    "invite": accounts.invite_again,
}
_TOLD: Final = "office.people.told."
_STATES: Final[dict[str, Q]] = {
    "active": Q(is_active=True),
    "inactive": Q(is_active=False, erased_at=None),
    "asked": Q(erasure_asked_at__isnull=False, erased_at=None),
    "erased": Q(erased_at__isnull=False),
}


@allowed(Permission.MANAGE_PEOPLE)
@require_safe
def people(request: OfficeRequest) -> HttpResponse:
    """List people, by reading, with search, states and units."""
    words, state, unit = (request.GET.get(name, "").strip() for name in ("q", "state", "unit"))
    found = Person.objects.select_related("unit").prefetch_related("assignments__unit")
    for word in words.split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(reading__icontains=word) | Q(email__icontains=word))
    found = found.filter(_STATES.get(state, Q(erased_at=None)))
    chosen = Unit.objects.filter(key=unit).first() if unit else None
    if chosen is not None:
        found = found.filter(unit__path__startswith=chosen.path)
    found = found.order_by(Lower(Coalesce(NullIf("reading", Value("")), "name")), "pk")
    page = Paginator(found, 25).get_page(request.GET.get("page"))
    shown = {"page": page, "words": words, "state": state, "states": _STATES, "unit": unit, "units": Unit.objects.all()}
    return render(request, "people/list.html", shown)


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest) -> HttpResponse:
    """Make an account."""
    form = PersonForm(request.POST or None, initial={"language": "ja" if request.LANGUAGE_CODE == "ja" else "en"})
    if request.method == "POST" and form.is_valid():
        made = accounts.add_person(**form.cleaned_data, by=request.access.person)
        messages.success(request, tell("office.people.told.added", address=made.email))
        return redirect("people:person", made.key)
    return render(request, "people/add.html", {"form": form})


@allowed(Permission.MANAGE_PEOPLE)
@require_safe
def person(request: OfficeRequest, key: str) -> HttpResponse:
    """Show one account: who it is, the roles, and what can be done with it."""
    one = get_object_or_404(Person.objects.select_related("unit"), key=key)
    roles = one.assignments.select_related("unit")
    return render(request, "people/person.html", {"one": one, "roles": roles, "oneself": one == request.access.person})


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: OfficeRequest, key: str) -> HttpResponse:
    """Change how somebody is called and where they belong."""
    one = get_object_or_404(Person.objects.select_related("unit"), key=key, erased_at=None)
    now = {name: getattr(one, name) for name in ("name", "reading", "language", "version")}
    form = ChangeForm(request.POST or None, initial={**now, "unit": one.unit and one.unit.key})
    if request.method == "POST" and form.is_valid():
        try:
            _change(one, dict(form.cleaned_data), request.access.person)
        except ConflictError as error:
            one.refresh_from_db()
            again = ChangeForm({**request.POST.dict(), "version": str(one.version)})
            return render(request, "people/change.html", {"form": again, "one": one, "told": error.message}, status=409)
        messages.success(request, tell("office.people.told.changed"))
        return redirect("people:person", one.key)
    return render(request, "people/change.html", {"form": form, "one": one})


def _change(one: Person, given: dict[str, Any], by: Person) -> None:
    seen, unit = given.pop("version"), given.pop("unit")
    with transaction.atomic():
        if any(getattr(one, name) != value for name, value in given.items()):
            change_profile(one, **given, seen=seen, by=by)
            seen = one.version
        if one.unit != unit:
            accounts.assign_unit(one, unit, seen=seen, by=by)


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: OfficeRequest, key: str, act: str) -> HttpResponse:
    """Ask whether, and then do one thing with an account."""
    one = get_object_or_404(Person, key=key)
    if act not in _ACTS:
        raise Http404
    if request.method == "POST":
        _ACTS[act](one, by=request.access.person)
        messages.success(request, tell(_TOLD + act))
        return redirect("people:person", one.key)
    return render(
        request, "people/act.html", {"one": one, "act": act, "tone": "danger" if act in {"erase", "deactivate"} else ""}
    )
