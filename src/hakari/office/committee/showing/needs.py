"""What of the docket needs a person now."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from hakari.messages import Message, say
from hakari.office.committee.models import Ballot, DocketItem
from hakari.office.committee.showing.reading import items_for
from hakari.office.committee.showing.waiting import asked_of, closable, incomplete, open_ballots, waiting_votes
from hakari.office.core.home import Need
from hakari.office.intake.lanes import due_state
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission

__all__ = ["MOST", "of_chair", "of_members", "of_writers"]

MOST = 10
_ASKED = 60
"""How many items are looked through for those that wait for one person."""


def of_members(access: Access) -> Iterator[Need]:
    """Votes that are missing, the soonest deadline first, then declarations that are."""
    voting = list(waiting_votes(access)[:_ASKED])
    ballots = open_ballots(voting)
    asked = asked_of(access, voting, ballots)
    missing = [item for item in voting if asked[item.pk].vote]
    for item in missing[:MOST]:
        deadline = ballots[item.pk].deadline
        yield _need(access, item, say("office.committee.docket.need.vote"), ballots[item.pk] if deadline else None)
    lying = list(items_for(access).filter(standing=DocketItem.Standing.WAITING).order_by("put_at", "pk")[:_ASKED])
    wanted = asked_of(access, lying, {})
    undeclared = [item for item in lying if wanted[item.pk].declaration]
    for item in undeclared[: max(MOST - len(missing), 0)]:
        yield _need(access, item, say("office.committee.docket.need.declare"), None)


def of_chair(access: Access) -> Iterator[Need]:
    """Ballots that can be closed, and items that wait for a vote."""
    voting = list(waiting_votes(access)[:_ASKED])
    ballots = open_ballots(voting)
    ready = closable(voting, ballots)[:MOST]
    for item in ready:
        yield _need(access, item, say("office.committee.docket.need.close"), ballots[item.pk])
    lying = items_for(access).filter(standing=DocketItem.Standing.WAITING)
    whole = lying.exclude(pk__in=incomplete(access).values("pk")).order_by("put_at", "pk")
    for item in whole[: MOST - len(ready)]:
        yield _need(access, item, say("office.committee.docket.need.open"), None)


def of_writers(access: Access) -> Iterator[Need]:
    """Items whose page is not whole, of cases that are not the reader's own."""
    found = incomplete(access).filter(use_case__unit__in=access.units(Permission.REVIEW))
    found = found.exclude(use_case__owner=access.person).exclude(use_case__reporter=access.person)
    for item in found[:MOST]:
        yield _need(access, item, say("office.committee.docket.need.write"), None)


def _need(access: Access, item: DocketItem, does: Message, ballot: Ballot | None) -> Need:
    due = timezone.localtime(ballot.deadline).date() if ballot is not None and ballot.deadline else None
    return Need(
        title=item.use_case.title,
        does=does,
        url=reverse("committee:item", args=[item.key]),
        number=item.number,
        due=due,
        state=due_state(due, access.day),
    )
