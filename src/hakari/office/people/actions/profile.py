"""What people change about themselves."""

from __future__ import annotations

from django.utils import timezone

from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.people.access import require, require_oneself
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["ask_for_erasure", "change_profile", "withdraw_erasure"]


@action("person.profile_changed")
def change_profile(
    person: Person, *, name: str, reading: str, language: str, seen: int | None = None, by: Person
) -> Done[Person]:
    """Change name, reading and language: one's own, or for others as administrator."""
    if by.pk != person.pk:
        require(by, Permission.MANAGE_PEOPLE)
    values = {"name": name, "reading": reading, "language": language}
    changed = sorted(field for field, value in values.items() if getattr(person, field) != value)
    change(person, seen=seen, **values)
    return Done(person, about=("person", person.key), data={"fields": changed})


@action("person.erasure_asked")
def ask_for_erasure(person: Person, *, by: Person) -> Done[Person]:
    """Ask that name, address and reading are taken away; an administrator does it."""
    require_oneself(by, person)
    if person.erasure_asked_at is None:
        change(person, erasure_asked_at=timezone.now())
    return Done(person, about=("person", person.key))


@action("person.erasure_withdrawn")
def withdraw_erasure(person: Person, *, by: Person) -> Done[Person]:
    """Take the wish back, as long as nothing was erased."""
    require_oneself(by, person)
    change(person, erasure_asked_at=None)
    return Done(person, about=("person", person.key))
