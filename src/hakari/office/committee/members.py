"""Who sits on the committee, and who may not vote on what."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Q
from django.utils import timezone

from hakari.office.committee.models import Ballot, Declaration, DocketItem, Stop
from hakari.office.lifecycle.actions.rules import took_part
from hakari.office.lifecycle.models import Responsible
from hakari.office.people.access import access_of
from hakari.office.people.models import Assignment, Person
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import is_veiled, visible

__all__ = ["Seat", "admit", "concerned_by", "eligible", "matter_of", "members", "seats", "standing_of"]

Bar = Literal["", "own", "conflict", "put", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member and how they stand to one matter."""

    person: Person
    bar: Bar
    """Why they do not vote: `own` (took part), `conflict` (declared), `put` (put it on the docket), `stopped` (made the
    stop); empty if they may."""
    declared: bool
    """Whether they have said if there is a conflict."""


def members(day: datetime.date | None = None) -> list[Person]:
    """Return who sits on the committee on a day, by reading and name."""
    on = day or timezone.localdate()
    roles = [code for code, role in ROLES.items() if Permission.VOTE in role.allows]
    held = Assignment.objects.filter(role__in=roles, starts__lte=on, ended_at=None)
    held = held.filter(Q(ends=None) | Q(ends__gte=on))
    people = Person.objects.filter(pk__in=held.values("person_id"), is_active=True, erased_at=None)
    return list(people.order_by("reading", "name", "pk"))


def seats(matter: DocketItem | Stop) -> list[Seat]:
    """Return every member with what keeps them from voting on an item or a stop."""
    item = matter if isinstance(matter, DocketItem) else None
    said: dict[int, bool] = {}
    if item is not None:
        for row in Declaration.objects.filter(item=item).order_by("revision"):
            said[row.person_id] = row.conflict
    own = took_part(item.round.assessment) if item is not None else _concerned(matter)
    return [
        Seat(person=person, bar=_bar(person, matter, own, said), declared=person.pk in said or item is None)
        for person in members()
    ]


def standing_of(person: Person | None, matter: DocketItem | Stop) -> Seat | None:
    """Return how one person stands to a matter; None if they do not sit on the committee."""
    return next((seat for seat in seats(matter) if person is not None and seat.person.pk == person.pk), None)


def eligible(matter: DocketItem | Stop) -> list[Person]:
    """Return who may vote."""
    return [seat.person for seat in seats(matter) if not seat.bar]


def matter_of(ballot: Ballot) -> DocketItem | Stop:
    """Return what a ballot is about."""
    matter: Any = ballot.item if ballot.item_id is not None else ballot.stop
    return matter  # type: ignore[no-any-return]  # a constraint of the table: one of the two


def concerned_by(stop: Stop) -> list[Person]:
    """Return everybody whom a stop concerns: owner, reporter, role holders, who has a task, and the committee."""
    case = stop.use_case
    found = {case.owner_id: case.owner, case.reporter_id: case.reporter}
    for row in Responsible.objects.filter(use_case=case).select_related("person"):
        found[row.person_id] = row.person
    for task in stop.tasks.select_related("person"):
        found[task.person_id] = task.person
    found.update({person.pk: person for person in members()})
    return list(found.values())


def admit(use_case: UseCase) -> list[str]:
    """Name every member in a case that they would not see, or only under its code name; returns their keys.

    Whoever votes must know on what. It is said in the event, and members who are barred are named as well: they sit in
    the same room.
    """
    named = []
    for person in members():
        access = access_of(person)
        if not visible(access).filter(pk=use_case.pk).exists() or is_veiled(access, use_case):
            use_case.people.add(person)
            named.append(person.key)
    return named


def _concerned(matter: DocketItem | Stop) -> frozenset[str]:
    case = matter.use_case
    return frozenset({case.owner.key, case.reporter.key})


def _bar(person: Person, matter: DocketItem | Stop, own: frozenset[str], said: dict[int, bool]) -> Bar:
    if isinstance(matter, Stop) and person.key == matter.by:
        return "stopped"
    if person.key in own:
        return "own"
    if isinstance(matter, Stop):
        return ""
    if person.pk == matter.put_by_id:
        return "put"
    return "conflict" if said.get(person.pk) else ""
