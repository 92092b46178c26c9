"""What the office does with a frozen round: ask for changes, advise, propose; accept a bound until a day; close."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from hakari.assessment.bundle import seal_exception
from hakari.assessment.model import Assessment, CheckResult, Exception_, Finding
from hakari.assessment.rules.gate import PASSING
from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.messages import Message, say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import (
    locked,
    plain_text,
    refuse_own,
    require_review,
    require_standing,
    unchanged,
)
from hakari.office.lifecycle.actions.submitting import before_committee, reopen
from hakari.office.lifecycle.given import engine_input
from hakari.office.lifecycle.hooks import HOOKS
from hakari.office.lifecycle.letters import changes_asked, stage_closed
from hakari.office.lifecycle.models import (
    LIVE,
    Acceptance,
    File,
    Outcome,
    Review,
    Round,
    StageAssessment,
    Standing,
)
from hakari.office.lifecycle.projecting import findings_now, project, projected
from hakari.office.people.access import access_of, require
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import move_state
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.states import State

__all__ = ["accept_bound", "advise", "ask_for_changes", "close_stage", "gate_blockers", "propose", "record_outcome"]

LONGEST_ACCEPTANCE = datetime.timedelta(days=365)


@action("review.changes_asked")
def ask_for_changes(round: Round, text: str, questions: Sequence[tuple[str, str]] = (), *, by: Person) -> Done[Review]:
    """Ask for changes: the round stays as it was, and the next one opens with everything that was answered.

    Args:
        questions: (requirement, question) that are meant, if not all.
    """
    found = _reviewed(round, by)
    if before_committee(round):
        raise OfficeError(say("office.lifecycle.before_committee"))
    made = _review(round, Review.Kind.CHANGES, text, by, questions=[list(place) for place in questions])
    reopen(found, by=by)
    changes_asked(round)
    return Done(made, about=("use_case", found.use_case.key), data=_data(round, made))


@action("review.advised")
def advise(round: Round, text: str, *, by: Person) -> Done[Review]:
    """Advise on a round; nothing moves."""
    found = _reviewed(round, by)
    made = _review(round, Review.Kind.ADVICE, text, by)
    return Done(made, about=("use_case", found.use_case.key), data=_data(round, made))


@action("review.proposed")
def propose(round: Round, proposal: str, text: str, *, by: Person) -> Done[Review]:
    """Propose to the committee what to decide, with the reasons."""
    found = _reviewed(round, by)
    if proposal not in Outcome.values:
        raise InputError(say("office.lifecycle.proposal_unknown"))
    made = _review(round, Review.Kind.PROPOSAL, text, by, proposal=proposal)
    return Done(made, about=("use_case", found.use_case.key), data={**_data(round, made), "proposal": proposal})


@action("assessment.bound_accepted")
def accept_bound(
    assessment: StageAssessment,
    reference: str,
    *,
    reason: str,
    condition: str,
    until: datetime.date,
    by: Person,
) -> Done[Acceptance]:
    """Accept what stands in the way until a day, with how it is watched: the office may, the submitter never.

    Of an inconclusive check the worst case that its data allow is accepted, and no worse one.

    Raises:
        NotAllowedError: not the head of the office, or one who took part in the assessment.
        InputError: nothing to accept, no bound, or a day that has passed or lies further than a year away.
    """
    found = locked(assessment)
    access = require(by, Permission.ACCEPT, found.use_case.unit)
    refuse_own(by, found)
    require_standing(found, LIVE)
    if not access.day <= until <= access.day + LONGEST_ACCEPTANCE:
        raise InputError(say("office.lifecycle.accept_until", most=LONGEST_ACCEPTANCE.days))
    given = engine_input(found, access.day)
    finding = _finding(findings_now(given), reference)
    why = FreeText.keep(plain_text(reason, field="reason", most=4_000))
    how = FreeText.keep(plain_text(condition, field="condition", most=4_000))
    key = office_key()
    exception = Exception_(
        requirement=reference,
        reason=str(why),
        by=by.key,
        until=until.isoformat(),
        condition=str(how),
        bounds={check.check: _bound(check) for check in finding.checks if check.status == "inconclusive"},
        scope=given.plan.scope,
        created_at=timezone.now().isoformat(timespec="microseconds"),
        key=key.public.id,
    )
    made = Acceptance.objects.create(
        assessment=found,
        requirement=reference,
        reason=why,
        condition=how,
        until=until,
        bounds=dict(exception.bounds),
        scope=exception.scope,
        envelope=File.keep(seal_exception(exception, key)),
        by=by.key,
    )
    project(found)
    data = {
        "assessment": found.key, "bounds": sorted(exception.bounds), "condition": how.digest, "key": made.key,
        "reason": why.digest, "requirement": reference, "until": until.isoformat(),
    }  # fmt: skip
    return Done(made, about=("use_case", found.use_case.key), data=data)


def gate_blockers(assessment: StageAssessment) -> list[Message]:
    """Return what keeps the stage from closing: open findings, overdue conditions, a decision about something else."""
    found: list[Message] = []
    result = projected(assessment)
    if result is None or not result.gate.closes:
        found.append(say("office.lifecycle.gate.findings", n=0 if result is None else len(result.gate.blocking)))
    for ask in HOOKS.blockers:
        found += ask(assessment)
    return found


@action("assessment.closed")
def close_stage(assessment: StageAssessment, *, seen: int, by: Person) -> Done[StageAssessment]:
    """Close a decided stage whose gate holds; then the next stage may be opened.

    Raises:
        NotAllowedError: neither who may change the entry, nor the office.
        OfficeError: the gate is shut; the message names the first thing in the way.
    """
    found = locked(assessment)
    access = access_of(by)
    if not (may_edit(access, found.use_case) or access.may(Permission.REVIEW, found.use_case.unit)):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))
    require_standing(found, [Standing.DECIDED])
    unchanged(found, seen)
    project(found)
    blockers = gate_blockers(found)
    if blockers:
        raise OfficeError(say("office.lifecycle.gate_shut", n=len(blockers), first=blockers[0]))
    change(found, standing=Standing.CLOSED, standing_since=timezone.now())
    move_state(found.use_case, State.CLOSED, by=by)
    stage_closed(found)
    data = {"assessment": found.key, "stage": found.stage}
    return Done(found, about=("use_case", found.use_case.key), data=data)


def record_outcome(round: Round, outcome: str, *, by: Any) -> StageAssessment:
    """Bring an assessment to where a decision on its round puts it; inside the committee's action.

    Deferred: the next round opens. Approved or rejected: decided.
    """
    found = locked(round.assessment)
    require_standing(found, [Standing.IN_REVIEW])
    if round.number != found.round:
        raise OfficeError(say("office.lifecycle.other_round"))
    if outcome == Outcome.DEFER:
        reopen(found, by=by)
    else:
        change(found, standing=Standing.DECIDED, standing_since=timezone.now())
        move_state(found.use_case, State.DECIDED, by=by)
    return found


def _reviewed(round: Round, by: Person) -> StageAssessment:
    found = locked(round.assessment)
    require_review(by, found)
    require_standing(found, [Standing.IN_REVIEW])
    if round.number != found.round:
        raise OfficeError(say("office.lifecycle.other_round"))
    return found


def _review(round: Round, kind: str, text: str, by: Person, **values: Any) -> Review:
    kept = FreeText.keep(plain_text(text, field="review", most=8_000))
    return Review.objects.create(round=round, kind=kind, text=kept, by=by.key, **values)


def _finding(result: Assessment, reference: str) -> Finding:
    found = next((item for item in result.findings if item.requirement == reference), None)
    if found is None:
        raise InputError(say("office.lifecycle.requirement_unknown", requirement=reference[:200]))
    if found.status in PASSING:
        raise InputError(say("office.lifecycle.accept_nothing", status=say(f"reasons.status.{found.status}")))
    return found


def _bound(check: CheckResult) -> float:
    if check.worst_case is None:
        raise InputError(say("office.lifecycle.accept_no_bound", check=check.check))
    return check.worst_case


def _data(round: Round, made: Review) -> dict[str, Any]:
    return {"assessment": round.assessment.key, "round": round.number, "text": made.text.digest}
