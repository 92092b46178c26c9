"""`hakari except`: an acceptance of the present worst case until a date, signed by somebody else than the submitter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hakari.assessment.bundle import seal_exception
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.manifest import nearest
from hakari.assessment.model import Assessment, Exception_, Finding, Plan
from hakari.assessment.plan import digest_of_plan
from hakari.assessment.rules.gate import PASSING
from hakari.errors import InputError, SignatureError
from hakari.evidence import SigningKey
from hakari.messages import Message, say
from hakari.packs.model import Requirement
from hakari.workflows.answers import current_records
from hakari.workflows.plan import standing_plan
from hakari.workflows.project import Project
from hakari.workflows.settings import Clock
from hakari.workflows.store import Store

__all__ = ["Acceptance", "Accepted", "accept_requirement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What a person is willing to accept."""

    requirement: str
    """Slug or `urn@version`."""
    reason: str
    until: str
    """Last day, ISO date."""
    condition: str
    """How it is watched meanwhile."""
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A signed acceptance and where it is kept."""

    exception: Exception_
    path: Path
    plan: Plan
    title: Mapping[str, str]
    """Title of the requirement by language."""
    notices: tuple[Message, ...] = ()


def accept_requirement(project: Project, given: Acceptance, *, key: SigningKey, clock: Clock) -> Accepted:
    """Sign and keep an acceptance with the worst cases of the present assessment as its bounds.

    Raises:
        InputError: unknown requirement, a date that has passed, an empty reason or condition, nothing to accept, or an
            undecided check whose data allow no bound.
        SignatureError: the key also signed evidence of this assessment.
    """
    until = _checked(given, clock)
    requirement = _requirement(project, given.requirement)
    store = Store(project.folder)
    if store.plan() is None:
        raise InputError(say("workflows.accept.no_plan"))
    plan, _ = standing_plan(project)
    assessment, signers = _present(project, plan, store, clock)
    finding = _finding(assessment, requirement)
    cited = {identifier for item in assessment.findings for identifier in item.evidence}
    if key.public.id in {signers.get(identifier) for identifier in cited}:
        raise SignatureError(say("workflows.accept.own_evidence", key=key.public.id[:16]))
    exception = Exception_(
        requirement=requirement.reference,
        reason=given.reason.strip(),
        by=given.by.strip(),
        until=until.isoformat(),
        condition=given.condition.strip(),
        bounds=_bounds(finding),
        scope=plan.scope,
        created_at=clock.now,
        key=key.public.id,
    )
    store.add_key(key.public)
    unsigned = any(identifier not in signers for identifier in finding.evidence)
    return Accepted(
        exception=exception,
        path=store.save_exception(seal_exception(exception, key)),
        plan=plan,
        title=dict(requirement.title),
        notices=(say("workflows.accept.unsigned"),) if unsigned else (),
    )


def _checked(given: Acceptance, clock: Clock) -> date:
    for name in ("reason", "condition", "by"):
        if not str(getattr(given, name)).strip():
            raise InputError(say("workflows.accept.empty", field=name))
    try:
        until = date.fromisoformat(given.until)
    except ValueError:
        raise InputError(say("workflows.accept.date", value=given.until)) from None
    if until < clock.today:
        raise InputError(say("workflows.accept.past", value=given.until, today=clock.today.isoformat()))
    return until


def _requirement(project: Project, name: str) -> Requirement:
    known = [requirement for pack in project.packs for requirement in pack.requirements]
    found = [requirement for requirement in known if name in (requirement.slug, requirement.reference)]
    if not found:
        near = nearest(name, [requirement.slug for requirement in known])[:5]
        raise InputError(say("workflows.accept.unknown", requirement=name, nearest=near))
    return found[0]


def _present(project: Project, plan: Plan, store: Store, clock: Clock) -> tuple[Assessment, Mapping[str, str]]:
    """Judge the evidence at hand, leaving out acceptances: what is accepted is what stands without them."""
    shelf = store.evidence(store.keys())
    given = EngineInput(
        title=project.manifest.title(),
        plan=plan,
        plan_digest=digest_of_plan(plan),
        packs=project.packs,
        evidence=current_records(project, shelf.records),
        signers=shelf.signers,
        today=clock.today,
    )
    return assess(given), shelf.signers


def _finding(assessment: Assessment, requirement: Requirement) -> Finding:
    found = next((item for item in assessment.findings if item.requirement == requirement.reference), None)
    if found is None:
        raise InputError(
            say("workflows.accept.other_stage", requirement=requirement.slug, stages=list(requirement.stages))
        )
    if found.status in PASSING:
        status = say(f"reasons.status.{found.status}")
        raise InputError(say("workflows.accept.nothing", requirement=requirement.slug, status=status))
    return found


def _bounds(finding: Finding) -> dict[str, float]:
    bounds: dict[str, float] = {}
    for check in finding.checks:
        if check.status != "inconclusive":
            continue
        if check.worst_case is None:
            raise InputError(say("workflows.accept.no_bound", check=check.check))
        bounds[check.check] = check.worst_case
    return bounds
