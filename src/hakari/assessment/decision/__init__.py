"""Decision: what an office decided about one assessment, until when, on what conditions, and where its ledger holds it.

A *decision* cites digests only: of the assessment, the plan, the packs and the evidence that were on the table. It
travels in a case bundle as a signed envelope, beside the *event* of the office's ledger that names its digest and the
signed *checkpoint* of that event; the *seal* is what the two prove together: that the ledger held this digest at that
number. `decision_faults` says where a decision and the bundle around it part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.decision.check import decision_faults, evidence_of
    from hakari.assessment.decision.ledger import CHECKPOINT_TYPE, LedgerSeal, ledger_event, read_seal
    from hakari.assessment.decision.record import (
        DECISION_TYPE,
        ChangeEnvelope,
        Decision,
        DecisionCondition,
        Outcome,
        digest_of_decision,
        seal_decision,
    )

__all__ = [
    "CHECKPOINT_TYPE",
    "DECISION_TYPE",
    "ChangeEnvelope",
    "Decision",
    "DecisionCondition",
    "LedgerSeal",
    "Outcome",
    "decision_faults",
    "digest_of_decision",
    "evidence_of",
    "ledger_event",
    "read_seal",
    "seal_decision",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "check": ("decision_faults", "evidence_of"),
        "ledger": ("CHECKPOINT_TYPE", "LedgerSeal", "ledger_event", "read_seal"),
        "record": (
            "DECISION_TYPE",
            "ChangeEnvelope",
            "Decision",
            "DecisionCondition",
            "Outcome",
            "digest_of_decision",
            "seal_decision",
        ),
    },
)
