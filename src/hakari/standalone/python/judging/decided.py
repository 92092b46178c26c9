"""Decided: what the decision in a bundle says, whether it stands on what lies beside it, and what rests on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hakari.standalone.python.reading.bundle import Bundle
from hakari.standalone.python.reading.canonical import sha256_of
from hakari.standalone.python.words import Message, say

__all__ = ["Carried", "carried", "resting_decision"]


@dataclass(frozen=True)
class Carried:
    """The decision that a bundle carries."""

    facts: dict[str, Any]
    """Plain values, as `--json` prints them."""
    told: list[Message]


def resting_decision(bundle: Bundle) -> list[Message]:
    """Return the sentence that the decision rests on something; none without a decision."""
    if bundle.decided is None:
        return []
    number, outcome = bundle.decided
    if not outcome:
        return [say("workflows.verify.rests_decision_unread")]
    return [say("workflows.verify.rests_decision", number=number, outcome=say(f"workflows.verify.outcome.{outcome}"))]


def carried(bundle: Bundle, rests: Sequence[Message], today: date | None) -> Carried | None:
    """Return the decision; `rests` is everything that rests on files which are at fault."""
    decision, seal = bundle.decision, bundle.seal
    if decision is None:
        return None
    until = decision["valid_until"]
    dated = today is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", until)
    intact = not any(sentence in rests for sentence in resting_decision(bundle))
    facts = {name: decision[name] for name in ("number", "use_case", "stage", "round", "outcome", "decided_at")}
    facts |= {
        "conditions": len(decision["conditions"]),
        "valid_until": until,
        "digest": sha256_of(decision),
        "intact": intact,
        "run_out": until < str(today) if dated else None,
        "seal": None
        if seal is None
        else {name: getattr(seal, name) for name in ("at", "digest", "key", "ledger", "sequence")},
    }
    if not intact:
        number = bundle.decided[0] if bundle.decided and bundle.decided[1] else decision["number"]
        return Carried(facts, [say("workflows.verify.decision_broken", number=number)])
    words = {name: facts[name] for name in ("number", "use_case", "stage", "round")}
    outcome = say(f"workflows.verify.outcome.{decision['outcome']}")
    told = [say("workflows.verify.decision", outcome=outcome, until=until, **words)]
    if facts["conditions"]:
        told.append(say("workflows.verify.decision_conditions", n=facts["conditions"]))
    if facts["run_out"]:
        told.append(say("workflows.verify.decision_past", until=until, today=str(today)))
    if seal is None:
        told.append(say("workflows.verify.decision_unsealed"))
    else:
        told.append(say("workflows.verify.decision_sealed", sequence=seal.sequence, at=seal.at))
    return Carried(facts, told)
