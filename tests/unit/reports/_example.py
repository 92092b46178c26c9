"""A made-up lending case with everything a report can meet: each status, basis, aggregation and kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hakari.assessment.case import Case
from hakari.assessment.model import (
    AnswerResult,
    Assessment,
    CheckResult,
    Exception_,
    Finding,
    GateResult,
    PackReference,
    Plan,
    PlannedCheck,
    Status,
)
from hakari.evidence import Evidence, MeasureReference, Producer, Subject
from hakari.evidence.record import Answer
from hakari.messages import Message, say
from tests.unit.reports._example_checks import MEASURED, example_checks
from tests.unit.reports._example_pack import URN, example_pack

__all__ = ["example_case"]

_ANSWERED = "b2" * 32


def _finding(slug: str, group: str, status: Status, *reasons: Message, **changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "requirement": f"{URN}{slug}@1",
        "pack": "lending-example@1.0.0",
        "group": group,
        "severity": "major",
        "roles": ("owner",),
        "stages": ("release",),
        "status": status,
        "reasons": reasons,
        **changes,
    }
    return Finding(**fields)


def _answers(status: Status) -> tuple[AnswerResult, ...]:
    return (
        AnswerResult(question="hand_over", status="met", value="yes", evidence=_ANSWERED),
        AnswerResult(question="how", status="met", value="letter", evidence=_ANSWERED),
        AnswerResult(question="heard", status="neutral", value=["staff", "people"], evidence=_ANSWERED),
        AnswerResult(
            question="words",
            status="met",
            value=(
                "They wait two days for a person.\n申込みは取り消されず、担当者が見直します。\n\n"
                "<b>Not</b> counted: those who never apply again."
            ),
            evidence=_ANSWERED,
        ),
        AnswerResult(question="cost", status="missing", value="unknown", reasons=(say("assessment.answer.unknown"),))
        if status == "missing"
        else AnswerResult(question="cost", status="met", value=120000, evidence=_ANSWERED),
        AnswerResult(question="since", status="not_asked"),
    )


def _findings(checks: dict[str, tuple[PlannedCheck, CheckResult]]) -> tuple[Finding, ...]:
    def results(*names: str) -> tuple[CheckResult, ...]:
        return tuple(checks[name][1] for name in names)

    accepted = Exception_(
        requirement=f"{URN}ranking@1",
        reason="The score orders a queue of loan officers and refuses nobody. We accept the bound for one quarter.",
        by="A. Tanaka, head of the ethics office",
        until="2027-02-28",
        condition="Weekly check of the ten lowest scores by hand.",
        bounds={"quality/auc": 0.68},
        scope="d4" * 32,
        created_at="2026-11-20T09:00:00Z",
        key="e5" * 16,
    )
    return (
        _finding(
            "offers",
            "fairness",
            "not_met",
            checks=results("offers/gap[race]"),
            severity="critical",
            roles=("engineer", "owner"),
        ),
        _finding(
            "offers-region",
            "fairness",
            "inconclusive",
            say("assessment.threshold_unconfirmed", checks=["offers/ratio[地域]"]),
            checks=results("offers/ratio[地域]"),
            roles=("engineer",),
        ),
        _finding("worst", "fairness", "met", checks=results("worst/accuracy[sex+年代]"), stale_from="2027-11-21"),
        _finding("definition", "fairness", "missing", answers=_answers("missing"), roles=("owner", "designer")),
        _finding("quality", "trust", "met", checks=results("quality/accuracy")),
        _finding(
            "ranking",
            "trust",
            "excepted",
            say("assessment.excepted", by=accepted.by, until=accepted.until, condition=accepted.condition),
            checks=results("quality/auc"),
            exception=accepted,
        ),
        _finding("data", "trust", "not_met", checks=results("data/duplicates"), severity="minor"),
        _finding("calibration", "trust", "missing", checks=results("quality/brier"), roles=("engineer",)),
        _finding("appeal", "transparency", "met", answers=_answers("met"), stale_from="2027-11-21"),
        _finding(
            "notice",
            "transparency",
            "stale",
            say("assessment.stale.age", since="2026-10-01", days=365),
            answers=(AnswerResult(question="how", status="stale", value="letter", evidence=_ANSWERED),),
        ),
        _finding("record", "transparency", "missing", answers=(AnswerResult(question="words", status="missing"),)),
        _finding(
            "rights", "creative", "not_applicable", say("assessment.not_applicable", rule="generates_content == true")
        ),
        _finding(
            "takeover", "trust", "not_applicable", say("assessment.not_applicable", rule="autonomy == 'automatic'")
        ),
    )


def _evidence() -> dict[str, Evidence]:
    subjects = _subjects()
    return {
        MEASURED: Evidence(
            kind="measurement",
            measure=MeasureReference(id="fairness.groups", version="1.0.0", distribution="hakari 0.1.0"),
            subjects=subjects,
            seed=20261122,
            limits=(
                say("measures.fairness.groups.limit.not_cause"),
                say("measures.fairness.groups.limit.not_law"),
            ),
            environment={"python": "3.11.9", "numpy": "2.4.1", "scipy": "1.17.0", "duckdb": "1.5.2", "hakari": "0.1.0"},
            collected_at="2026-11-22T01:02:03Z",
            effective_at="2026-11-22T01:02:03Z",
            producer=Producer(name="nightly-assessment", kind="pipeline"),
            assurance="pipeline",
        ),
        _ANSWERED: Evidence(
            kind="answer",
            answer=Answer(requirement=f"{URN}appeal@1", question="words", value="…"),
            collected_at="2026-11-18T08:30:00Z",
            effective_at="2026-11-18T08:30:00Z",
            producer=Producer(name="佐藤 花子"),
        ),
    }


def _subjects() -> tuple[Subject, ...]:
    return (
        Subject(role="data.test", kind="file", name="data/評価データ_2026年10月.csv", digest="1f" * 32),
        Subject(role="model", kind="file", name="models/mortgage.skops", digest="2e" * 32),
        Subject(role="data.train", kind="summary", name="warehouse.applications", digest="3d" * 32),
        Subject(role="assistant", kind="endpoint", name="letter-writer", digest="4c" * 32),
    )


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in findings:
        counts[finding.status] = counts.get(finding.status, 0) + 1
    return counts


def example_case() -> Case:
    """Return the made-up lending case."""
    checks, pack = example_checks(), example_pack()
    findings = _findings(checks)
    reference = PackReference(name=pack.name, version=pack.version, digest=pack.digest)
    facts = {"decides_about_people": True, "domain": "lending", "generates_content": False, "autonomy": "advice"}
    plan = Plan(
        use_case="UC-0214",
        system_version="2026.11",
        stage="release",
        packs=(reference,),
        facts=facts,
        label_source="human_decision",
        selective_labels=False,
        subjects=_subjects(),
        use={},
        scope="d4" * 32,
        groups={"race": {"White": 1681, "Black": 197, "Hispanic": 108, "missing": 3}},
        measurements=(),
        checks=tuple(check for check, _ in checks.values()),
        family=6,
    )
    open_ = tuple(
        item.requirement for item in findings if item.status in ("not_met", "inconclusive", "missing", "stale")
    )
    assessment = Assessment(
        use_case="UC-0214",
        title="Mortgage offers",
        system_version="2026.11",
        stage="release",
        as_of="2026-11-22",
        packs=(reference,),
        facts=facts,
        plan="5b" * 32,
        plan_registered=False,
        scope="d4" * 32,
        label_source="human_decision",
        selective_labels=False,
        findings=findings,
        gate=GateResult(
            mode="advisory", holds=True, closes=False, counts=_counts(findings), blocking=open_, only_open=False
        ),
        notices=(
            say("assessment.notice.not_registered"),
            say("assessment.notice.human_decision"),
            say("assessment.notice.unconfirmed", checks=1, of=7),
            say("assessment.notice.genuine"),
        ),
    )
    return Case(
        assessment=assessment,
        plan=plan,
        packs=(pack,),
        evidence=_evidence(),
        signers={MEASURED: "e5" * 16},
    )
