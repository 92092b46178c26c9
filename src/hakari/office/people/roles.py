"""Roles as classes: each says what it allows and where it makes sense."""

from __future__ import annotations

from typing import ClassVar, Final

from hakari.office.people.permissions import Permission as May

__all__ = ["ROLES", "Role", "role_named"]


class Role:
    """A role; title and description stand in the catalogue under `office.role.<code>`."""

    code: ClassVar[str]
    allows: ClassVar[frozenset[May]]
    whole_company: ClassVar[bool] = False
    """Whether the role is held for the whole company only, not for a unit."""


class Reporter(Role):
    """Tells the office of uses of AI in their unit."""

    code = "reporter"
    allows = frozenset({May.NOTIFY, May.SEE})


class Owner(Role):
    """Answers for use cases: what they are for, who is touched, what was promised."""

    code = "owner"
    allows = frozenset({May.NOTIFY, May.SEE, May.EDIT})


class Engineer(Role):
    """Builds and measures: versions, evidence, technical answers."""

    code = "engineer"
    allows = frozenset({May.NOTIFY, May.SEE, May.EDIT})


class Delegate(Role):
    """Decides the middle tier for a unit and helps its people."""

    code = "delegate"
    allows = frozenset({May.NOTIFY, May.SEE, May.DECIDE_MIDDLE, May.EXPORT})


class Reviewer(Role):
    """Works in the office: takes up the high tier, samples the rest, advises, informs."""

    code = "reviewer"
    whole_company = True
    allows = frozenset(
        {May.SEE, May.REVIEW, May.SAMPLE, May.INFORM, May.MANAGE_COMPONENTS, May.EXPORT, May.MEASURE_OFFICE}
    )


class Member(Role):
    """Sits on the committee."""

    code = "member"
    whole_company = True
    allows = frozenset({May.SEE, May.VOTE})


class Chair(Role):
    """Leads the committee and can stop a use."""

    code = "chair"
    whole_company = True
    allows = frozenset({May.SEE, May.SEE_RESTRICTED, May.VOTE, May.CHAIR, May.STOP, May.MEASURE_OFFICE})


class Head(Role):
    """Leads the office: everything a reviewer does, restricted cases, and the stop."""

    code = "head"
    whole_company = True
    allows = Reviewer.allows | {May.SEE_RESTRICTED, May.ACCEPT, May.STOP, May.IMPORT, May.EDIT}


class Auditor(Role):
    """Reads everything and changes nothing."""

    code = "auditor"
    whole_company = True
    allows = frozenset({May.SEE, May.SEE_RESTRICTED, May.AUDIT, May.EXPORT, May.MEASURE_OFFICE})


class Publisher(Role):
    """Writes for the public register."""

    code = "publisher"
    whole_company = True
    allows = frozenset({May.SEE, May.PUBLISH})


class Admin(Role):
    """Keeps accounts, units and roles; of use cases they see what is shown to everybody."""

    code = "admin"
    whole_company = True
    allows = frozenset({May.MANAGE_PEOPLE})


ROLES: Final[dict[str, type[Role]]] = {
    role.code: role
    for role in (Reporter, Owner, Engineer, Delegate, Reviewer, Member, Chair, Head, Auditor, Publisher, Admin)
}


def role_named(code: str) -> type[Role]:
    """Return the role with this code."""
    return ROLES[code]
