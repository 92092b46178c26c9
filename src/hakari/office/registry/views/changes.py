"""Changing an entry: one page for each part of it, all of one make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.people.access import Access
from hakari.office.registry import actions
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.forms import (
    CodeNameForm,
    DescribeForm,
    OwnerForm,
    SureForm,
    TakeOverForm,
    VisibilityForm,
)
from hakari.office.registry.models import ComponentUse, UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import get_visible, title_for

__all__ = ["PARTS", "change_part", "drop", "take_over", "take_over_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an entry that has a page for changing it."""

    form: type[forms.Form]
    values: Callable[[UseCase], dict[str, Any]]
    """What stands there now."""
    act: Callable[[UseCase, dict[str, Any], Any], Any]
    """From what was filled in to the action."""
    allowed: Callable[[Access, UseCase], bool] = may_edit
    danger: bool = False
    done: Callable[[UseCase], bool] = lambda case: False
    """Whether the step was taken already, so that sending it twice leads to the same page."""


PARTS: Final[dict[str, Part]] = {
    "edit": Part(
        form=DescribeForm,
        values=lambda case: {"title": case.title, "purpose": case.purpose},
        act=lambda case, given, by: actions.describe(
            case, given["purpose"], title=given["title"], by=by, seen=given["version"]
        ),
    ),
    "owner": Part(
        form=OwnerForm,
        values=lambda case: {"owner": case.owner.email},
        act=lambda case, given, by: actions.hand_over(case, given["owner"], by=by, seen=given["version"]),
    ),
    "visibility": Part(
        form=VisibilityForm,
        values=lambda case: {
            "visibility": case.visibility,
            "people": "\n".join(case.people.order_by("email").values_list("email", flat=True)),
        },
        act=lambda case, given, by: actions.change_visibility(
            case, given["visibility"], given["people"], by=by, seen=given["version"]
        ),
    ),
    "code-name": Part(
        form=CodeNameForm,
        values=lambda case: {"code_name": case.code_name, "until": case.embargo_until},
        act=lambda case, given, by: actions.change_code_name(
            case, given["code_name"], given["until"], by=by, seen=given["version"]
        ),
    ),
    "retire": Part(
        form=SureForm,
        values=lambda case: {},
        act=lambda case, given, by: actions.retire(case, by=by),
        danger=True,
        done=lambda case: case.state == State.RETIRED,
    ),
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_part(request: OfficeRequest, number: str, part: str) -> HttpResponse:
    """Show or take the form for one part of an entry."""
    case = get_visible(request.access, number)
    kind = PARTS[part]
    if kind.done(case):
        return redirect("registry:detail", number=number)
    if not kind.allowed(request.access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    form = kind.form(request.POST or None, initial={**kind.values(case), "version": case.version})
    conflict: dict[str, Any] | None = None
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            kind.act(case, form.cleaned_data, request.access.person)
        except ConflictError as error:
            # What the reader typed stays in the fields; what the other one wrote is shown beside it.
            case = get_visible(request.access, number)
            if _same(kind, case, form):
                return redirect("registry:detail", number=number)
            conflict, status = _now(kind, case, error), 409
            form.data = {**form.data.dict(), "version": str(case.version)}  # type: ignore[attr-defined]
        except (InputError, OfficeError) as error:
            form.add_error(None, tell(error.message.key, **error.message.arguments))  # type: ignore[attr-defined]
        else:
            messages.success(request, tell("office.registry.saved"), extra_tags="good")
            return redirect("registry:detail", number=number)
    context = {"use_case": case, "part": part, "form": form, "conflict": conflict, "danger": kind.danger}
    context["title"] = title_for(request.access, case)
    return render(request, "registry/change.html", context, status=status)


def _same(kind: Part, case: UseCase, form: forms.Form) -> bool:
    """Return whether what was typed stands there already: the form was sent twice."""
    stands = kind.values(case)
    return bool(stands) and all(str(form[name].value() or "") == str(value or "") for name, value in stands.items())


def _now(kind: Part, case: UseCase, error: ConflictError) -> dict[str, Any]:
    values = [(tell(f"office.registry.form.{name}"), value) for name, value in kind.values(case).items()]
    return {"told": error.message, "values": values}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: OfficeRequest, number: str) -> HttpResponse:
    """Let a use case inherit what a component's version answers."""
    case = _editable(request, number)
    form = TakeOverForm(request.POST or None, use_case=case)
    if request.method == "POST" and form.is_valid():
        actions.take_over(case, form.cleaned_data["component"], by=request.access.person)
        messages.success(request, tell("office.registry.saved"), extra_tags="good")
        return redirect("registry:detail", number=number)
    context = {"use_case": case, "part": "components", "form": form, "title": title_for(request.access, case)}
    return render(request, "registry/change.html", context)


@signed_in
@require_POST
def take_over_again(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Take over what the component says now, which clears the stale mark."""
    case = _editable(request, number)
    actions.take_over(case, _use(case, key).component_version, by=request.access.person)
    messages.success(request, tell("office.registry.saved"), extra_tags="good")
    return redirect("registry:detail", number=number)


@signed_in
@require_POST
def drop(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Say that a use case no longer builds on a component."""
    case = _editable(request, number)
    actions.drop_component(_use(case, key), by=request.access.person)
    messages.success(request, tell("office.registry.saved"), extra_tags="good")
    return redirect("registry:detail", number=number)


def _editable(request: OfficeRequest, number: str) -> UseCase:
    case = get_visible(request.access, number)
    if not may_edit(request.access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    return case


def _use(case: UseCase, key: str) -> ComponentUse:
    uses = case.component_uses.select_related("component_version__component__supplier", "use_case__unit")
    found = uses.filter(component_version__key=key).first()
    if found is None:
        raise Http404
    return found
