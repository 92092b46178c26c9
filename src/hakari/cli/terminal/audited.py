"""Audited: what an audit found, as tables that a person reads without knowing the names of the methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from hakari.cli.terminal.layout import table
from hakari.cli.terminal.session import Session
from hakari.evidence import Estimate, Unmeasured
from hakari.measures import Measured
from hakari.messages import Message, say
from hakari.reports.audit.result import AuditPart, AuditResult

__all__ = ["show_audit"]

_GROUPS = "fairness.groups"
_RATES = (
    "selection_rate",
    "base_rate",
    "accuracy",
    "true_positive_rate",
    "false_positive_rate",
    "positive_predictive_value",
)
_MOST_GROUPS = 30
_MOST_LINES = 40
_WITHIN = ("selection_rate_difference", "true_positive_rate_difference", "false_positive_rate_difference")
_GAPS = ("selection_rate", "accuracy", "true_positive_rate", "false_positive_rate", "positive_predictive_value")


_TOLD = {
    "fairness.decisions": (
        "equalized_odds_difference",
        "equalized_odds_ratio",
        "average_odds_difference",
        "selection_rate_deviation",
        "generalized_entropy",
        "theil_index",
        "generalized_entropy_between",
        "bias_amplification",
    ),
    "fairness.scores": (
        "auc_difference",
        "auc_worst_group",
        "brier_worst_group",
        "calibration_error_worst_group",
        "average_score_difference",
        "kolmogorov_smirnov_largest",
    ),
}
"""What is printed of a measure that has more than a person reads at once; of the others everything over groups."""


def show_audit(result: AuditResult, session: Session) -> None:
    """Print the groups, how far they lie apart, what else was measured, and what the numbers cannot say."""
    _head(result, session)
    part = result.part(_GROUPS)
    if part is not None:
        for columns in _slicings(part.measured):
            session.print()
            _groups(part.measured, columns, session)
            _gaps(part.measured, columns, session)
    for each in result.parts:
        if each.measure != _GROUPS:
            session.print()
            _other(each, result.controls, session)
    _limits(result, session)


def _head(result: AuditResult, session: Session) -> None:
    columns = result.columns
    session.print(click.style(session.say("cli.audit.title", name=result.name, rows=result.rows), bold=True))
    named = [(meaning, getattr(columns, meaning)) for meaning in ("label", "prediction", "score", "weight", "cluster")]
    told = [
        session.say("cli.audit.column", meaning=say(f"cli.audit.meaning.{meaning}"), column=name)
        for meaning, name in named
        if name
    ]
    session.print(session.say("cli.audit.columns", columns=told, groups=list(columns.sensitive)))


def _slicings(measured: Measured) -> list[tuple[str, ...]]:
    found = dict.fromkeys(tuple(each.slice) for each in measured.estimates if each.slice)
    return list(found)


def _groups(measured: Measured, columns: tuple[str, ...], session: Session) -> None:
    """One line for each group: rows and rates, the first rate with its interval."""
    values: dict[tuple[str, ...], dict[str, Estimate]] = {}
    for each in measured.estimates:
        if tuple(each.slice) == columns and "*" not in each.slice.values() and each.metric in _RATES:
            values.setdefault(tuple(each.slice.values()), {})[each.metric] = each
    if not values:
        return
    known = [name for name in _RATES if any(_number(found.get(name)) for found in values.values())]
    session.print(click.style(" × ".join(columns), bold=True))
    rows = [("", session.say("cli.audit.rows"), *(session.say(f"cli.audit.rate.{name}") for name in known))]
    ordered = sorted(values.items(), key=lambda item: -_rows(item[1]))
    for group, found in ordered[:_MOST_GROUPS]:
        cells = (_cell(found.get(name), interval=name == known[0]) for name in known)
        rows.append((" × ".join(group), f"{_rows(found):,}", *cells))
    session.lines(table(rows, max(session.width, 100), right=tuple(range(1, len(known) + 2))))
    if len(ordered) > _MOST_GROUPS:
        session.print(session.say("cli.audit.more_groups", n=len(ordered) - _MOST_GROUPS), first="  ", rest="  ")


def _rows(found: dict[str, Estimate]) -> int:
    return max((each.n for each in found.values()), default=0)


def _number(estimate: Estimate | None) -> bool:
    return estimate is not None and not isinstance(estimate.value, Unmeasured)


def _cell(estimate: Estimate | None, *, interval: bool) -> str:
    if estimate is None or isinstance(estimate.value, Unmeasured):
        return "–"
    if not interval or isinstance(estimate.interval, Unmeasured):
        return f"{estimate.value:.1%}"
    return f"{estimate.value:.1%} [{estimate.interval.low:.1%}, {estimate.interval.high:.1%}]"


def _gaps(measured: Measured, columns: tuple[str, ...], session: Session) -> None:
    """One line for each rate: the largest difference, where it may lie, and what chance alone would show."""
    overall = {
        each.metric: each for each in measured.estimates if tuple(each.slice) == columns and "*" in each.slice.values()
    }
    rows = []
    reasons: dict[Message, None] = {}
    for rate in _GAPS:
        gap = overall.get(f"{rate}_difference")
        if gap is None:
            continue
        if isinstance(gap.value, Unmeasured):
            reasons[gap.value.unmeasured] = None
            continue
        floor = overall.get(f"{rate}_difference_noise_floor")
        chance = floor.value if floor is not None and not isinstance(floor.value, Unmeasured) else None
        rows.append((session.say(f"cli.audit.rate.{rate}"), _difference(gap, session), *_chance(chance, session)))
    if rows:
        session.print(session.say("cli.audit.gaps"), first="  ", rest="  ")
        session.lines(table(rows, session.width, indent="    "))
    for reason in list(reasons)[:3]:
        session.print(session.text(reason), first="  ", rest="  ")


def _difference(gap: Estimate, session: Session) -> str:
    assert not isinstance(gap.value, Unmeasured)
    if isinstance(gap.interval, Unmeasured):
        return session.say("cli.audit.points", value=gap.value * 100)
    low, high = gap.interval.low * 100, gap.interval.high * 100
    return session.say("cli.audit.points_between", value=gap.value * 100, low=low, high=high)


def _chance(chance: float | None, session: Session) -> Iterator[str]:
    yield "" if chance is None else session.say("cli.audit.by_chance", value=chance * 100)


def _other(part: AuditPart, controls: Sequence[str], session: Session) -> None:
    """Numbers over all groups of another measure; what it says of single groups stands in --json and --html."""
    session.print(click.style(session.text(part.title), bold=True))
    told = _TOLD.get(part.measure)
    found = [each for each in _over_groups(part.measured.estimates) if told is None or each.metric in told]
    rows = [_line(each) for each in found]
    session.lines(table(rows, max(session.width, 100), right=(2,)))
    left = len(part.measured.estimates) - len(rows) - _within(part, controls, session)
    if left > 0:
        session.print(session.say("cli.audit.further", n=left), first="  ", rest="  ")


def _within(part: AuditPart, controls: Sequence[str], session: Session) -> int:
    """Print the largest difference between groups within each level of the control columns; return how many lines."""
    if not controls:
        return 0
    rows = []
    for each in part.measured.estimates:
        level = [each.slice[column] for column in controls if column in each.slice]
        groups = [column for column in each.slice if column not in controls]
        if (
            each.metric not in _WITHIN
            or len(level) < len(controls)
            or "*" in level
            or isinstance(each.value, Unmeasured)
        ):
            continue
        if all(each.slice[column] == "*" for column in groups):
            told = session.say(f"cli.audit.rate.{each.metric.removesuffix('_difference')}")
            rows.append((" × ".join(level), " × ".join(groups), told, _difference(each, session)))
    if rows:
        session.print(session.say("cli.audit.within", columns=list(controls)), first="  ", rest="  ")
        session.lines(table(sorted(rows)[:_MOST_LINES], max(session.width, 100), indent="    "))
    return min(len(rows), _MOST_LINES)


def _over_groups(estimates: Sequence[Estimate]) -> list[Estimate]:
    return [
        each
        for each in estimates
        if all(level == "*" for level in each.slice.values())
        and not isinstance(each.value, Unmeasured)
        and not each.metric.endswith("_noise_floor")
    ]


def _line(estimate: Estimate) -> tuple[str, ...]:
    interval = "–"
    if not isinstance(estimate.interval, Unmeasured):
        counted = estimate.interval.method == "count"
        interval = "" if counted else f"[{estimate.interval.low:.4g}, {estimate.interval.high:.4g}]"
    value = "–" if isinstance(estimate.value, Unmeasured) else f"{estimate.value:.4g}"
    where = ", ".join(column if level == "*" else f"{column}={level}" for column, level in estimate.slice.items())
    return where, estimate.metric.replace("_", " "), value, interval


def _limits(result: AuditResult, session: Session) -> None:
    for each in result.left_out:
        session.print()
        session.print(session.say("cli.audit.left_out", title=each.title, reason=each.reason))
    limits = dict.fromkeys(limit for part in result.parts for limit in part.measured.limits)
    session.print()
    session.print(session.say("cli.measure.limits"))
    for limit in (*limits, *result.notices):
        session.print(session.text(limit), first="  - ", rest="    ")
