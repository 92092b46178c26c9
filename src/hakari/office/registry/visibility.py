"""Who sees which use case, and under which name. Lists, search, hints, mail and exports all ask here."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from hakari.office.people.access import Access, access_of
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES
from hakari.office.registry.models import NamedPerson, UseCase, Visibility
from hakari.office.registry.states import State

__all__ = ["get_visible", "guard_of", "is_involved", "is_veiled", "still_told", "title_for", "veiled", "visible"]

_KNOW = (
    Permission.EDIT,
    Permission.REVIEW,
    Permission.AUDIT,
    Permission.DECIDE_MIDDLE,
    Permission.SEE_RESTRICTED,
)
"""What lets a person know the titles of the units where they hold it, whatever the embargo."""


def visible(access: Access) -> QuerySet[UseCase]:
    """Return the use cases that a person sees."""
    if access.person is None:
        return UseCase.objects.none()
    named = Exists(NamedPerson.objects.filter(use_case=OuterRef("pk"), person=access.person))
    own = Q(reporter=access.person) | Q(owner=access.person) | named
    if not access.held:
        # Somebody without any role sees what they are named in and nothing else.
        return UseCase.objects.filter(own)
    shown = (
        Q(visibility=Visibility.GROUP)
        | (Q(visibility=Visibility.UNIT) & _under(access, Permission.SEE))
        | (Q(visibility=Visibility.RESTRICTED) & _under(access, Permission.SEE_RESTRICTED))
    )
    return UseCase.objects.filter(own | (~Q(state=State.DRAFT) & shown))


def get_visible(access: Access, number: str) -> UseCase:
    """Return one use case by its number; one that is not shown does not exist for this person.

    Raises:
        Http404: none that this person sees.
    """
    found = visible(access).select_related("unit", "owner", "reporter").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def is_involved(access: Access, use_case: UseCase) -> bool:
    """Return whether a person answers for a use case or is named in it."""
    if access.person is None:
        return False
    if access.person.pk in (use_case.reporter_id, use_case.owner_id):
        return True
    return NamedPerson.objects.filter(use_case=use_case, person=access.person).exists()


def title_for(access: Access, use_case: UseCase) -> str:
    """Return the title, or the code name while there is an embargo and the reader is not of the unit."""
    return use_case.code_name if is_veiled(access, use_case) else use_case.title


def is_veiled(access: Access, use_case: UseCase) -> bool:
    """Return whether the title, and what else says what the case is about, is hidden from this reader for now."""
    if not use_case.code_name or (use_case.embargo_until is not None and access.day > use_case.embargo_until):
        return False
    if access.person is None:
        return True
    if access.person.pk in (use_case.reporter_id, use_case.owner_id):
        return False
    paths = _known(access)
    if paths is None or any(use_case.unit.path.startswith(path) for path in paths):
        return False
    return use_case.pk not in _named(access)


def guard_of(access: Access, use_case: UseCase) -> str:
    """Return the guard of a mail that tells a reader of a use case by the name that they may know now."""
    return f"use_case:{use_case.key}" + ("/veiled" if is_veiled(access, use_case) else "")


def still_told(person: Any, guarded: str) -> bool:
    """Return whether a person may still be told what a mail with this guard says."""
    key, _, veiled_then = guarded.partition("/")
    access = access_of(person)
    case = visible(access).select_related("unit").filter(key=key).first()
    return case is not None and (bool(veiled_then) or not is_veiled(access, case))


def veiled(access: Access) -> Q:
    """Return the same rule as a condition on use cases, for search, filters and order."""
    lasting = Q(embargo_until=None) | Q(embargo_until__gte=access.day)
    hidden = ~Q(code_name="") & lasting
    if access.person is None:
        return hidden
    paths = _known(access)
    if paths is None:
        return Q(pk__in=[])
    named = Exists(NamedPerson.objects.filter(use_case=OuterRef("pk"), person=access.person))
    known = Q(reporter=access.person) | Q(owner=access.person) | Q(named)
    for path in paths:
        known |= Q(unit__path__startswith=path)
    return hidden & ~known


def _named(access: Access) -> frozenset[int]:
    """Ids of the cases in which a person is named: asked once for each request, and only where a veil hangs."""
    found = access.__dict__.get("named_cases")
    if found is None:
        rows = NamedPerson.objects.filter(person=access.person).values_list("use_case_id", flat=True)
        found = access.__dict__["named_cases"] = frozenset(rows)
    return frozenset(found)


def _known(access: Access) -> tuple[str, ...] | None:
    """Paths of the units whose titles a person knows: those of their own roles, and those they work for."""
    found = {path for role, path, _ in access.held if path is not None and Permission.SEE in ROLES[role].allows}
    for permission in _KNOW:
        paths = access.paths(permission)
        if paths is None:
            return None
        found.update(paths)
    return tuple(sorted(found))


def _under(access: Access, permission: Permission) -> Any:
    paths = access.paths(permission)
    if paths is None:
        return Q()
    query = Q(pk__in=[])
    for path in paths:
        query |= Q(unit__path__startswith=path)
    return query
