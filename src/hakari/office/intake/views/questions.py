"""One question per page, asking somebody else, the summary, and sending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hakari.errors import ConflictError
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.intake.actions.asking import DAYS, ask
from hakari.office.intake.actions.notifying import answer, submit
from hakari.office.intake.forms import AskForm, QuestionForm, ReplyForm
from hakari.office.intake.models import Answer, AskLink, LaneStep, Notification, Outcome, Step
from hakari.office.intake.showing import answer_lines, chosen_texts, names_of
from hakari.office.intake.views.finding import editable_notification, seen_version
from hakari.office.intake.weighing import UNKNOWN, asked_questions, first_open, question_named, technical_open
from hakari.office.people.permissions import Permission
from hakari.office.registry.answers import inherited_answers
from hakari.packs.triage import PreScanQuestion

__all__ = ["ask_other", "check", "question"]


@allowed(Permission.NOTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: OfficeRequest, number: str, name: str) -> HttpResponse:
    """Ask one question and save its answer."""
    notification = editable_notification(request, number)
    asked = _asked(name)
    last = Answer.objects.filter(notification=notification, question=name).order_by("-round").first()
    inherited = None if name in notification.answers else inherited_answers(notification.use_case).get(name)
    given = notification.answers.get(name, inherited)
    initial = {"answer": [given] if asked.type == "multi" and given == UNKNOWN else given, "seen": _round(last)}
    form = QuestionForm(request.POST or None, question=asked, initial=initial)
    theirs = None
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["answer"]
        try:
            saved = answer(notification, name, value, seen=form.cleaned_data["seen"], by=request.access.person)
            return _next(saved, number)
        except ConflictError:
            notification.refresh_from_db()
            last = Answer.objects.filter(notification=notification, question=name).order_by("-round").first()
            theirs = (
                {"texts": chosen_texts(asked, last.value), "by": names_of([last.by]).get(last.by)} if last else None
            )
            data = request.POST.copy()
            data["seen"] = str(_round(last))
            form = QuestionForm(data, question=asked)
    status = 409 if theirs else 400 if form.is_bound and not form.is_valid() else 200
    context = {
        "form": form,
        "notification": notification,
        "asked": asked,
        "theirs": theirs,
        "inherited": inherited is not None,
    }
    return render(request, "intake/question.html", {**context, **_progress(notification, asked)}, status=status)


@allowed(Permission.NOTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_other(request: OfficeRequest, number: str, name: str) -> HttpResponse:
    """Send a link to somebody who knows."""
    notification = editable_notification(request, number)
    asked, case = _asked(name), notification.use_case
    many = [item.id for item in technical_open(notification.answers)]
    initial = {"which": "this", "shown_title": case.code_name or case.title, "language": request.access.person.language}
    form = AskForm(request.POST or None, many=len(many), initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        ask(
            notification,
            many if told["which"] == "all" else [name],
            email=told["email"],
            note=told["note"],
            shown_title=told["shown_title"],
            language=told["language"],
            once=told["once"],
            by=request.access.person,
        )
        if name not in notification.answers:
            answer(notification, name, UNKNOWN, seen=0, by=request.access.person)
        messages.success(request, tell("office.intake.ask.sent", days=DAYS))
        notification.refresh_from_db()
        return _next(notification, number)
    context = {"form": form, "notification": notification, "asked": asked, "days": DAYS}
    return render(request, "intake/ask.html", context, status=400 if form.is_bound else 200)


@allowed(Permission.NOTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: OfficeRequest, number: str) -> HttpResponse:
    """Show all answers with links to change them, and send."""
    notification = editable_notification(request, number)
    if notification.step not in (Step.WRITING, Step.ASKED_BACK):
        return redirect("intake:receipt", number)
    form = ReplyForm(request.POST or None)
    changed = False
    if request.method == "POST" and form.is_valid():
        try:
            seen = seen_version(request)
            submit(notification, seen=seen, by=request.access.person, reply=form.cleaned_data["reply"])
            return redirect("intake:receipt", number)
        except ConflictError:
            changed = True
        notification = editable_notification(request, number)
    lines = answer_lines(notification)
    context = {
        "notification": notification,
        "lines": lines,
        "left": sum(not line.answered for line in lines),
        "missing": first_open(notification.answers),
        "links": list(AskLink.objects.filter(notification=notification, closed_at=None, withdrawn_at=None)),
        "back": _asked_back(notification),
        "form": form,
        "changed": changed,
    }
    return render(request, "intake/check.html", context, status=409 if changed else 200)


def _asked(name: str) -> PreScanQuestion:
    found = question_named(name)
    if found is None:
        raise Http404
    return found


def _round(last: Answer | None) -> int:
    return last.round if last else 0


def _next(notification: Notification, number: str) -> HttpResponse:
    question = first_open(notification.answers)
    if question is not None:
        return redirect("intake:question", number, question.id)
    writing = notification.step in (Step.WRITING, Step.ASKED_BACK)
    return redirect("intake:check" if writing else "intake:receipt", number)


def _asked_back(notification: Notification) -> Any:
    if notification.step != Step.ASKED_BACK:
        return None
    found = LaneStep.objects.filter(notification=notification, outcome=Outcome.ASKED_BACK).select_related("reason")
    return found.last()


def _progress(notification: Notification, asked: PreScanQuestion) -> dict[str, Any]:
    """Return where the reader is among the questions that are asked, and how long the rest takes."""
    items = asked_questions(notification.answers)
    names = [item.id for item in items]
    place = names.index(asked.id) if asked.id in names else len(names)
    answers = notification.answers
    return {
        "steps": ["now" if item.id == asked.id else "done" if item.id in answers else "" for item in items],
        "place": place + 1,
        "count": max(len(items), place + 1),
        "minutes": sum(item.minutes for item in items if item.id not in answers or item.id == asked.id),
        "before": names[place - 1] if place else "",
    }
