"""Units as a tree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError, InputError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.core.language import reader_language
from hakari.office.core.templatetags.office import told
from hakari.office.people.actions.units import add_unit, move_unit, rename_unit
from hakari.office.people.forms import UnitForm
from hakari.office.people.models import Unit
from hakari.office.people.permissions import Permission

__all__ = ["add", "unit", "units"]


@allowed(Permission.MANAGE_PEOPLE)
@require_safe
def units(request: OfficeRequest) -> HttpResponse:
    """Show the tree."""
    found = Unit.objects.annotate(count=Count("people", filter=Q(people__is_active=True)))
    return render(request, "people/units.html", {"tree": _branches(list(found))})


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: OfficeRequest) -> HttpResponse:
    """Add a unit."""
    form = UnitForm(request.POST or None, initial={"parent": request.GET.get("below", "")})
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "name_ja", "reading", "parent")}
        add_unit(**given, by=request.access.person)
        messages.success(request, tell("office.people.told.unit_added"))
        return redirect("people:units")
    return render(request, "people/unit_add.html", {"form": form})


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: OfficeRequest, key: str) -> HttpResponse:
    """Rename a unit, or hang it elsewhere."""
    one = get_object_or_404(Unit.objects.select_related("parent"), key=key)
    now = {name: getattr(one, name) for name in ("name", "name_ja", "reading", "version")}
    now["parent"] = one.parent and one.parent.key
    form = UnitForm(request.POST or None, initial=now)
    shown: dict[str, Any] = {"form": form, "unit": one}
    if request.method == "POST" and form.is_valid():
        try:
            _change(one, form.cleaned_data, request.access.person)
        except InputError as error:
            form.add_error("parent", told(error.message))
        except ConflictError as error:
            one.refresh_from_db()
            again = {**request.POST.dict(), "version": str(one.version)}
            shown = {"form": UnitForm(again), "unit": one, "told": error.message}
            return render(request, "people/unit.html", shown, status=409)
        else:
            messages.success(request, tell("office.people.told.unit_changed"))
            return redirect("people:units")
    return render(request, "people/unit.html", shown)


def _change(one: Unit, given: dict[str, Any], by: Any) -> None:
    seen = given["version"]
    with transaction.atomic():
        names = {name: given[name] for name in ("name", "name_ja", "reading")}
        if any(getattr(one, name) != value for name, value in names.items()):
            rename_unit(one, **names, seen=seen, by=by)
            seen = one.version
        if one.parent != given["parent"]:
            move_unit(one, given["parent"], seen=seen, by=by)


def _branches(found: list[Unit]) -> list[dict[str, Any]]:
    """Return the units as nested branches, siblings in the order of the reader's language."""
    below: dict[Any, list[Unit]] = {}
    language = reader_language()
    for one in sorted(found, key=lambda item: item.sorted_by(language)):
        below.setdefault(one.parent_id, []).append(one)

    def branch(parent: Any) -> list[dict[str, Any]]:
        return [{"unit": one, "below": branch(one.pk)} for one in below.get(parent, [])]

    return branch(None)
