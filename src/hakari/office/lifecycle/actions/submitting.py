"""Submitting freezes a round: what reviewers read and the committee decides on, by digest."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.assessment.decision import evidence_of
from hakari.assessment.model import Assessment
from hakari.errors import HakariError, OfficeError
from hakari.evidence import canonical_bytes, encode
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.lifecycle.actions.rules import locked, plain_text, require_standing, unchanged
from hakari.office.lifecycle.given import engine_input, last_answers
from hakari.office.lifecycle.letters import submitted
from hakari.office.lifecycle.models import WRITING, File, Round, StageAssessment, Standing
from hakari.office.lifecycle.projecting import findings_now, warm, write
from hakari.office.people.models import Person
from hakari.office.registry.actions import move_state
from hakari.office.registry.actions.writing import require_edit
from hakari.office.registry.states import State

__all__ = ["before_committee", "reopen", "submit", "take_back"]


def submit(assessment: StageAssessment, *, seen: int, by: Person) -> Round:
    """Freeze what is there as the next round and send it to the office; open questions may stay open, and are named.

    A second press gives the same round.

    Raises:
        NotAllowedError, OfficeError, ConflictError: not theirs; carried answers wait for somebody to confirm them;
            the assessment changed since it was seen.
    """
    there = _submitted_already(assessment, by)
    if there is not None:
        return there
    warm(engine_input(assessment, timezone.localdate()))
    try:
        return _submit(assessment, seen=seen, by=by)
    except HakariError:
        # Refused because the other press was a moment quicker?
        there = _submitted_already(assessment, by)
        if there is None:
            raise
        return there


def _submitted_already(assessment: StageAssessment, by: Person) -> Round | None:
    last: Round | None = Round.objects.filter(assessment=assessment).order_by("-number").first()
    now = StageAssessment.objects.get(pk=assessment.pk)
    mine = last is not None and now.standing == Standing.IN_REVIEW and last.submitted_by_id == by.pk
    return last if mine else None


@action("assessment.submitted")
def _submit(assessment: StageAssessment, *, seen: int, by: Person) -> Done[Round]:
    found = locked(assessment)
    require_edit(by, found.use_case)
    require_standing(found, WRITING)
    unchanged(found, seen)
    waiting = sum(item.carried for item in last_answers(found).values())
    if waiting:
        raise OfficeError(say("office.lifecycle.carried_wait", n=waiting))
    day = timezone.localdate()
    given = engine_input(found, day)
    result = findings_now(given)
    write(found, given, result, day)
    made = Round.objects.create(
        assessment=found,
        number=found.round,
        document=File.keep(canonical_bytes(encode(result))),
        plan=File.keep(canonical_bytes(encode(given.plan))),
        scope=result.scope,
        packs=found.packs,
        evidence=list(evidence_of(result)),
        counts=dict(result.gate.counts),
        closes=result.gate.closes,
        submitted_by=by,
    )
    change(found, standing=Standing.IN_REVIEW, standing_since=timezone.now())
    move_state(found.use_case, State.IN_REVIEW, by=by)
    submitted(made)
    return Done(made, about=("use_case", found.use_case.key), data=_data(made, result))


@action("assessment.taken_back")
def take_back(round: Round, reason: str, *, by: Person) -> Done[StageAssessment]:
    """Take a submitted round back before it lies before the committee; the round stays, and the next one is open.

    Raises:
        NotAllowedError, OfficeError: not theirs, or it is too late.
    """
    found = locked(round.assessment)
    require_edit(by, found.use_case)
    require_standing(found, [Standing.IN_REVIEW])
    if round.number != found.round or before_committee(round):
        raise OfficeError(say("office.lifecycle.before_committee"))
    kept = FreeText.keep(plain_text(reason, field="reason", most=2_000))
    reopen(found, by=by)
    data = {"assessment": found.key, "reason": kept.digest, "round": round.number}
    return Done(found, about=("use_case", found.use_case.key), data=data)


def reopen(assessment: StageAssessment, *, by: Any) -> None:
    """Open the next round; inside an action."""
    change(assessment, standing=Standing.CHANGES, standing_since=timezone.now(), round=assessment.round + 1)
    move_state(assessment.use_case, State.ASSESSING, by=by)


def before_committee(round: Round) -> bool:
    """Return whether a round lies before the committee, as it stands now: whatever was read before may be old."""
    # The committee's room adds the docket; before it is installed nothing lies there.
    item: Any = getattr(Round.objects.get(pk=round.pk), "docket_item", None)
    return item is not None and item.standing != "withdrawn"


def _data(made: Round, result: Assessment) -> dict[str, Any]:
    return {
        "assessment": made.assessment.key,
        "closes": made.closes,
        "counts": {name: n for name, n in result.gate.counts.items() if n},
        "document": made.document,
        "evidence": len(made.evidence),
        "plan": made.plan,
        "round": made.number,
        "scope": made.scope,
    }
