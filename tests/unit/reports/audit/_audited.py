"""A made-up audit with everything that its page can meet: small groups, odd names, curves, bins, tests and versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from scipy.stats import beta

from hakari.evidence import Estimate, Interval, Subject, Table, Unmeasured
from hakari.inputs import Columns
from hakari.measures import Measured
from hakari.messages import Message, say
from hakari.reports.audit import AuditPart, AuditResult, LeftOut

__all__ = ["NAMES", "audited", "estimate", "groups_part", "part", "scores_part", "versions_part"]

NAMES: Final = ("女性", "<b>&", "זכר")
"""Levels of the first column: Japanese, what could be taken for a tag, and right to left."""
_AGES: Final = ("18–39", "40+")
_COUNTS: Final = ((400, 300), (500, 390), (380, 190), (420, 220), (12, 12), (60, 40))
_CROSSED: Final = dict(zip([(a, b) for a in NAMES for b in _AGES], _COUNTS, strict=True))
"""Rows and selections of every pair of levels."""
_BINS: Final = "columns group metric bin low high n mean_score positives rate rate_low rate_high"
_CURVES: Final = (
    "columns group threshold n selected positives selected_positives selection_rate true_positive_rate "
    "false_positive_rate positive_predictive_value"
)
_CHANGES: Final = "columns group metric both lost gained neither p_harm level harm_shown"
_VERDICTS: Final = "columns metric margin verdict reason bound bound_group groups_compared share_compared groups_harmed"
_REASON: Final = say("measures.fairness.groups.no_label")
_FLOOR: Final = say("measures.fairness.groups.reference_figure")


def estimate(
    metric: str, slice_: Mapping[str, str], found: float | Message, *, n: int = 900, span: float | Message = 0.05
) -> Estimate:
    """Return a number with an interval of ±`span`, or the reasons why there are none."""
    if isinstance(found, Message):
        absent = Unmeasured(unmeasured=found)
        return Estimate(metric=metric, slice=slice_, value=absent, interval=absent, n=n)
    interval: Interval | Unmeasured = (
        Unmeasured(unmeasured=span)
        if isinstance(span, Message)
        else Interval(low=found - span, high=found + span, level=0.95, method="made up")
    )
    return Estimate(metric=metric, slice=slice_, value=found, interval=interval, n=n)


def part(measure: str, measured: Measured, **parameters: Any) -> AuditPart:
    """Return one measure that ran."""
    used = {"min_rows": 30, "confidence": 0.95, **parameters}
    title = say(f"measures.{measure}.title")
    return AuditPart(
        measure=measure, version="1.0.0", distribution="hakari 0.1.0", title=title,
        parameters=used, passed=parameters, measured=measured,
    )  # fmt: skip


def _slicings() -> Iterator[tuple[dict[str, str], int, int]]:
    """Slice, rows and selections of every group of every slicing."""
    for name in NAMES:
        found = [counts for pair, counts in _CROSSED.items() if pair[0] == name]
        yield {"sex": name}, sum(n for n, _ in found), sum(s for _, s in found)
    for age in _AGES:
        found = [counts for pair, counts in _CROSSED.items() if pair[1] == age]
        yield {"age": age}, sum(n for n, _ in found), sum(s for _, s in found)
    for (name, age), (n, s) in _CROSSED.items():
        yield {"sex": name, "age": age}, n, s


def _rate(metric: str, slice_: Mapping[str, str], successes: int, n: int) -> Estimate:
    low = float(beta.ppf(0.01, successes, n - successes + 1)) if successes else 0.0
    high = float(beta.ppf(0.99, successes + 1, n - successes)) if successes < n else 1.0
    interval = Interval(low=low, high=high, level=0.95, method="clopper-pearson")
    return Estimate(metric=metric, slice=slice_, value=successes / n, interval=interval, n=n)


def groups_part() -> AuditPart:
    """Return rates by sex, by age and by both, without labels, with the differences that they make."""
    estimates, rows = list[Estimate](), []
    for slice_, n, selected in _slicings():
        estimates += [_rate("selection_rate", slice_, selected, n), _rate("accuracy", slice_, n - n // 5, n)]
        rows.append((" × ".join(slice_), " × ".join(slice_.values()), n, n / 1772))
    for columns, gap in ((("sex",), 0.26), (("age",), 0.02), (("sex", "age"), 0.28)):
        over = dict.fromkeys(columns, "*")
        estimates += [
            estimate("selection_rate_difference", over, gap, span=0.04),
            estimate("selection_rate_difference_noise_floor", over, 0.011, span=_FLOOR),
            estimate("accuracy_difference", over, 0.0, span=say("measures.fairness.groups.too_few_clusters")),
            estimate("true_positive_rate_difference", over, _REASON),
        ]
    small = say("measures.fairness.groups.small", group="זכר × 18–39", rows=12, share=12 / 1772)
    limits = (
        say("measures.fairness.groups.limit.not_cause"),
        say(
            "measures.fairness.groups.limit.small", columns=["sex", "age"], groups=[small], number=1, minimum=30,
            rows=12, share=12 / 1772,
        ),
    )  # fmt: skip
    table = Table(name="groups", columns=("columns", "group", "rows", "share"), rows=tuple(rows))
    return part("fairness.groups", Measured(estimates=tuple(estimates), tables=(table,), limits=limits))


def scores_part() -> AuditPart:
    """Return bins that fit and bins that do not, and curves of three groups, one of them too small."""
    bins, curves = [], []
    for name, n in zip(NAMES, (900, 800, 20), strict=True):
        for number in range(10):
            mean, off = number / 10 + 0.05, 0.2 if name == NAMES[0] and number == 8 else 0.0
            ends = (max(mean - off - 0.06, 0.0), min(mean - off + 0.06, 1.0))
            line = ("sex", name, "calibration_error_equal_counts", number + 1, None, None, n // 10, mean)
            bins.append((*line, n // 20, mean - off, *ends))
            curves.append(("sex", name, mean, n, n - n // 10 * number, None, None, 1 - number / 10, None, None, None))
    tables = (
        Table(name="calibration", columns=tuple(_BINS.split()), rows=tuple(bins)),
        Table(name="curves", columns=tuple(_CURVES.split()), rows=tuple(curves), disclosure="rows"),
    )
    found = (
        estimate("calibration_error", {"sex": NAMES[0]}, 0.031, span=0.01),
        estimate("calibration_error_noise_floor", {"sex": NAMES[0]}, 0.012, span=_FLOOR),
        estimate("mean_score", {"sex": NAMES[0], "branch": "north"}, 0.61),
        estimate("auc", {"sex": "*"}, _REASON),
    )
    limits = (say("measures.fairness.groups.limit.not_cause"),)
    return part("fairness.scores", Measured(estimates=found, tables=tables, limits=limits))


def versions_part() -> AuditPart:
    """Return a newer version that selects fewer of one group."""
    estimates, changes = list[Estimate](), []
    for name, n, before, after in zip(NAMES, (900, 800, 20), (0.7, 0.5, 0.4), (0.72, 0.4, 0.5), strict=True):
        slice_ = {"sex": name}
        estimates += [
            estimate("selection_rate_earlier", slice_, before, n=n),
            estimate("selection_rate_newer", slice_, after, n=n),
            estimate("selection_rate_change", slice_, after - before, n=n, span=0.04),
            estimate("selection_rate_harm_p", slice_, 0.0000001 if after < before else 0.7, n=n, span=_REASON),
        ]
        changes.append(("sex", name, "selection_rate", 1, 1, 1, 1, 0.1, 0.01, after < before))
    verdict = ("sex", "selection_rate", 0.02, "not_met", "", -0.13, NAMES[1], 2, 0.99, NAMES[1])
    tables = (
        Table(name="changes", columns=tuple(_CHANGES.split()), rows=tuple(changes)),
        Table(name="verdicts", columns=tuple(_VERDICTS.split()), rows=(verdict,)),
    )
    return part("fairness.versions", Measured(estimates=tuple(estimates), tables=tables), metrics=["selection_rate"])


def _legal_part() -> AuditPart:
    ratios: Sequence[float | Message] = (1.0, 0.62, say("measures.fairness.legal.small_group"))
    estimates = [
        estimate("impact_ratio", {"sex": name}, ratio, n=n, span=0.08)
        for name, ratio, n in zip(NAMES, ratios, (900, 800, 20), strict=True)
    ]
    estimates.append(estimate("fisher_p_min", {}, 0.00002, span=say("measures.fairness.legal.test_figure")))
    return part("fairness.legal", Measured(estimates=tuple(estimates)))


def audited(*parts: AuditPart, **changes: Any) -> AuditResult:
    """Return an audit of `parts`, or of one measure of each kind."""
    subject = Subject(role="data.test", kind="file", name="loans.csv", digest="ab" * 32)
    everything = (groups_part(), _legal_part(), scores_part(), versions_part())
    result = AuditResult(
        name="貸付 loans.csv", rows=1772, subject=subject,
        columns=Columns(prediction="decision", score="score", sensitive=("sex", "age"), positive="yes"),
        controls=("branch",), confidence=0.95, parts=parts or everything,
        left_out=(
            LeftOut(
                measure="performance.classification", title=say("measures.performance.classification.title"),
                reason=say("workflows.audit.needs", columns=["label"]),
            ),
        ),
        notices=(say("measures.fairness.groups.limit.missing", column="age", rows=3),),
        collected_at="2026-11-22T02:10:00Z", seed=7,
    )  # fmt: skip
    return replace(result, **changes)
