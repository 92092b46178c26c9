"""Roles are given for a unit and a period, and ended; never by anybody to themselves."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.people.access import require
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES, role_named

__all__ = ["end_role", "give_role", "keep_an_admin"]


@action("role.given")
def give_role(
    person: Person,
    role: str,
    unit: Unit | None,
    *,
    starts: datetime.date,
    ends: datetime.date | None = None,
    by: Person,
) -> Done[Assignment]:
    """Give a role; the same role for the same unit and period again is the one that is there."""
    require(by, Permission.MANAGE_PEOPLE)
    if by.pk == person.pk:
        raise NotAllowedError(say("office.people.role.not_oneself"))
    if not person.is_active:
        raise InputError(say("office.people.not_active"))
    if ends is not None and ends < starts:
        raise InputError(say("office.people.role.ends_first"))
    if role_named(role).whole_company != (unit is None):
        key = "office.people.role.company_only" if unit is not None else "office.people.role.unit_needed"
        raise InputError(say(key, role=say(f"office.role.{role}")))
    if connection.features.has_select_for_update:  # the same form sent twice at once waits for itself
        Person.objects.select_for_update().get(pk=person.pk)
    same = Assignment.objects.filter(person=person, role=role, unit=unit, starts=starts, ends=ends, ended_at=None)
    given = same.first() or Assignment.objects.create(
        person=person, role=role, unit=unit, starts=starts, ends=ends, given_by=by.key
    )
    data = {
        "ends": ends.isoformat() if ends else None,
        "role": role,
        "starts": starts.isoformat(),
        "unit": unit.key if unit else None,
    }
    return Done(given, about=("person", person.key), data=data)


@action("role.ended")
def end_role(assignment: Assignment, *, by: Person) -> Done[Assignment]:
    """Take a role back, from now on; that it was held stays on record."""
    require(by, Permission.MANAGE_PEOPLE)
    if Permission.MANAGE_PEOPLE in role_named(assignment.role).allows:
        keep_an_admin(without=assignment)
    Assignment.objects.filter(pk=assignment.pk, ended_at=None).update(ended_at=timezone.now(), ended_by=by.key)
    assignment.refresh_from_db()
    return Done(assignment, about=("person", assignment.person.key), data={"role": assignment.role})


def keep_an_admin(*, without: Person | Assignment) -> None:
    """Refuse what would leave nobody who keeps accounts, today or when a period ends.

    Raises:
        NotAllowedError: nobody would be left.
    """
    today = timezone.localdate()
    keeping = [code for code, role in ROLES.items() if Permission.MANAGE_PEOPLE in role.allows]
    found: Any = Assignment.objects.filter(role__in=keeping, unit=None, ended_at=None)
    # Two administrators who remove each other at the same moment wait here for one another.
    if connection.features.has_select_for_update:
        list(found.select_for_update().order_by("pk").values_list("pk", flat=True))
    lasting = found.filter(Q(ends=None), starts__lte=today, person__is_active=True, person__erased_at=None)
    gone = Q(person=without) if isinstance(without, Person) else Q(pk=without.pk)
    if lasting.filter(gone).exists() and not lasting.exclude(gone).exists():
        raise NotAllowedError(say("office.people.last_admin"))
