"""Links to those who know: the page that opens without an account, and what the asker does with the answer."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hakari.errors import ConflictError, OfficeError
from hakari.office.core.access import OfficeRequest, allowed, public
from hakari.office.intake.actions.asking import accept, answer_link, answered_link, find_link, set_aside, withdraw
from hakari.office.intake.forms import OutsideForm
from hakari.office.intake.models import AskLink, Notification
from hakari.office.intake.showing import chosen_texts
from hakari.office.intake.views.finding import editable_notification, seen_version
from hakari.office.intake.weighing import question_named
from hakari.office.people.permissions import Permission

__all__ = ["accept_link", "link", "outside", "set_aside_link", "thanks", "withdraw_link"]


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: OfficeRequest, token: str) -> HttpResponse:
    """Ask somebody without an account; a link that opens nothing looks the same whatever the reason."""
    link = find_link(token)
    if request.method == "POST" and link is None:
        return _again(request, token)
    if link is None:
        return _gone(request)
    questions = [found for name in link.questions if (found := question_named(name)) is not None]
    form = OutsideForm(request.POST or None, questions=questions)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            answer_link(token, form.answers, name=told["name"], remark=told["remark"])
        except OfficeError:
            return _gone(request)
        return redirect("intake:thanks")
    context = {"form": form, "link": link, "minutes": sum(item.minutes for item in questions)}
    response = render(request, "intake/outside.html", context, status=400 if form.is_bound else 200)
    # The address is the key, so it goes to no other site. (With `no-referrer` browsers post the form from "null".)
    response["Referrer-Policy"], response["X-Robots-Tag"] = "same-origin", "noindex"
    return response


@public
@require_safe
def thanks(request: OfficeRequest) -> HttpResponse:
    """Thank somebody outside."""
    return render(request, "intake/thanks.html")


@allowed(Permission.NOTIFY)
@require_safe
def link(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Show what was asked and answered by a link."""
    notification = editable_notification(request, number)
    return _page(request, notification, _link(notification, key))


@allowed(Permission.NOTIFY)
@require_POST
def accept_link(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Take over what was answered."""
    notification = editable_notification(request, number)
    found = _link(notification, key)
    try:
        accept(found, seen=seen_version(request), by=request.access.person)
    except ConflictError:
        notification = editable_notification(request, number)
        return _page(request, notification, _link(notification, key), changed=True)
    return redirect("intake:go_on", number)


@allowed(Permission.NOTIFY)
@require_POST
def set_aside_link(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Keep the answers that stand."""
    notification = editable_notification(request, number)
    set_aside(_link(notification, key), by=request.access.person)
    return redirect("intake:go_on", number)


@allowed(Permission.NOTIFY)
@require_POST
def withdraw_link(request: OfficeRequest, number: str, key: str) -> HttpResponse:
    """Close a link that nobody answered."""
    notification = editable_notification(request, number)
    withdraw(_link(notification, key), by=request.access.person)
    return redirect("intake:go_on", number)


def _link(notification: Notification, key: str) -> AskLink:
    found = AskLink.objects.filter(notification=notification, key=key)
    link = found.select_related("asked_by", "note", "remark", "answered_by").first()
    if link is None:
        raise Http404
    link.notification = notification
    return link


def _page(request: OfficeRequest, notification: Notification, link: AskLink, *, changed: bool = False) -> HttpResponse:
    lines: list[dict[str, Any]] = []
    for name in link.questions:
        question = question_named(name)
        if question is not None:
            lines.append(
                {
                    "question": question,
                    "theirs": chosen_texts(question, link.answers.get(name)),
                    "ours": chosen_texts(question, notification.answers.get(name)),
                    "answered": name in link.answers,
                }
            )
    context = {"link": link, "notification": notification, "lines": lines, "changed": changed}
    return render(request, "intake/link.html", context, status=409 if changed else 200)


def _gone(request: OfficeRequest) -> HttpResponse:
    return render(request, "intake/gone.html", status=404)


def _again(request: OfficeRequest, token: str) -> HttpResponse:
    """Answer a second sending of the same form as the first was, and anything else like an unknown link."""
    found = answered_link(token)
    if found is not None:
        questions = [item for name in found.questions if (item := question_named(name)) is not None]
        form = OutsideForm(request.POST, questions=questions)
        if form.is_valid() and form.answers == found.answers:
            return redirect("intake:thanks")
    return _gone(request)
