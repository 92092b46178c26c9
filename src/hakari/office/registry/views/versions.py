"""Entering a release: from a file, or subject by subject."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hakari.errors import InputError, NotAllowedError
from hakari.evidence import Subject, scope_digest
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.forms import tell
from hakari.office.registry import actions
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.forms import SubjectForm, VersionForm
from hakari.office.registry.models import UseCase
from hakari.office.registry.scope import LARGEST, read_subjects, subjects_from
from hakari.office.registry.visibility import get_visible, title_for

__all__ = ["add_version"]

_Subjects: type[BaseFormSet[Any]] = formset_factory(SubjectForm, extra=3, max_num=20)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_version(request: OfficeRequest, number: str) -> HttpResponse:
    """Show or take the form for a release."""
    case = get_visible(request.access, number)
    if not may_edit(request.access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    posted = request.method == "POST"
    form = VersionForm(request.POST if posted else None, request.FILES if posted else None)
    subjects = _Subjects(request.POST if posted else None, prefix="subject")
    if posted and form.is_valid() and (form.cleaned_data["file"] or subjects.is_valid()):
        try:
            return _added(request, case, form, subjects)
        except InputError as error:
            form.add_error(None, tell(error.message.key, **error.message.arguments))  # type: ignore[attr-defined]
    context = {"use_case": case, "form": form, "subjects": subjects, "title": title_for(request.access, case)}
    return render(request, "registry/version.html", context)


def _added(request: OfficeRequest, case: UseCase, form: VersionForm, subjects: BaseFormSet[Any]) -> HttpResponse:
    file = form.cleaned_data["file"]
    use: dict[str, Any] = {}
    if file:
        if file.size > LARGEST:
            raise InputError(say("office.registry.subjects.too_large", most=LARGEST // 1024))
        listed, use = read_subjects(file.read(), what=str(file.name)[:80])
    else:
        listed = _typed(subjects)
    label = form.cleaned_data["label"]
    if case.versions.filter(label=label, scope_digest=scope_digest(listed, use)).exists():  # the form was sent twice
        return redirect("registry:detail", number=case.number)
    actions.add_version(case, label, listed, by=request.access.person, use=use)
    messages.success(request, tell("office.registry.saved"), extra_tags="good")
    return redirect("registry:detail", number=case.number)


def _typed(subjects: BaseFormSet[Any]) -> list[Subject]:
    return subjects_from([row.cleaned_data for row in subjects if row.has_changed()])
