"""Sessions are ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hakari.office.core.actions import Done, action
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["end_sessions"]


@action("person.sessions_ended")
def end_sessions(person: Person, sessions: Sequence[Any], *, by: Person) -> Done[int]:
    """End some sessions of a person: one's own, or those of others as administrator."""
    if by.pk != person.pk:
        require(by, Permission.MANAGE_PEOPLE)
    own = [session for session in sessions if session.user_id == person.pk]
    for session in own:
        session.end()
    return Done(len(own), about=("person", person.key), data={"sessions": len(own)})
