"""A decision is about exactly what lies beside it, or each difference is named."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from hakari.assessment.decision import Decision, decision_faults, evidence_of
from hakari.assessment.engine import assess
from hakari.assessment.model import PackReference, digest_of_plan
from hakari.evidence import canonical_bytes, digest_bytes, encode
from tests.unit.assessment._small import answer, counts, given, small_plan

PLAN = small_plan()
ASSESSMENT = assess(given(PLAN, counts(PLAN, {"a": (50, 100), "b": (40, 100)}), answer("sure", "no")))
CONTENT = canonical_bytes(encode(ASSESSMENT))
OTHER = PackReference(name="other", version="1.0.0", digest="0" * 64)


def decision(**changes: Any) -> Decision:
    made = Decision(
        number="D-1", use_case="u", stage="release", round=1, outcome="approve", assessment=digest_bytes(CONTENT),
        plan=digest_of_plan(PLAN), scope=PLAN.scope, packs=PLAN.packs, evidence=evidence_of(ASSESSMENT), conditions=(),
        form="meeting", votes={"approve": 3}, recused=0, decided_at="2026-11-24T05:00:00+00:00",
        valid_until="2027-11-23",
    )  # fmt: skip
    return replace(made, **changes)


def faults(made: Decision, **given: Any) -> list[str]:
    usual: dict[str, Any] = {
        "assessment_bytes": CONTENT,
        "plan": PLAN,
        "evidence_ids": evidence_of(ASSESSMENT),
    }
    found = decision_faults(made, **{**usual, **given})
    assert all(problem.arguments["number"] == "D-1" for problem in found)
    return [problem.key.rpartition(".")[2] for problem in found]


def test_the_findings_rest_on_each_record_once_and_in_order() -> None:
    cited = evidence_of(ASSESSMENT)
    assert len(cited) == 2
    assert list(cited) == sorted({name for finding in ASSESSMENT.findings for name in finding.evidence})


def test_a_decision_about_exactly_this_has_no_fault() -> None:
    assert faults(decision()) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"assessment": "0" * 64}, "assessment"),
        ({"plan": "0" * 64}, "plan"),
        ({"scope": "0" * 64}, "scope"),
        ({"packs": ()}, "packs"),
        ({"packs": (*PLAN.packs, OTHER)}, "packs"),
        ({"packs": (replace(PLAN.packs[0], digest="0" * 64),)}, "packs"),
        ({"evidence": evidence_of(ASSESSMENT)[:1]}, "evidence"),
        ({"evidence": evidence_of(ASSESSMENT)[::-1]}, "evidence"),
        ({"evidence": (*evidence_of(ASSESSMENT), "f" * 65)}, "evidence"),
    ],
)
def test_each_difference_is_named_alone(changes: dict[str, Any], fault: str) -> None:
    assert faults(decision(**changes)) == [fault]


def test_what_is_missing_and_what_is_too_many_is_counted() -> None:
    first, second = evidence_of(ASSESSMENT)
    made = decision(evidence=tuple(sorted((first, "0" * 64, "1" * 64))))
    (problem,) = decision_faults(made, assessment_bytes=CONTENT, plan=PLAN, evidence_ids=[first, second])
    assert (problem.arguments["absent"], problem.arguments["other"]) == (1, 2)


def test_another_byte_of_the_assessment_is_another_assessment() -> None:
    assert faults(decision(), assessment_bytes=CONTENT + b" ") == ["assessment"]


def test_packs_may_stand_in_any_order() -> None:
    plan = replace(PLAN, packs=(*PLAN.packs, OTHER))
    for packs in permutations(plan.packs):
        assert faults(decision(plan=digest_of_plan(plan), packs=packs), plan=plan) == []


def test_all_differences_are_named_together() -> None:
    made = decision(assessment="0" * 64, plan="0" * 64, scope="0" * 64, packs=(), evidence=())
    assert faults(made) == ["assessment", "plan", "scope", "packs", "evidence"]
