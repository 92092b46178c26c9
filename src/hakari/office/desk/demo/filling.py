"""What the people of the demonstration did before somebody looks at it, each through the site's own actions."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.utils import timezone

from hakari.evidence import Subject
from hakari.messages import say
from hakari.office.committee.actions.stopping import stop
from hakari.office.desk.demo.assessing import assess_mortgage, assess_stage
from hakari.office.desk.demo.cases import CASES, DemoCase
from hakari.office.desk.demo.deciding import (
    circulate,
    close_plan,
    decide_by_circular,
    hold_meeting,
    lay_before,
    look_at_stop,
    outgrow,
)
from hakari.office.desk.demo.onepages import WORDS
from hakari.office.desk.demo.stages import STAGES
from hakari.office.desk.demo.telling import tell_company
from hakari.office.desk.start import Tell
from hakari.office.intake.actions.asking import ask
from hakari.office.intake.actions.deciding import accept_tier, ask_back, confirm_tier, raise_tier, take_up
from hakari.office.intake.actions.notifying import answer, start, submit
from hakari.office.intake.actions.sampling import draw_sample
from hakari.office.intake.lanes import Lane
from hakari.office.intake.models import Notification, Step
from hakari.office.intake.weighing import UNKNOWN, first_open, frameworks
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.people.models import Person, Unit
from hakari.office.registry import actions as registry
from hakari.office.registry.models import Component, ComponentVersion, Supplier, UseCase, Visibility

__all__ = ["fill"]

_COMPONENTS = {
    "Kotoba Chat": (
        "Kotoba Systems", "Japan", "A language model behind an API, for texts and conversations.", "2026-06",
        {"does": ["generates", "talks"], "content": ["none"]},
    ),
    "Utau Voice": (
        "Utau Labs", "Germany", "Sings a melody in a voice that was recorded for it.", "3.2",
        {"does": ["generates"], "content": ["person", "real"]},
    ),
}  # fmt: skip


def fill(people: Mapping[str, Person], tell: Tell, evidence: bytes | None = None) -> None:
    """Add suppliers, components, use cases, versions, bulletins, a dialogue record and commitments; each only once.

    Args:
        evidence: The case bundle of the mortgage example; without it that case is not assessed.
    """
    components = {name: _component(name, people["reviewer"]) for name in _COMPONENTS}
    frameworks()
    for number, (key, case) in enumerate(CASES.items(), 1):
        tell(say("office.desk.seeding_cases", number=number, total=len(CASES)))
        notification = _notify(key, case, people)
        if notification is not None:
            _go_on(notification, case, people, components)
    draw_sample(after=0, by=people["reviewer"])
    tell_company(people)
    _assess(people, tell, evidence)


def _assess(people: Mapping[str, Person], tell: Tell, evidence: bytes | None) -> None:
    """Assess cases and let the committee decide: all of it or, where a start is broken off, nothing."""
    with transaction.atomic():
        if StageAssessment.objects.exists():
            return
        tell(say("office.desk.seeding_stages"))
        items = {key: lay_before(key, assess_stage(key, people), people) for key in STAGES}
        decide_by_circular(items["cv"], people)
        outgrow(items["cv"], people["finance.owner"])
        circulate(items["autofocus"], people, {"chair": "", "member2": WORDS["circulated"]})
        look_at_stop(people)
        if evidence is not None:
            tell(say("office.desk.seeding_committee"))
            mortgage = lay_before("mortgage", assess_mortgage(evidence, people), people)
            hold_meeting(mortgage, items["recommend"], people)
            close_plan(items["recommend"], people["music.owner"])


def _component(name: str, by: Person) -> ComponentVersion:
    """Enter a supplier, its component and one assessed version."""
    maker, country, description, label, answers = _COMPONENTS[name]
    supplier = Supplier.objects.filter(name=maker).first() or registry.add_supplier(maker, by=by, country=country)
    component = Component.objects.filter(name=name, supplier=supplier).first()
    if component is None:
        component = registry.add_component(supplier, name, by=by, description=description)
    version = component.versions.filter(label=label).first()
    if version is None:
        version = registry.add_component_version(component, label, by=by)
    if version.assessed_on is None:
        until = timezone.localdate() + datetime.timedelta(days=365)
        version = registry.answer_component(version, answers, by=by, valid_until=until)
    return version


def _once(key: str) -> str:
    return hashlib.sha256(f"demo {key}".encode()).hexdigest()[:32]


def _notify(key: str, case: DemoCase, people: Mapping[str, Person]) -> Notification | None:
    """Write a notification as its reporter; None if an earlier start has written it already."""
    by, unit = people[case.by], people[case.by].unit
    assert unit is not None
    if Notification.objects.filter(key=_once(key)).exclude(step=Step.WRITING).exists():
        return None
    found = start(_unit(case, unit), title=case.title, purpose=case.purpose, once=_once(key), by=by)
    limit = len(case.answers) if case.end == "draft" else 20
    while (question := first_open(found.answers)) is not None and len(found.answers) < limit:
        value = case.answers.get(question.id, UNKNOWN)
        found = answer(found, question.id, value, seen=0, by=by)
    return found


def _unit(case: DemoCase, own: Unit) -> Unit:
    """Return the unit of a case: the reporter's own, unless it belongs further up."""
    from hakari.office.desk.demo.people import UNITS

    return own if UNITS[case.unit][1] == own.name else Unit.objects.get(name=UNITS[case.unit][1])


