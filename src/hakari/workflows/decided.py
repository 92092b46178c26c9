"""What a bundle's decision says, whether it still stands on what lies beside it, and that other things rest on it."""

from __future__ import annotations

import re
from datetime import date
from typing import get_args

from hakari.assessment.bundle import Bundle
from hakari.assessment.decision import Decision, LedgerSeal, Outcome, digest_of_decision
from hakari.messages import Message, in_one_line, say
from hakari.workflows.verification import CarriedDecision, Level

__all__ = ["carried_decision", "resting_decision"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RESTS = "workflows.verify.rests_decision"


def resting_decision(bundle: Bundle) -> tuple[Message, ...]:
    """Return the sentence that the bundle's decision rests on something; none if there is no decision."""
    name = bundle.decided
    if name is None:
        return ()
    if not name.outcome:
        return (say(f"{_RESTS}_unread"),)
    return (say(_RESTS, number=name.number, outcome=_word(name.outcome)),)


def carried_decision(bundle: Bundle, genuine: Level, today: date | None) -> CarriedDecision | None:
    """Return the decision in the bundle, after the level *genuine* was answered."""
    decision = bundle.decision
    if decision is None:
        return None
    resting = resting_decision(bundle)
    intact = not any(rest in resting for problem in genuine.problems for rest in problem.rests)
    run_out = None
    if today is not None and _DAY.fullmatch(decision.valid_until):
        run_out = decision.valid_until < today.isoformat()
    told = _told(decision, bundle.seal, today if run_out else None) if intact else [_broken(bundle, decision)]
    return CarriedDecision(
        number=decision.number,
        use_case=decision.use_case,
        stage=decision.stage,
        round=decision.round,
        outcome=decision.outcome,
        conditions=len(decision.conditions),
        decided_at=decision.decided_at,
        valid_until=decision.valid_until,
        digest=digest_of_decision(decision),
        intact=intact,
        run_out=run_out,
        seal=bundle.seal,
        told=tuple(in_one_line(message) for message in told),
    )


def _told(decision: Decision, seal: LedgerSeal | None, past: date | None) -> list[Message]:
    lines = [
        say(
            "workflows.verify.decision",
            number=decision.number,
            outcome=_word(decision.outcome),
            use_case=decision.use_case,
            stage=decision.stage,
            round=decision.round,
            until=decision.valid_until,
        )
    ]
    if decision.conditions:
        lines.append(say("workflows.verify.decision_conditions", n=len(decision.conditions)))
    if past is not None:
        lines.append(say("workflows.verify.decision_past", until=decision.valid_until, today=past.isoformat()))
    if seal is None:
        return [*lines, say("workflows.verify.decision_unsealed")]
    return [*lines, say("workflows.verify.decision_sealed", sequence=seal.sequence, at=seal.at)]


def _broken(bundle: Bundle, decision: Decision) -> Message:
    name = bundle.decided
    number = decision.number if name is None or not name.outcome else name.number
    return say("workflows.verify.decision_broken", number=number)


def _word(outcome: str) -> Message:
    assert outcome in get_args(Outcome)
    return say(f"workflows.verify.outcome.{outcome}")
