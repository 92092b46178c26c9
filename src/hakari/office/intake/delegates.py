"""The delegates of a unit: those of the unit itself first, then those further up the tree."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import Q
from django.utils import timezone

from hakari.office.people.access import Access
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES

__all__ = ["nearest_delegates", "own_places"]

_DECIDING = tuple(code for code, role in ROLES.items() if Permission.DECIDE_MIDDLE in role.allows)
_TOP = "/"


def nearest_delegates(
    unit: Unit, *, without: Collection[str] = (), sees: Callable[[Person], bool] | None = None
) -> tuple[str, tuple[Person, ...]]:
    """Return the path of the nearest place that has a delegate and who they are; nothing if there is none.

    Args:
        unit: Where the use case belongs.
        without: Keys of people who must not decide here, because they submitted or answered.
        sees: Whether a person is shown the case at all, asked where that is not plain from the unit.
    """
    today = timezone.localdate()
    above = [int(part) for part in unit.path.split("/") if part]
    found = Assignment.objects.filter(
        Q(unit_id__in=above) | Q(unit=None),
        Q(ends=None) | Q(ends__gte=today),
        role__in=_DECIDING,
        starts__lte=today,
        person__is_active=True,
        person__erased_at=None,
    ).select_related("person", "unit")
    places: dict[str, list[Person]] = {}
    for item in found:
        if item.person.key not in without and (sees is None or sees(item.person)):
            places.setdefault(item.unit.path if item.unit else _TOP, []).append(item.person)
    if not places:
        return "", ()
    nearest = max(places, key=len)
    people = {person.pk: person for person in places[nearest]}
    return nearest, tuple(sorted(people.values(), key=lambda person: (person.reading or person.name, person.pk)))


def own_places(access: Access) -> tuple[str, ...]:
    """Return the paths at which a person is a delegate themselves."""
    return tuple(path or _TOP for role, path, _ in access.held if role in _DECIDING)
