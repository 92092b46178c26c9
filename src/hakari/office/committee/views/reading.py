"""What pages of this part share: who reads about meetings, which items and cases a reader knows, refusals in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.committee.models import DocketItem
from hakari.office.core.access import OfficeRequest
from hakari.office.core.templatetags.office import told
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import veiled, visible

__all__ = ["known_cases", "reads_meetings", "seen_items", "show_refusal", "sits_in"]

_READS = (Permission.VOTE, Permission.CHAIR, Permission.REVIEW, Permission.AUDIT)


def reads_meetings(access: Access) -> bool:
    """Return whether a person reads about meetings: the committee, the office, and auditors do."""
    return any(access.may(permission) for permission in _READS)


def sits_in(access: Access) -> None:
    """Refuse whoever has nothing to do with meetings.

    Raises:
        NotAllowedError: they have not.
    """
    if not reads_meetings(access):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.vote")))


def known_cases(access: Access) -> QuerySet[UseCase]:
    """Return the use cases that a reader sees under their own name."""
    return visible(access).exclude(veiled(access))


def seen_items(access: Access) -> QuerySet[DocketItem]:
    """Return the items of the docket whose cases a reader sees under their own name."""
    return DocketItem.objects.filter(use_case__in=known_cases(access).values("pk"))


def show_refusal(request: OfficeRequest, error: Any) -> None:
    """Say on the next page why something could not be done; who may not is refused outright.

    Raises:
        NotAllowedError: this was the reason.
    """
    if isinstance(error, NotAllowedError):
        raise error
    messages.error(request, told(error.message), extra_tags="bad")
