"""Writing the one page: passages and their translations, the terms of a decision, and conditions."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from hakari.errors import ConflictError, InputError, OfficeError
from hakari.messages import Message, say
from hakari.office.committee.actions import docket as actions
from hakari.office.committee.forms import ConditionForm, PassageForm, TermsForm, TranslationForm
from hakari.office.committee.models import DocketItem, Heading, Passage, ProposedCondition
from hakari.office.committee.showing.onepage import OnePage, draft_of_changes, make_page
from hakari.office.committee.views.items_acting import act_page, back, find_writable, refuse, stands
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.core.language import reader_language
from hakari.office.lifecycle.given import plan_of
from hakari.office.lifecycle.policy import packs_of
from hakari.office.people.permissions import Permission

__all__ = ["conditions", "drop", "passage", "terms", "translation"]

_METHODS = ["GET", "HEAD", "POST"]


@allowed(Permission.REVIEW)
@require_http_methods(_METHODS)
def passage(request: OfficeRequest, key: str, heading: str) -> HttpResponse:
    """Write what stands under a heading."""
    item = find_writable(request, key)
    last = _last(item, heading)
    if request.method != "POST" and item.standing != DocketItem.Standing.WAITING:
        return back(request, item)
    page = make_page(request.access, item)
    form: OfficeForm = PassageForm(request.POST or None, initial=_passage_now(heading, last, page))
    status, now = 200, []
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            if last is not None and _same(str(last.text), given["text"]) and last.language == given["language"]:
                return back(request, item, "written", to=heading)
            try:
                actions.write_passage(
                    item, heading, given["text"], given["language"], seen=given["seen"], by=request.access.person
                )
            except ConflictError as error:
                status, now, last = 409, _both(item, heading), _last(item, heading)
                _again(form, error, last.revision if last else 0)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "written", to=heading)
    context: dict[str, Any] = {"heading": heading, "now": now, "page": page, "status": status}
    return act_page(request, item, "passage", form, **context)


def _passage_now(heading: str, last: Passage | None, page: OnePage) -> dict[str, Any]:
    if last is not None:
        return {"text": str(last.text), "language": last.language, "seen": last.revision}
    draft = ""
    if heading == Heading.CHANGED:
        # Proposed from the differences to the round that was decided last; the writer shortens it.
        for line in draft_of_changes(page):
            text = tell(line.key, **line.arguments)
            if len(draft) + len(text) < 600:
                draft += f"{text}\n"
    return {"text": draft.strip(), "language": reader_language(), "seen": 0}


@allowed(Permission.REVIEW)
@require_http_methods(_METHODS)
def translation(request: OfficeRequest, key: str, heading: str) -> HttpResponse:
    """Set a translation beside the original."""
    item = find_writable(request, key)
    last = _last(item, heading)
    if last is None or (request.method != "POST" and item.standing != DocketItem.Standing.WAITING):
        return back(request, item)
    first = {"text": str(last.translation) if last.translation is not None else "", "seen": last.revision}
    form: OfficeForm = TranslationForm(request.POST or None, initial=first)
    status, now = 200, []
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            if last.translation is not None and _same(str(last.translation), given["text"]):
                return back(request, item, "translated", to=heading)
            try:
                actions.translate(item, heading, given["text"], seen=given["seen"], by=request.access.person)
            except ConflictError as error:
                status, now, again = 409, _both(item, heading), _last(item, heading)
                last = again or last
                _again(form, error, last.revision)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "translated", to=heading)
    other = "en" if last.language == "ja" else "ja"
    context: dict[str, Any] = {"heading": heading, "now": now, "original": last, "other": other, "status": status}
    return act_page(request, item, "translation", form, page=make_page(request.access, item), **context)


@allowed(Permission.REVIEW)
@require_http_methods(_METHODS)
def terms(request: OfficeRequest, key: str) -> HttpResponse:
    """Say what is proposed, until when it would stand, and which changes it would allow in advance."""
    item = find_writable(request, key)
    if request.method != "POST" and item.standing != DocketItem.Standing.WAITING:
        return back(request, item)
    form = TermsForm(request.POST or None, plan=plan_of(item.round.assessment), initial=_terms_now(item))
    status, now = 200, []
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            wanted = {"proposal": given["proposal"], "valid_until": given["valid_until"], "envelope": form.envelope}
            try:
                actions.set_terms(item, **wanted, seen=given["seen"], by=request.access.person)
            except ConflictError as error:
                item = find_writable(request, key)
                if _terms_stand(item, wanted):
                    return back(request, item, "terms", to="terms")
                status, now = 409, _terms_lines(item)
                _again(form, error, item.version)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return back(request, item, "terms", to="terms")
    return act_page(request, item, "terms", form, status=status, now=now)


def _terms_now(item: DocketItem) -> dict[str, Any]:
    first = {"proposal": item.proposal, "valid_until": item.valid_until, "seen": item.version}
    if item.envelope:
        until = datetime.date.fromisoformat(str(item.envelope["until"]))
        first |= {"roles": item.envelope["roles"], "checks": item.envelope["checks"], "until": until}
    return first


def _terms_stand(item: DocketItem, wanted: dict[str, Any]) -> bool:
    envelope = wanted["envelope"]
    sorted_now = {name: sorted(value) if isinstance(value, list) else value for name, value in envelope.items()}
    stated = (item.proposal, item.valid_until, item.envelope)
    return stated == (wanted["proposal"], wanted["valid_until"], sorted_now)


def _terms_lines(item: DocketItem) -> list[dict[str, Any]]:
    found = [
        stands(say("office.committee.docket.form.terms.proposal"), say(f"office.proposal.{item.proposal}")),
        stands(say("office.committee.docket.form.terms.valid_until"), item.valid_until.isoformat()),
    ]
    if item.envelope:
        roles = ", ".join(map(str, item.envelope["roles"]))
        found.append(stands(say("office.committee.docket.form.terms.roles"), roles))
        found.append(stands(say("office.committee.docket.form.terms.until"), str(item.envelope["until"])))
    return found


@allowed(Permission.REVIEW)
@require_http_methods(_METHODS)
def conditions(request: OfficeRequest, key: str) -> HttpResponse:
    """Propose a condition, beside those that are proposed already."""
    item = find_writable(request, key)
    if request.method != "POST" and item.standing != DocketItem.Standing.WAITING:
        return back(request, item)
    page = make_page(request.access, item)
    plan = plan_of(item.round.assessment)
    asked = {check.requirement for check in plan.checks}
    known = [
        (requirement.reference, requirement.title)
        for pack in packs_of(item.round.assessment.packs)
        for requirement in pack.requirements
        if requirement.reference in asked or item.round.assessment.stage in requirement.stages
    ]
    last = page.conditions[-1].row.place if page.conditions else 0
    first = {"language": reader_language(), "seen": last, "due": item.valid_until, "rule": "requirement"}
    form = ConditionForm(request.POST or None, requirements=known, plan=plan, initial=first)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            given = form.cleaned_data
            if _proposed_already(item, given):
                return redirect("committee:conditions_proposed", item.key)
            try:
                wanted = {name: given[name] for name in ("text", "language", "requirement", "due", "rule", "check")}
                actions.propose_condition(item, **wanted, by=request.access.person)
            except (InputError, OfficeError) as error:
                refuse(form, error)
            else:
                return redirect("committee:conditions_proposed", item.key)
    return act_page(request, item, "condition", form, status=status, page=page)


@allowed(Permission.REVIEW)
@require_POST
def drop(request: OfficeRequest, key: str, place: int) -> HttpResponse:
    """Take a proposed condition away."""
    item = find_writable(request, key)
    if ProposedCondition.objects.filter(item=item, place=place).exists():
        actions.drop_condition(item, place, by=request.access.person)
    return redirect("committee:conditions_proposed", item.key)


def _proposed_already(item: DocketItem, given: dict[str, Any]) -> bool:
    """Return whether this condition was added since its writer saw the list: the form was sent twice."""
    rows = ProposedCondition.objects.filter(
        item=item, place__gt=given["seen"], requirement=given["requirement"], due=given["due"], rule=given["rule"]
    )
    return any(_same(str(row.text), given["text"]) for row in rows.select_related("text"))


def _last(item: DocketItem, heading: str) -> Passage | None:
    if heading not in Heading.values:
        raise Http404
    rows = Passage.objects.filter(item=item, heading=heading).select_related("text", "translation")
    return rows.order_by("-revision").first()


def _both(item: DocketItem, heading: str) -> list[dict[str, Any]]:
    """Return what stands there now: the original, and the translation if there is one."""
    last = _last(item, heading)
    if last is None:
        return []
    label: Message = say(f"office.committee.heading.{heading}")
    found = [stands(label, str(last.text), last.language)]
    if last.translation is not None:
        found.append(stands(label, str(last.translation), "en" if last.language == "ja" else "ja"))
    return found


def _again(form: OfficeForm, error: OfficeError, seen: int) -> None:
    """Keep what was typed, and let it be saved over what stands there now if its writer still wants that."""
    refuse(form, error)
    typed: Any = form.data
    kept = typed.copy()
    kept["seen"] = str(seen)
    form.data = kept


def _same(kept: str, typed: str) -> bool:
    return kept.split() == typed.split()
