"""Writing a notification, one answer at a time, and sending it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from hakari.errors import ConflictError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.intake import letters
from hakari.office.intake.actions.rules import AlreadyDone, locked, require_edit
from hakari.office.intake.actions.triaging import add_step, enter_lane, record_triage, reweigh, triage_data
from hakari.office.intake.models import Answer, Notification, Outcome, Step, TriageRecord
from hakari.office.intake.weighing import check_answer, first_open, question_named, weigh
from hakari.office.people.access import require
from hakari.office.people.models import Person, Unit
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import create_draft, move_state
from hakari.office.registry.states import State

__all__ = ["answer", "start", "submit", "write_answer"]


def start(unit: Unit, *, title: str, purpose: str, once: str, by: Person) -> Notification:
    """Begin a notification and return it; sending the same form twice (`once`) begins one."""
    try:
        return _start(unit, title=title, purpose=purpose, once=once, by=by)
    except IntegrityError:
        found = Notification.objects.select_related("use_case").filter(key=once).first()
        if found is None or found.use_case.reporter_id != by.pk:
            raise NotAllowedError(say("office.intake.not_involved")) from None
        return found


@action("notification.started")
def _start(unit: Unit, *, title: str, purpose: str, once: str, by: Person) -> Done[Notification]:
    require(by, Permission.NOTIFY, unit)
    if Notification.objects.filter(key=once).exists():
        raise IntegrityError(once)
    case = create_draft(title, purpose, unit, by=by)
    notification = Notification.objects.create(key=once, use_case=case)
    return Done(notification, about=("use_case", case.key), data={"unit": unit.key})


def answer(notification: Notification, question: str, value: Any, *, seen: int, by: Person) -> Notification:
    """Save one answer; `seen` is how many answers to this question its reader knew of.

    Raises:
        ConflictError: somebody else answered this question meanwhile, and differently.
        InputError: a choice that the question does not have.
    """
    if notification.step != Step.WRITING:
        _warm(notification, question, value)
    try:
        return _answer(notification, question, value, seen=seen, by=by)
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


@action("notification.answered")
def _answer(notification: Notification, question: str, value: Any, *, seen: int, by: Person) -> Done[Notification]:
    found = locked(notification)
    require_edit(by, found)
    asked = question_named(question)
    if asked is None:
        raise OfficeError(say("office.intake.no_question"))
    chosen = check_answer(asked, value)
    count = Answer.objects.filter(notification=found, question=question).count()
    if count and found.answers.get(question) == chosen:
        raise AlreadyDone(found)
    if count != seen:
        raise ConflictError(say("office.core.conflict"))
    write_answer(found, question, chosen, by=by.key)
    data = {"question": question, "round": count + 1, "value": chosen, **triage_data(reweigh(found, by=by))}
    return Done(found, about=("use_case", found.use_case.key), data=data)


def write_answer(notification: Notification, question: str, value: Any, *, by: str, remark: str = "") -> None:
    """Add one answer to the history and to what stands now; inside an action, on a locked notification."""
    count = Answer.objects.filter(notification=notification, question=question).count()
    Answer.objects.create(
        notification=notification, question=question, round=count + 1, value=value, remark=remark, by=by
    )
    change(notification, answers={**notification.answers, question: value})


def submit(notification: Notification, *, seen: int, by: Person, reply: str = "") -> Notification:
    """Send a notification, or send it again after it was asked back; sending it twice sends it once.

    Raises:
        ConflictError: an answer changed after the summary was shown.
        OfficeError: a question was not looked at yet.
    """
    weigh(notification.answers)  # takes long, and the database waits inside the transaction
    try:
        return _submit(notification, seen=seen, by=by, reply=reply)
    except AlreadyDone as done:
        return done.result  # type: ignore[no-any-return]  # what the action would have returned


@action("notification.submitted")
def _submit(notification: Notification, *, seen: int, by: Person, reply: str) -> Done[Notification]:
    found = locked(notification)
    require_edit(by, found)
    if found.step not in (Step.WRITING, Step.ASKED_BACK):
        raise AlreadyDone(found)
    if found.version != seen:
        raise ConflictError(say("office.core.conflict"))
    if first_open(found.answers) is not None:
        raise OfficeError(say("office.intake.unseen_question"))
    record = _last(found)
    if record is None or record.answers != found.answers:
        record = record_triage(found, by=by)
    told = FreeText.keep(reply) if reply else None
    if found.use_case.state != State.NOTIFIED:
        move_state(found.use_case, State.NOTIFIED, by=by)
    add_step(found, record, Outcome.SENT, by=by, reason=told)
    change(found, submitted_by=by, submitted_at=found.submitted_at or timezone.now())
    enter_lane(found, record)
    letters.receipt(found)
    data = triage_data(record)
    if told is not None:
        data["reply"] = told.digest
    return Done(found, about=("use_case", found.use_case.key), data=data)


def _last(notification: Notification) -> TriageRecord | None:
    found: TriageRecord | None = TriageRecord.objects.filter(notification=notification).order_by("-round").first()
    return found


def _warm(notification: Notification, question: str, value: Any) -> None:
    asked = question_named(question)
    if asked is not None:
        weigh({**notification.answers, question: check_answer(asked, value)})
