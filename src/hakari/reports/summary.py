"""Summary: what stands at the top of the report and in its lists, before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hakari.assessment.case import Case
from hakari.assessment.model import Finding
from hakari.assessment.quantity import scale_of
from hakari.assessment.reasons import check_name, gate_sentence, spoken, status_meaning, status_word
from hakari.messages import Message
from hakari.reports.marks import STATUSES
from hakari.reports.requirements import GroupView, RequirementView, anchor, stated_facts
from hakari.reports.words import Words

__all__ = ["CountLine", "ExceptionView", "ExcludedView", "Verdict", "exceptions", "excluded", "open_items", "verdict"]

_SAID_BELOW_COUNTS: Final = "assessment.notice.genuine"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One status with its count."""

    status: str
    word: str
    count: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result in one sentence, the counts and what must be kept in mind."""

    sentence: str
    tone: str
    """closes, open or not_met: picks the seal, never the words."""
    counts: Mapping[str, int]
    lines: tuple[CountLine, ...]
    total: int
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedView:
    """A requirement that does not apply, with the facts that exclude it."""

    anchor: str
    title: str
    group: str
    facts: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionView:
    """An acceptance in force."""

    anchor: str
    title: str
    by: str
    until: str
    reason: str
    condition: str
    bounds: tuple[str, ...]


def verdict(case: Case, words: Words) -> Verdict:
    """Return the top of the report."""
    assessment = case.assessment
    counts = {status: assessment.gate.counts.get(status, 0) for status in STATUSES}
    return Verdict(
        sentence=words(gate_sentence(assessment)),
        tone="closes" if assessment.gate.closes else "open" if assessment.gate.only_open else "not_met",
        counts=counts,
        lines=tuple(
            CountLine(
                status=status,
                word=words(status_word(status)),
                count=counts[status],
                meaning=words(status_meaning(status)),
            )
            for status in STATUSES
        ),
        total=sum(counts.values()),
        notices=tuple(
            words(spoken(notice, case.plan.checks)) for notice in assessment.notices if notice.key != _SAID_BELOW_COUNTS
        ),
    )


def open_items(groups: tuple[GroupView, ...], case: Case) -> tuple[RequirementView, ...]:
    """Return what stands in the way, most severe first: not met, then undecided, then what is not there yet.

    What is open only because of requirements in other packs is at the end.
    """
    order = ("not_met", "inconclusive", "stale", "missing")
    severities = ("critical", "major", "minor")
    severity = {anchor(finding): finding.severity for finding in case.assessment.findings}
    found = [item for group in groups for item in group.requirements if item.status in order]

    def place(item: RequirementView) -> tuple[bool, int, int]:
        return item.rests_on_others, order.index(item.status), severities.index(severity[item.anchor])

    return tuple(sorted(found, key=place))


def excluded(case: Case, words: Words) -> tuple[ExcludedView, ...]:
    """Return the requirements that a stated fact puts outside this use case."""
    titles = {(pack.reference, group.id): words.text(group.title) for pack in case.packs for group in pack.groups}
    return tuple(
        ExcludedView(
            anchor=anchor(finding),
            title=words.text(case.requirement(finding).title),
            group=titles.get((finding.pack, finding.group), finding.group),
            facts=stated_facts(case, case.requirement(finding), words),
            reasons=tuple(words(reason) for reason in finding.reasons),
        )
        for finding in case.assessment.findings
        if finding.status == "not_applicable"
    )


def exceptions(case: Case, words: Words) -> tuple[ExceptionView, ...]:
    """Return the acceptances in force with their bounds and last days."""
    return tuple(_exception(case, finding, words) for finding in case.assessment.findings if finding.exception)


def _exception(case: Case, finding: Finding, words: Words) -> ExceptionView:
    given = finding.exception
    assert given is not None
    planned = {check.id: check for check in case.plan.checks}
    bounds = []
    for check, bound in given.bounds.items():
        name: Message | str = check_name(planned[check]) if check in planned else check
        value: Message | str = scale_of(planned[check]).say(bound) if check in planned else f"{bound:g}"
        bounds.append(words.say("reports.exceptions.bound_line", name=name, value=value))
    return ExceptionView(
        anchor=anchor(finding),
        title=words.text(case.requirement(finding).title),
        by=given.by,
        until=words.day(given.until),
        reason=given.reason,
        condition=given.condition,
        bounds=tuple(bounds),
    )