def _go_on(
    notification: Notification, case: DemoCase, people: Mapping[str, Person], components: Mapping[str, ComponentVersion]
) -> None:
    by, use_case = people[case.by], notification.use_case
    if case.component:
        registry.take_over(use_case, components[case.component], by=by)
    if case.restricted:
        use_case.refresh_from_db()
        registry.change_visibility(use_case, Visibility.RESTRICTED, [people["reviewer"]], by=by)
    if case.code_name:
        until = timezone.localdate() + datetime.timedelta(days=120)
        use_case.refresh_from_db()
        registry.change_code_name(use_case, case.code_name, until, by=by)
    if case.owner:
        use_case.refresh_from_db()
        registry.hand_over(use_case, people[case.owner], by=by)
    if case.end == "asked":
        _ask(notification, case, by)
    if case.end not in ("draft", "asked"):
        _judge(submit(_fresh(notification), seen=_fresh(notification).version, by=by), case, people)
    if case.title == CASES["mortgage"].title:
        use_case.refresh_from_db()
        subjects, use = _subjects()
        registry.add_version(use_case, "2026.11", subjects, by=people["finance.owner"], use=use)


def _ask(notification: Notification, case: DemoCase, by: Person) -> None:
    ask(
        _fresh(notification),
        ["data", "content"],
        email="support@kotoba.example",
        note="ご利用中のAPIについて教えてください。",
        shown_title=case.title,
        language="ja",
        once=_once(f"link {case.title}"),
        by=by,
    )


def _judge(notification: Notification, case: DemoCase, people: Mapping[str, Person]) -> None:
    """Let whoever the lane belongs to do what the case tells."""
    delegate = people[f"{case.by.split('.')[0]}.delegate"]
    reviewer = people["reviewer2" if case.unit == "cameras" else "reviewer"]
    lane, seen = notification.lane, notification.version
    if case.end in ("asked_back", "raised") and lane == Lane.OFFICE and case.end == "raised":
        return  # it is there already
    if case.end == "asked_back":
        ask_back(notification, reason=case.words, seen=seen, by=delegate if lane == Lane.UNIT else reviewer)
    elif case.end == "raised":
        raise_tier(notification, reason=case.words, seen=seen, by=delegate)
    elif case.end == "taken" and lane == Lane.OFFICE:
        take_up(notification, seen=seen, by=reviewer)
    elif case.end in ("settled", "retired") and notification.step == Step.WAITING:
        if lane == Lane.UNIT:
            accept_tier(notification, seen=seen, by=delegate)
        else:
            taken = take_up(notification, seen=seen, by=reviewer)
            level = taken.use_case.highest
            confirm_tier(taken, level=level, reason="", seen=taken.version, by=reviewer)
    use_case = UseCase.objects.get(pk=notification.use_case_id)
    if case.end == "suspended":
        _stop(use_case, case, people)
    if case.end == "retired":
        registry.retire(use_case, by=use_case.owner)


def _stop(use_case: UseCase, case: DemoCase, people: Mapping[str, Person]) -> None:
    """Let the chair stop a use, with something to do for its owner; the committee is asked whether the stop stands."""
    due = timezone.localdate() + datetime.timedelta(days=7)
    stop(use_case, "stop", case.words, [(use_case.owner, case.task, due)], by=people["chair"])


def _fresh(notification: Notification) -> Notification:
    return Notification.objects.select_related("use_case").get(pk=notification.pk)


def _subjects() -> tuple[list[Subject], dict[str, Any]]:
    """Return the subjects of the mortgage example and their use: what `hakari demo` measures, with real digests."""
    text = files("hakari").joinpath("office", "desk", "demo", "mortgage.json").read_text("utf-8")
    stated = json.loads(text)
    return [Subject(**item) for item in stated["subjects"]], stated["use"]
