"""What all writes of this room ask first: who may answer, who may judge, and whether the row is still the one seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.messages import say
from hakari.office.core.conflicts import locked_row
from hakari.office.core.models import Event
from hakari.office.lifecycle.models import Answer, Delivery, Responsible, Round, StageAssessment, Standing
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.models import UseCase
from hakari.office.registry.visibility import is_involved, is_veiled, visible

__all__ = [
    "DELIVERABLE",
    "OFFICE_ROLES",
    "is_own",
    "is_responsible",
    "locked",
    "may_answer",
    "plain_text",
    "refuse_own",
    "require_answer",
    "require_holder",
    "require_review",
    "require_standing",
    "responsible_of",
    "took_part",
    "unchanged",
]

OFFICE_ROLES = frozenset({"office", "ethics_office", "reviewer", "committee"})
"""Roles of packs that the office itself answers for."""
LONGEST = 20_000


def locked(assessment: StageAssessment) -> StageAssessment:
    """Return the assessment as it stands now; until the transaction ends nobody else changes it."""
    found = locked_row(assessment)
    found.use_case = UseCase.objects.select_related("unit", "reporter", "owner").get(pk=found.use_case_id)
    return found


def unchanged(assessment: StageAssessment, seen: int | None) -> None:
    """Refuse what was decided on an older view of the assessment.

    Raises:
        ConflictError: it changed since version `seen`.
    """
    if seen is not None and assessment.version != seen:
        raise ConflictError(say("office.core.conflict"))


def require_standing(assessment: StageAssessment, standings: Iterable[str]) -> None:
    """Refuse an act that does not fit where an assessment stands.

    Raises:
        OfficeError: it does not.
    """
    if assessment.standing not in standings:
        raise OfficeError(say("office.lifecycle.not_now", standing=say(f"office.standing.{assessment.standing}")))


def responsible_of(use_case: UseCase) -> dict[str, Person]:
    """Return who was named for which role; the owner's own role is always the owner's."""
    rows = Responsible.objects.filter(use_case=use_case).select_related("person")
    return {**{row.role: row.person for row in rows}, "owner": use_case.owner}


def is_responsible(access: Access, use_case: UseCase, roles: Sequence[str], named: dict[str, Person]) -> bool:
    """Return whether questions of these roles are this person's."""
    person = access.person
    if person is None:
        return False
    holders = [named[role] for role in roles if role in named]
    if OFFICE_ROLES & set(roles) and not holders:
        return access.may(Permission.REVIEW, use_case.unit)
    return person.pk in {holder.pk for holder in holders} if holders else person.pk == use_case.owner_id


def may_answer(
    access: Access,
    assessment: StageAssessment,
    roles: Sequence[str],
    named: dict[str, Person],
    *,
    edits: bool | None = None,
) -> bool:
    """Return whether a person may answer a question that names these roles: its holders, and the owner.

    Where nobody holds the role, whoever may change the entry of the use case may answer as well; `edits` says whether
    this person may, where it was asked already.
    """
    case = assessment.use_case
    if is_responsible(access, case, roles, named):
        return True
    if access.person is not None and access.person.pk == case.owner_id:
        return not OFFICE_ROLES & set(roles)
    if any(role in named for role in roles) or OFFICE_ROLES & set(roles):
        return False
    return may_edit(access, case) if edits is None else edits


def require_answer(by: Any, assessment: StageAssessment, roles: Sequence[str]) -> Access:
    """Return the access of the one who acts if the question is theirs to answer.

    Raises:
        NotAllowedError: it is not.
    """
    access = access_of(by if isinstance(by, Person) else None)
    if not may_answer(access, assessment, roles, responsible_of(assessment.use_case)):
        names = [say(f"reasons.role.{role}") for role in roles]
        raise NotAllowedError(say("office.lifecycle.not_yours", roles=names))
    return access


def require_holder(by: Any, assessment: StageAssessment, roles: Sequence[str]) -> Access:
    """Return the access of the one who acts if they hold one of these roles themselves; the owner where nobody does.

    Raises:
        NotAllowedError: they do not.
    """
    access = require_answer(by, assessment, roles)
    case = assessment.use_case
    if not is_responsible(access, case, roles, responsible_of(case)):
        raise NotAllowedError(
            say("office.lifecycle.confirm_not_yours", roles=[say(f"reasons.role.{role}") for role in roles])
        )
    return access


