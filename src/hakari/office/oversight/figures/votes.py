"""Votes that are missing in open ballots: of those who sit on the committee and are not barred; few queries for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from hakari.office.committee.members import members
from hakari.office.committee.models import Ballot, Declaration, Vote
from hakari.office.lifecycle.actions.rules import OFFICE_ROLES
from hakari.office.lifecycle.models import Answer, Delivery, Round
from hakari.office.lifecycle.policy import known_packs
from hakari.office.oversight.figures.scope import counted_keys
from hakari.office.people.access import Access
from hakari.office.people.models import Person

__all__ = ["MissingVotes", "missing_votes", "of_ballots"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingVotes:
    """An open ballot and who has not voted in it."""

    ballot: Ballot
    people: tuple[Person, ...]
    """Members who may vote and have not; of a circulated resolution and a meeting alike."""


def missing_votes(access: Access) -> list[MissingVotes]:
    """Return the open ballots on cases that the reader sees, with who has not voted."""
    keys = counted_keys(access)
    return of_ballots(Q(item__use_case__in=keys) | Q(stop__use_case__in=keys))


def of_ballots(which: Q) -> list[MissingVotes]:
    """Return the open ballots of a kind, with who has not voted."""
    rows = Ballot.objects.filter(which, closed_at=None).select_related(
        "item__use_case__unit", "item__round__assessment", "stop__use_case__unit"
    )
    ballots = list(rows.order_by("deadline", "pk"))
    if not ballots:
        return []
    seated = members()
    voted = set(Vote.objects.filter(ballot__in=ballots).values_list("ballot_id", "person_id"))
    barred = _barred(ballots, seated)
    return [
        MissingVotes(
            ballot=ballot,
            people=tuple(
                person
                for person in seated
                if (ballot.pk, person.pk) not in voted and person.pk not in barred[ballot.pk]
            ),
        )
        for ballot in ballots
    ]


def _barred(ballots: Sequence[Ballot], seated: Sequence[Person]) -> dict[int, set[int]]:
    """Return who may not vote in each ballot: the same rules as `committee.members`, for many at once."""
    keys = {person.key: person.pk for person in seated}
    took = _took_part(ballots, keys)
    said: dict[tuple[int, int], bool] = {}
    items = [ballot.item_id for ballot in ballots if ballot.item_id is not None]
    for row in Declaration.objects.filter(item__in=items).order_by("revision"):
        said[row.item_id, row.person_id] = row.conflict
    found: dict[int, set[int]] = {}
    for ballot in ballots:
        item, stop = ballot.item, ballot.stop
        matter: Any = item if item is not None else stop
        bar = {matter.use_case.owner_id, matter.use_case.reporter_id}
        if item is not None:
            bar |= took[item.round.assessment_id] | {item.put_by_id}
            bar |= {person for (where, person), conflict in said.items() if where == item.pk and conflict}
        elif stop is not None:
            bar |= {keys[stop.by]} if stop.by in keys else set()
        found[ballot.pk] = bar
    return found


def _took_part(ballots: Sequence[Ballot], keys: dict[str, int]) -> dict[int, set[int]]:
    """Return by assessment the members who submitted, delivered or answered for anybody but the office."""
    live = [ballot.item.round.assessment_id for ballot in ballots if ballot.item is not None]
    found: dict[int, set[int]] = defaultdict(set)
    for assessment, person in Round.objects.filter(assessment__in=live).values_list("assessment_id", "submitted_by_id"):
        found[assessment].add(person)
    rows = Delivery.objects.filter(assessment__in=live, by__in=keys).values_list("assessment_id", "by")
    for assessment, by in rows:
        found[assessment].add(keys[by])
    answers = Answer.objects.filter(assessment__in=live, by__in=keys, carried=False).order_by()
    told = list(answers.values_list("assessment_id", "by", "requirement").distinct())
    own = _office_requirements() if told else frozenset()
    for assessment, by, requirement in told:
        if requirement not in own:
            found[assessment].add(keys[by])
    return found


def _office_requirements() -> frozenset[str]:
    """Return the requirements that the office itself answers for."""
    return frozenset(
        requirement.reference
        for pack in known_packs().values()
        for requirement in pack.requirements
        if OFFICE_ROLES & set(requirement.roles)
    )
