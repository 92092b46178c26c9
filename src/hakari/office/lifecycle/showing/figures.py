"""Checks as rows: the figure with its interval beside the line that it faces, and the sentences of the reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hakari.assessment.model import CheckResult, PlannedCheck
from hakari.assessment.quantity import scale_of
from hakari.assessment.reasons import check_name, further_reasons, metric_name, settle_sentence, verdict_sentence
from hakari.evidence import Unmeasured
from hakari.messages import Message, say

__all__ = ["CheckLine", "check_lines", "figure_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One check of a finding."""

    id: str
    name: Message
    status: str
    value: Message | None
    """None where nothing was measured."""
    span: Message | None
    """The interval at the levels that the verdict used."""
    acceptable: Message
    unacceptable: Message
    rows: int
    verdict: Message
    settle: Message | None
    reasons: tuple[Message, ...]
    worst: Message | None
    """The bound that the data allow, which the office may accept for a while."""


def check_lines(results: tuple[CheckResult, ...], planned: Mapping[str, PlannedCheck]) -> tuple[CheckLine, ...]:
    """Return the rows of the checks that the plan knows."""
    return tuple(_line(planned[result.check], result) for result in results if result.check in planned)


def figure_text(planned: PlannedCheck, result: CheckResult) -> Message | None:
    """Return value and interval in short; None where nothing was measured."""
    if isinstance(result.value, Unmeasured):
        return None
    value, span = scale_of(planned, result).say(result.value), _span(planned, result)
    return say("office.lifecycle.page.figure", value=value, range=span) if span else value


def _line(planned: PlannedCheck, result: CheckResult) -> CheckLine:
    scale = scale_of(planned, result)
    at_most = planned.operator == "<="
    best, worst = ("at_most", "at_least") if at_most else ("at_least", "at_most")
    if planned.unacceptable == planned.threshold:
        worst = "above" if at_most else "below"
    return CheckLine(
        id=result.check,
        # A check of an assessment for which nothing was measured yet has no groups that could be named.
        name=check_name(planned) if planned.columns or not planned.impossible else metric_name(planned.metric),
        status=result.status,
        value=None if isinstance(result.value, Unmeasured) else scale.say(result.value),
        span=_span(planned, result),
        acceptable=say(f"office.lifecycle.page.line.{best}", value=scale.say(planned.threshold)),
        unacceptable=say(f"office.lifecycle.page.line.{worst}", value=scale.say(planned.unacceptable)),
        rows=result.trials or result.rows,
        verdict=verdict_sentence(planned, result),
        settle=settle_sentence(planned, result),
        reasons=further_reasons(result),
        worst=None if result.worst_case is None else scale.say(result.worst_case),
    )


def _span(planned: PlannedCheck, result: CheckResult) -> Message | None:
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured) or planned.basis == "count":
        return None
    return scale_of(planned, result).span(result.low, result.high)
