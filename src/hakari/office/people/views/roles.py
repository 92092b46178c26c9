"""Roles: what each allows, and who gets which."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import tell
from hakari.office.people.actions.assignments import end_role, give_role
from hakari.office.people.forms import RoleForm
from hakari.office.people.models import Assignment, Person
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES

__all__ = ["end", "give", "roles"]

_PERMISSION: Final = "office.permission."


@signed_in
@require_safe
def roles(request: OfficeRequest) -> HttpResponse:
    """Explain every role and what it allows."""
    shown = [
        {
            "code": code,
            "whole_company": role.whole_company,
            "allows": [say(_PERMISSION + permission) for permission in Permission if permission in role.allows],
        }
        for code, role in ROLES.items()
    ]
    return render(request, "people/roles.html", {"roles": shown})


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: OfficeRequest, key: str) -> HttpResponse:
    """Give somebody else a role."""
    one = get_object_or_404(Person, key=key, erased_at=None)
    if one == request.access.person:
        raise NotAllowedError(say("office.people.role.not_oneself"))
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        give_role(one, **form.cleaned_data, by=request.access.person)
        messages.success(request, tell("office.people.told.role_given"))
        return redirect("people:person", one.key)
    return render(request, "people/role_give.html", {"form": form, "one": one})


@allowed(Permission.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficeRequest, key: str, number: int) -> HttpResponse:
    """Ask whether, and then take a role back."""
    held = get_object_or_404(Assignment.objects.select_related("person", "unit"), pk=number, person__key=key)
    if request.method == "POST":
        end_role(held, by=request.access.person)
        messages.success(request, tell("office.people.told.role_ended"))
        return redirect("people:person", key)
    return render(request, "people/role_end.html", {"one": held.person, "held": held})
