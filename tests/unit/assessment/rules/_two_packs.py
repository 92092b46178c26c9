"""A case of two packs for tests: `small` and a company's own, which draws a line of its own or rests on `small`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hakari.assessment.case import Case
from hakari.assessment.engine import assess
from hakari.assessment.model import PlannedCheck
from hakari.evidence import Evidence
from hakari.packs import Pack, read_pack
from tests.unit.assessment._small import PACK, TODAY, given, planned_check, small_pack, small_plan

_CHECK = """    checks:
      - id: gap
        measure: fairness.groups@1
        metric: selection_rate
        aggregation: difference
        slice: each_sensitive
        operator: "<="
        threshold: {line}
        margin: {margin}
        set_by: {{en: we, ja: 私}}
        why: {{en: why, ja: 理}}
        source: {{en: none, ja: 無}}
"""
_HEAD = (
    "requirements:\n  - urn: urn:hakari:requirement:own:narrow\n    version: 1\n    group: fair\n"
    "    title: {en: Narrow, ja: 狭い}\n    text: {en: Narrow, ja: 狭い}\n    stages: [release]\n"
)


def own_pack(body: str, *, line: str = "") -> Pack:
    """Return the company's pack with one requirement `narrow`."""
    files = {
        "pack.yaml": PACK.replace(b"urn:hakari:pack:small", b"urn:hakari:pack:own"),
        "requirements/all.yaml": f"{_HEAD}{line}{body}".encode(),
    }
    return read_pack(files, name="own")


def drawing(line: float, margin: float = 0.05, *, applies_when: str = "people") -> Pack:
    """Return the company's pack, drawing its own line through the gap."""
    return own_pack(_CHECK.format(line=line, margin=margin), line=f'    applies_when: "{applies_when}"\n')


def resting(slug: str, **evidence: Any) -> Pack:
    """Return the company's pack, resting on a requirement of `small` with its own rule for evidence."""
    rule = ", ".join(f"{name}: {value}" for name, value in evidence.items())
    mapping = f'      - {{to: "small@1.0.0:{slug}", relation: equal, rationale: {{en: same, ja: 同}}}}\n'
    return own_pack(f"    evidence: {{{rule}}}\n    mappings:\n{mapping}")


def own_check(line: float, margin: float = 0.05) -> PlannedCheck:
    """Return the planned check of the company's line."""
    return planned_check(
        id="narrow/gap[g]", requirement="urn:hakari:requirement:own:narrow@1", threshold=line, margin=margin
    )


def case_of(pack: Pack, *records: Evidence, checks: tuple[PlannedCheck, ...] = (), day: date = TODAY) -> Case:
    """Return the case of `small` and `pack` on a day."""
    plan = small_plan(planned_check(), *checks)
    facts = replace(given(plan, *records), packs=(small_pack(), pack), today=day)
    assessment = assess(facts)
    cited = {name for finding in assessment.findings for name in finding.evidence}
    evidence = {name: record for name, record in facts.evidence.items() if name in cited}
    return Case(assessment=assessment, plan=plan, packs=facts.packs, evidence=evidence, signers=facts.signers)
