"""The mail of this room. Words stand in the catalogue; titles as the reader may see them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from hakari.messages import Language, say
from hakari.office.core.mail import send
from hakari.office.lifecycle.models import Answer, Responsible, Round, StageAssessment
from hakari.office.people.access import access_of
from hakari.office.people.models import Assignment, Person
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES
from hakari.office.registry.visibility import guard_of, title_for, visible

__all__ = ["changes_asked", "concerned", "stage_closed", "submitted", "write_to"]


def submitted(round: Round) -> None:
    """Tell the office that a round waits, in the digest of the day."""
    for person in _reviewers(round.assessment):
        write_to(person, "submitted", round.assessment, digest=True, round=round.number)


def changes_asked(round: Round) -> None:
    """Tell those who work on an assessment that changes are wanted."""
    for person in concerned(round.assessment):
        write_to(person, "changes_asked", round.assessment, round=round.number)


def stage_closed(assessment: StageAssessment) -> None:
    """Tell those who work on it that the stage is closed."""
    for person in concerned(assessment):
        write_to(person, "stage_closed", assessment, digest=True)


def concerned(assessment: StageAssessment) -> list[Person]:
    """Return everybody whom news of an assessment concerns, once each: owner, reporter, role holders, answerers."""
    case = assessment.use_case
    found = {case.owner_id: case.owner, case.reporter_id: case.reporter}
    for row in Responsible.objects.filter(use_case=case).select_related("person"):
        found[row.person_id] = row.person
    keys = set(Answer.objects.filter(assessment=assessment, carried=False).values_list("by", flat=True))
    for person in Person.objects.filter(key__in=keys):
        found[person.pk] = person
    return list(found.values())


def write_to(person: Person, letter: str, assessment: StageAssessment, *, digest: bool = False, **words: Any) -> None:
    """Write one letter of this room to a person who sees the case."""
    access = access_of(person)
    case = assessment.use_case
    if not visible(access).filter(pk=case.pk).exists():
        return
    language: Language = "ja" if person.language == "ja" else "en"
    told = {
        **words,
        "number": case.number,
        "title": title_for(access, case),
        "stage": say(f"reasons.stage.{assessment.stage}"),
    }
    send(
        person,
        subject=say(f"office.lifecycle.mail.{letter}.subject", **told),
        body=say(f"office.lifecycle.mail.{letter}.body", **told),
        link=reverse("lifecycle:assessment", args=[assessment.key]),
        language=language,
        digest=digest,
        guard=guard_of(access, case),
    )


def _reviewers(assessment: StageAssessment) -> list[Person]:
    roles = [code for code, role in ROLES.items() if Permission.REVIEW in role.allows]
    people = Person.objects.filter(
        pk__in=Assignment.objects.filter(role__in=roles, ended_at=None).values("person_id"), is_active=True
    )
    return [person for person in people if access_of(person).may(Permission.REVIEW, assessment.use_case.unit)]
