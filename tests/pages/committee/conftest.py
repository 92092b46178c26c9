"""A docket with the one page written, and a committee of four who may vote."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from hakari.office.committee.actions.agenda import add_item
from hakari.office.committee.actions.docket import propose_condition, put_on_docket, write_passage
from hakari.office.committee.actions.meetings import mark_attendance, open_meeting, plan_meeting
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.actions.voting import close_ballot, declare, open_ballot, vote
from hakari.office.committee.models import Agenda, Ballot, DocketItem, Form, Meeting
from hakari.office.lifecycle.models import Round
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import complete, make_assessment, send
from tests.pages.lifecycle.trial import CHECK, FAIR, GAPS

SOON = datetime.timedelta(days=90)


def seat(company: Company, count: int = 3) -> None:
    """Add members, so that with `member` and `chair` there are enough."""
    for number in range(2, count + 1):
        if f"member{number}" not in company.people:
            company.add(f"member{number}", "member", None)


def make_round(company: Company, groups: Any = FAIR, **options: Any) -> Round:
    """Return a frozen round of a complete assessment."""
    return send(complete(make_assessment(company, **options), company, groups), company)


def make_item(company: Company, groups: Any = FAIR, *, proposal: str = "approve", **options: Any) -> DocketItem:
    """Lay a round before the committee with its one page; more groups than `FAIR` with a condition on the check."""
    seat(company)
    round = make_round(company, groups, **options)
    until = timezone.localdate() + SOON
    item = put_on_docket(round, proposal, until, by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    if proposal == "approve_with_conditions":
        propose_condition(
            item, text="Show that the gap is closed.", language="en", requirement=GAPS, due=until, rule="check",
            check=CHECK, by=company.reviewer,
        )  # fmt: skip
    return DocketItem.objects.get(pk=item.pk)


def circulate(item: DocketItem, company: Company) -> Ballot:
    """Open a circulated ballot."""
    until = timezone.now() + datetime.timedelta(days=3)
    return open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)


def voters(company: Company) -> list[Any]:
    """Return everybody who sits on the committee."""
    return [person for name, person in sorted(company.people.items()) if name.startswith(("member", "chair"))]


def decide_by(item: DocketItem, company: Company, choice: str) -> Ballot:
    """Let everybody vote alike, and close."""
    ballot = circulate(item, company)
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, choice, reason="So it is.", by=person)
    return close_ballot(ballot, by=company.chair)


@pytest.fixture
def docket(company: Company) -> Callable[..., DocketItem]:
    """Return a function that lays a complete case before the committee."""
    return lambda groups=FAIR, **options: make_item(company, groups, **options)


def meet(
    company: Company,
    *items: DocketItem,
    consent: bool = False,
    begin: bool = True,
    by: Any = None,
    present: tuple[str, ...] = ("chair", "member", "member2", "member3"),
) -> Meeting:
    """Return a meeting with these items, open unless said otherwise, whose members had their pages for two days."""
    found = plan_meeting(timezone.now() + datetime.timedelta(days=3), 60, by=company.chair)
    for item in items:
        add_item(found, item, consent=consent, by=by or company.chair)
    Agenda.objects.filter(meeting=found).update(part_since=timezone.now() - datetime.timedelta(days=2))
    if not begin:
        return found
    found = open_meeting(found, by=company.chair)
    for name in present:
        if name in company.people:
            mark_attendance(found, company.people[name], there=True, by=company.chair)
    return found
