"""Delivering evidence: a case bundle from the engineer's repository, checked to the last byte before it counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from hakari.assessment.bundle import Bundle, read_bundle
from hakari.assessment.decision import ChangeEnvelope
from hakari.assessment.model import Plan
from hakari.errors import ConflictError, HakariError, InputError, OfficeError
from hakari.evidence import Subject, canonical_bytes, decode, encode, parse_json
from hakari.messages import Message, say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.lifecycle.actions.answering import store_record
from hakari.office.lifecycle.actions.rules import DELIVERABLE, locked, require_standing
from hakari.office.lifecycle.envelope import changed_roles, unmet_checks
from hakari.office.lifecycle.given import Counting, counting, engine_input, plan_of
from hakari.office.lifecycle.hooks import HOOKS
from hakari.office.lifecycle.models import (
    CarryOver,
    Delivered,
    Delivery,
    File,
    KnownKey,
    Round,
    StageAssessment,
)
from hakari.office.lifecycle.projecting import findings_now, project, warm
from hakari.office.lifecycle.staleness import STANDS, mark_stale
from hakari.office.people.models import Person
from hakari.office.registry.actions.writing import require_edit
from hakari.office.registry.models import SystemVersion
from hakari.office.registry.scope import stored

__all__ = ["LARGEST", "deliver", "make_current"]

LARGEST = 50 * 2**20
"""Bytes of a bundle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A bundle that was found whole."""

    bundle: Bundle
    plan: Plan
    digest: str


def deliver(assessment: StageAssessment, content: bytes, *, by: Person) -> Delivery:
    """Take a case bundle as evidence for an assessment; the same bundle twice is the same delivery.

    Answers in it count beside those given on the site: of two, the later one. After a decision, a system that changed
    inside the change envelope carries the decision over; one that changed outside makes it stale.

    A closed stage takes evidence of a changed system, as long as no later assessment was opened.

    An older one that is delivered again does not count by that: `make_current` does it, once somebody has confirmed.

    Raises:
        NotAllowedError: not one who may change the entry of the use case.
        InputError: too large, no whole case bundle, or made for another stage, other packs or other facts.
        OfficeError: the assessment takes no evidence now.
    """
    require_edit(by, assessment.use_case)
    read = _read(content)
    there: Delivery | None = Delivery.objects.filter(assessment=assessment, bundle=read.digest).first()
    if there is not None:
        return there
    require_standing(assessment, DELIVERABLE)  # asked again inside; here it spares the work
    _check_fits(assessment, read.plan)
    # Deriving limits takes seconds: before the transaction, so that nobody waits for it.
    warm(engine_input(assessment, timezone.localdate(), records=_with(assessment, read.bundle), plan=read.plan))
    try:
        return _deliver(assessment, read, by=by)
    except ConflictError:
        # Delivered by somebody else at the same moment.
        again: Delivery | None = Delivery.objects.filter(assessment=assessment, bundle=read.digest).first()
        if again is None:
            raise
        return again


@action("assessment.delivery_made_current")
def make_current(delivery: Delivery, *, by: Person) -> Done[Delivery]:
    """Let an older delivery count again in the place of the one that counts now.

    Raises:
        NotAllowedError: not one who may change the entry of the use case.
        OfficeError: the assessment takes no evidence now, or a decision stands on another system: that takes a bundle.
        ConflictError: it counts already.
    """
    found = locked(delivery.assessment)
    require_edit(by, found.use_case)
    require_standing(found, DELIVERABLE)
    if StageAssessment.objects.filter(use_case=found.use_case_id, pk__gt=found.pk).exists():
        raise OfficeError(say("office.lifecycle.later_open"))
    if found.delivery_id == delivery.pk:
        raise ConflictError(say("office.core.conflict"))
    plan = decode(Plan, parse_json(_plan_of(delivery), what="plan.json"), what="plan.json")
    _check_fits(found, plan)
    if found.standing in STANDS and _before(found).scope != delivery.scope:
        raise OfficeError(say("office.lifecycle.older_system"))
    before = found.delivery.number if found.delivery is not None else 0
    change(found, delivery=delivery)
    project(found)
    data = {"assessment": found.key, "before": before, "delivery": delivery.number, "scope": delivery.scope}
    return Done(delivery, about=("use_case", found.use_case.key), data=data)


def _plan_of(delivery: Delivery) -> bytes:
    return bytes(File.objects.get(digest=delivery.plan).content or b"")


@action("assessment.delivered")
def _deliver(assessment: StageAssessment, read: _Read, *, by: Person) -> Done[Delivery]:
    found = locked(assessment)
    require_edit(by, found.use_case)
    require_standing(found, DELIVERABLE)
    _check_fits(found, read.plan)
    if StageAssessment.objects.filter(use_case=found.use_case_id, pk__gt=found.pk).exists():
        raise OfficeError(say("office.lifecycle.later_open"))
    if Delivery.objects.filter(assessment=found, bundle=read.digest).exists():
        raise ConflictError(say("office.core.conflict"))
    before = _before(found)
    made = _store(found, read, by)
    facts = {**read.plan.facts, **found.facts}
    data: dict[str, Any] = {
        "assessment": found.key, "bundle": read.digest, "delivery": made.number, "plan": made.plan,
        "records": made.records, "scope": made.scope,
    }  # fmt: skip
    stated = sorted(name for name in facts if name not in found.facts)
    if found.standing in STANDS and before.scope != read.plan.scope:
        data["carried"] = _after_decision(found, before, made, read, by)
    else:
        change(found, delivery=made, facts=facts)
        if found.standing in STANDS and stated:
            # As where somebody states them on the site: other requirements may apply than those decided on.
            mark_stale(found, [say("assessment.stale.fact", facts=stated)], by=by)
    project(found)
    return Done(made, about=("use_case", found.use_case.key), data=data)


def _before(found: StageAssessment) -> Plan:
    """Return the plan that counted until now; after a decision without any evidence, the one that was decided on."""
    if found.standing not in STANDS or found.delivery_id is not None:
        return plan_of(found)
    round = Round.objects.filter(assessment=found).order_by("-number")[0]
    content = File.objects.get(digest=round.plan).content
    return decode(Plan, parse_json(bytes(content or b""), what="plan.json"), what="plan.json")


def _after_decision(found: StageAssessment, before: Plan, made: Delivery, read: _Read, by: Person) -> bool:
    """Carry the decision over to a changed system if its envelope allows it; else say that it is stale."""
    changed = changed_roles(before, read.plan)
    envelope = next((item for ask in HOOKS.envelopes if (item := ask(found)) is not None), None)
    reasons = _outside(envelope, before, read.plan, changed)
    if envelope is not None and not reasons:
        trial = engine_input(found, timezone.localdate(), records=_with(found, read.bundle), plan=read.plan)
        unmet = unmet_checks(findings_now(trial), envelope)
        reasons = [say("office.lifecycle.stale.unmet", checks=unmet)] if unmet else []
    if reasons or envelope is None:
        mark_stale(found, reasons, by=by)
        return False
    CarryOver.objects.create(
        assessment=found,
        delivery=made,
        before=before.scope,
        after=read.plan.scope,
        changed=changed,
        checks=list(envelope.checks),
    )
    change(found, delivery=made)
    return True


def _outside(envelope: ChangeEnvelope | None, before: Plan, after: Plan, changed: list[str]) -> list[Message]:
    """Return why a changed system is outside the envelope."""
    if envelope is None:
        return [say("office.lifecycle.stale.subject", subjects=changed or ["use"])]
    found = []
    stated = sorted(name for name in after.facts if before.facts.get(name) != after.facts[name])
    if stated:
        found.append(say("assessment.stale.fact", facts=stated))
    beyond = sorted(set(changed) - set(envelope.roles))
    if beyond:
        found.append(say("office.lifecycle.stale.beyond", subjects=beyond))
    if before.use != after.use:
        found.append(say("office.lifecycle.stale.use"))
    if timezone.localdate().isoformat() > envelope.until:
        found.append(say("office.lifecycle.stale.envelope_ended", until=envelope.until))
    return found


def _read(content: bytes) -> _Read:
    if len(content) > LARGEST:
        raise InputError(say("office.lifecycle.bundle_large", most=LARGEST // 2**20))
    try:
        bundle = read_bundle(content)
    except HakariError as error:
        raise InputError(say("office.lifecycle.bundle_unread", problem=error.message)) from None
    if bundle.faults or bundle.plan is None:
        problem = bundle.faults[0].problem if bundle.faults else say("office.lifecycle.bundle_no_plan")
        raise InputError(say("office.lifecycle.bundle_faults", faults=len(bundle.faults) or 1, problem=problem))
    for record in bundle.evidence.values():
        if record.plan is not None and record.plan.digest != (bundle.assessment.plan if bundle.assessment else ""):
            continue  # outgrown by the plan; the engine sees to it
        for table in record.tables:
            if table.disclosure == "rows":
                raise InputError(say("office.lifecycle.bundle_rows", table=table.name))
    return _Read(bundle=bundle, plan=bundle.plan, digest=hashlib.sha256(content).hexdigest())


def _check_fits(assessment: StageAssessment, plan: Plan) -> None:
    """Refuse evidence that was measured for something else.

    Raises:
        InputError: another stage, other packs, or a fact that the office states otherwise; both values are named.
    """
    if plan.stage != assessment.stage:
        theirs, ours = say(f"reasons.stage.{plan.stage}"), say(f"reasons.stage.{assessment.stage}")
        raise InputError(say("office.lifecycle.bundle_stage", theirs=theirs, ours=ours))
    here = {(pin["name"], pin["version"]): pin["digest"] for pin in assessment.packs}
    there = {(pack.name, pack.version): pack.digest for pack in plan.packs}
    if here != there:
        ours_text, theirs_text = (sorted("@".join(name) for name in packs) for packs in (here, there))
        raise InputError(say("office.lifecycle.bundle_packs", theirs=theirs_text, ours=ours_text))
    for name, value in sorted(plan.facts.items()):
        if name in assessment.facts and assessment.facts[name] != value:
            stated = str(assessment.facts[name])[:80]
            raise InputError(say("office.lifecycle.bundle_fact", fact=name[:80], theirs=str(value)[:80], ours=stated))


def _with(assessment: StageAssessment, bundle: Bundle) -> Counting:
    """Return what would count with a bundle in the place of what was delivered before."""
    now = counting(assessment)
    answers = {name: record for name, record in now.evidence.items() if record.answer is not None}
    return Counting(
        evidence={**answers, **bundle.evidence},
        signers={**{name: key for name, key in now.signers.items() if name in answers}, **bundle.signers},
        envelopes=now.envelopes,
    )


def _store(assessment: StageAssessment, read: _Read, by: Person) -> Delivery:
    plan = canonical_bytes(encode(read.plan))
    made = Delivery.objects.create(
        assessment=assessment,
        number=Delivery.objects.filter(assessment=assessment).count() + 1,
        bundle=read.digest,
        plan=File.keep(plan),
        scope=read.plan.scope,
        system_version=_version(assessment, read.plan, by),
        signer=read.bundle.signed_by[0] if read.bundle.signed_by else "",
        records=len(read.bundle.evidence),
        by=by.key,
    )
    rows = []
    for identifier, record in sorted(read.bundle.evidence.items()):
        envelope = read.bundle.files[f"evidence/{identifier}.json"]
        signer = read.bundle.signers.get(identifier, "")
        kept = store_record(record, envelope=envelope, identifier=identifier, signer=signer)
        rows.append(Delivered(delivery=made, record=kept))
    Delivered.objects.bulk_create(rows)
    _remember_keys(read.bundle)
    for name, content in read.bundle.files.items():
        if name.startswith("attachments/"):
            File.keep(content, "application/octet-stream")
    return made


def _remember_keys(bundle: Bundle) -> None:
    """Keep the public halves of the keys that signed a bundle, so that it can be handed on with what it proves."""
    wanted = {*bundle.signed_by, *bundle.signers.values()}
    there = set(KnownKey.objects.filter(key_id__in=wanted).values_list("key_id", flat=True))
    for key_id in sorted(wanted - there):
        KnownKey.objects.get_or_create(key_id=key_id, defaults={"public": bundle.keys[key_id].hex})


def _version(assessment: StageAssessment, plan: Plan, by: Person) -> SystemVersion | None:
    """Return the registered version of this scope; a scope that is not registered yet is entered with its plan."""
    found: SystemVersion | None = SystemVersion.objects.filter(
        use_case=assessment.use_case, scope_digest=plan.scope
    ).first()
    if found is not None or not plan.subjects:
        return found
    taken = set(SystemVersion.objects.filter(use_case=assessment.use_case).values_list("label", flat=True))
    name = (plan.system_version or plan.scope[:12])[:48]
    # Another system under the same name: told apart by the digits of its scope, as a number would look like an order.
    others = (f"{name} ({plan.scope[:digits]})" for digits in range(8, len(plan.scope) + 1))
    label = next(text for text in (name, *others) if text not in taken)
    subjects: tuple[Subject, ...] = plan.subjects
    return SystemVersion.objects.create(
        use_case=assessment.use_case,
        label=label,
        subjects=stored(subjects),
        scope_digest=plan.scope,
        added_by=by,
    )
