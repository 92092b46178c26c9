"""Stating facts of the packs, and naming who answers for which role."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.core.language import in_readers_words
from hakari.office.lifecycle.actions.opening import name_responsible, state_facts
from hakari.office.lifecycle.actions.rules import WRITABLE
from hakari.office.lifecycle.forms import FactsForm, ResponsibleForm
from hakari.office.lifecycle.models import Responsible, StageAssessment
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.facts import FactLine, fact_lines
from hakari.office.lifecycle.views.finding import find, find_editable, page
from hakari.office.people.models import Person
from hakari.office.registry.actions.writing import may_edit

__all__ = ["facts", "responsible"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: OfficeRequest, key: str) -> HttpResponse:
    """Show every fact that the packs use; who may change the entry states those that the notification left open."""
    found = find(request, key)
    may_state = may_edit(request.access, found.use_case) and found.standing in WRITABLE
    if request.method == "POST" and not may_state:
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    lines = fact_lines(found, packs_of(found.packs))
    form, theirs, status = _form(request, found, lines), None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                state_facts(found, _changed(form, lines), seen=form.cleaned_data["version"], by=request.access.person)
            except ConflictError as error:
                found = find(request, key)
                lines = fact_lines(found, packs_of(found.packs))
                if not _changed(form, lines):  # the form was sent twice
                    return redirect("lifecycle:facts", key)
                theirs = {"told": error.message, "lines": [line for line in lines if _other(form, line)]}
                status, form.data = 409, {**form.data.dict(), "version": str(found.version)}  # type: ignore[attr-defined]
            except InputError as error:
                form.add_error(None, in_readers_words(error.message))
            else:
                messages.success(request, tell("office.lifecycle.page.facts_saved"), extra_tags="good")
                return redirect("lifecycle:facts", key)
    context = {
        "form": form if may_state else None,
        "given": [line for line in lines if line.of_prescan],
        "others": [line for line in lines if not line.of_prescan],
        "open": sum(line.text is None for line in lines),
        "theirs": theirs,
    }
    return page(request, "facts", found, context, status=status)


def _form(request: OfficeRequest, found: StageAssessment, lines: list[FactLine]) -> FactsForm:
    stated = [line for line in lines if not line.of_prescan]
    first = {"version": found.version, **FactsForm.initial_of(stated)}
    return FactsForm(request.POST if request.method == "POST" else None, lines=stated, initial=first)


def _changed(form: FactsForm, lines: list[FactLine]) -> dict[str, Any]:
    now = {line.fact.id: line.value for line in lines}
    return {name: value for name, value in form.stated.items() if now.get(name) != value}


def _other(form: FactsForm, line: FactLine) -> bool:
    return line.fact.id in form.names and form.stated[line.fact.id] != line.value


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def responsible(request: OfficeRequest, key: str) -> HttpResponse:
    """Name who answers for each role that the requirements of this assessment name."""
    found = find_editable(request, key)
    case = found.use_case
    roles = _roles(found)
    rows = Responsible.objects.filter(use_case=case, role__in=roles).select_related("person")
    named: dict[str, Person] = {row.role: row.person for row in rows}
    first = {f"role-{role}": person.email for role, person in named.items()}
    form = ResponsibleForm(request.POST if request.method == "POST" else None, roles=roles, initial=first)
    if form.is_bound and form.is_valid():
        for role, person in form.people.items():
            if person != named.get(role):
                name_responsible(case, role, person, by=request.access.person)
        messages.success(request, tell("office.lifecycle.page.named"), extra_tags="good")
        return redirect("lifecycle:assessment", key)
    context = {"form": form, "named": named}
    return page(request, "responsible", found, context, status=422 if form.is_bound else 200)


def _roles(found: StageAssessment) -> dict[str, str]:
    """Return the roles that the stage's requirements name, each with how much is asked of it; the owner's is theirs."""
    asked: dict[str, int] = {}
    for pack in packs_of(found.packs):
        for requirement in pack.requirements:
            if found.stage in requirement.stages:
                for role in requirement.roles:
                    asked[role] = asked.get(role, 0) + 1
    return {role: tell("office.lifecycle.page.role_asked", n=n) for role, n in sorted(asked.items()) if role != "owner"}
