"""A case: an assessment with everything it rests on, as it stands in one bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hakari.assessment.model import Assessment, CheckResult, Finding, Plan, PlannedCheck
from hakari.evidence import Evidence
from hakari.packs.model import Check, Pack, Question, Requirement

__all__ = ["Case"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a report shows and a verifier recomputes."""

    assessment: Assessment
    plan: Plan
    packs: tuple[Pack, ...]
    evidence: Mapping[str, Evidence]
    """Evidence by id."""
    signers: Mapping[str, str] = field(default_factory=dict)
    """Evidence id → key id that signed it."""

    def requirement(self, finding: Finding) -> Requirement:
        """Return the requirement that a finding is about."""
        return next(
            requirement
            for pack in self.packs
            for requirement in pack.requirements
            if requirement.reference == finding.requirement
        )

    def planned(self, result: CheckResult) -> PlannedCheck:
        """Return the planned check that a result answers."""
        return next(check for check in self.plan.checks if check.id == result.check)

    def check(self, finding: Finding, result: CheckResult) -> Check:
        """Return the pack's check behind a result."""
        name = result.check.split("/", 1)[1].split("[", 1)[0]
        return next(check for check in self.requirement(finding).checks if check.id == name)

    def question(self, finding: Finding, identifier: str) -> Question:
        """Return the question `identifier` of a finding's requirement."""
        return next(item for item in self.requirement(finding).questions if item.id == identifier)
