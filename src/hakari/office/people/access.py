"""What a person may do now, and where: their roles today over the tree of units."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils import timezone

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.core.actions import Actor
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES

__all__ = ["Access", "access_of", "require", "require_oneself"]


@dataclass(frozen=True)
class Access:
    """The roles of one person on one day. Made once for each request; asks the database once."""

    person: Person | None
    day: datetime.date
    held: tuple[tuple[str, str | None, str], ...] = field(default=())
    """(role, path of its unit or None for the whole company, name of the unit)."""

    @property
    def signed_in(self) -> bool:
        """Whether there is a person at all."""
        return self.person is not None

    @property
    def roles(self) -> frozenset[str]:
        """The codes of all roles held today."""
        return frozenset(role for role, _, _ in self.held)

    @cached_property
    def _places(self) -> dict[Permission, tuple[str | None, ...]]:
        found: dict[Permission, list[str | None]] = {}
        for role, path, _ in self.held:
            for permission in ROLES[role].allows:
                found.setdefault(permission, []).append(path)
        return {permission: tuple(paths) for permission, paths in found.items()}

    def may(self, permission: Permission, unit: Unit | None = None) -> bool:
        """Return whether the person may, in `unit`; without a unit: in any place."""
        places = self._places.get(permission, ())
        if unit is None:
            return bool(places)
        return any(path is None or unit.path.startswith(path) for path in places)

    def everywhere(self, permission: Permission) -> bool:
        """Return whether the person may in the whole company."""
        return None in self._places.get(permission, ())

    def paths(self, permission: Permission) -> tuple[str, ...] | None:
        """Return the paths under which the person may; None for everywhere."""
        places = self._places.get(permission, ())
        return None if None in places else tuple(path for path in places if path is not None)

    def units(self, permission: Permission) -> Any:
        """Return the units in which the person may, as a query."""
        from django.db.models import Q

        paths = self.paths(permission)
        if paths is None:
            return Unit.objects.all()
        query = Q(pk__in=[])
        for path in paths:
            query |= Q(path__startswith=path)
        return Unit.objects.filter(query)


def access_of(person: Person | None, day: datetime.date | None = None) -> Access:
    """Return what a person may do on a day (today if none is named)."""
    on = day or timezone.localdate()
    if person is None or not person.is_active or person.erased_at is not None:
        return Access(person=None, day=on)
    found: Iterable[Assignment] = Assignment.objects.filter(
        person=person, starts__lte=on, ended_at=None
    ).select_related("unit")
    held = tuple(
        (item.role, item.unit.path if item.unit else None, item.unit.name if item.unit else "")
        for item in found
        if item.ends is None or item.ends >= on
    )
    return Access(person=person, day=on, held=held)


def require(by: Actor, permission: Permission, unit: Unit | None = None) -> Access:
    """Return the access of the one who acts if it allows this.

    Raises:
        NotAllowedError: it does not.
    """
    access = access_of(by) if isinstance(by, Person) else Access(person=None, day=timezone.localdate())
    if not access.may(permission, unit):
        raise NotAllowedError(say("office.people.not_allowed", permission=say(f"office.permission.{permission}")))
    return access


def require_oneself(by: Actor, person: Person) -> None:
    """Refuse whoever is not the person themselves.

    Raises:
        NotAllowedError: it is somebody else.
    """
    if by.key != person.key:
        raise NotAllowedError(say("office.people.only_own"))
