"""From an address to the notification that this reader may see."""

from __future__ import annotations

from django.http import Http404

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.core.access import OfficeRequest
from hakari.office.intake.actions.rules import may_edit
from hakari.office.intake.models import Notification
from hakari.office.registry.visibility import get_visible, is_veiled

__all__ = ["editable_notification", "seen_version", "visible_notification"]


def visible_notification(request: OfficeRequest, number: str) -> Notification:
    """Return the notification of a use case.

    Raises:
        Http404: the reader does not see the use case, or is told its code name only.
    """
    case = get_visible(request.access, number)
    found = Notification.objects.filter(use_case=case).select_related("submitted_by", "taken_by").first()
    if found is None or is_veiled(request.access, case):
        raise Http404
    found.use_case = case
    return found


def editable_notification(request: OfficeRequest, number: str) -> Notification:
    """Return the notification if the reader may answer in it.

    Raises:
        Http404: the reader does not see it.
        NotAllowedError: they see it and may not change it, or not any more.
    """
    found = visible_notification(request, number)
    if not may_edit(request.access, found):
        raise NotAllowedError(say("office.intake.not_yours_now"))
    return found


def seen_version(request: OfficeRequest) -> int:
    """Return the version of the row that the reader of the form saw; 0, which no row has, if it is not a number."""
    stated = request.POST.get("version", "")
    return int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 10 else 0
