"""Steps in the life of a use case that this room knows: retire, stop, go on; and the step itself, for other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from hakari.errors import ConflictError
from hakari.messages import say
from hakari.office.core.actions import Actor, Done, action
from hakari.office.core.models import FreeText
from hakari.office.people.access import require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import one_line, require_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import NEXT, State, check_move

__all__ = ["move_state", "resume", "retire", "suspend"]


def move_state(use_case: UseCase, to: str, *, by: Actor, data: Mapping[str, Any] | None = None) -> UseCase:
    """Bring a use case to another state, inside another room's action; no event of its own.

    Of several people who do this at once, one succeeds: the step is written only if the state is still the one that
    `use_case` holds.

    Args:
        data: Further columns that are written in the same step, such as `lowest` and `highest`.

    Raises:
        OfficeError: the table of states has no such step.
        ConflictError: somebody else was quicker.
    """
    check_move(use_case.state, to)
    values = {**(data or {}), "changed_at": timezone.now(), "moved_by": by.key, "state": str(to)}
    values["state_since"] = values["changed_at"]
    moved = UseCase.objects.filter(pk=use_case.pk, state=use_case.state).update(**values, version=F("version") + 1)
    if not moved:
        raise ConflictError(say("office.core.conflict"))
    use_case.refresh_from_db(fields=[*values, "version"])
    return use_case


@action("use_case.retired")
def retire(use_case: UseCase, *, by: Actor) -> Done[UseCase]:
    """Say that a use case is no longer in use.

    Raises:
        NotAllowedError, OfficeError, ConflictError: not theirs to change, or no such step.
    """
    require_edit(by, use_case)
    before = use_case.state
    move_state(use_case, State.RETIRED, by=by)
    return Done(use_case, about=("use_case", use_case.key), data={"from": before})


@action("use_case.suspended")
def suspend(use_case: UseCase, reason: str, *, by: Person) -> Done[UseCase]:
    """Stop a use in one act.

    Raises:
        NotAllowedError: only the chair and the head of the office may.
        InputError: no reason is given.
    """
    require(by, Permission.STOP, use_case.unit)
    before = use_case.state
    kept = FreeText.keep(one_line(reason, 1_000, field="reason"))
    move_state(use_case, State.SUSPENDED, by=by, data={"suspended_from": before})
    return Done(use_case, about=("use_case", use_case.key), data={"from": before, "reason": kept.digest})


@action("use_case.resumed")
def resume(use_case: UseCase, reason: str, *, by: Person) -> Done[UseCase]:
    """Let a stopped use go on: to the state it had, or to the assessment where that state does not follow a stop.

    Raises:
        NotAllowedError: only the chair and the head of the office may.
        InputError: no reason is given.
    """
    require(by, Permission.STOP, use_case.unit)
    allowed = NEXT[State.SUSPENDED]
    before = use_case.suspended_from
    to = State(before) if before in allowed else State.ASSESSING if use_case.highest else State.NOTIFIED
    kept = FreeText.keep(one_line(reason, 1_000, field="reason"))
    move_state(use_case, to, by=by, data={"suspended_from": ""})
    return Done(use_case, about=("use_case", use_case.key), data={"reason": kept.digest, "to": str(to)})
