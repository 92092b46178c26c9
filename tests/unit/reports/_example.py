"""A made-up lending case with everything a report can meet: each status, basis, aggregation and kind of answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from scipy import stats

from hakari.assessment.case import Case
from hakari.assessment.model import (
    AnswerResult,
    Assessment,
    CheckResult,
    Exception_,
    Finding,
    GateResult,
    GroupLine,
    PackReference,
    Plan,
    PlannedCheck,
    RowsNeededLine,
    Status,
)
from hakari.evidence import Evidence, MeasureReference, Producer, Subject, Unmeasured
from hakari.evidence.record import Answer
from hakari.messages import Message, say
from tests.unit.reports._example_pack import URN, example_pack

__all__ = ["example_case", "group_line", "planned_check"]

_MEASURED, _ANSWERED = "a1" * 32, "b2" * 32
_UNMEASURED = Unmeasured(unmeasured=say("assessment.check.not_measured", measure="performance.classification"))
_NAMES = {
    "race": (("White", 1681, 1535), ("Black", 197, 133), ("Hispanic", 108, 82), ("missing", 3, 2)),
    "地域": (
        ("東京都", 812, 706),
        ("大阪府", 431, 365),
        ("北海道・東北", 266, 219),
        ("九州・沖縄", 318, 250),
        ("島しょ部", 21, 14),
    ),
    "sex × 年代": (
        ("male × 20代", 402, 371),
        ("male × 60代以上", 188, 170),
        ("female × 20代", 371, 322),
        ("female × 60代以上", 97, 78),
        ("<script>alert(1)</script>", 64, 55),
    ),
}


def group_line(name: str, trials: int, successes: int, groups: int, *, min_rows: int = 30) -> GroupLine:
    """Return a group with its Šidák-adjusted Clopper–Pearson interval, from scipy."""
    level = 0.95 ** (1 / groups)
    interval = stats.binomtest(successes, trials).proportion_ci(level, method="exact")
    return GroupLine(
        name=name,
        rows=trials,
        successes=successes,
        trials=trials,
        value=successes / trials,
        low=float(interval.low),
        high=float(interval.high),
        in_scope=trials >= min_rows,
        extreme=name in ("White", "Black", "東京都", "九州・沖縄"),
    )


def planned_check(identifier: str, metric: str, **changes: Any) -> PlannedCheck:
    """Return a planned check of the lending case with some fields changed."""
    fields: dict[str, Any] = {
        "id": identifier,
        "requirement": URN + identifier.split("/")[0] + "@1",
        "measurement": "m1",
        "measure": "fairness.groups@1",
        "metric": metric,
        "basis": "rate",
        "table": "tally",
        "aggregation": "overall",
        "columns": (),
        "operator": ">=",
        "threshold": 0.8,
        "margin": 0.05,
        "confidence": 0.95,
        "method": "mover",
        "reference": None,
        "family_met": "none",
        "min_rows": 30,
        "coverage_min": 0.95,
        "severity": "major",
        "look": 1,
        "set_by": {"en": "Credit policy board", "ja": "与信方針会議"},
        "why": {
            "en": "A gap of this size would change the offer to about one applicant in ten.",
            "ja": "この大きさの差があると、申込者のおよそ10人に1人で提示内容が変わるためです。",
        },
        "source": {"en": "Board minutes, item 4", "ja": "会議議事録 第4項"},
        "alternatives": (
            {
                "en": "Equal true positive rates: set aside, because past decisions are the only labels.",
                "ja": "真陽性率の一致：過去の決定しかラベルがないため見送り。",
            },
        ),
        "confirmed": True,
        **changes,
    }
    return PlannedCheck(**fields)


def _result(
    check: PlannedCheck,
    status: Literal["met", "not_met", "inconclusive"],
    figures: tuple[float, float, float],
    **changes: Any,
) -> CheckResult:
    groups = tuple(group_line(name, n, x, 4) for name, n, x in _NAMES.get(" × ".join(check.columns), ()))
    moved = check.margin if check.operator == "<=" else -check.margin
    fields: dict[str, Any] = {
        "check": check.id,
        "status": status,
        "evidence": _MEASURED,
        "value": figures[0],
        "low": figures[1],
        "high": figures[2],
        "threshold": check.threshold,
        "unacceptable": round(check.threshold + moved, 12),
        "error_met": 0.025,
        "error_not_met": 0.025,
        "method": f"{check.method}, clopper-pearson",
        "rows": 1989,
        "trials": 1986,
        "groups": groups,
        **changes,
    }
    return CheckResult(**fields)


def _checks() -> dict[str, tuple[PlannedCheck, CheckResult]]:
    race = {"columns": ("race",)}
    difference = planned_check(
        "offers/gap[race]",
        "selection_rate",
        aggregation="difference",
        operator="<=",
        threshold=0.1,
        **race,
        severity="critical",
    )
    ratio = planned_check(
        "offers/ratio[地域]",
        "selection_rate",
        aggregation="ratio",
        threshold=0.9,
        margin=0.1,
        columns=("地域",),
        confirmed=False,
    )
    worst = planned_check(
        "worst/accuracy[sex+年代]",
        "accuracy",
        aggregation="worst_group",
        threshold=0.8,
        columns=("sex", "年代"),
    )
    accuracy = planned_check("quality/accuracy", "accuracy", threshold=0.85, measure="performance.classification@1")
    auc = planned_check(
        "quality/auc",
        "auc",
        basis="smooth",
        table="scores",
        threshold=0.75,
        measure="performance.classification@1",
    )
    duplicates = planned_check(
        "data/duplicates",
        "duplicate_rows",
        basis="count",
        table="columns",
        operator="<=",
        threshold=0.0,
        margin=0.0,
        measure="data.profile@1",
    )
    scores = planned_check(
        "quality/brier",
        "brier",
        basis="smooth",
        operator="<=",
        threshold=0.2,
        impossible=say("assessment.plan.no_column", role="score", metric="brier"),
    )
    needed = RowsNeededLine(groups=("九州・沖縄", "東京都"), likely=1150, sure=2900)
    found = [
        (difference, _result(difference, "not_met", (0.2380, 0.1312, 0.3371), noise_floor=0.0412)),
        (
            ratio,
            _result(
                ratio,
                "inconclusive",
                (0.904, 0.784, 0.971),
                noise_floor=0.958,
                rows_needed=needed,
                worst_case=0.784,
                coverage=0.989,
                trials=1827,
            ),
        ),
        (worst, _result(worst, "met", (0.804, 0.751, 0.882), noise_floor=0.84)),
        (accuracy, _result(accuracy, "met", (0.8869, 0.8721, 0.9005))),
        (auc, _result(auc, "inconclusive", (0.741, 0.689, 0.788), worst_case=0.689, method="bca, studentised")),
        (duplicates, _result(duplicates, "not_met", (14.0, 14.0, 14.0), method="count")),
        (
            scores,
            CheckResult(
                check=scores.id,
                status="missing",
                value=_UNMEASURED,
                low=_UNMEASURED,
                high=_UNMEASURED,
                threshold=0.2,
                unacceptable=0.25,
                reasons=(say("assessment.plan.no_column", role="score", metric="brier"),),
            ),
        ),
    ]
    return {check.id: (check, result) for check, result in found}


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
        _MEASURED: Evidence(
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
    checks, pack = _checks(), example_pack()
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
        signers={_MEASURED: "e5" * 16},
    )
