"""Names of people and roles as pages of this room say them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hakari.assessment.reasons import role_word
from hakari.messages import Message, say
from hakari.office.lifecycle.actions.rules import OFFICE_ROLES, is_responsible, may_answer, responsible_of
from hakari.office.lifecycle.models import Acceptance, StageAssessment
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.registry.actions.writing import may_edit

__all__ = ["Holder", "Roles", "named"]


def named(keys: Iterable[str]) -> dict[str, Message | str]:
    """Return who stands behind keys of the ledger, with one query; a person who was erased is said to be."""
    asked = {key for key in keys if key}
    found = Person.objects.filter(key__in=asked) if asked else []
    names: dict[str, Message | str] = {person.key: _name(person) for person in found}
    if "system" in asked:
        names["system"] = say("office.registry.by.system")
    return names


def _name(person: Person) -> Message | str:
    return say("office.registry.erased") if person.erased_at else person.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who answers for some roles: people, or the office."""

    roles: tuple[str, ...]
    people: tuple[Person, ...]
    """Nobody where the office answers."""

    @property
    def words(self) -> list[Message]:
        """The roles in words."""
        return [role_word(role) for role in self.roles]

    @property
    def names(self) -> list[Message | str]:
        """The people, or the office."""
        return [_name(person) for person in self.people] or [say("office.lifecycle.page.the_office")]


@dataclass(slots=True)
class Roles:
    """Who answers what in one assessment, and what of it one reader may answer; asks the database a fixed number of
    times."""

    access: Access
    assessment: StageAssessment
    people: dict[str, Person]
    edits: bool
    names: dict[str, Message | str]
    """Who accepted something, by key."""
    _holders: dict[tuple[str, ...], Holder] = field(default_factory=dict)
    _mine: dict[tuple[str, ...], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, access: Access, assessment: StageAssessment) -> Roles:
        """Return the roles of an assessment for one reader."""
        case = assessment.use_case
        accepted = Acceptance.objects.filter(assessment=assessment).values_list("by", flat=True)
        return cls(access, assessment, responsible_of(case), may_edit(access, case), named(accepted))

    def holder(self, roles: Iterable[str]) -> Holder:
        """Return who answers for roles: those named, else the office for its own roles, else the owner."""
        key = tuple(roles)
        if key not in self._holders:
            people = {self.people[role].pk: self.people[role] for role in key if role in self.people}
            if not people and not OFFICE_ROLES & set(key):
                owner: Any = self.assessment.use_case.owner
                people = {owner.pk: owner}
            self._holders[key] = Holder(roles=key, people=tuple(people.values()))
        return self._holders[key]

    def mine(self, roles: Iterable[str]) -> bool:
        """Return whether questions of these roles are the reader's."""
        key = tuple(roles)
        if key not in self._mine:
            self._mine[key] = is_responsible(self.access, self.assessment.use_case, key, self.people)
        return self._mine[key]

    def may(self, roles: Iterable[str]) -> bool:
        """Return whether the reader may answer questions of these roles."""
        return may_answer(self.access, self.assessment, tuple(roles), self.people, edits=self.edits)
