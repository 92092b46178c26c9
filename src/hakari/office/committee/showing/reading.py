"""Who reads what lies before the committee, and under which title."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.committee.models import Ballot, DocketItem
from hakari.office.core.access import OfficeRequest
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import veiled, visible

__all__ = ["READERS", "find_ballot", "find_item", "items_for", "known_cases", "knows", "reads", "require_reader"]

READERS = (Permission.REVIEW, Permission.VOTE, Permission.CHAIR, Permission.AUDIT)
"""What opens the docket: the office, the committee, and who audits."""


def reads(access: Access) -> bool:
    """Return whether a person reads the docket at all."""
    return any(access.may(permission) for permission in READERS)


def require_reader(access: Access) -> None:
    """Refuse whoever is neither of the office nor of the committee, whatever they ask for.

    Raises:
        NotAllowedError: they are not.
    """
    if not reads(access):
        raise NotAllowedError(say("office.committee.docket.closed"))


def known_cases(access: Access) -> QuerySet[UseCase]:
    """Return the use cases that a reader sees under their own name; members are named in what they vote on."""
    return visible(access).exclude(veiled(access))


def items_for(access: Access) -> QuerySet[DocketItem]:
    """Return the items that a person may read."""
    # Asked for each item that is left, instead of listing everything that the person sees.
    known = known_cases(access).filter(pk=OuterRef("use_case_id"))
    return DocketItem.objects.filter(Exists(known)).select_related(
        "use_case__unit", "use_case__owner", "use_case__reporter", "round__assessment", "put_by"
    )


def find_item(request: OfficeRequest, key: str) -> DocketItem:
    """Return one item; one of a case that is not shown does not exist for this person.

    Raises:
        NotAllowedError, Http404: no reader of the docket; no such item for them.
    """
    require_reader(request.access)
    found = items_for(request.access).filter(key=key).first()
    if found is None:
        raise Http404
    found.round.assessment.use_case = found.use_case
    return found


def find_ballot(request: OfficeRequest, key: str) -> Ballot:
    """Return one ballot, on an item or on a stop.

    Raises:
        NotAllowedError, Http404: no reader of the docket; no such ballot for them.
    """
    require_reader(request.access)
    rows = Ballot.objects.select_related("item", "stop__use_case__unit", "stop__use_case__owner", "meeting")
    found = rows.filter(key=key).first()
    if found is None:
        raise Http404
    if found.item is not None:
        found.item = find_item(request, found.item.key)
    elif found.stop is None or not knows(request.access, found.stop.use_case):
        raise Http404
    return found


def knows(access: Access, use_case: UseCase) -> bool:
    """Return whether a person sees a use case under its own name."""
    return known_cases(access).filter(pk=use_case.pk).exists()
