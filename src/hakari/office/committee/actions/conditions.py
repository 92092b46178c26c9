"""Conditions close on accepted evidence only: the engine finds a figure, or a reviewer accepts a document."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from hakari.assessment.model import Assessment, CheckResult
from hakari.errors import InputError, OfficeError
from hakari.evidence import Unmeasured, encode
from hakari.messages import say
from hakari.office.committee.letters import condition_closed
from hakari.office.committee.models import Condition, ConditionClosing, Rule
from hakari.office.committee.showing.figures import FIGURE_WORDS
from hakari.office.core.actions import SYSTEM, Done, action
from hakari.office.core.conflicts import change
from hakari.office.lifecycle.actions.rules import refuse_own, require_review
from hakari.office.lifecycle.given import last_answers, plan_of
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.people.models import Person

__all__ = ["accept_document", "see_findings"]


def see_findings(assessment: StageAssessment, found: Assessment) -> None:
    """Close what new findings show; called inside the transaction in which they became so.

    The engine closes a condition, whoever delivered the evidence. A later assessment of the use case shows what was
    set at an earlier stage as well: that one is closed, and takes no evidence any more.
    """
    waiting = Condition.objects.filter(use_case_id=assessment.use_case_id, closed_at=None)
    for condition in waiting.select_related("decision__round", "text"):
        evidence, figure = _shown(condition, assessment, found)
        if evidence:
            _close_by_findings(condition, evidence, figure, by=SYSTEM)


@action("condition.closed")
def _close_by_findings(condition: Condition, evidence: str, figure: dict[str, Any], *, by: Any) -> Done[Condition]:
    return _close(condition, evidence, figure, by)


@action("condition.document_accepted")
def accept_document(condition: Condition, *, seen: int, by: Person) -> Done[Condition]:
    """Accept the document that answers the requirement of a condition; what was there at the decision is not enough.

    Raises:
        NotAllowedError: no reviewer, or one who took part in the assessment.
        InputError: no new document.
    """
    assessment = condition.decision.assessment
    require_review(by, assessment)
    now = Condition.objects.select_related("decision__round", "text").get(pk=condition.pk)
    if now.rule != Rule.DOCUMENT or now.closed_at is not None or now.version != seen:
        raise OfficeError(say("office.committee.condition_other"))
    live = StageAssessment.objects.filter(use_case=assessment.use_case).first() or assessment
    refuse_own(by, live)
    known = set(now.decision.round.evidence)
    fresh = [
        item.record.evidence
        for (requirement, _), item in last_answers(live).items()
        if requirement == now.requirement and item.attachment_id and item.record and item.record.evidence not in known
    ]
    if not fresh:
        raise InputError(say("office.committee.document_missing"))
    return _close(now, fresh[-1], {}, by)


def _close(condition: Condition, evidence: str, figure: dict[str, Any], by: Any) -> Done[Condition]:
    change(condition, closed_at=timezone.now())
    ConditionClosing.objects.create(condition=condition, evidence=evidence, figure=figure, by=by.key)
    condition_closed(condition, figure)
    data = {
        "condition": condition.key,
        "decision": condition.decision.key,
        "evidence": evidence,
        "check": figure.get("check", ""),
    }
    return Done(condition, about=("use_case", condition.use_case.key), data=data)


def _shown(condition: Condition, assessment: StageAssessment, found: Assessment) -> tuple[str, dict[str, Any]]:
    """Return the new record that shows a condition, and the figure that met its limit; nothing if it is not shown."""
    known = set(condition.decision.round.evidence)
    finding = next((item for item in found.findings if item.requirement == condition.requirement), None)
    if finding is None or condition.rule == Rule.DOCUMENT:
        return "", {}
    if condition.rule == Rule.CHECK:
        check = next((item for item in finding.checks if item.check == condition.check_id), None)
        if check is None or check.status != "met" or check.evidence is None or check.evidence in known:
            return "", {}
        return check.evidence, _figure(check, assessment)
    fresh = [identifier for identifier in finding.evidence if identifier not in known]
    if finding.status != "met" or not fresh:
        return "", {}
    met = next((item for item in finding.checks if item.evidence in fresh), None)
    return fresh[0], _figure(met, assessment) if met else {}


def _figure(check: CheckResult, assessment: StageAssessment) -> dict[str, Any]:
    """Return a figure with what its words need, as the plan that counts has it; that plan may be another one later."""

    def plain(value: float | Unmeasured) -> float | None:
        return None if isinstance(value, Unmeasured) else value

    planned = next((item for item in plan_of(assessment).checks if item.id == check.check), None)
    words = {name: encode(getattr(planned, name)) for name in FIGURE_WORDS} if planned is not None else {}
    return {
        **words,
        "check": check.check,
        "high": plain(check.high),
        "low": plain(check.low),
        "threshold": check.threshold,
        "value": plain(check.value),
    }
