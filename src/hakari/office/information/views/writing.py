"""Writing notices: fill in, see how far it goes, publish; withdraw."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hakari.errors import ConflictError
from hakari.evidence import digest_json
from hakari.office.core.access import OfficeRequest, allowed
from hakari.office.core.forms import tell
from hakari.office.information.actions.notices import publish, withdraw
from hakari.office.information.audience import Audience
from hakari.office.information.forms import BulletinForm, DialogueForm, NoticeForm, WithdrawForm
from hakari.office.information.models import Kind, Notice
from hakari.office.information.routing import preview
from hakari.office.information.showing import one_line
from hakari.office.information.views.notices import find
from hakari.office.people.permissions import Permission

__all__ = ["end", "write"]

_FORMS: dict[str, type[NoticeForm]] = {"bulletin": BulletinForm, "dialogue": DialogueForm}


@allowed(Permission.INFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: OfficeRequest, kind: str) -> HttpResponse:
    """Write a bulletin or a dialogue record; it is published only after its reach was shown."""
    access = request.access
    earlier = _earlier(request, kind)
    if request.method != "POST":
        form = _FORMS[kind](initial=_initial(earlier))
        return _page(request, form, kind, earlier)
    form = _FORMS[kind](request.POST)
    if not form.is_valid():
        return _page(request, form, kind, earlier, status=422)
    counted = digest_json(form.audience.stored)
    if "publish" in request.POST and form.cleaned_data["previewed"] == counted:
        try:
            found = publish(form.draft(earlier), key=form.cleaned_data["key"].hex, by=access.person)
        except ConflictError as error:
            return _page(request, form, kind, earlier, status=409, told=error.message)
        messages.success(request, tell("office.information.published"))
        return redirect("information:notice", number=found.number)
    data = request.POST.copy()
    data["previewed"] = counted
    shown = _FORMS[kind](data)
    shown.is_valid()
    return _page(request, shown, kind, earlier, reach=preview(access, shown.audience))


@allowed(Permission.INFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: OfficeRequest, number: str) -> HttpResponse:
    """Withdraw a notice, saying why."""
    found = find(request.access, number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(found, form.cleaned_data["reason"], by=request.access.person)
        except ConflictError as error:
            told = error.message
        else:
            messages.success(request, tell("office.information.withdrawn_now"))
            return redirect("information:notice", number=number)
    status = 409 if told else 422 if form.is_bound else 200
    shown = {"form": form, "notice": found, "title": one_line(found.title_en, found.title_ja), "told": told}
    return render(request, "information/withdraw.html", shown, status=status)


def _earlier(request: OfficeRequest, kind: str) -> Notice | None:
    """Return the notice in whose place the new one is to stand, if one is named."""
    number = request.GET.get("instead_of", "")
    if not number:
        return None
    found = find(request.access, number)
    if found.kind != kind:
        raise Http404
    return found


def _initial(earlier: Notice | None) -> dict[str, Any]:
    start: dict[str, Any] = {"key": uuid.uuid4(), "urgency": "soon"}
    if earlier is None:
        return start
    audience = Audience.read(earlier.audience)
    names = ("title_en", "title_ja", "text_en", "text_ja", "changed_en", "changed_ja", "heard_name")
    texts = {name: getattr(earlier, name).text or "" for name in names if getattr(earlier, name) is not None}
    rows = {f"condition_{row}": item.code for row, item in enumerate(audience.conditions, start=1)}
    plain = {"urgency": earlier.urgency, "heard": earlier.heard, "heard_on": earlier.heard_on}
    return {**start, **texts, **rows, **plain, "units": audience.units, "levels": audience.levels}


def _page(
    request: OfficeRequest, form: NoticeForm, kind: str, earlier: Notice | None, status: int = 200, **shown: Any
) -> HttpResponse:
    title = one_line(earlier.title_en, earlier.title_ja) if earlier else ""
    context = {"form": form, "kind": kind, "earlier": earlier, "earlier_title": title, "kinds": Kind, **shown}
    return render(request, "information/write.html", context, status=status)
