"""Suppliers and what they supply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError, InputError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.core.language import reader_language
from hakari.office.people.permissions import Permission
from hakari.office.registry import actions
from hakari.office.registry.forms import AnswersForm, ComponentForm, LabelForm, SupplierForm
from hakari.office.registry.models import Component, ComponentUse, ComponentVersion, Supplier
from hakari.office.registry.visibility import is_veiled, title_for, visible
from hakari.packs.triage import prescan_questions

__all__ = [
    "add_component",
    "add_component_version",
    "add_supplier",
    "answer_component",
    "change_component",
    "change_supplier",
    "component",
    "components",
    "supplier",
    "suppliers",
]

_MOST_USES = 200


@allowed(Permission.SEE)
@require_safe
def suppliers(request: OfficeRequest) -> HttpResponse:
    """List who supplies."""
    found = Supplier.objects.annotate(number=Count("components")).order_by("name")
    context = {"page": _paged(request, found), "may_manage": _may_manage(request)}
    return render(request, "registry/suppliers.html", context)


@allowed(Permission.SEE)
@require_safe
def supplier(request: OfficeRequest, key: str) -> HttpResponse:
    """Show a supplier and what comes from there."""
    row = get_object_or_404(Supplier, key=key)
    context = {"supplier": row, "components": _described(row.components.all()), "may_manage": _may_manage(request)}
    return render(request, "registry/supplier.html", context)


@allowed(Permission.SEE)
@require_safe
def components(request: OfficeRequest) -> HttpResponse:
    """List what is supplied."""
    text = request.GET.get("text", "").strip()[:100]
    found = _described(Component.objects.filter(Q(name__icontains=text) | Q(supplier__name__icontains=text)))
    context = {"page": _paged(request, found), "text": text, "may_manage": _may_manage(request)}
    return render(request, "registry/components.html", context)


@allowed(Permission.SEE)
@require_safe
def component(request: OfficeRequest, key: str) -> HttpResponse:
    """Show a component, what its versions answer, and where it is used as far as this person sees it."""
    row = get_object_or_404(Component.objects.select_related("supplier"), key=key)
    versions = [
        {"version": version, "answers": _answers(version), "ended": _ended(version)} for version in row.versions.all()
    ]
    context = {
        "component": row,
        "versions": versions,
        "uses": _uses(request, row),
        "may_manage": _may_manage(request),
    }
    return render(request, "registry/component.html", context)


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_supplier(request: OfficeRequest) -> HttpResponse:
    """Enter a supplier."""

    def act(given: dict[str, Any]) -> HttpResponse:
        row = Supplier.objects.filter(**_without(given)).first()  # the form was sent twice
        row = row or actions.add_supplier(**_without(given), by=request.access.person)
        return redirect("registry:supplier", key=row.key)

    form = SupplierForm(request.POST or None, initial={"version": 0})
    return _taken(request, form, act, heading="supplier_add")


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_supplier(request: OfficeRequest, key: str) -> HttpResponse:
    """Change a supplier's entry."""
    row = get_object_or_404(Supplier, key=key)

    def act(given: dict[str, Any]) -> HttpResponse:
        actions.change_supplier(row, **_without(given), by=request.access.person, seen=given["version"])
        return redirect("registry:supplier", key=key)

    form = SupplierForm(request.POST or None, initial=SupplierForm.of(row))
    return _taken(
        request, form, act, heading="supplier_change", now=lambda: SupplierForm.of(Supplier.objects.get(pk=row.pk))
    )


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_component(request: OfficeRequest, key: str) -> HttpResponse:
    """Enter a component of a supplier."""
    row = get_object_or_404(Supplier, key=key)

    def act(given: dict[str, Any]) -> HttpResponse:
        made = row.components.filter(**_without(given)).first()  # the form was sent twice
        made = made or actions.add_component(row, **_without(given), by=request.access.person)
        return redirect("registry:component", key=made.key)

    form = ComponentForm(request.POST or None, initial={"version": 0})
    return _taken(request, form, act, heading="component_add", above=row.name)


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_component(request: OfficeRequest, key: str) -> HttpResponse:
    """Change a component's entry."""
    row = get_object_or_404(Component.objects.select_related("supplier"), key=key)

    def act(given: dict[str, Any]) -> HttpResponse:
        actions.change_component(row, **_without(given), by=request.access.person, seen=given["version"])
        return redirect("registry:component", key=key)

    form = ComponentForm(request.POST or None, initial=ComponentForm.of(row))
    now = lambda: ComponentForm.of(Component.objects.get(pk=row.pk))  # noqa: E731  # one line, asked for on conflict
    return _taken(request, form, act, heading="component_change", above=row.supplier.name, now=now)


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_component_version(request: OfficeRequest, key: str) -> HttpResponse:
    """Enter a version of a component."""
    row = get_object_or_404(Component, key=key)

    def act(given: dict[str, Any]) -> HttpResponse:
        made = row.versions.filter(label=given["label"], assessed_on=None).first()  # the form was sent twice
        made = made or actions.add_component_version(row, given["label"], by=request.access.person)
        return redirect("registry:component_answers", key=made.key)

    return _taken(request, LabelForm(request.POST or None), act, heading="component_version_add", above=row.name)


