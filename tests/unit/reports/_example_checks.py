"""The checks of the made-up lending case: every basis and aggregation, planned and with its result."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from scipy import stats

from hakari.assessment.model import CheckResult, GroupLine, PlannedCheck, RowsNeededLine
from hakari.evidence import Unmeasured
from hakari.messages import say
from tests.unit.reports._example_pack import URN

__all__ = ["MEASURED", "example_checks", "group_line", "planned_check"]

MEASURED = "a1" * 32
"""Id of the evidence behind every figure."""
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
    low, high = _interval(trials, successes, groups)
    return GroupLine(
        name=name,
        rows=trials,
        successes=successes,
        trials=trials,
        value=successes / trials,
        low=low,
        high=high,
        in_scope=trials >= min_rows,
        extreme=name in ("White", "Black", "東京都", "九州・沖縄"),
    )


@cache
def _interval(trials: int, successes: int, groups: int) -> tuple[float, float]:
    found = stats.binomtest(successes, trials).proportion_ci(0.95 ** (1 / groups), method="exact")
    return float(found.low), float(found.high)


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
        "evidence": MEASURED,
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


def example_checks() -> dict[str, tuple[PlannedCheck, CheckResult]]:
    """Return each check by its id."""
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
