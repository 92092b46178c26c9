"""Reasons: the sentences that chart, table, terminal and screen reader share, as messages.

Only this module decides words about a status, a figure, a verdict and what would settle it. It claims no more than the
verdict rule allows: "on rows drawn like these, with these labels, evidence supports that …".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from hakari.assessment._ranking import chart_sentence
from hakari.assessment.model import Assessment, CheckResult, Finding, PlannedCheck, RowsNeededLine, Status
from hakari.assessment.quantity import Scale, scale_of
from hakari.evidence import Unmeasured
from hakari.messages import Message, catalogue, say

__all__ = [
    "aggregation_word",
    "answer_sentence",
    "chart_sentence",
    "check_name",
    "check_sentence",
    "counts_sentence",
    "figure_sentence",
    "further_reasons",
    "gate_sentence",
    "limit_sentence",
    "limit_words",
    "measured_sentence",
    "metric_name",
    "role_word",
    "settle_sentence",
    "severity_word",
    "spoken",
    "stage_word",
    "status_meaning",
    "status_word",
    "verdict_sentence",
    "waiting_for",
]

_SAID_BY_VERDICT: Final = frozenset(
    {"assessment.check.within_margin", "assessment.check.coverage", "assessment.check.reused"}
)
_OPEN: Final[tuple[Status, ...]] = ("inconclusive", "missing", "stale")


def status_word(status: str) -> Message:
    """Return the word for a status: met, not met, inconclusive, …"""
    return say(f"reasons.status.{status}")


def status_meaning(status: str) -> Message:
    """Return one sentence on what a status means."""
    return say(f"reasons.status_meaning.{status}")


def stage_word(stage: str) -> Message:
    """Return the word for a stage of the life cycle."""
    return say(f"reasons.stage.{stage}")


def severity_word(severity: str) -> Message:
    """Return the word for a severity."""
    return say(f"reasons.severity.{severity}")


def role_word(role: str) -> Message:
    """Return the word for a role; a role that the catalogue does not know is written as the pack writes it."""
    key = f"reasons.role.{role}"
    return say(key) if key in catalogue() else _unnamed(role)


def aggregation_word(aggregation: str) -> Message:
    """Return the word for how groups are brought to one figure."""
    return say(f"reasons.aggregation.{aggregation}")


def metric_name(metric: str) -> Message:
    """Return the name of a metric; one that an outside package brings is written by its own name."""
    key = f"reasons.metric.{metric}"
    return say(key) if key in catalogue() else _unnamed(metric)


def check_name(planned: PlannedCheck) -> Message:
    """Return what a check measures: metric, aggregation and the columns that form the groups."""
    key = f"reasons.check.{planned.aggregation}"
    if planned.reference is not None and planned.aggregation in ("difference", "ratio"):
        key += "_reference"
    return say(
        key,
        metric=metric_name(planned.metric),
        columns=" × ".join(planned.columns),
        reference=planned.reference or "",
    )


def spoken(message: Message, checks: Iterable[PlannedCheck] = ()) -> Message:
    """Return a message for readers: metrics, and as far as `checks` knows them checks, by name instead of by id.

    Where a person has to type the id, as on the terminal, checks are left as they are.
    """
    names = {check.id: check_name(check) for check in checks}
    arguments: dict[str, Any] = dict(message.arguments)
    if isinstance(arguments.get("metric"), str):
        arguments["metric"] = metric_name(arguments["metric"])
    if isinstance(arguments.get("check"), str):
        arguments["check"] = names.get(arguments["check"], arguments["check"])
    if isinstance(arguments.get("checks"), (list, tuple)):
        arguments["checks"] = [names.get(check, check) for check in arguments["checks"]]
    return Message(message.key, arguments)


def limit_sentence(planned: PlannedCheck) -> Message:
    """Return the lines of a check as a sentence."""
    return say("reasons.limit.sentence", limit=limit_words(planned))


def limit_words(planned: PlannedCheck) -> Message:
    """Return the lines of a check: acceptable up to a, unacceptable from b."""
    scale = scale_of(planned)
    side = "margin" if planned.margin > 0 else "exact"
    return say(
        f"reasons.limit.{_direction(planned)}.{side}",
        limit=scale.say(planned.threshold),
        unacceptable=scale.say(planned.unacceptable),
    )


def figure_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    """Return the figure of a check with its interval, the level of that interval and the rows behind it."""
    name, scale = check_name(planned), scale_of(planned, result)
    if isinstance(result.value, Unmeasured):
        return say("reasons.figure.unmeasured", name=name, reason=_why_not(planned, result.value))
    value = scale.say(result.value)
    if planned.basis == "count":
        return say("reasons.figure.count", name=name, value=value, n=result.rows)
    n = result.trials or result.rows
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured):
        missing = result.low if isinstance(result.low, Unmeasured) else result.high
        reason = spoken(missing.unmeasured) if isinstance(missing, Unmeasured) else ""
        return say("reasons.figure.bare", name=name, value=value, n=n, reason=reason)
    span = scale.span(result.low, result.high)
    level = _level(result)
    if level is None:
        return say("reasons.figure.interval_unnamed_level", name=name, value=value, range=span, n=n)
    return say("reasons.figure.interval", name=name, value=value, range=span, n=n, level=level)


def measured_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    """Return the figure and the limit that it faces."""
    return _two(figure_sentence(planned, result), limit_sentence(planned))


def verdict_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    """Return the verdict in the words that the rule allows; for `inconclusive`, what the value could still be."""
    if result.status in ("missing", "stale"):
        return say(f"reasons.verdict.{result.status}")
    if result.status == "inconclusive":
        return _undecided(planned, result)
    if planned.basis == "count":
        return say(f"reasons.verdict.count.{result.status}")
    met = result.status == "met"
    verdict = say(
        f"reasons.verdict.{result.status}.{planned.aggregation}.{_direction(planned)}",
        metric=metric_name(planned.metric),
        line=scale_of(planned, result).say(planned.unacceptable if met else planned.threshold),
    )
    return _two(verdict, say("reasons.verdict.within_margin")) if met and _beyond_limit(planned, result) else verdict


def check_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    """Return what was measured, the limit and the verdict; `settle_sentence` says what comes next."""
    return _two(measured_sentence(planned, result), verdict_sentence(planned, result))


def settle_sentence(planned: PlannedCheck, result: CheckResult) -> Message | None:
    """Return what would settle a check that is not met, or None where nothing is left to settle."""
    if result.status == "met":
        return None
    if result.status == "inconclusive":
        return _settle_undecided(planned, result)
    if result.status == "missing" and planned.impossible is not None:
        return say("reasons.settle.impossible")
    if result.status == "missing" and result.evidence is not None:
        # It ran and could not: running it once more, as it is, would say the same.
        return say("reasons.settle.unmeasured")
    return say(f"reasons.settle.{result.status}")


def answer_sentence(finding: Finding) -> Message | None:
    """Return what would settle the questions of a finding, or None where none of them stands in the way."""
    statuses = {answer.status for answer in finding.answers}
    if "not_met" in statuses:
        return say("reasons.settle.answer_not_met")
    return say("reasons.settle.answer") if statuses & {"missing", "stale"} else None


def further_reasons(result: CheckResult) -> tuple[Message, ...]:
    """Return the reasons of a result that its sentence does not already give."""
    said = result.value.unmeasured if isinstance(result.value, Unmeasured) else None
    return tuple(spoken(reason) for reason in result.reasons if reason.key not in _SAID_BY_VERDICT and reason != said)


def gate_sentence(assessment: Assessment) -> Message:
    """Return whether the stage may close, what stands in the way, and what the mode of this run does about it."""
    gate = assessment.gate
    applicable = sum(gate.counts.values()) - gate.counts.get("not_applicable", 0)
    arguments = {
        "stage": stage_word(assessment.stage),
        "n": applicable,
        "not_met": gate.counts.get("not_met", 0),
        "open": sum(gate.counts.get(status, 0) for status in _OPEN),
    }
    if gate.closes:
        return _two(say("reasons.gate.closes", **arguments), _mode_sentence(assessment))
    key = "reasons.gate.only_open" if gate.only_open else "reasons.gate.not_met"
    return _two(say(key, **arguments), _mode_sentence(assessment))


def counts_sentence(counts: Mapping[str, int]) -> Message:
    """Return one line of counts by status, in the fixed order of statuses, without those at zero."""
    items = [
        say("reasons.counts.item", n=counts[status], status=status_word(status))
        for status in get_args(Status)
        if counts.get(status, 0)
    ]
    return say("reasons.counts.line", n=sum(counts.values()), items=items)


def waiting_for(finding: Finding) -> Message:
    """Return who is waited for; an undecided figure can also be settled by the office."""
    if finding.status not in (*_OPEN, "not_met"):
        return say("reasons.waiting.nobody")
    undecided = finding.status == "inconclusive" and any(item.worst_case is not None for item in finding.checks)
    key = "reasons.waiting.roles_or_office" if undecided else "reasons.waiting.roles"
    return say(key, roles=[role_word(role) for role in finding.roles])


def _mode_sentence(assessment: Assessment) -> Message:
    gate = assessment.gate
    if gate.mode == "advisory":
        return say("reasons.gate.mode.advisory")
    return say(f"reasons.gate.mode.{gate.mode}_{'holds' if gate.holds else 'fails'}", n=len(gate.worse))


def _undecided(planned: PlannedCheck, result: CheckResult) -> Message:
    scale = scale_of(planned, result)
    if _is_reused(planned):
        return say("reasons.verdict.inconclusive.reused")
    if _lacks_coverage(planned, result) and result.worst_case is not None:
        share = Scale(unit="percent", decimals=1)
        return say(
            "reasons.verdict.inconclusive.coverage",
            coverage=share.say(result.coverage),
            least=share.say(planned.coverage_min),
            worst=scale.say(result.worst_case),
        )
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured) or result.worst_case is None:
        return say("reasons.verdict.inconclusive.bare")
    return say(
        "reasons.verdict.inconclusive.interval",
        low=scale.say(result.low),
        high=scale.say(result.high),
        worst=scale.say(result.worst_case),
    )


def _settle_undecided(planned: PlannedCheck, result: CheckResult) -> Message:
    look = say("reasons.settle.look", look=planned.look + 1)
    if _is_reused(planned):
        return _two(say("reasons.settle.reused"), look)
    if _lacks_coverage(planned, result):
        left_out = [line.name for line in result.groups if not line.in_scope]
        first = say("reasons.settle.coverage", groups=left_out)
    else:
        first = _rows_sentence(planned, result)
    settled = _two(first, look)
    if result.worst_case is None:
        return settled
    bound = scale_of(planned, result).say(result.worst_case)
    return _two(settled, say("reasons.settle.accept", bound=bound))


def _rows_sentence(planned: PlannedCheck, result: CheckResult) -> Message:
    needed = result.rows_needed
    if needed is None:
        return say("reasons.settle.more_rows")
    if needed.sure is None and needed.likely is None:
        return say("reasons.settle.none")
    groups = needed.groups if planned.columns else ()
    sentence = _sizes(groups, needed, {line.name: line.trials for line in result.groups})
    rows = {line.name: line.rows for line in result.groups if line.trials < line.rows}
    return _two(sentence, say("reasons.settle.denominator")) if rows.keys() & set(groups) else sentence


def _sizes(groups: Sequence[str], needed: RowsNeededLine, now: Mapping[str, float]) -> Message:
    """Both sizes with the groups that fall short of each; the second list is said where it differs from the first."""

    def short(size: int) -> list[str]:
        return [name for name in groups if name not in now or now[name] < size]

    def counted(names: Sequence[str]) -> list[Message | str]:
        return [
            say("reasons.settle.group_now", name=name, n=round(now[name])) if name in now else name for name in names
        ]

    if needed.likely is None:
        assert needed.sure is not None
        names = short(needed.sure)
        return say(f"reasons.settle.sure{_number(names)}", groups=counted(names), sure=needed.sure)
    first = short(needed.likely)
    # Groups that are large enough already need not grow, but the next run needs rows that no run has seen.
    kind = "as_many" if groups and not first else f"likely{_number(first)}"
    likely = say(f"reasons.settle.{kind}", groups=counted(first), likely=needed.likely)
    if needed.sure is None:
        return say("reasons.settle.not_sure", likely=likely)
    then = short(needed.sure)
    if not groups:
        return say("reasons.settle.then_value", likely=likely, sure=needed.sure)
    if then in (first, []):
        return say("reasons.settle.then", likely=likely, sure=needed.sure)
    others = [say("reasons.settle.group", name=name) for name in then]
    return say(f"reasons.settle.then{_number(then)}", likely=likely, sure=needed.sure, groups=others)


def _number(names: Sequence[str]) -> str:
    return {0: "_all", 1: "_one"}.get(len(names), "_each")


def _is_reused(planned: PlannedCheck) -> bool:
    return planned.reused and planned.candidates <= 1


def _lacks_coverage(planned: PlannedCheck, result: CheckResult) -> bool:
    """True if too small a share of the rows is all that stands between the figure and `met`."""
    if not planned.columns or result.coverage >= planned.coverage_min or isinstance(result.value, Unmeasured):
        return False
    bad_end = result.high if planned.operator == "<=" else result.low
    if isinstance(bad_end, Unmeasured):
        return False
    line = planned.unacceptable
    return bad_end <= line if planned.operator == "<=" else bad_end >= line


def _beyond_limit(planned: PlannedCheck, result: CheckResult) -> bool:
    """True if the interval lies wholly between a and b: both hypotheses are rejected."""
    if isinstance(result.low, Unmeasured) or isinstance(result.high, Unmeasured):
        return False
    if planned.operator == "<=":
        return planned.threshold < result.low
    return result.high < planned.threshold


def _level(result: CheckResult) -> Message | None:
    """Level of the printed interval: its two ends err separately, so their errors add."""
    if result.error_met is None or result.error_not_met is None:
        return None
    level = round(1.0 - result.error_met - result.error_not_met, 12)
    whole = abs(level * 100 - round(level * 100)) < 1e-9
    return say("reasons.quantity.level" if whole else "reasons.quantity.level_fine", level=level)


def _why_not(planned: PlannedCheck, value: Unmeasured) -> Message:
    return spoken(planned.impossible or value.unmeasured)


def _direction(planned: PlannedCheck) -> str:
    return "at_most" if planned.operator == "<=" else "at_least"


def _unnamed(name: str) -> Message:
    return say("reasons.metric.unnamed", name=name.replace("_", " "))


def _two(first: Message, second: Message) -> Message:
    return say("reasons.join.two", first=first, second=second)
