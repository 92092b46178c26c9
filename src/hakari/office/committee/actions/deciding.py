"""From a closed ballot to a decision: its conditions, the statement signed with the office's key, what follows."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.assessment.decision import (
    ChangeEnvelope,
    DecisionCondition,
    decision_faults,
    digest_of_decision,
    evidence_of,
    seal_decision,
)
from hakari.assessment.decision import Decision as Statement
from hakari.assessment.model import Assessment, PackReference, Plan
from hakari.errors import OfficeError
from hakari.evidence import decode, digest_bytes, parse_json
from hakari.messages import say
from hakari.office.committee.actions.rules import motion_of
from hakari.office.committee.letters import decided, stop_settled
from hakari.office.committee.members import concerned_by, seats
from hakari.office.committee.models import (
    Ballot,
    Condition,
    Decision,
    DocketItem,
    ProposedCondition,
    Ratification,
    Stop,
)
from hakari.office.committee.tallying import Tally
from hakari.office.core.conflicts import change
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.lifecycle.actions.reviewing import record_outcome
from hakari.office.lifecycle.models import File, Outcome
from hakari.office.registry.actions import move_state
from hakari.office.registry.numbers import next_number
from hakari.office.registry.states import State

__all__ = ["decide", "ratify"]


def decide(ballot: Ballot, item: DocketItem, tally: Tally, *, by: Any) -> Decision:
    """Write the decision of a ballot; inside the action that closes it.

    It cites the digests of the frozen round and nothing else: what changed since has no way in.
    """
    if ballot.motion != motion_of(item):
        raise OfficeError(say("office.committee.motion_changed"))
    now, round = timezone.now(), item.round
    outcome = tally.outcome
    proposed = list(ProposedCondition.objects.filter(item=item).select_related("text"))
    conditions = proposed if outcome == Outcome.CONDITIONS else []
    stands = outcome in (Outcome.APPROVE, Outcome.CONDITIONS)
    envelope = item.envelope if stands else {}
    recused = sum(bool(seat.bar) for seat in seats(item))
    number = next_number("D")
    statement = Statement(
        number=number,
        use_case=item.use_case.number,
        stage=round.assessment.stage,
        round=round.number,
        outcome=outcome,  # type: ignore[arg-type]  # one of the four
        assessment=round.document,
        plan=round.plan,
        scope=round.scope,
        packs=tuple(PackReference(**pin) for pin in round.packs),
        evidence=tuple(round.evidence),
        conditions=tuple(
            DecisionCondition(
                number=place,
                text=str(row.text),
                language=row.language,
                requirement=row.requirement,
                due=row.due.isoformat(),
                rule=row.rule,  # type: ignore[arg-type]  # a constraint of the table
                check=row.check_id,
            )
            for place, row in enumerate(conditions, 1)
        ),
        envelope=_envelope(envelope),
        form=ballot.form,  # type: ignore[arg-type]  # one of the three
        votes=dict(sorted(tally.votes.items())),
        recused=recused,
        decided_at=now.isoformat(timespec="seconds"),
        valid_until=item.valid_until.isoformat(),
    )
    _require_whole(statement)
    made = Decision.objects.create(
        number=number,
        ballot=ballot,
        use_case=item.use_case,
        assessment=round.assessment,
        round=round,
        outcome=outcome,
        form=ballot.form,
        scope=round.scope,
        envelope=envelope,
        votes=dict(tally.votes),
        recused=recused,
        valid_until=item.valid_until,
        statement=digest_of_decision(statement),
        signed=File.keep(seal_decision(statement, office_key())),
        by=by.key,
        at=now,
    )
    for place, row in enumerate(conditions, 1):
        Condition.objects.create(
            decision=made,
            use_case=item.use_case,
            number=place,
            text=row.text,
            language=row.language,
            requirement=row.requirement,
            due=row.due,
            rule=row.rule,
            check_id=row.check_id,
        )
    change(item, standing=DocketItem.Standing.DECIDED)
    record_outcome(round, outcome, by=by)
    decided(made)
    return made


def _require_whole(statement: Statement) -> None:
    """Refuse to sign for a round whose stored bytes are not those that were frozen, or say something else.

    Raises:
        OfficeError: somebody changed the round past the site.
    """
    contents = {}
    for digest in (statement.assessment, statement.plan):
        file = File.objects.filter(digest=digest).first()
        content = bytes(file.content) if file is not None and file.content is not None else b""
        if digest_bytes(content) != digest:
            raise OfficeError(say("office.committee.round_bent", number=statement.use_case, file=digest[:12]))
        contents[digest] = content
    document, plan = contents[statement.assessment], contents[statement.plan]
    cited = evidence_of(decode(Assessment, parse_json(document, what="assessment.json"), what="assessment.json"))
    faults = decision_faults(
        statement,
        assessment_bytes=document,
        plan=decode(Plan, parse_json(plan, what="plan.json"), what="plan.json"),
        evidence_ids=cited,
    )
    if faults:
        raise OfficeError(say("office.committee.round_bent", number=statement.use_case, file=statement.assessment[:12]))


def ratify(ballot: Ballot, stop: Stop, tally: Tally, *, by: Any) -> Ratification:
    """Write what the committee said of a stop; lifted, the case goes back to where it was; inside an action."""
    made = Ratification.objects.create(stop=stop, ballot=ballot, upheld=tally.outcome == "uphold")
    case = stop.use_case
    if not made.upheld and case.state == State.SUSPENDED:
        move_state(case, State(case.suspended_from), by=by, lift=True)
    stop_settled(stop, concerned_by(stop), upheld=made.upheld)
    return made


def _envelope(envelope: dict[str, Any]) -> ChangeEnvelope | None:
    if not envelope:
        return None
    return ChangeEnvelope(
        roles=tuple(envelope["roles"]), checks=tuple(envelope["checks"]), until=str(envelope["until"])
    )
