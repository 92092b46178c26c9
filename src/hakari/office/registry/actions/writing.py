"""How the actions of this room check, read and write text."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.errors import InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.actions import Actor
from hakari.office.core.conflicts import change
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.search import index
from hakari.office.registry.states import State
from hakari.office.registry.visibility import is_veiled, visible

__all__ = ["may_edit", "one_line", "require_edit", "write"]

_SEARCHED = frozenset({"title", "purpose", "code_name", "number", "former_number"})


def one_line(text: str, most: int, *, field: str) -> str:
    """Return a text on one line without what cannot be seen.

    Raises:
        InputError: nothing is left, or it is longer than `most`.
    """
    found = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if not found:
        raise InputError(say("office.registry.empty", field=say(f"office.registry.field.{field}")))
    if len(found) > most:
        raise InputError(say("office.registry.too_long", field=say(f"office.registry.field.{field}"), most=most))
    return found


def may_edit(access: Access, use_case: UseCase) -> bool:
    """Return whether a person may change the entry of a use case that they see.

    Its owner may, whoever holds EDIT in its unit and knows its title, and the reporter of a draft. A restricted case
    is changed by those who see it only.
    """
    person = access.person
    if person is None or use_case.state == State.RETIRED:
        return False
    if person.pk == use_case.owner_id or (person.pk == use_case.reporter_id and use_case.state == State.DRAFT):
        return True
    if not access.may(Permission.EDIT, use_case.unit) or is_veiled(access, use_case):
        return False
    return visible(access).filter(pk=use_case.pk).exists()


def require_edit(by: Actor, use_case: UseCase) -> Access:
    """Return the access of the one who acts if they may change this entry.

    Raises:
        NotAllowedError: they may not.
    """
    access = access_of(by if isinstance(by, Person) else None)
    if not may_edit(access, use_case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    return access


def write(use_case: UseCase, *, seen: int | None, **values: Any) -> UseCase:
    """Write columns of a use case if nobody changed it since version `seen`, and its search index if that changes."""
    change(use_case, seen=seen, **values, changed_at=timezone.now())
    if _SEARCHED & values.keys():
        index(use_case)
    return use_case
