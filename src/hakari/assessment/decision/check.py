"""Whether a decision is about what lies beside it: the one thing that its signature alone does not say."""

from __future__ import annotations

from collections.abc import Iterable

from hakari.assessment.decision.record import Decision
from hakari.assessment.model import Assessment, PackReference, Plan, digest_of_plan
from hakari.evidence import digest_bytes
from hakari.messages import Message, say

__all__ = ["decision_faults", "evidence_of"]


def evidence_of(assessment: Assessment) -> tuple[str, ...]:
    """Return the ids of the records that the findings rest on, sorted: what a decision about them cites."""
    return tuple(sorted({identifier for finding in assessment.findings for identifier in finding.evidence}))


def decision_faults(
    decision: Decision, *, assessment_bytes: bytes, plan: Plan, evidence_ids: Iterable[str]
) -> list[Message]:
    """Return what a decision says otherwise than the bundle holds it; none if it is about exactly this.

    Args:
        decision: What was decided.
        assessment_bytes: The bytes of `assessment.json`.
        plan: The plan in the bundle.
        evidence_ids: The records that the findings rest on (`evidence_of`).
    """
    number = decision.number
    faults = []
    if decision.assessment != digest_bytes(assessment_bytes):
        faults.append(say("assessment.decision.assessment", number=number))
    if decision.plan != digest_of_plan(plan):
        faults.append(say("assessment.decision.plan", number=number))
    if decision.scope != plan.scope:
        faults.append(say("assessment.decision.scope", number=number))
    if _listed(decision.packs) != _listed(plan.packs):
        faults.append(say("assessment.decision.packs", number=number))
    cited, found = decision.evidence, set(evidence_ids)
    if list(cited) != sorted(found):
        absent, other = len(found - set(cited)), len(set(cited) - found)
        faults.append(say("assessment.decision.evidence", number=number, absent=absent, other=other))
    return faults


def _listed(packs: Iterable[PackReference]) -> list[tuple[str, str, str]]:
    return sorted((pack.name, pack.version, pack.digest) for pack in packs)
