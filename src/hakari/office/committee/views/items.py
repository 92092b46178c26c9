"""The page of an item: the one page to read, the vote, and what was decided."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hakari.errors import HakariError
from hakari.messages import Message
from hakari.office.committee.actions.voting import close_ballot
from hakari.office.committee.models import Ballot, Decision, DocketItem, Form
from hakari.office.committee.showing.ballots import Bench, ballots_of
from hakari.office.committee.showing.onepage import make_page
from hakari.office.committee.showing.reading import find_item
from hakari.office.committee.views.items_acting import may_write
from hakari.office.committee.views.voting import part_of
from hakari.office.core.access import OfficeRequest, signed_in
from hakari.office.core.actions import SYSTEM
from hakari.office.people.permissions import Permission
from hakari.office.registry.visibility import is_veiled

__all__ = ["item"]


@signed_in
@require_safe
def item(request: OfficeRequest, key: str) -> HttpResponse:
    """Show an item to who may read it."""
    found = find_item(request, key)
    problem = _close_if_due(found)
    if problem is None:
        found = find_item(request, key)
    access, person = request.access, request.access.person
    bench = Bench.of(found, person)
    ballots = ballots_of(found, bench, person)
    now = next((shown for shown in ballots if shown.ballot.closed_at is None), None)
    page = make_page(access, found)
    context = {
        "item": found,
        "case": found.use_case,
        "page": page,
        "round": found.round,
        "may_read_round": not is_veiled(access, found.use_case),
        "bench": bench,
        "shown": now,
        "closed": [shown for shown in ballots if shown.ballot.closed_at is not None],
        "decision": Decision.objects.filter(ballot__item=found).first(),
        "may_write": may_write(access, found),
        "problem": problem if now is None or now.problem is None else None,  # that one is said beside the votes
        **part_of(request, found, bench, now),
        **_leading(request, found, now, bool(page.missing), len(bench.eligible)),
    }
    return render(request, "committee/item.html", context)


def _close_if_due(found: DocketItem) -> Message | None:
    """Close a ballot whose deadline has passed, so that nobody waits for the next run of the clock."""
    due = Ballot.objects.filter(item=found, closed_at=None, deadline__lt=timezone.now()).first()
    if due is not None:
        try:
            close_ballot(due, by=SYSTEM)
        except HakariError as error:
            return cast("Message", error.message)
    return None


def _leading(request: OfficeRequest, found: DocketItem, now: Any, missing: bool, eligible: int) -> dict[str, Any]:
    """Return what the chair or the office may do with the vote."""
    chairs = request.access.may(Permission.CHAIR)
    leads = chairs or request.access.may(Permission.REVIEW)
    waits = found.standing == DocketItem.Standing.WAITING
    if now is None:
        return {
            "leads": leads and waits,
            "may_open": leads and waits and not missing and eligible >= 2,
            "may_close": False,
            "may_void": False,
        }
    circulated = now.ballot.form == Form.CIRCULATION
    may = chairs or (circulated and leads)
    ripe = not circulated or now.late or not now.waiting
    return {
        "leads": False,
        "may_open": False,
        "may_close": may and ripe and now.problem is None,
        "may_void": may and now.problem is not None,
    }
