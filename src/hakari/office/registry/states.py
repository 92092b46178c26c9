"""The life of a use case in the office, as one table."""

from __future__ import annotations

from typing import Final

from django.db import models

from hakari.errors import OfficeError
from hakari.messages import say

__all__ = ["NEXT", "State", "check_move"]


class State(models.TextChoices):
    """Where a use case stands."""

    DRAFT = "draft"
    """Somebody writes the notification; only they and those they ask see it."""
    NOTIFIED = "notified"
    """The office knows; triage waits for an answer that is open, or for somebody to decide the lane."""
    TRIAGED = "triaged"
    """The tier and what follows from it are settled."""
    ASSESSING = "assessing"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    CLOSED = "closed"
    STALE = "stale"
    SUSPENDED = "suspended"
    """Stopped by the chair or the head until it is looked at."""
    RETIRED = "retired"
    """No longer in use."""


NEXT: Final[dict[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.NOTIFIED, State.RETIRED}),
    State.NOTIFIED: frozenset({State.TRIAGED, State.SUSPENDED, State.RETIRED}),
    State.TRIAGED: frozenset({State.NOTIFIED, State.ASSESSING, State.SUSPENDED, State.RETIRED}),
    State.ASSESSING: frozenset({State.IN_REVIEW, State.SUSPENDED, State.RETIRED}),
    State.IN_REVIEW: frozenset({State.ASSESSING, State.DECIDED, State.SUSPENDED, State.RETIRED}),
    State.DECIDED: frozenset({State.ASSESSING, State.CLOSED, State.STALE, State.SUSPENDED, State.RETIRED}),
    State.CLOSED: frozenset({State.ASSESSING, State.STALE, State.SUSPENDED, State.RETIRED}),
    State.STALE: frozenset({State.ASSESSING, State.SUSPENDED, State.RETIRED}),
    State.SUSPENDED: frozenset(
        {State.NOTIFIED, State.TRIAGED, State.ASSESSING, State.IN_REVIEW, State.DECIDED, State.CLOSED, State.STALE}
        | {State.RETIRED}
    ),
    State.RETIRED: frozenset(),
}
"""From each state to those that may follow it. A changed answer brings a triaged case back to `notified`."""


def check_move(now: str, then: str) -> None:
    """Refuse a step that the table does not have.

    Raises:
        OfficeError: it does not.
    """
    if State(then) not in NEXT[State(now)]:
        raise OfficeError(say("office.registry.move", now=say(f"office.state.{now}"), then=say(f"office.state.{then}")))