@allowed(Permission.MANAGE_COMPONENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_component(request: OfficeRequest, key: str) -> HttpResponse:
    """Write down what a component's version answers."""
    row = get_object_or_404(ComponentVersion.objects.select_related("component__supplier"), key=key)

    def values() -> dict[str, Any]:
        fresh = ComponentVersion.objects.get(pk=row.pk)
        said = {f"q_{name}": answer for name, answer in fresh.answers.items()}
        return {**said, "version": fresh.version, "valid_until": fresh.valid_until, "notes": fresh.notes}

    def act(given: dict[str, Any]) -> HttpResponse:
        actions.answer_component(
            row,
            form.answers,
            by=request.access.person,
            valid_until=given["valid_until"],
            notes=given["notes"],
            seen=given["version"],
        )
        return redirect("registry:component", key=row.component.key)

    asked = prescan_questions()[1]
    form = AnswersForm(request.POST or None, initial=values(), questions=asked, language=reader_language())
    above = f"{row.component.name}@{row.label}"
    return _taken(request, form, act, heading="answers_change", above=above, now=values)


def _taken(
    request: OfficeRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], HttpResponse],
    *,
    heading: str,
    above: str = "",
    now: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Show a form, or do what it asks for; on a conflict show what stands there now beside what was typed."""
    conflict, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            response = act(form.cleaned_data)
        except ConflictError as error:
            current, status = now() if now else {}, 409
            shown = [(form.fields[name].label, value) for name, value in current.items() if name != "version"]
            conflict = {"told": error.message, "values": [pair for pair in shown if pair[1]]}
            form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            form.data["version"] = str(current.get("version", 0))  # type: ignore[index]
        except InputError as error:
            form.add_error(None, tell(error.message.key, **error.message.arguments))  # type: ignore[attr-defined]
        else:
            messages.success(request, tell("office.registry.saved"), extra_tags="good")
            return response
    context = {"form": form, "heading": f"office.registry.heading.{heading}", "above": above, "conflict": conflict}
    return render(request, "registry/component_form.html", context, status=status)


def _without(given: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "version"}


def _may_manage(request: OfficeRequest) -> bool:
    return bool(request.access.may(Permission.MANAGE_COMPONENTS))


def _described(found: Any) -> Any:
    return found.select_related("supplier").annotate(number=Count("versions")).order_by("supplier__name", "name")


def _paged(request: OfficeRequest, found: Any) -> Any:
    return Paginator(found, 25).get_page(request.GET.get("page"))


def _ended(version: ComponentVersion) -> bool:
    return version.valid_until is not None and version.valid_until < timezone.localdate()


def _answers(version: ComponentVersion) -> list[tuple[Any, list[Any]]]:
    """Return questions and chosen texts in both languages, in the order of the pre-scan."""
    found = []
    for question in prescan_questions()[1]:
        if question.id in version.answers:
            answer = version.answers[question.id]
            chosen = answer if isinstance(answer, list) else [answer]
            found.append((question.text, [choice.text for choice in question.choices if choice.id in chosen]))
    return found


def _uses(request: OfficeRequest, row: Component) -> list[dict[str, Any]]:
    """Return where a component is used: visible cases only, and none whose make-up is hidden by an embargo."""
    shown = visible(request.access).order_by()
    uses = (
        ComponentUse.objects.filter(component_version__component=row, use_case__in=shown)
        .select_related("use_case__unit", "component_version")
        .order_by("-use_case__created_at")
    )
    return [
        {
            "case": use.use_case,
            "title": title_for(request.access, use.use_case),
            "use": use,
            "stale": use.stale_because(),
        }
        for use in uses[:_MOST_USES]
        if not is_veiled(request.access, use.use_case)
    ]
