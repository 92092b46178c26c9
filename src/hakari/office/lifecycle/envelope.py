"""The change envelope: what of a system may change without a new decision, as arithmetic over plans and findings."""

from __future__ import annotations

from hakari.assessment.decision import ChangeEnvelope
from hakari.assessment.model import Assessment, Plan

__all__ = ["changed_roles", "unmet_checks"]


def changed_roles(before: Plan, after: Plan) -> list[str]:
    """Return the roles of the subjects that are other ones, new or gone, sorted."""
    one = {subject.role: subject.digest for subject in before.subjects}
    other = {subject.role: subject.digest for subject in after.subjects}
    return sorted(role for role in one.keys() | other.keys() if one.get(role) != other.get(role))


def unmet_checks(found: Assessment, envelope: ChangeEnvelope) -> list[str]:
    """Return the checks that the envelope asks for and that are not met; one that is not there is not met."""
    met = {check.check for finding in found.findings for check in finding.checks if check.status == "met"}
    return [name for name in envelope.checks if name not in met]
