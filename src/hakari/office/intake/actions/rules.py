"""What all writes of this room ask first: who may change a notification, and whether its row is still the one seen."""

from __future__ import annotations

from typing import Any

from hakari.errors import NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.conflicts import locked_row
from hakari.office.intake.models import Answer, Notification, Step, TriageRecord
from hakari.office.people.access import Access, require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import is_involved

__all__ = ["AlreadyDone", "is_own", "latest_record", "locked", "may_edit", "refuse_own", "require_edit"]

_OPEN = (State.DRAFT, State.NOTIFIED, State.TRIAGED)


class AlreadyDone(OfficeError):
    """The same was done before, as by a second click: nothing is written, and `result` stands."""

    def __init__(self, result: Any) -> None:
        super().__init__(say("office.intake.already_done"))
        self.result = result


def locked(notification: Notification) -> Notification:
    """Return the notification as it stands now; until the transaction ends nobody else changes it."""
    found = locked_row(notification)
    found.use_case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=found.use_case_id)
    return found


def may_edit(access: Access, notification: Notification) -> bool:
    """Return whether a person may answer now: they are named in the case, may notify, and nobody assesses it yet."""
    case = notification.use_case
    return case.state in _OPEN and access.may(Permission.NOTIFY, case.unit) and is_involved(access, case)


def require_edit(by: Any, notification: Notification) -> Access:
    """Return the access of the one who acts if they may change the notification.

    Raises:
        NotAllowedError: they may not.
        OfficeError: it is too late; the case is under assessment, stopped or retired.
    """
    case = notification.use_case
    access = require(by, Permission.NOTIFY, case.unit)
    if not is_involved(access, case):
        raise NotAllowedError(say("office.intake.not_involved"))
    if case.state not in _OPEN:
        raise OfficeError(say("office.intake.too_late", state=say(f"office.state.{case.state}")))
    return access


def is_own(person: Person | None, notification: Notification) -> bool:
    """Return whether a person submitted, answers for, or answered in a notification: they never judge it."""
    if person is None:
        return False
    case = notification.use_case
    if person.pk in (case.reporter_id, case.owner_id, notification.submitted_by_id):
        return True
    return Answer.objects.filter(notification=notification, by=person.key).exists()


def refuse_own(person: Any, notification: Notification) -> None:
    """Refuse a person who would judge what they submitted.

    Raises:
        NotAllowedError: they would.
    """
    if is_own(person, notification):
        raise NotAllowedError(say("office.intake.own"))


def latest_record(notification: Notification) -> TriageRecord:
    """Return what triage said last.

    Raises:
        OfficeError: it was never asked.
    """
    found: TriageRecord | None = TriageRecord.objects.filter(notification=notification).order_by("-round").first()
    if found is None or notification.step == Step.WRITING:
        raise OfficeError(say("office.intake.not_sent"))
    return found
