"""Stop and recall in one act, ratified by the committee within days; tasks; and how a stopped use goes on.

This is the only way into and out of a stop: the state itself is written by `registry.actions.move_state`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.evidence import digest_json
from hakari.messages import say
from hakari.office.committee.actions.rules import locked_ballot, locked_stop
from hakari.office.committee.letters import resumed, stopped, task_given
from hakari.office.committee.members import admit, concerned_by, eligible
from hakari.office.committee.models import Ballot, Form, Ratification, Stop, Task
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.intake.lanes import add_working_days
from hakari.office.lifecycle.actions.rules import locked as locked_assessment
from hakari.office.lifecycle.actions.rules import plain_text
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.lifecycle.staleness import STANDS, mark_stale
from hakari.office.people.access import access_of, require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import move_state
from hakari.office.registry.models import UseCase
from hakari.office.registry.numbers import next_number
from hakari.office.registry.states import State
from hakari.office.registry.visibility import is_veiled, visible

__all__ = [
    "RATIFIED_WITHIN",
    "finish_task",
    "last_stop",
    "may_resume",
    "may_turn",
    "open_ballot_on_stop",
    "resume",
    "stop",
    "turn_into_recall",
    "unratified",
]

RATIFIED_WITHIN = 5
"""Working days within which the committee says whether a stop stands."""
AGAIN = 2
"""Working days of a second vote, where the first found no quorum and its day has passed."""
FURTHEST = datetime.timedelta(days=366)

Wanted = tuple[Person, str, datetime.date]
"""Who has to do what until when."""


def stop(use_case: UseCase, kind: str, reason: str, tasks: Iterable[Wanted] = (), *, by: Person) -> Stop:
    """Stop a use, or recall a product, in one act: its gate is shut and everybody concerned is told at once.

    The committee votes on it by circulation at once, if enough members may. Of two who stop a use at the same moment
    one does, and the other is given that stop.

    Args:
        kind: `stop` or `recall`.

    Raises:
        NotAllowedError: only the chair and the head of the office may.
        InputError, OfficeError: no reason, a task that cannot be given, or a case that is a draft or retired.
    """
    try:
        made = _stop(use_case, kind, reason, list(tasks), by=by)
    except ConflictError:
        there = last_stop(use_case)
        if there is None or UseCase.objects.get(pk=use_case.pk).state != State.SUSPENDED:
            raise
        return there
    with suppress(OfficeError):  # too few may vote: the stop holds, and its page says what is missing
        open_ballot_on_stop(made, by=by)
    return made


def turn_into_recall(stop: Stop, reason: str, tasks: Iterable[Wanted] = (), *, by: Person) -> Stop:
    """Turn a stop into a recall in one act, while the use is stopped; a second press leads to the same recall.

    The vote on the stop ends without a word, if one is open: the committee votes on the recall, and that decides for
    both. What it said of the stop before stays written.

    Raises:
        NotAllowedError: only the chair and the head of the office may.
        InputError, OfficeError: no reason, a task that cannot be given, a recall already, or the use goes on.
    """
    try:
        made = _turn(stop, reason, list(tasks), by=by)
    except ConflictError:
        there: Stop | None = Stop.objects.filter(turned_from=stop).first()
        if there is None:
            raise
        return there
    with suppress(OfficeError):
        open_ballot_on_stop(made, by=by)
    return made


@action("stop.turned_into_recall")
def _turn(stop: Stop, reason: str, tasks: list[Wanted], *, by: Person) -> Done[Stop]:
    before = locked_stop(stop)
    case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=before.use_case_id)
    access = require(by, Permission.STOP, case.unit)
    if not visible(access).filter(pk=case.pk).exists():
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.stop")))
    if Stop.objects.filter(turned_from=before).exists():
        raise ConflictError(say("office.core.conflict"))
    if before.kind == Stop.Kind.RECALL or case.state != State.SUSPENDED or last_stop(case) != before:
        raise OfficeError(say("office.committee.not_to_recall"))
    kept = FreeText.keep(plain_text(reason, field="reason", most=4_000))
    for ballot in Ballot.objects.filter(stop=before, closed_at=None):
        change(locked_ballot(ballot), closed_at=timezone.now(), ending=Ballot.Ending.WITHDRAWN)
    made = Stop.objects.create(
        number=next_number("S"), use_case=case, kind=Stop.Kind.RECALL, reason=kept, turned_from=before,
        ratify_by=add_working_days(access.day, RATIFIED_WITHIN), by=by.key,
    )  # fmt: skip
    named = admit(case)
    rows = [_task(made, place, wanted, access.day) for place, wanted in enumerate(tasks, 1)]
    stopped(made, concerned_by(made))
    for row in rows:
        task_given(row)
    data = {
        "before": before.key, "named": named, "ratify_by": made.ratify_by.isoformat(), "reason": kept.digest,
        "stop": made.key, "tasks": [[row.person.key, row.text_id, row.due.isoformat()] for row in rows],
    }  # fmt: skip
    return Done(made, about=("use_case", case.key), data=data, seal=True)


def may_turn(stop: Stop, use_case: UseCase) -> bool:
    """Return whether a stop can become a recall now."""
    return stop.kind == Stop.Kind.STOP and use_case.state == State.SUSPENDED and last_stop(use_case) == stop


@action("stop.made")
def _stop(use_case: UseCase, kind: str, reason: str, tasks: list[Wanted], *, by: Person) -> Done[Stop]:
    case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=use_case.pk)
    access = require(by, Permission.STOP, case.unit)
    if not visible(access).filter(pk=case.pk).exists():
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.stop")))
    if case.state == State.SUSPENDED:
        raise ConflictError(say("office.core.conflict"))
    if kind not in Stop.Kind.values:
        raise InputError(say("office.committee.stop_kind"))
    before = case.state
    kept = FreeText.keep(plain_text(reason, field="reason", most=4_000))
    move_state(case, State.SUSPENDED, by=by)
    made = Stop.objects.create(
        number=next_number("S"),
        use_case=case,
        kind=kind,
        reason=kept,
        ratify_by=add_working_days(access.day, RATIFIED_WITHIN),
        by=by.key,
    )
    named = admit(case)
    rows = [_task(made, place, wanted, access.day) for place, wanted in enumerate(tasks, 1)]
    stopped(made, concerned_by(made))
    for row in rows:
        task_given(row)
    data = {
        "from": before, "kind": kind, "named": named, "ratify_by": made.ratify_by.isoformat(), "reason": kept.digest,
        "stop": made.key, "tasks": [[row.person.key, row.text_id, row.due.isoformat()] for row in rows],
    }  # fmt: skip
    return Done(made, about=("use_case", case.key), data=data, seal=True)


def open_ballot_on_stop(stop: Stop, *, by: Person) -> Ballot:
    """Let the committee vote by circulation on whether a stop stands; a vote that is open already is returned.

    Raises:
        NotAllowedError: neither the chair, nor the office, nor who may stop.
        OfficeError: it is settled, or fewer than two members may vote.
    """
    _require_opening(by)
    there: Ballot | None = stop.ballots.filter(closed_at=None).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            return _open_ballot(stop, by=by)
    except (ConflictError, IntegrityError):
        found: Ballot | None = stop.ballots.filter(closed_at=None).first()
        if found is None:
            raise
        return found


@action("stop.ballot_opened")
def _open_ballot(stop: Stop, *, by: Person) -> Done[Ballot]:
    _require_opening(by)
    found = locked_stop(stop)
    if Ballot.objects.filter(stop=found, closed_at=None).exists():
        raise ConflictError(say("office.core.conflict"))
    if Ratification.objects.filter(stop=found).exists() or Stop.objects.filter(turned_from=found).exists():
        raise OfficeError(say("office.committee.stop_settled"))
    if len(eligible(found)) < 2:
        raise OfficeError(say("office.committee.too_few"))
    until = _end_of(found.ratify_by)
    if until <= timezone.now() + datetime.timedelta(hours=1):
        until = _end_of(add_working_days(timezone.localdate(), AGAIN))
    ballot = Ballot.objects.create(
        stop=found,
        number=Ballot.objects.filter(stop=found).count() + 1,
        form=Form.CIRCULATION,
        motion=digest_json({"kind": found.kind, "reason": found.reason_id, "stop": found.key}),
        opened_by=by,
        deadline=until,
    )
    named = admit(found.use_case)
    data = {"ballot": ballot.key, "deadline": until.isoformat(), "named": named, "stop": found.key}
    return Done(ballot, about=("use_case", found.use_case.key), data=data)


@action("stop.resumed")
def resume(use_case: UseCase, reason: str, *, by: Person) -> Done[UseCase]:
    """Let a use go on whose stop the committee upheld: what was decided of it before does not stand any more.

    Every assessment of it that is decided or closed becomes stale; if that is so of the last one, the use case as
    well, else the case goes back to where its work stands.

    Raises:
        NotAllowedError: only the chair and the head of the office may, and not where they own or reported the case.
        OfficeError: it is not stopped, or the committee has not said that the stop stands.
    """
    case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=use_case.pk)
    require(by, Permission.STOP, case.unit)
    if by.pk in (case.owner_id, case.reporter_id):
        raise NotAllowedError(say("office.lifecycle.own"))
    last = last_stop(case)
    if case.state != State.SUSPENDED or last is None:
        raise OfficeError(say("office.committee.not_stopped"))
    if not Ratification.objects.filter(stop=last, upheld=True).exists():
        raise OfficeError(say("office.committee.not_ratified", stop=last.number))
    kept = FreeText.keep(plain_text(reason, field="reason", most=4_000))
    newest = StageAssessment.objects.filter(use_case=case).first()
    assessment = locked_assessment(newest) if newest is not None else None
    if assessment is not None:
        case = assessment.use_case
    move_state(case, State(case.suspended_from), by=by, lift=True)
    because = [say("office.committee.stale_by_stop", stop=last.number)]
    if assessment is not None and assessment.standing in STANDS:
        mark_stale(assessment, because, by=by)
    earlier = StageAssessment.objects.filter(use_case=case, standing__in=STANDS)
    for row in earlier.order_by("pk"):  # the last one is not among them any more
        mark_stale(locked_assessment(row), because, by=by, moves=False)
    resumed(last, concerned_by(last))
    data = {"reason": kept.digest, "stop": last.key, "to": str(case.state)}
    return Done(case, about=("use_case", case.key), data=data)


@action("task.done")
def finish_task(task: Task, result: str, *, seen: int, by: Person) -> Done[Task]:
    """Say what came of a task: its person does.

    Raises:
        NotAllowedError, InputError, ConflictError: somebody else's; no words; done already.
    """
    if by.pk != task.person_id:
        raise NotAllowedError(say("office.committee.task_other"))
    if task.done_at is not None:
        raise ConflictError(say("office.core.conflict"))
    kept = FreeText.keep(plain_text(result, field="result", most=4_000))
    change(task, seen=seen, done_at=timezone.now(), result=kept)
    data = {"result": kept.digest, "stop": task.stop.key, "task": task.key}
    return Done(task, about=("use_case", task.stop.use_case.key), data=data)


def last_stop(use_case: UseCase) -> Stop | None:
    """Return the last stop of a use case."""
    found: Stop | None = (
        Stop.objects.filter(use_case=use_case).select_related("use_case__unit", "reason").order_by("-pk").first()
    )
    return found


def may_resume(use_case: UseCase) -> bool:
    """Return whether the committee has said that the stop stands, so that chair or head may end it."""
    last = last_stop(use_case)
    upheld = last is not None and Ratification.objects.filter(stop=last, upheld=True).exists()
    return upheld and use_case.state == State.SUSPENDED


def _require_opening(by: Person) -> None:
    access = access_of(by)
    if not any(access.may(permission) for permission in (Permission.CHAIR, Permission.REVIEW, Permission.STOP)):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.chair")))


def _task(made: Stop, place: int, wanted: Wanted, today: datetime.date) -> Task:
    person, text, due = wanted
    access = access_of(person)
    sees = visible(access).filter(pk=made.use_case_id).exists() and not is_veiled(access, made.use_case)
    if not sees:
        raise InputError(say("office.committee.task_person", n=place))
    if not today <= due <= today + FURTHEST:
        raise InputError(say("office.committee.task_due", n=place))
    kept = FreeText.keep(plain_text(text, field="task", most=2_000))
    return Task.objects.create(stop=made, person=person, text=kept, due=due)


def _end_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))


def unratified() -> Any:
    """Return the stops on which the committee has not said a word, the oldest first."""
    rows = Stop.objects.filter(ratification=None, turned_into=None, use_case__state=State.SUSPENDED)
    return rows.select_related("use_case__unit").order_by("ratify_by", "pk")
