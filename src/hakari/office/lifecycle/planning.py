"""The plan of an assessment for which nothing was measured yet: every check stands there as missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hakari.assessment.model import PackReference, Plan, PlannedCheck
from hakari.evidence import Subject, scope_digest
from hakari.messages import say
from hakari.packs import Pack, applies
from hakari.packs.model import Check, Requirement

__all__ = ["blank_plan"]


def blank_plan(
    *,
    use_case: str,
    system_version: str,
    stage: str,
    packs: Sequence[Pack],
    facts: Mapping[str, Any],
    subjects: Sequence[Subject],
    scope: str = "",
) -> Plan:
    """Return a plan that measures nothing.

    Without planned checks a requirement would be judged by its answers alone; here each check keeps its place, so that
    what is not measured stays missing.
    """
    return Plan(
        use_case=use_case,
        system_version=system_version,
        stage=stage,
        packs=tuple(PackReference(name=pack.name, version=pack.version, digest=pack.digest) for pack in packs),
        facts=dict(facts),
        label_source="outcome",
        selective_labels=False,
        subjects=tuple(subjects),
        use={},
        scope=scope or scope_digest(subjects, {}),
        groups={},
        measurements=(),
        checks=tuple(
            _check(requirement, check)
            for pack in packs
            for requirement in pack.requirements
            if stage in requirement.stages and applies(requirement, facts, pack).applies
            for check in requirement.checks
        ),
        family=0,
    )


def _check(requirement: Requirement, check: Check) -> PlannedCheck:
    return PlannedCheck(
        id=f"{requirement.slug}/{check.id}",
        requirement=requirement.reference,
        measurement="",
        measure=check.measure,
        metric=check.metric,
        # As a count it takes nothing from the error of others; there are none.
        basis="count",
        table="",
        aggregation=check.aggregation,
        columns=(),
        operator=check.operator,
        threshold=check.threshold,
        margin=check.margin,
        confidence=check.confidence,
        method=check.method,
        reference=check.reference,
        family_met=check.family_met,
        min_rows=check.min_rows,
        coverage_min=check.coverage_min,
        severity=check.severity,
        look=1,
        set_by=dict(check.set_by),
        why=dict(check.why),
        source=dict(check.source),
        alternatives=tuple(map(dict, check.alternatives)),
        confirmed=check.confirmed,
        impossible=say("office.lifecycle.not_delivered"),
    )
