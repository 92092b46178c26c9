"""What of this room needs a person now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from hakari.errors import InputError
from hakari.messages import Message, say
from hakari.office.core.home import Need
from hakari.office.lifecycle.actions.rules import OFFICE_ROLES, WRITABLE
from hakari.office.lifecycle.models import Responsible, Round, StageAssessment, Standing
from hakari.office.lifecycle.policy import packs_of
from hakari.office.lifecycle.showing.hanging import hanging
from hakari.office.people.access import Access
from hakari.office.people.permissions import Permission
from hakari.office.registry.states import State
from hakari.office.registry.visibility import title_for, visible
from hakari.packs import Pack, Requirement

__all__ = ["MOST", "of_answerers", "of_changes", "of_reviewers", "of_stale"]

MOST: Final = 10
_OPEN: Final = ("missing", "stale")
_LOOKED_AT: Final = 15
"""Assessments that are looked into, the longest open first."""


def of_answerers(access: Access) -> Iterator[Need]:
    """Questions that wait for this person by their role, with the minutes that they take."""
    office = Q(use_case__unit__in=access.units(Permission.REVIEW))
    rows = _rows(access).filter(_works(access) | office, standing__in=WRITABLE)
    # Chosen before they are read: else the database would sort with the documents of all of them in hand.
    chosen = list(rows.order_by("standing_since", "pk").values_list("pk", flat=True)[:_LOOKED_AT])
    looked = _rows(access).filter(pk__in=chosen).select_related("projection")
    found = 0
    for item in looked.prefetch_related("use_case__responsible").order_by("standing_since", "pk"):
        count, minutes = _open_for(access, item)
        if count and found < MOST:
            found += 1
            does = say("office.lifecycle.need.questions", n=count, minutes=minutes)
            yield _need(access, item, does, reverse("lifecycle:assessment", args=[item.key]) + "?show=mine")


def of_changes(access: Access) -> Iterator[Need]:
    """Assessments in which the office asked for changes."""
    rows = _rows(access).filter(_works(access), standing=Standing.CHANGES)
    for item in rows.order_by("standing_since", "pk")[:MOST]:
        url = reverse("lifecycle:round", args=[item.key, item.round - 1])
        yield _need(access, item, say("office.lifecycle.need.changes", round=item.round - 1), url)


def of_reviewers(access: Access) -> Iterator[Need]:
    """Frozen rounds that wait for a review by somebody who took no part."""
    rows = _rows(access).filter(standing=Standing.IN_REVIEW, use_case__unit__in=access.units(Permission.REVIEW))
    person = access.person
    mine = Round.objects.filter(assessment=OuterRef("pk"), submitted_by=person)
    # The committee's room adds the docket: what lies there has been reviewed.
    laid = Round.objects.filter(assessment=OuterRef("pk"), number=OuterRef("round"), docket_item__isnull=False)
    laid = laid.exclude(docket_item__standing="withdrawn")
    rows = rows.exclude(use_case__owner=person).exclude(use_case__reporter=person).exclude(Exists(mine) | Exists(laid))
    for item in rows.order_by("standing_since", "pk")[:MOST]:
        url = reverse("lifecycle:round", args=[item.key, item.round])
        yield _need(access, item, say("office.lifecycle.need.review", round=item.round), url)


def of_stale(access: Access) -> Iterator[Need]:
    """What was decided and does not stand any more, for whoever owns it."""
    rows = _rows(access).filter(
        standing=Standing.STALE, use_case__owner=access.person, use_case__state=State.STALE, followers=None
    )
    for item in rows.order_by("standing_since", "pk")[:MOST]:
        url = reverse("lifecycle:assessment", args=[item.key])
        yield _need(access, item, say("office.lifecycle.need.stale"), url)


def _rows(access: Access) -> QuerySet[StageAssessment]:
    # Asked for each row that is left, instead of listing everything that the person sees.
    rows = StageAssessment.objects.filter(Exists(visible(access).filter(pk=OuterRef("use_case_id"))))
    return rows.select_related("use_case__unit", "use_case__owner")


def _works(access: Access) -> Q:
    answers = Responsible.objects.filter(use_case=OuterRef("use_case"), person=access.person)
    return Q(use_case__owner=access.person) | Q(Exists(answers))


def _open_for(access: Access, item: StageAssessment) -> tuple[int, int]:
    """Return how many questions wait for this person, and their minutes; read from the stored document as it is."""
    projection = getattr(item, "projection", None)
    person = access.person
    if projection is None or person is None:
        return 0, 0
    named = {row.role: row.person_id for row in item.use_case.responsible.all()} | {"owner": item.use_case.owner_id}
    asked = _asked(item)
    found = []
    for finding in json.loads(bytes(projection.content))["findings"]:
        holders = {named[role] for role in finding["roles"] if role in named}
        if not holders and OFFICE_ROLES & set(finding["roles"]):
            mine = access.may(Permission.REVIEW, item.use_case.unit)
        else:
            mine = person.pk in (holders or {item.use_case.owner_id})
        if mine:
            found += _unanswered(finding, item.facts, asked)
    return len(found), sum(found)


def _unanswered(
    finding: dict[str, Any], facts: dict[str, Any], asked: dict[str, tuple[Pack, Requirement]]
) -> list[int]:
    """Return the minutes of each question that wants an answer."""
    results = finding.get("answers", ())
    open_ones = [answer["question"] for answer in results if answer["status"] in _OPEN]
    if finding["requirement"] not in asked:
        return [0] * len(open_ones)
    pack, requirement = asked[finding["requirement"]]
    given = {answer["question"]: answer["value"] for answer in results if answer.get("value") is not None}
    later = hanging(pack, requirement, given, facts)
    minutes = {question.id: question.minutes for question in requirement.questions}
    return [minutes.get(name, 0) for name in open_ones if name not in later]


def _asked(item: StageAssessment) -> dict[str, tuple[Pack, Requirement]]:
    try:
        packs = packs_of(item.packs)
    except InputError:  # a pack is gone: the page of the assessment says so
        return {}
    return {requirement.reference: (pack, requirement) for pack in packs for requirement in pack.requirements}


def _need(access: Access, item: StageAssessment, does: Message, url: str) -> Need:
    return Need(title=title_for(access, item.use_case), does=does, url=url, number=item.use_case.number)
