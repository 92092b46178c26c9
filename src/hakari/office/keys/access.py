"""Who may ask for, confirm, end and see a key."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from hakari.office.keys.models import RegisteredKey
from hakari.office.people.access import Access
from hakari.office.people.models import Unit
from hakari.office.people.permissions import Permission

__all__ = ["may_ask", "may_ask_for_unit", "may_confirm", "may_decline", "may_revoke", "visible"]

_ASK = (Permission.NOTIFY, Permission.EDIT, Permission.REVIEW)
_KEEP = (Permission.MANAGE_PEOPLE, Permission.REVIEW)


def may_ask(access: Access) -> bool:
    """Return whether the person may ask for a key of their own: whoever answers or measures."""
    return any(access.may(permission) for permission in _ASK)


def may_ask_for_unit(access: Access, unit: Unit | None = None) -> bool:
    """Return whether the person may ask for a pipeline's key in a unit, or in any."""
    return access.may(Permission.EDIT, unit)


def may_confirm(access: Access, row: RegisteredKey | None = None) -> bool:
    """Return whether the person may confirm this key, or keys at all; never one that they asked for."""
    keeps = any(access.may(permission) for permission in _KEEP)
    return keeps and (row is None or not _own(access, row))


def may_decline(access: Access, row: RegisteredKey) -> bool:
    """Return whether the person may say no to a key that waits, or take their own wish back."""
    return may_confirm(access) or _own(access, row)


def may_revoke(access: Access, row: RegisteredKey) -> bool:
    """Return whether the person may say that a key counts no longer."""
    return may_confirm(access) or _own(access, row)


def visible(access: Access) -> QuerySet[RegisteredKey]:
    """Return the keys that the person may see: the registered, their own, and all if they keep or audit them."""
    found = RegisteredKey.objects.select_related("person", "unit", "asked_by", "confirmed_by", "reason")
    if may_confirm(access) or access.may(Permission.AUDIT):
        return found
    own: Any = Q(asked_by=access.person) | Q(person=access.person)
    return found.filter(Q(confirmed_at__isnull=False) | own)


def _own(access: Access, row: RegisteredKey) -> bool:
    return access.person is not None and access.person.pk in (row.asked_by_id, row.person_id)
