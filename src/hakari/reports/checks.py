"""Checks as the report shows them: sentence, figure, where the limit comes from, how it was measured."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.assessment.case import Case
from hakari.assessment.model import CheckResult
from hakari.assessment.reasons import (
    check_name,
    figure_sentence,
    further_reasons,
    limit_words,
    measured_sentence,
    settle_sentence,
    verdict_sentence,
)
from hakari.reports.figure import Figure, check_figure
from hakari.reports.words import Words

__all__ = ["CheckView", "check_view"]

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One check, all text rendered."""

    id: str
    name: str
    status: str
    measured: str
    """Figure and limit, as one paragraph."""
    figure_sentence: str
    limit_words: str
    verdict: str
    reasons: tuple[str, ...]
    settle: str
    figure: Figure | None
    threshold: Facts
    alternatives: tuple[str, ...]
    confirmed: bool
    method: Facts
    evidence: str
    limits: tuple[str, ...]


def check_view(identifier: str, case: Case, result: CheckResult, words: Words) -> CheckView:
    """Return what the template shows of one check."""
    planned = case.planned(result)
    settle = settle_sentence(planned, result)
    record = case.evidence.get(result.evidence or "")
    label = words.say
    return CheckView(
        id=identifier,
        name=words(check_name(planned)),
        status=result.status,
        measured=words(measured_sentence(planned, result)),
        figure_sentence=words(figure_sentence(planned, result)),
        limit_words=words(limit_words(planned)),
        verdict=words(verdict_sentence(planned, result)),
        reasons=tuple(words(reason) for reason in further_reasons(result)),
        settle="" if settle is None else words(settle),
        figure=check_figure(identifier, planned, result, words),
        threshold=(
            (label("reports.check.limit"), words(limit_words(planned))),
            (label("reports.check.set_by"), words.text(planned.set_by)),
            (label("reports.check.why"), words.text(planned.why)),
            (label("reports.check.source"), words.text(planned.source)),
        ),
        alternatives=tuple(words.text(item) for item in planned.alternatives),
        confirmed=planned.confirmed,
        method=_method(case, result, words),
        evidence=result.evidence or "",
        limits=() if record is None else tuple(words(limit) for limit in record.limits),
    )


def _method(case: Case, result: CheckResult, words: Words) -> Facts:
    planned, label = case.planned(result), words.say
    facts = [(label("reports.check.measure"), planned.measure)]
    if result.method:
        facts.append((label("reports.check.method"), result.method))
    if result.error_met is not None and result.error_not_met is not None:
        errors = label("reports.check.errors", met=result.error_met, not_met=result.error_not_met)
        facts.append((label("reports.check.level"), errors))
    facts.append((label("reports.check.look"), label("reports.check.look_number", look=planned.look)))
    if planned.columns:
        facts.append((label("reports.check.coverage"), f"{result.coverage:.1%}"))
        facts.append((label("reports.check.min_rows"), f"{planned.min_rows:,}"))
    return tuple(facts)
