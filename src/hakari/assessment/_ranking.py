"""Ranking in words: which groups are highest and lowest, as far as the intervals allow that to be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hakari.assessment.model import CheckResult, GroupLine, PlannedCheck
from hakari.assessment.quantity import group_scale_of, scale_of
from hakari.evidence import Unmeasured
from hakari.messages import Message, say

__all__ = ["chart_sentence"]

_MOST_NAMES = 6
"""More names than this make a sentence nobody finishes; the table has them all."""


def chart_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    """Return what the chart of a check shows: order of the groups, overlap, groups left out, noise floor.

    No single group is called worst: every group that the simultaneous intervals do not exclude is named.
    """
    if isinstance(result.value, Unmeasured) and not result.groups:
        reason = planned.impossible or result.value.unmeasured
        return say("reasons.chart.nothing", reason=reason)
    sentences = [*_order(planned, result), *_strip(planned, result), *_left_out(planned, result)]
    if result.noise_floor is not None:
        noise = scale_of(planned, result).say(result.noise_floor)
        sentences.append(say(f"reasons.chart.noise.{planned.aggregation}", noise=noise))
    if not sentences:
        return say("reasons.chart.nothing", reason=say("reasons.chart.not_measured"))
    sentence = sentences[0]
    for further in sentences[1:]:
        sentence = say("reasons.join.two", first=sentence, second=further)
    return sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A group in scope whose three numbers are known."""

    name: str
    value: float
    low: float
    high: float


def _placed(lines: Sequence[GroupLine]) -> list[_Placed]:
    return [
        _Placed(name=line.name, value=line.value, low=line.low, high=line.high)
        for line in lines
        if line.in_scope
        and not isinstance(line.value, Unmeasured)
        and not isinstance(line.low, Unmeasured)
        and not isinstance(line.high, Unmeasured)
    ]


def _order(planned: PlannedCheck, result: CheckResult) -> list[Message]:
    if not result.groups:
        return []
    groups = sorted(_placed(result.groups), key=lambda group: (-group.value, group.name))
    if not groups:
        return [say("reasons.chart.none_in_scope")]
    scale = group_scale_of(planned)
    first, last = (
        say("reasons.chart.group_value", group=group.name, value=scale.say(group.value))
        for group in (groups[0], groups[-1])
    )
    if len(groups) == 1:
        return [say("reasons.chart.one", group=groups[0].name, value=scale.say(groups[0].value))]
    floor = max(group.low for group in groups)
    ceiling = min(group.high for group in groups)
    may_high = [group.name for group in groups if group.high >= floor]
    may_low = [group.name for group in reversed(groups) if group.low <= ceiling]
    if len(may_high) == len(groups) == len(may_low):
        return [say("reasons.chart.overlap", highest=first, lowest=last, n=len(groups))]
    return [_end("highest", first, may_high, groups[0].name), _end("lowest", last, may_low, groups[-1].name)]


def _end(end: str, shown: Message, may: Sequence[str], itself: str) -> Message:
    others = [name for name in may if name != itself]
    if not others:
        return say(f"reasons.chart.{end}.sure", group=shown)
    return say(f"reasons.chart.{end}.open", group=shown, others=_shortened(others))


def _strip(planned: PlannedCheck, result: CheckResult) -> list[Message]:
    """Where the interval of the check's own figure lies against the two lines."""
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured) or planned.basis == "count":
        return []
    scale = scale_of(planned, result)
    span = scale.span(result.low, result.high)
    at_most = planned.operator == "<="
    good = result.high <= result.unacceptable if at_most else result.low >= result.unacceptable
    bad = result.low > result.threshold if at_most else result.high < result.threshold
    if good:
        return [say("reasons.chart.strip.inside", range=span, line=scale.say(result.unacceptable))]
    if bad:
        return [say("reasons.chart.strip.outside", range=span, line=scale.say(result.threshold))]
    return [say("reasons.chart.strip.across", range=span)]


def _left_out(planned: PlannedCheck, result: CheckResult) -> list[Message]:
    out = [line for line in result.groups if not line.in_scope]
    if not out:
        return []
    total = sum(line.rows for line in result.groups)
    named: list[Message] = [
        say("reasons.chart.out_group", group=line.name, rows=line.rows, share=line.rows / total if total else 0.0)
        for line in out[:_MOST_NAMES]
    ]
    if len(out) > _MOST_NAMES:
        named.append(say("reasons.chart.more", n=len(out) - _MOST_NAMES))
    return [say("reasons.chart.out_of_scope", min_rows=planned.min_rows, groups=named)]


def _shortened(names: Sequence[str]) -> list[str | Message]:
    shown: list[str | Message] = list(names[:_MOST_NAMES])
    if len(names) > _MOST_NAMES:
        shown.append(say("reasons.chart.more", n=len(names) - _MOST_NAMES))
    return shown
