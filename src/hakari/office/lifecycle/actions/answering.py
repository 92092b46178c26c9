"""Answers: each is a signed record at once, kept with its history; comments; files under their digest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from hakari.assessment.bundle import seal_evidence
from hakari.assessment.rules.answer_effects import UNKNOWN, answer_problem
from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.evidence import Evidence, Producer
from hakari.evidence.record import Answer as AnswerPart
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.models import FreeText
from hakari.office.keys.own import site_key
from hakari.office.lifecycle.actions.rules import (
    WRITABLE,
    locked,
    plain_text,
    require_answer,
    require_holder,
    require_standing,
    sees_case,
)
from hakari.office.lifecycle.files import Upload
from hakari.office.lifecycle.models import Answer, Attachment, File, Record, Remark, StageAssessment
from hakari.office.lifecycle.policy import find_question, find_requirement, packs_of
from hakari.office.lifecycle.projecting import project
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.packs import facts_used
from hakari.packs.model import Question, Requirement

__all__ = ["answer_question", "comment", "confirm_answers", "store_record"]


@action("assessment.answered")
def answer_question(
    assessment: StageAssessment,
    reference: str,
    identifier: str,
    value: Any,
    *,
    seen: int,
    by: Person,
    upload: Upload | None = None,
) -> Done[Answer]:
    """Answer a question as one who holds its role.

    Args:
        reference: The requirement, `urn@version`.
        identifier: The question.
        value: As the question's type wants it; `unknown` is always accepted. For a file question the file itself
            comes as `upload`, and the value is its name.
        seen: The revision that the answerer saw; 0 if there was none.

    Raises:
        NotAllowedError: the question names another role.
        InputError: the question does not accept the value.
        ConflictError: somebody answered meanwhile.
    """
    found = locked(assessment)
    require_standing(found, WRITABLE)
    _, requirement = find_requirement(packs_of(found.packs), reference)
    question = find_question(requirement, identifier)
    require_answer(by, found, requirement.roles)
    last = _last(found, reference, identifier)
    if (last.revision if last else 0) != seen:
        raise ConflictError(say("office.core.conflict"))
    attachment = None
    if question.type == "file" and value != UNKNOWN:
        if upload is None and (last is None or last.attachment is None):
            raise InputError(say("office.lifecycle.file_missing"))
        attachment = _attach(found, reference, identifier, upload, by) if upload else last.attachment  # type: ignore[union-attr]  # one of both
        value = str(attachment.name) if attachment else value
    typed = value.strip() if isinstance(value, str) else value
    problem = answer_problem(question, typed)
    if problem is not None:
        raise InputError(problem)
    made = _write(found, requirement, question, typed, attachment, seen + 1, by)
    project(found)
    data = {
        "assessment": found.key, "evidence": made.record.evidence if made.record else "",
        "question": identifier, "requirement": reference, "revision": made.revision,
    }  # fmt: skip
    return Done(made, about=("use_case", found.use_case.key), data=data)


@action("assessment.confirmed")
def confirm_answers(
    assessment: StageAssessment, places: Iterable[tuple[str, str]], *, by: Person
) -> Done[StageAssessment]:
    """Confirm answers that were carried from an earlier assessment: they are true today as well, says who confirms.

    Raises:
        NotAllowedError: one of the questions names another role; also the owner does not confirm for whom they named.
        InputError: none of them waits for anybody.
    """
    found = locked(assessment)
    require_standing(found, WRITABLE)
    packs = packs_of(found.packs)
    confirmed = []
    for reference, identifier in dict.fromkeys(places):
        _, requirement = find_requirement(packs, reference)
        question = find_question(requirement, identifier)
        require_holder(by, found, requirement.roles)
        last = _last(found, reference, identifier)
        if last is None or not last.carried:
            continue
        value = last.given
        if answer_problem(question, value) is not None:
            raise InputError(say("office.lifecycle.carried_gone", question=identifier))
        _write(found, requirement, question, value, last.attachment, last.revision + 1, by)
        confirmed.append([reference, identifier])
    if not confirmed:
        raise InputError(say("office.lifecycle.nothing_carried"))
    project(found)
    data = {"assessment": found.key, "questions": confirmed}
    return Done(found, about=("use_case", found.use_case.key), data=data)


@action("assessment.commented")
def comment(assessment: StageAssessment, reference: str, identifier: str, text: str, *, by: Person) -> Done[Remark]:
    """Say something about a question; whoever sees the case under its name may."""
    found = locked(assessment)
    _, requirement = find_requirement(packs_of(found.packs), reference)
    find_question(requirement, identifier)
    if not sees_case(access_of(by), found):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.see")))
    kept = FreeText.keep(plain_text(text, field="comment", most=4_000))
    made = Remark.objects.create(assessment=found, requirement=reference, question=identifier, text=kept, by=by.key)
    data = {"assessment": found.key, "question": identifier, "requirement": reference, "text": kept.digest}
    return Done(made, about=("use_case", found.use_case.key), data=data)


def store_record(record: Evidence, *, envelope: bytes, identifier: str, signer: str) -> Record:
    """Keep a record and its envelope; one that is there already stays as it is.

    Of one record with two envelopes (signed twice) the first stays: the id is that of what it says.
    """
    import datetime

    there: Record | None = Record.objects.filter(evidence=identifier).first()
    if there is not None:
        return there
    made: Record = Record.objects.create(
        evidence=identifier,
        envelope=File.keep(envelope),
        kind=record.kind,
        measure=record.measure.id if record.measure else "",
        signer=signer,
        collected_at=datetime.datetime.fromisoformat(record.collected_at),
    )
    return made


def _write(
    assessment: StageAssessment,
    requirement: Requirement,
    question: Question,
    value: Any,
    attachment: Attachment | None,
    revision: int,
    by: Person,
) -> Answer:
    now = timezone.now()
    facts = {name: assessment.facts[name] for name in sorted(facts_used(requirement)) if name in assessment.facts}
    record = Evidence(
        kind="answer",
        answer=AnswerPart(
            requirement=requirement.reference,
            question=question.id,
            value=value,
            attachment=attachment.digest if attachment else None,
        ),
        facts=facts,
        # To the microsecond, so that of two answers on one day the later one counts.
        collected_at=now.isoformat(timespec="microseconds"),
        effective_at=now.isoformat(timespec="microseconds"),
        # The key, not the name: the record outlives the account, and the office knows whose key it is.
        producer=Producer(name=by.key),
    )
    key = site_key()
    identifier, envelope = seal_evidence(record, key)
    stored = store_record(record, envelope=envelope, identifier=identifier, signer=key.public.id)
    written = question.type == "text" and value != UNKNOWN
    return Answer.objects.create(
        assessment=assessment,
        requirement=requirement.reference,
        question=question.id,
        revision=revision,
        value=None if written else value,
        text=FreeText.keep(value) if written else None,
        attachment=attachment,
        record=stored,
        by=by.key,
        at=now,
    )


def _attach(assessment: StageAssessment, reference: str, identifier: str, upload: Upload, by: Person) -> Attachment:
    digest = File.keep(upload.content, upload.media_type)
    return Attachment.objects.create(
        assessment=assessment,
        requirement=reference,
        question=identifier,
        digest=digest,
        name=FreeText.keep(upload.name),
        media_type=upload.media_type,
        size=len(upload.content),
        by=by.key,
    )


def _last(assessment: StageAssessment, reference: str, identifier: str) -> Answer | None:
    rows = Answer.objects.filter(assessment=assessment, requirement=reference, question=identifier)
    return rows.select_related("text", "attachment__name").order_by("-revision").first()
