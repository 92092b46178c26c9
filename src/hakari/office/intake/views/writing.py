"""Beginning a notification, what is like it, and one's own list."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.intake.actions.notifying import start
from hakari.office.intake.forms import StartForm
from hakari.office.intake.models import Notification, Step
from hakari.office.intake.views.finding import editable_notification, visible_notification
from hakari.office.intake.weighing import first_open
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import describe
from hakari.office.registry.search import similar
from hakari.office.registry.visibility import visible

__all__ = ["about", "begin", "go_on", "like", "like_hint", "mine"]


@allowed(Permission.NOTIFY)
@require_safe
def mine(request: OfficeRequest) -> HttpResponse:
    """List what this person told the office, or is named in."""
    person = request.access.person
    involved = Q(use_case__reporter=person) | Q(use_case__owner=person) | Q(use_case__in=person.named_in.all())
    found = Notification.objects.filter(involved, use_case__in=visible(request.access).values("pk"))
    found = found.select_related("use_case__unit").order_by("-pk")
    return render(request, "intake/mine.html", {"page": Paginator(found, 25).get_page(request.GET.get("page"))})


@allowed(Permission.NOTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: OfficeRequest) -> HttpResponse:
    """Ask for title, unit and purpose, and begin."""
    access = request.access
    units = access.units(Permission.NOTIFY)
    form = StartForm(request.POST or None, units=units, initial={"unit": access.person.unit_id})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        notification = start(
            told["unit"], title=told["title"], purpose=told["purpose"], once=told["once"], by=access.person
        )
        shown, hidden = _like(request, told["title"], told["purpose"], notification)
        number = notification.use_case.number
        return redirect("intake:like" if shown or hidden else "intake:go_on", number)
    _watch(form)
    return render(request, "intake/start.html", {"form": form}, status=400 if form.is_bound else 200)


@allowed(Permission.NOTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: OfficeRequest, number: str) -> HttpResponse:
    """Change title and purpose before it is sent."""
    notification = editable_notification(request, number)
    case = notification.use_case
    if notification.step != Step.WRITING:
        return redirect("intake:receipt", number)
    units = request.access.units(Permission.NOTIFY).filter(pk=case.unit_id)
    initial = {"title": case.title, "purpose": case.purpose, "unit": case.unit_id, "version": case.version}
    form = StartForm(request.POST or None, units=units, initial=initial)
    theirs: Any = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            describe(case, told["purpose"], title=told["title"], seen=told["version"], by=request.access.person)
            return redirect("intake:go_on", number)
        except ConflictError:
            case.refresh_from_db()
            theirs = case
            form = StartForm({**request.POST.dict(), "version": case.version}, units=units)
    context = {"form": form, "number": number, "theirs": theirs}
    status = 409 if theirs else 400 if form.is_bound and not form.is_valid() else 200
    return render(request, "intake/start.html", context, status=status)


@allowed(Permission.NOTIFY)
@require_safe
def like(request: OfficeRequest, number: str) -> HttpResponse:
    """Show registered use cases that look like this one, before its first question."""
    notification = editable_notification(request, number)
    case = notification.use_case
    shown, hidden = _like(request, case.title, case.purpose, notification)
    context = {"notification": notification, "similar": shown, "hidden": hidden}
    return render(request, "intake/like.html", context)


@allowed(Permission.NOTIFY)
@require_safe
def like_hint(request: OfficeRequest) -> HttpResponse:
    """Return the part of the first page that names similar use cases; asked for while the title is typed."""
    shown, hidden = _like(request, request.GET.get("title", "")[:200], request.GET.get("purpose", "")[:1_000], None)
    return render(request, "intake/_similar.html", {"similar": shown, "hidden": hidden, "typing": True})


@allowed(Permission.NOTIFY)
@require_safe
def go_on(request: OfficeRequest, number: str) -> HttpResponse:
    """Go where the notification needs its writer: the first open question, the summary, or the receipt."""
    notification = visible_notification(request, number)
    if notification.step not in (Step.WRITING, Step.ASKED_BACK):
        return redirect("intake:receipt", number)
    question = first_open(notification.answers)
    if question is not None:
        return redirect("intake:question", number, question.id)
    return redirect("intake:check", number)


def _like(request: OfficeRequest, title: str, purpose: str, own: Notification | None) -> tuple[list[Any], bool]:
    found, hidden = similar(request.access, f"{title} {purpose}".strip(), 5)
    by_title, also = similar(request.access, title, 5)
    cases = {case.pk: case for case in [*by_title, *found] if own is None or case.pk != own.use_case_id}
    return list(cases.values())[:5], hidden or also


def _watch(form: StartForm) -> None:
    from django.urls import reverse

    # Read by htmx where it runs; without it the page after this one shows the same.
    form.fields["title"].widget.attrs.update(
        {
            "hx-get": reverse("intake:like_hint"),
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "#similar",
            "autocomplete": "off",
        }
    )
