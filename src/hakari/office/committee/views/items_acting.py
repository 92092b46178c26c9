"""What pages with one form about an item share: the frame, the refusal in words, and two people at one form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from hakari.errors import HakariError, NotAllowedError
from hakari.messages import Message, say
from hakari.office.committee.models import DocketItem
from hakari.office.committee.showing.reading import find_item
from hakari.office.core.access import OfficeRequest
from hakari.office.core.forms import OfficeForm, tell
from hakari.office.lifecycle.actions.rules import is_own
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission

__all__ = ["act_page", "back", "find_writable", "may_write", "refuse", "stands"]


def may_write(access: Access, item: DocketItem) -> bool:
    """Return whether a person may write on the page of an item now."""
    reviews = access.may(Permission.REVIEW, item.use_case.unit)
    return reviews and item.standing == DocketItem.Standing.WAITING and not is_own(access.person, item.round.assessment)


def find_writable(request: OfficeRequest, key: str) -> DocketItem:
    """Return an item whose page the reader may write as a reviewer, wherever the item stands.

    Raises:
        Http404, NotAllowedError: not there for them; no reviewer, or one who took part.
    """
    item = find_item(request, key)
    if not request.access.may(Permission.REVIEW, item.use_case.unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    if is_own(request.access.person, item.round.assessment):
        raise NotAllowedError(say("office.lifecycle.own"))
    return item


def act_page(
    request: OfficeRequest, item: DocketItem | None, kind: str, form: OfficeForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page with one form; `kind` names its texts."""
    frame = {"item": item, "form": form, "kind": kind, "case": item.use_case if item else None}
    return render(request, "committee/act.html", {**frame, **context}, status=status)


def back(request: OfficeRequest, item: DocketItem, done: str = "", *, to: str = "") -> HttpResponse:
    """Go to the page of an item, and say what was done."""
    if done:
        messages.success(request, tell(f"office.committee.docket.done.{done}"), extra_tags="good")
    answer = redirect("committee:item", item.key)
    if to:
        answer["Location"] += f"#{to}"
    return answer


def refuse(form: OfficeForm, error: HakariError) -> None:
    """Set what an action refused above the fields, with everything that was typed left in them.

    Raises:
        NotAllowedError: it is not about what was typed.
    """
    if isinstance(error, NotAllowedError):
        raise error
    message: Any = error.message
    form.add_error(None, tell(message.key, **message.arguments))


def stands(label: Message, value: Any, language: str = "") -> dict[str, Any]:
    """Return one line of what stands there now, beside what the reader typed."""
    return {"label": label, "value": value, "language": language}
