"""The register of commitments: initiatives, their promises, and the requirements that carry them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hakari.errors import ConflictError
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import tell
from hakari.office.information.actions.commitments import (
    InitiativeFacts,
    PromiseFacts,
    add_initiative,
    add_promise,
    change_initiative,
    change_promise,
)
from hakari.office.information.forms import InitiativeForm, PromiseForm
from hakari.office.information.models import Initiative, InitiativeVersion, PromiseVersion
from hakari.office.information.requirements import carrier_named, carriers_for, find_carriers
from hakari.office.information.showing import history, one_line, written
from hakari.office.information.words import Words
from hakari.office.people.permissions import Permission

__all__ = ["edit_initiative", "edit_promise", "initiative", "initiatives"]

_TOLD = ("initiative.added", "initiative.changed", "promise.added", "promise.changed")
_PAGE = 10
_WORDS = ("name_en", "name_ja", "body", "by")


@signed_in
@require_safe
def initiatives(request: OfficeRequest) -> HttpResponse:
    """List what the company has joined and promised; everybody with an account may read it."""
    query = request.GET
    found = _current_initiatives()
    words = query.get("q", "").strip()[:100]
    if words:
        names = Q(name_en__text__icontains=words) | Q(name_ja__text__icontains=words) | Q(body__text__icontains=words)
        told = _current_promises().filter(Q(text_en__text__icontains=words) | Q(text_ja__text__icontains=words))
        found = found.filter(names | Q(initiative__in=told.values("promise__initiative")))
    carried = query.get("carried", "")
    if carried == "no":
        bare = _current_promises().filter(requirements=[], ended=False)
        found = found.filter(initiative__in=bare.values("promise__initiative"))
    page = Paginator(found, _PAGE).get_page(query.get("page"))
    promises = _promises_of([item.initiative_id for item in page])
    rows = [_initiative_row(item, promises.get(item.initiative_id, [])) for item in page]
    context = {"page": page, "rows": rows, "words": words, "carried": carried, "bare": _bare_count()}
    return render(request, "information/commitments.html", {**context, "writes": request.access.may(Permission.INFORM)})


@signed_in
@require_safe
def initiative(request: OfficeRequest, number: str) -> HttpResponse:
    """Show an initiative, its promises with what carries them, and how both changed."""
    current = _initiative(number)
    promises = _promises_of([current.initiative_id], earlier=True).get(current.initiative_id, [])
    before = current.initiative.versions.select_related(*_WORDS).filter(version__lt=current.version)
    context = {
        "row": _initiative_row(current, promises),
        "before": [_initiative_row(item, []) for item in before],
        "history": history(("initiative", current.initiative.key), _TOLD),
        "writes": request.access.may(Permission.INFORM),
    }
    return render(request, "information/initiative.html", context)


@allowed(Permission.INFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_initiative(request: OfficeRequest, number: str = "") -> HttpResponse:
    """Add an initiative, or say what is known of it now."""
    current = _initiative(number) if number else None
    form = InitiativeForm(request.POST) if request.method == "POST" else InitiativeForm(initial=_typed(current))
    told = None
    if form.is_bound and form.is_valid():
        facts, by = form.facts, request.access.person
        try:
            if current is None:
                found = add_initiative(facts, key=form.cleaned_data["key"].hex, by=by)
            else:
                found = current.initiative
                if _facts(current) != facts:
                    change_initiative(found, facts, seen=form.cleaned_data["version"] or 0, by=by)
        except ConflictError as error:
            told, form = error.message, InitiativeForm(_again(request.POST, current))
        else:
            messages.success(request, tell("office.information.saved"))
            return redirect("information:initiative", number=found.number)
    row = _initiative_row(current, []) if current else None
    status = 409 if told else 422 if form.is_bound else 200
    shown = {"form": form, "row": row, "told": told}
    return render(request, "information/initiative_form.html", shown, status=status)


@allowed(Permission.INFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_promise(request: OfficeRequest, number: str, key: str = "") -> HttpResponse:
    """Add a promise, or say what it is now and which requirements carry it; they are searched for in the same form."""
    above = _initiative(number)
    current = _promise(above.initiative, key) if key else None
    data = request.POST
    form = PromiseForm(data) if request.method == "POST" else PromiseForm(initial=_typed_promise(current))
    ticked = [code for code in data.getlist("carrier") if carrier_named(code)] if form.is_bound else _codes(current)
    told = None
    if form.is_bound and "search" not in data and form.is_valid():
        facts, by = form.facts(tuple(dict.fromkeys(ticked))), request.access.person
        try:
            if current is None:
                add_promise(above.initiative, facts, key=form.cleaned_data["key"].hex, by=by)
            elif _promise_facts(current) != facts:
                change_promise(current.promise, facts, seen=form.cleaned_data["version"] or 0, by=by)
        except ConflictError as error:
            told, form = error.message, PromiseForm(_again(data, current))
        else:
            messages.success(request, tell("office.information.saved"))
            return redirect("information:initiative", number=number)
    if "search" in data:  # looking for requirements is no attempt to save
        form = PromiseForm(initial={name: data.get(name) for name in PromiseForm.base_fields})
    shown = {
        "form": form,
        "row": _initiative_row(above, []),
        "standing": _promise_row(current) if current else None,
        "told": told,
        "words": data.get("words", "")[:100],
        "ticked": [carrier for code in dict.fromkeys(ticked) if (carrier := carrier_named(code))],
        "found": [item for item in find_carriers(data.get("words", "")[:100]) if item.code not in ticked],
    }
    status = 409 if told else 422 if form.is_bound else 200
    return render(request, "information/promise_form.html", shown, status=status)


def _again(typed: Any, current: Any) -> Any:
    """Return what was typed, over what stands there now: saving once more is then meant."""
    data = typed.copy()
    data["version"] = str(current.version if current else 0)
    return data


def _current_initiatives() -> Any:
    latest = InitiativeVersion.objects.filter(initiative=OuterRef("initiative")).order_by("-version").values("version")
    found = InitiativeVersion.objects.filter(version=Subquery(latest[:1]))
    return found.select_related("initiative", *_WORDS).order_by("-initiative_id")


def _current_promises() -> Any:
    latest = PromiseVersion.objects.filter(promise=OuterRef("promise")).order_by("-version").values("version")
    return PromiseVersion.objects.filter(version=Subquery(latest[:1]))


def _bare_count() -> int:
    return int(_current_promises().filter(requirements=[], ended=False).count())


def _initiative(number: str) -> InitiativeVersion:
    found = _current_initiatives().filter(initiative__number=number).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]  # untyped manager


def _promise(above: Initiative, key: str) -> PromiseVersion:
    found = _current_promises().filter(promise__key=key, promise__initiative=above)
    version = found.select_related("promise__initiative", "text_en", "text_ja", "by").first()
    if version is None:
        raise Http404
    return version  # type: ignore[no-any-return]  # untyped manager


def _promises_of(above: Iterable[int], *, earlier: bool = False) -> dict[int, list[dict[str, Any]]]:
    """Return the promises of initiatives, each with its earlier versions if these are asked for."""
    rows = PromiseVersion.objects.filter(promise__initiative__in=list(above)).order_by("promise_id", "-version")
    found: dict[int, list[dict[str, Any]]] = {}
    seen: dict[int, dict[str, Any]] = {}
    for version in rows.select_related("promise", "text_en", "text_ja", "by"):
        if version.promise_id not in seen:
            seen[version.promise_id] = _promise_row(version)
            found.setdefault(version.promise.initiative_id, []).append(seen[version.promise_id])
        elif earlier:
            seen[version.promise_id]["before"].append(_promise_row(version))
    return found


def _promise_row(version: PromiseVersion) -> dict[str, Any]:
    late = version.due is not None and not version.ended and version.due < timezone.localdate()
    return {
        "version": version,
        "texts": written(version.text_en, version.text_ja),
        "carriers": carriers_for(version.requirements),
        "late": late,
        "before": [],
    }


def _initiative_row(version: InitiativeVersion, promises: list[dict[str, Any]]) -> dict[str, Any]:
    name = one_line(version.name_en, version.name_ja)
    bare = sum(not row["carriers"] and not row["version"].ended for row in promises)
    body = one_line(version.body, None) if version.body_id else ""
    return {"version": version, "name": name, "body": body, "promises": promises, "bare": bare}


def _facts(version: InitiativeVersion) -> InitiativeFacts:
    texts = {name: getattr(version, name).text or "" if getattr(version, name) else "" for name in _WORDS[:3]}
    return InitiativeFacts(
        name=Words(texts["name_en"], texts["name_ja"]),
        body=texts["body"],
        link=version.link,
        since=version.since,
        until=version.until,
    )


def _typed(version: InitiativeVersion | None) -> dict[str, Any]:
    if version is None:
        return {"key": uuid.uuid4(), "version": 0}
    facts = _facts(version)
    names = {"name_en": facts.name.en, "name_ja": facts.name.ja, "body": facts.body, "link": facts.link}
    days = {"since": facts.since, "until": facts.until}
    return {"key": version.initiative.key, "version": version.version, **names, **days}


def _codes(version: PromiseVersion | None) -> list[str]:
    stored = version.requirements if version else []
    return [f"{item['pack']} {item['requirement']}" for item in stored]


def _promise_facts(version: PromiseVersion) -> PromiseFacts:
    english, japanese = version.text_en, version.text_ja
    words = Words((english.text or "") if english else "", (japanese.text or "") if japanese else "")
    return PromiseFacts(text=words, due=version.due, ended=version.ended, carriers=tuple(_codes(version)))


def _typed_promise(version: PromiseVersion | None) -> dict[str, Any]:
    if version is None:
        return {"key": uuid.uuid4(), "version": 0}
    facts = _promise_facts(version)
    words = {"text_en": facts.text.en, "text_ja": facts.text.ja}
    return {"key": version.promise.key, "version": version.version, **words, "due": facts.due, "ended": facts.ended}
