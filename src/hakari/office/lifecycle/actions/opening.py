"""Opening an assessment of a stage, naming who answers what, stating facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.assessment.model import Plan
from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.evidence import decode, parse_json
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.lifecycle.actions.rules import WRITABLE, locked, require_standing, unchanged
from hakari.office.lifecycle.given import contents_of, last_answers, plan_of
from hakari.office.lifecycle.models import (
    Answer,
    Delivered,
    Delivery,
    Responsible,
    Stage,
    StageAssessment,
    Standing,
)
from hakari.office.lifecycle.policy import packs_of, pinned
from hakari.office.lifecycle.projecting import project
from hakari.office.lifecycle.staleness import mark_stale
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions import move_state
from hakari.office.registry.actions.writing import may_edit, require_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.states import State
from hakari.office.registry.visibility import is_involved, is_veiled, visible
from hakari.packs import Pack, check_fact_values

__all__ = ["TIER", "name_responsible", "open_assessment", "open_next", "settled_tier", "stages_open_to", "state_facts"]

TIER: Final = "tier"
"""The fact in which packs read the settled tier."""


def stages_open_to(use_case: UseCase) -> list[str]:
    """Return the stages at which an assessment may be opened now.

    After triage any stage, because a system may be in use before the office hears of it; after a closed stage those
    behind it; a stale one is assessed again at its own stage.
    """
    if use_case.state == State.TRIAGED:
        return list(Stage.values)
    last = StageAssessment.objects.filter(use_case=use_case).first()
    if last is None:
        # Stopped and resumed without an assessment.
        return list(Stage.values) if use_case.state == State.ASSESSING else []
    if use_case.state == State.STALE:
        return [last.stage]
    if use_case.state == State.CLOSED:
        behind = Stage.values[Stage.values.index(last.stage) + 1 :]
        return behind or [last.stage]
    return []


def open_assessment(use_case: UseCase, stage: str, packs: Sequence[str], *, by: Person) -> StageAssessment:
    """Open an assessment, with the answers of the last one carried forward for somebody to confirm.

    Raises:
        NotAllowedError, InputError, OfficeError: not theirs, no such stage or pack, or the gate before it is shut.
        ConflictError: somebody else opened one.
    """
    try:
        with transaction.atomic():
            return _open(use_case, stage, packs, by=by)
    except IntegrityError:
        raise ConflictError(say("office.core.conflict")) from None


@action("assessment.opened")
def _open(use_case: UseCase, stage: str, packs: Sequence[str], *, by: Person) -> Done[StageAssessment]:
    case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=use_case.pk)
    _require_opening(by, case)
    if stage not in stages_open_to(case):
        asked = f"reasons.stage.{stage}" if stage in Stage.values else "office.lifecycle.stage_shut.asked"
        raise OfficeError(say("office.lifecycle.stage_shut", stage=say(asked)))
    pins = pinned(packs)
    before = StageAssessment.objects.filter(use_case=case).first()
    facts = {**(before.facts if before else {}), **case.facts, **settled_tier(case, packs_of(pins))}
    made = StageAssessment.objects.create(
        use_case=case,
        stage=stage,
        number=StageAssessment.objects.filter(use_case=case, stage=stage).count() + 1,
        packs=pins,
        facts=facts,
        before=before,
        opened_by=by,
    )
    carried = _carry(made, before) if before else 0
    if before is not None:
        _carry_delivery(made, before)
    if case.state != State.ASSESSING:
        move_state(case, State.ASSESSING, by=by)
    made.use_case = case
    project(made)
    data = {"assessment": made.key, "carried": carried, "packs": pins, "stage": stage}
    return Done(made, about=("use_case", case.key), data=data)


def open_next(assessment: StageAssessment, *, by: Person) -> StageAssessment:
    """Open a new assessment of a stale stage with the same packs: one press."""
    references = [f"{pin['name']}@{pin['version']}" for pin in assessment.packs]
    return open_assessment(assessment.use_case, assessment.stage, references, by=by)


def settled_tier(case: UseCase, packs: Iterable[Pack]) -> dict[str, str]:
    """Return the settled tier as a fact, where a pack reads it: more is asked in a higher one."""
    read = any(fact.id == TIER for pack in packs for fact in pack.facts)
    return {TIER: case.highest} if read and case.highest and case.highest == case.lowest else {}


def _require_opening(by: Person, case: UseCase) -> None:
    access = access_of(by)
    office = access.may(Permission.REVIEW, case.unit) and visible(access).filter(pk=case.pk).exists()
    if not (may_edit(access, case) or (office and not is_veiled(access, case))):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.edit")))


def _carry(made: StageAssessment, before: StageAssessment) -> int:
    """Take over the answers whose question is asked here as well; none of them counts before it is confirmed."""
    known = {
        (requirement.reference, question.id)
        for pack in packs_of(made.packs)
        for requirement in pack.requirements
        if made.stage in requirement.stages
        for question in requirement.questions
    }
    rows = [
        Answer(
            assessment=made,
            requirement=item.requirement,
            question=item.question,
            revision=1,
            value=item.value,
            text=item.text,
            attachment=item.attachment,
            carried=True,
            by=item.by,
            at=item.at,
        )
        for place, item in last_answers(before).items()
        if place in known
    ]
    Answer.objects.bulk_create(rows)
    return len(rows)


def _carry_delivery(made: StageAssessment, before: StageAssessment) -> None:
    """Take over the evidence that was delivered last, where it was measured for this stage, these packs and facts.

    Measured evidence needs nobody's confirmation: what it is about stands in it.
    """
    last = Delivery.objects.filter(assessment=before).order_by("-number").first()
    if last is None or made.stage != before.stage or made.packs != before.packs:
        return
    planned = decode(Plan, parse_json(contents_of([last.plan])[last.plan], what="plan.json"), what="plan.json")
    if any(name in made.facts and made.facts[name] != value for name, value in planned.facts.items()):
        return
    values = {name: getattr(last, name) for name in ("bundle", "plan", "scope", "signer", "records", "by", "at")}
    again = Delivery.objects.create(assessment=made, number=1, system_version=last.system_version, **values)
    rows = Delivered.objects.filter(delivery=last).values_list("record_id", flat=True)
    Delivered.objects.bulk_create([Delivered(delivery=again, record_id=record) for record in rows])
    change(made, delivery=again, facts={**planned.facts, **made.facts})


@action("assessment.responsible_named")
def name_responsible(use_case: UseCase, role: str, person: Person | None, *, by: Person) -> Done[UseCase]:
    """Say who answers the questions of a role; None gives them back to the owner. The person then sees the case.

    Raises:
        NotAllowedError: only who may change the entry.
        InputError: a role that nobody asks for, or somebody without a working account.
    """
    case = UseCase.objects.select_related("unit", "owner", "reporter").get(pk=use_case.pk)
    require_edit(by, case)
    if role == "owner" or len(role) > 40 or not role.replace("-", "_").isidentifier():
        raise InputError(say("office.lifecycle.role_unknown", role=role[:40]))
    if person is not None and (not person.is_active or person.erased_at is not None):
        raise InputError(say("office.lifecycle.person_gone"))
    Responsible.objects.filter(use_case=case, role=role).delete()
    if person is not None:
        Responsible.objects.create(use_case=case, role=role, person=person)
        if not is_involved(access_of(person), case):
            case.people.add(person)
    return Done(case, about=("use_case", case.key), data={"role": role, "to": person.key if person else ""})


@action("assessment.facts_stated")
def state_facts(
    assessment: StageAssessment, facts: Mapping[str, Any], *, seen: int, by: Person
) -> Done[StageAssessment]:
    """State facts of the packs; a value of None takes a fact back. What the pre-scan stated is changed there.

    Facts that differ from those under which evidence was measured set that evidence aside; after a decision, the
    decision is stale.

    Raises:
        NotAllowedError, InputError, ConflictError: not theirs; a value that the pack does not know; an older view.
    """
    found = locked(assessment)
    require_edit(by, found.use_case)
    require_standing(found, WRITABLE)
    unchanged(found, seen)
    now = dict(found.facts)
    settled = settled_tier(found.use_case, packs_of(found.packs))
    for name, value in facts.items():
        if name in settled and value != settled[name]:
            raise InputError(say("office.lifecycle.tier_settled", level=say(f"office.level.{settled[name]}")))
        if name in found.use_case.facts and found.use_case.facts[name] != value:
            raise InputError(say("office.lifecycle.fact_of_prescan", fact=name[:80]))
        if value is None:
            now.pop(name, None)
        else:
            now[name] = value
    for pack in packs_of(found.packs):
        declared = {fact.id for fact in pack.facts}
        for problem in check_fact_values(pack, {name: value for name, value in now.items() if name in declared}):
            raise InputError(problem)
    changed = sorted(name for name in {*now, *found.facts} if now.get(name) != found.facts.get(name))
    data = {"assessment": found.key, "facts": changed}
    if not changed:
        return Done(found, about=("use_case", found.use_case.key), data=data)
    change(found, facts=now, delivery=None if _contradicts(found, now) else found.delivery)
    if found.standing == Standing.DECIDED:
        mark_stale(found, [say("assessment.stale.fact", facts=changed)], by=by)
    project(found)
    return Done(found, about=("use_case", found.use_case.key), data=data)


def _contradicts(assessment: StageAssessment, facts: Mapping[str, Any]) -> bool:
    """Whether the delivered plan states one of the facts otherwise."""
    if assessment.delivery_id is None:
        return False
    planned = plan_of(assessment).facts
    return any(name in planned and planned[name] != value for name, value in facts.items())


def touch(assessment: StageAssessment, standing: str) -> None:
    """Bring an assessment to a standing; inside an action."""
    change(assessment, standing=standing, standing_since=timezone.now())
