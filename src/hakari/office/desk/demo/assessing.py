"""The assessments of the demonstration: answered, measured, sent back once, and submitted again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from hakari.assessment.bundle import Bundle, read_bundle
from hakari.evidence import PublicKey
from hakari.office.desk.demo.cases import CASES
from hakari.office.desk.demo.onepages import ACCEPTED, WORDS
from hakari.office.desk.demo.stages import LATER, MORTGAGE, PACK, STAGES
from hakari.office.keys.actions import ask_for_key, confirm_key
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, state_facts
from hakari.office.lifecycle.actions.reviewing import accept_bound, ask_for_changes, propose
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.given import last_answers
from hakari.office.lifecycle.models import Round, StageAssessment
from hakari.office.lifecycle.policy import packs_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.packs.model import Requirement

__all__ = ["assess_mortgage", "assess_stage", "now", "use_case_of"]

People = Mapping[str, Person]


def assess_mortgage(content: bytes, people: People) -> Round:
    """Bring the mortgage case through two rounds on evidence that was measured; returns the second."""
    bundle = read_bundle(content)
    assert bundle.plan is not None
    owner, engineer, reviewer = people["finance.owner"], people["finance.engineer"], people["reviewer"]
    _register(bundle, engineer, reviewer)
    case = use_case_of("mortgage")
    # Evidence counts under the packs that it was measured against.
    packs = [f"{pack.name}@{pack.version}" for pack in bundle.plan.packs]
    found = open_assessment(case, bundle.plan.stage, packs, by=owner)
    name_responsible(case, "engineer", engineer, by=owner)
    facts = {name: value for name, value in bundle.plan.facts.items() if name not in case.facts}
    found = state_facts(found, facts, seen=found.version, by=owner)
    deliver(found, content, by=engineer)
    _answer(found, MORTGAGE, people)
    first = submit(found, seen=now(found).version, by=owner)
    open_questions = [(_reference(found, slug), question) for _, slug, question, _ in LATER]
    ask_for_changes(first, WORDS["changes"], open_questions, by=reviewer)
    _answer(found, LATER, people)
    until = timezone.localdate() + datetime.timedelta(days=120)
    reason, condition = ACCEPTED
    reference = _reference(found, "combined-groups")
    accept_bound(found, reference, reason=reason, condition=condition, until=until, by=people["head"])
    second = submit(found, seen=now(found).version, by=owner)
    propose(second, "approve_with_conditions", WORDS["proposal"], by=reviewer)
    return second


def assess_stage(key: str, people: People) -> Round:
    """Bring a case that rests on answers alone to its first round, with what the office proposes."""
    stated, case = STAGES[key], use_case_of(key)
    owner, reviewer = case.owner, people["reviewer2" if CASES[key].unit == "cameras" else "reviewer"]
    found = open_assessment(case, stated.stage, [PACK], by=owner)
    facts = {name: value for name, value in stated.facts.items() if name not in case.facts}
    found = state_facts(found, facts, seen=found.version, by=owner)
    for slug, given in stated.answers.items():
        for question, value in given.items():
            answer_question(found, _reference(found, slug), question, value, seen=0, by=owner)
    made = submit(found, seen=now(found).version, by=owner)
    propose(made, "approve", stated.advice, by=reviewer)
    return made


def use_case_of(key: str) -> UseCase:
    """Return a use case of the demonstration."""
    return UseCase.objects.select_related("unit", "owner", "reporter").get(title=CASES[key].title)


def now(assessment: StageAssessment) -> StageAssessment:
    """Return an assessment as it stands now."""
    return StageAssessment.objects.get(pk=assessment.pk)


def _register(bundle: Bundle, engineer: Person, reviewer: Person) -> None:
    """Register the key with which the engineer measured; the office compared it with them."""
    for key_id in bundle.signed_by:
        public: PublicKey = bundle.keys[key_id]
        confirm_key(ask_for_key(public.hex, kind="person", by=engineer), by=reviewer)


def _answer(found: StageAssessment, rows: Iterable[tuple[str, str, str, Any]], people: People) -> None:
    there = last_answers(found)
    for who, slug, question, value in rows:
        reference = _reference(found, slug)
        seen = there[reference, question].revision if (reference, question) in there else 0
        answer_question(found, reference, question, value, seen=seen, by=people[who])


def _reference(found: StageAssessment, slug: str) -> str:
    return next(item.reference for item in _requirements(found) if item.slug == slug)


def _requirements(found: StageAssessment) -> list[Requirement]:
    return [requirement for pack in packs_of(found.packs) for requirement in pack.requirements]
