"""What people do to their accounts through allauth's pages, noted in the ledger like every other write."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factor
from django.dispatch import receiver

from hakari.office.core.actions import Done, action
from hakari.office.people.access import require_oneself
from hakari.office.people.models import Person

__all__ = ["note_factor_added", "note_factor_removed", "note_password"]


@action("person.password_changed")
def note_password(person: Person, *, by: Person) -> Done[Person]:
    """Note that somebody has a new password."""
    require_oneself(by, person)
    return Done(person, about=("person", person.key))


@action("person.factor_added")
def note_factor_added(person: Person, kind: str, *, by: Person) -> Done[Person]:
    """Note that somebody has a second step, or new recovery codes."""
    require_oneself(by, person)
    return Done(person, about=("person", person.key), data={"kind": kind})


@action("person.factor_removed")
def note_factor_removed(person: Person, kind: str, *, by: Person) -> Done[Person]:
    """Note that somebody has no second step, or no recovery codes, any more."""
    require_oneself(by, person)
    return Done(person, about=("person", person.key), data={"kind": kind})


@receiver([account.password_set, account.password_changed, account.password_reset])
def _on_password(user: Any, **_: Any) -> None:
    note_password(user, by=user)


@receiver([factor.authenticator_added, factor.authenticator_reset])
def _on_factor_added(user: Any, authenticator: Any, **_: Any) -> None:
    note_factor_added(user, str(authenticator.type), by=user)


@receiver(factor.authenticator_removed)
def _on_factor_removed(user: Any, authenticator: Any, **_: Any) -> None:
    note_factor_removed(user, str(authenticator.type), by=user)