def require_review(by: Any, assessment: StageAssessment) -> Access:
    """Return the access of a reviewer who may judge this assessment.

    Raises:
        NotAllowedError: no reviewer, or somebody who took part in it.
    """
    access = access_of(by if isinstance(by, Person) else None)
    case = assessment.use_case
    sees = access.may(Permission.REVIEW, case.unit) and visible(access).filter(pk=case.pk).exists()
    if not sees or is_veiled(access, case):
        raise NotAllowedError(say("office.people.not_allowed", permission=say("office.permission.review")))
    refuse_own(by, assessment)
    return access


def is_own(person: Person | None, assessment: StageAssessment) -> bool:
    """Return whether a person took part in an assessment (`took_part`): they never judge it."""
    return person is not None and person.key in took_part(assessment)


def took_part(assessment: StageAssessment) -> frozenset[str]:
    """Return the keys of all who report, own, submitted, answered in, delivered to or stated facts of an assessment.

    Who owned the use case since the assessment was opened, and handed it over, is among them. An answer to a question
    that is the office's alone makes nobody a submitter.
    """
    case = assessment.use_case
    found = {case.reporter.key, case.owner.key}
    found.update(Round.objects.filter(assessment=assessment).values_list("submitted_by__key", flat=True))
    found.update(Delivery.objects.filter(assessment=assessment).values_list("by", flat=True))
    answers = Answer.objects.filter(assessment=assessment, carried=False).values_list("by", "requirement")
    given: dict[str, set[str]] = {}
    for by, requirement in answers:
        given.setdefault(requirement, set()).add(by)
    office = _of_office(assessment, given)
    found.update(by for requirement, people in given.items() if requirement not in office for by in people)
    return frozenset(found | _took_part_by_event(assessment))


def _took_part_by_event(assessment: StageAssessment) -> set[str]:
    """Return who stated facts, and who handed the use case over: no row of this room keeps them, the ledger does."""
    about = Event.objects.filter(object_kind="use_case", object_key=assessment.use_case.key)
    rows = about.filter(kind__in=["assessment.facts_stated", "use_case.handed_over"], at__gte=assessment.opened_at)
    found = set()
    for event in rows.order_by("sequence"):
        data = json.loads(bytes(event.body))["data"]
        if event.kind == "use_case.handed_over":
            found.add(str(data["from"]))
        elif data["assessment"] == assessment.key and data["facts"]:
            found.add(event.by)
    return found


def refuse_own(person: Any, assessment: StageAssessment) -> None:
    """Refuse a person who would judge what they submitted.

    Raises:
        NotAllowedError: they would.
    """
    if is_own(person, assessment):
        raise NotAllowedError(say("office.lifecycle.own"))


def plain_text(text: str, *, field: str, most: int = LONGEST) -> str:
    """Return a text of several lines without what cannot be seen.

    Raises:
        InputError: nothing is left, or it is longer than `most`.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ["".join(char if char.isprintable() or char == "\t" else " " for char in line).rstrip() for line in lines]
    found = "\n".join(kept).strip()
    if not found:
        raise InputError(say("office.lifecycle.empty", field=say(f"office.lifecycle.field.{field}")))
    if len(found) > most:
        raise InputError(say("office.lifecycle.too_long", field=say(f"office.lifecycle.field.{field}"), most=most))
    return found


def sees_case(access: Access, assessment: StageAssessment) -> bool:
    """Return whether a person sees the case under its own name: who does may comment."""
    case = assessment.use_case
    if is_involved(access, case):
        return True
    return visible(access).filter(pk=case.pk).exists() and not is_veiled(access, case)


def _of_office(assessment: StageAssessment, references: Iterable[str]) -> set[str]:
    """Return the requirements that are the office's alone to answer; where another role is named as well, none is."""
    from hakari.office.lifecycle.policy import find_requirement, packs_of

    found = set()
    try:
        packs = packs_of(assessment.packs) if references else ()
        for reference in references:
            _, requirement = find_requirement(packs, reference)
            if requirement.roles and set(requirement.roles) <= OFFICE_ROLES:
                found.add(reference)
    except InputError:
        return set()  # a pack that is gone vouches for nobody
    return found


DELIVERABLE = (Standing.OPEN, Standing.CHANGES, Standing.DECIDED, Standing.CLOSED)
"""Where evidence is taken: a closed stage hears of a changed system as well."""
WRITABLE = (Standing.OPEN, Standing.CHANGES, Standing.DECIDED)
"""Where answers and evidence are taken: after a decision as well, because conditions close on evidence."""
