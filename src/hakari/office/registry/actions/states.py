"""Steps in the life of a use case: that it is retired, and the step itself, for other rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils import timezone

from hakari.errors import ConflictError
from hakari.messages import say
from hakari.office.core.actions import Actor, Done, action
from hakari.office.registry.actions.writing import require_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import State, check_move

__all__ = ["move_state", "retire"]


def move_state(
    use_case: UseCase, to: str, *, by: Actor, data: Mapping[str, Any] | None = None, lift: bool = False
) -> UseCase:
    """Bring a use case to another state, inside another room's action; no event of its own.

    Of several people who do this at once, one succeeds: the step is written only if the state is still the one that
    `use_case` holds. While a use is stopped, work on it may go on, but nothing that happens there lets it run again:
    the step is noted as the state to which the case goes back, and it stays suspended.

    Args:
        data: Further columns that are written in the same step, such as `lowest` and `highest`.
        lift: Whether a stop ends with this step.

    Raises:
        OfficeError: the table of states has no such step.
        ConflictError: somebody else was quicker.
    """
    stopped = use_case.state == State.SUSPENDED
    values = {**(data or {}), "changed_at": timezone.now()}
    if stopped and not lift and to != State.RETIRED:
        check_move(use_case.suspended_from, to)
        values["suspended_from"] = str(to)
    else:
        check_move(use_case.state, to)
        back = use_case.state if to == State.SUSPENDED else ""
        values |= {"moved_by": by.key, "state": str(to), "state_since": values["changed_at"], "suspended_from": back}
    same = UseCase.objects.filter(pk=use_case.pk, state=use_case.state, suspended_from=use_case.suspended_from)
    if not same.update(**values, version=F("version") + 1):
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
