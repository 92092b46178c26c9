"""A small case built by hand: one pack, one plan, one record of counts. Nothing here runs a measure or reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hakari.assessment.engine import EngineInput
from hakari.assessment.model import PackReference, Plan, PlannedCheck, PlannedMeasurement
from hakari.assessment.plan import digest_of_plan
from hakari.evidence import (
    Estimate,
    Evidence,
    Interval,
    MeasureReference,
    PlanReference,
    Producer,
    Subject,
    Table,
    digest_json,
    encode,
)
from hakari.evidence.record import Answer
from hakari.packs import Pack, read_pack

NOW = "2026-11-22T09:00:00+00:00"
TODAY = date(2026, 11, 22)
DATA = Subject(role="data.test", kind="file", name="data.csv", digest="d" * 64)

PACK = b"""
urn: urn:hakari:pack:small
version: 1.0.0
status: published
authority: sample
languages: [en, ja]
title: {en: Small, ja: "\xe5\xb0\x8f"}
summary: {en: Small, ja: "\xe5\xb0\x8f"}
effective: {from: "2026-01-01"}
facts:
  - {id: people, type: boolean, title: {en: People, ja: "\xe4\xba\xba"}}
groups:
  - {id: fair, title: {en: Fair, ja: "\xe5\x85\xac"}, summary: {en: Fair, ja: "\xe5\x85\xac"}}
"""

REQUIREMENTS = b"""
requirements:
  - urn: urn:hakari:requirement:small:gaps
    version: 1
    group: fair
    title: {en: Gaps, ja: "\xe5\xb7\xae"}
    text: {en: Gaps, ja: "\xe5\xb7\xae"}
    stages: [release]
    applies_when: "people"
    evidence: {max_age_days: 30}
    checks:
      - id: gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: 0.10
        margin: 0.05
        set_by: {en: we, ja: "\xe6\x88\x91"}
        why: {en: why, ja: "\xe7\x90\x86"}
        source: {en: none, ja: "\xe7\x84\xa1"}
  - urn: urn:hakari:requirement:small:asked
    version: 2
    group: fair
    title: {en: Asked, ja: "\xe5\x95\x8f"}
    text: {en: Asked, ja: "\xe5\x95\x8f"}
    stages: [release, plan]
    roles: [owner]
    questions:
      - {id: sure, type: yes_no, text: {en: Sure, ja: "\xe7\xa2\xba"}, effects: {"yes": meets, "no": fails}}
      - {id: how, type: text, text: {en: How, ja: "\xe5\xa6\x82"}, min_length: 5, when: "answers.sure == 'yes'"}
"""


def small_pack() -> Pack:
    """Return the pack: `gaps` rests on one check, `asked` on two questions."""
    return read_pack({"pack.yaml": PACK, "requirements/fair.yaml": REQUIREMENTS}, name="small")


def planned_check(**changes: Any) -> PlannedCheck:
    """Return the check of `gaps` over the column `g`."""
    check = PlannedCheck(
        id="gaps/gap[g]",
        requirement="urn:hakari:requirement:small:gaps@1",
        measurement="m",
        measure="fairness.groups@1",
        metric="selection_rate",
        basis="rate",
        table="tally",
        aggregation="difference",
        columns=("g",),
        operator="<=",
        threshold=0.10,
        margin=0.05,
        confidence=0.95,
        method="mover",
        family_met="none",
        min_rows=30,
        coverage_min=0.95,
        severity="major",
        look=1,
        set_by={},
        why={},
        source={},
        alternatives=(),
        confirmed=True,
    )
    return replace(check, **changes)


def small_plan(*checks: PlannedCheck, facts: Mapping[str, Any] | None = None) -> Plan:
    """Return a plan of `checks` (default: the one of `gaps`)."""
    pack = small_pack()
    chosen = checks or (planned_check(),)
    measurement = PlannedMeasurement(
        id="m",
        measure="fairness.groups",
        version="1.0.0",
        distribution="hakari 0.1.0",
        parameters={},
        parameters_passed={},
        subjects=(DATA,),
        seed=7,
    )
    return Plan(
        use_case="u",
        system_version="1",
        stage="release",
        packs=(PackReference(name=pack.name, version=pack.version, digest=pack.digest),),
        facts={"people": True} if facts is None else facts,
        label_source="outcome",
        selective_labels=False,
        subjects=(DATA,),
        use={},
        scope="s" * 64,
        groups={},
        measurements=(measurement,),
        checks=chosen,
        family=sum(check.basis != "count" for check in chosen),
    )


def counts(plan: Plan, groups: Mapping[str, tuple[int, int]], **changes: Any) -> Evidence:
    """Return evidence whose tally has `groups`: name → (selected, all)."""
    rows: list[tuple[Any, ...]] = []
    for name, (selected, everyone) in sorted(groups.items()):
        rows += [(name, 1, 0, everyone - selected), (name, 1, 1, selected)]
    record = Evidence(
        kind="measurement",
        measure=MeasureReference(id="fairness.groups", version="1.0.0", distribution="hakari 0.1.0"),
        plan=PlanReference(digest=digest_of_plan(plan), measurement="m"),
        subjects=(DATA,),
        seed=7,
        estimates=(
            Estimate(
                metric="exact", value=3.0, interval=Interval(low=3, high=3, level=1, method="count"), n=sum(
                    everyone for _, everyone in groups.values()
                ),
            ),
        ),
        tables=(Table(name="tally", columns=("g", "label", "prediction", "n"), rows=tuple(rows)),),
        collected_at=NOW,
        effective_at=NOW,
        producer=Producer(name="E"),
    )  # fmt: skip
    return replace(record, **changes)


def answer(question: str, value: Any, *, requirement: str = "asked@2", **changes: Any) -> Evidence:
    """Return an answer to a question of `asked`."""
    record = Evidence(
        kind="answer",
        answer=Answer(requirement=f"urn:hakari:requirement:small:{requirement}", question=question, value=value),
        collected_at=NOW,
        effective_at=NOW,
        producer=Producer(name="O"),
    )
    return replace(record, **changes)


def given(plan: Plan, *records: Evidence, **changes: Any) -> EngineInput:
    """Return the engine's input; records are filed under their digests and signed by the key `engineer`."""
    evidence = {digest_json(encode(record)): record for record in records}
    built = EngineInput(
        title="Small",
        plan=plan,
        plan_digest=digest_of_plan(plan),
        packs=(small_pack(),),
        evidence=evidence,
        signers=dict.fromkeys(evidence, "engineer"),
        today=TODAY,
    )
    return replace(built, **changes)
