"""What the engine is given: everything that a finding may depend on, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from hakari.assessment.model import Assessment, Exception_, GateMode, Plan
from hakari.evidence import Evidence
from hakari.packs.model import Pack

__all__ = ["EngineInput"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInput:
    """Everything that findings may depend on."""

    title: str
    plan: Plan
    plan_digest: str
    """Digest of `plan`; evidence that cites another one does not count."""
    packs: tuple[Pack, ...]
    evidence: Mapping[str, Evidence]
    """Evidence by id."""
    signers: Mapping[str, str]
    """Evidence id → id of the key that signed it; unsigned records are absent."""
    today: date
    exceptions: tuple[Exception_, ...] = ()
    mode: GateMode = "advisory"
    previous: Assessment | None = field(default=None)
    """The last accepted assessment, for the `regression` gate."""
