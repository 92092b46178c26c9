"""Assessment: from a manifest and packs to a plan, from evidence to findings, from findings to a gate and a bundle.

A *plan* fixes checks and levels before any number is seen; *binding* runs the planned measurements and freezes them as
evidence; the *engine* is a pure function of (evidence, packs, facts, today) to findings; the *gate* reads them; the
*case bundle* seals all of it so that a stranger can check. Only `plan` and `binding` know measures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.assessment.bundle import Bundle, read_bundle, write_bundle
    from hakari.assessment.case import Case
    from hakari.assessment.engine import EngineInput, assess
    from hakari.assessment.manifest import Manifest, load_manifest, read_manifest
    from hakari.assessment.model import Assessment, CheckResult, Finding, GateResult, Plan, PlannedCheck, digest_of_plan
    from hakari.assessment.plan import PlanInput, make_plan

__all__ = [
    "Assessment",
    "Bundle",
    "Case",
    "CheckResult",
    "EngineInput",
    "Finding",
    "GateResult",
    "Manifest",
    "Plan",
    "PlanInput",
    "PlannedCheck",
    "assess",
    "digest_of_plan",
    "load_manifest",
    "make_plan",
    "read_bundle",
    "read_manifest",
    "write_bundle",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "bundle": ("Bundle", "read_bundle", "write_bundle"),
        "case": ("Case",),
        "engine": ("EngineInput", "assess"),
        "manifest": ("Manifest", "load_manifest", "read_manifest"),
        "model": ("Assessment", "CheckResult", "Finding", "GateResult", "Plan", "PlannedCheck", "digest_of_plan"),
        "plan": ("PlanInput", "make_plan"),
    },
)
