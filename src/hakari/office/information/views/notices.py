"""Notices as their readers and the office see them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest, allowed, signed_in
from hakari.office.core.forms import tell
from hakari.office.information.actions.notices import mark_read, remind
from hakari.office.information.audience import Audience
from hakari.office.information.models import Kind, Notice, Recipient, RecipientCase
from hakari.office.information.routing import shown_to
from hakari.office.information.showing import audience_rows, history, one_line, written
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import title_for, visible

__all__ = ["TEXTS", "find", "notice", "notices", "receipts", "sees_all", "send_reminder"]

TEXTS = ("title_en", "title_ja", "text_en", "text_ja", "changed_en", "changed_ja", "heard_name")
_TOLD = ("bulletin.published", "dialogue.recorded", "notice.withdrawn", "notice.reminded")
_PAGE = 25
_MOST_CASES = 20


def sees_all(access: Access) -> bool:
    """Return whether somebody sees every notice: those who write them, and auditors."""
    return access.may(Permission.INFORM) or access.may(Permission.AUDIT)


def find(access: Access, number: str) -> Notice:
    """Return a notice that this person may open: it reached them, or a use case that they see.

    Raises:
        Http404: there is none.
    """
    related = ("author", "end", "end__by", "end__reason", "end__successor", "supersedes", "reminder", *TEXTS)
    found = Notice.objects.select_related(*related).filter(number=number)
    if not sees_all(access):
        mine = Recipient.objects.filter(notice=OuterRef("pk"), person=access.person)
        seen = RecipientCase.objects.filter(recipient__notice=OuterRef("pk"), use_case__in=visible(access))
        found = found.filter(Exists(mine) | Exists(seen))
    notice_found = found.first()
    if notice_found is None:
        raise Http404
    return notice_found  # type: ignore[no-any-return]  # untyped manager


@signed_in
@require_safe
def notices(request: OfficeRequest) -> HttpResponse:
    """List the notices that reached this person; the office may look at all of them."""
    access, query = request.access, request.GET
    own = Recipient.objects.filter(notice=OuterRef("pk"), person=access.person)
    found = Notice.objects.select_related("title_en", "title_ja", "author", "end").annotate(
        mine=Exists(own), unread=Exists(own.filter(receipt=None))
    )
    whole = sees_all(access)
    if not whole or query.get("whose") == "mine":
        found = found.filter(mine=True)
    if query.get("kind") in Kind.values:
        found = found.filter(kind=query["kind"])
    if query.get("state") == "unread":
        found = found.filter(unread=True, end=None)
    elif query.get("state") in ("holds", "ended"):
        found = found.filter(end__isnull=query["state"] == "holds")
    words = query.get("q", "").strip()[:100]
    if words:
        found = found.filter(
            Q(title_en__text__icontains=words) | Q(title_ja__text__icontains=words) | Q(number__iexact=words)
        )
    page = Paginator(found, _PAGE).get_page(query.get("page"))
    rows = [{"notice": item, "title": one_line(item.title_en, item.title_ja)} for item in page]
    shown = {"page": page, "rows": rows, "whole": whole, "kinds": Kind.values, "words": words}
    return render(request, "information/notices.html", {**shown, "writes": access.may(Permission.INFORM)})


@signed_in
@require_safe
def notice(request: OfficeRequest, number: str) -> HttpResponse:
    """Show a notice; that a recipient has opened it is noted once."""
    access = request.access
    found = find(access, number)
    if request.method == "GET":
        mark_read(found, by=access.person)
    cases = visible(access).filter(
        Exists(RecipientCase.objects.filter(recipient__notice=found, use_case=OuterRef("pk")))
    )
    shown = list(cases.select_related("unit")[: _MOST_CASES + 1])
    whole, audience = sees_all(access), Audience.read(found.audience)
    context = {
        **_frame(found),
        "texts": written(found.text_en, found.text_ja),
        "changed": written(found.changed_en, found.changed_ja),
        "heard_name": written(found.heard_name, None),
        "audience": audience_rows(audience),
        "cases": [_case(access, case, audience) for case in shown[:_MOST_CASES]],
        "more": cases.count() - _MOST_CASES if len(shown) > _MOST_CASES else 0,
        "counts": _counts(access, found) if whole else None,
        "writes": access.may(Permission.INFORM),
        "history": history(("notice", found.key), _TOLD),
    }
    return render(request, "information/notice.html", context)


@signed_in
@require_safe
def receipts(request: OfficeRequest, number: str) -> HttpResponse:
    """Show who has opened a notice and who has not, as far as the reader may know whom it reached."""
    access = request.access
    if not sees_all(access):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.inform")))
    found = find(access, number)
    people: Any = shown_to(access, found).select_related("person", "person__unit", "receipt")
    state = request.GET.get("state", "")
    if state in ("read", "unread"):
        people = people.filter(receipt__isnull=state == "unread")
    page = Paginator(people.order_by("person__reading", "person__name", "pk"), _PAGE).get_page(request.GET.get("page"))
    counts = _counts(access, found)
    complete = access.everywhere(Permission.SEE_RESTRICTED)
    context = {**_frame(found), "page": page, "counts": counts, "state": state, "complete": complete}
    return render(request, "information/receipts.html", {**context, "writes": access.may(Permission.INFORM)})


@allowed(Permission.INFORM)
@require_POST
def send_reminder(request: OfficeRequest, number: str) -> HttpResponse:
    """Remind those who have not opened a notice."""
    found = find(request.access, number)
    remind(found, by=request.access.person)
    messages.success(request, tell("office.information.reminded"))
    return redirect("information:receipts", number=number)


def _frame(found: Notice) -> dict[str, Any]:
    """Return what every page of one notice needs."""
    related = {name: getattr(found, name, None) for name in ("end", "reminder")}
    return {"notice": found, "title": one_line(found.title_en, found.title_ja), **related}


def _case(access: Access, case: UseCase, audience: Audience) -> dict[str, Any]:
    sure = audience.fits(case.facts, case.lowest, case.highest) is not None
    return {"number": case.number, "title": title_for(access, case), "sure": sure}


def _counts(access: Access, found: Notice) -> dict[str, int]:
    people = shown_to(access, found)
    total = people.count()
    return {"all": total, "read": people.filter(receipt__isnull=False).count(), "cases": _case_count(access, found)}


def _case_count(access: Access, found: Notice) -> int:
    rows = RecipientCase.objects.filter(recipient__notice=found, use_case=OuterRef("pk"))
    return int(visible(access).filter(Exists(rows)).count())
