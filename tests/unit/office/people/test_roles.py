"""Every role and permission is told in both languages, and fits the others."""

from __future__ import annotations

import pytest

from hakari.messages import catalogue
from hakari.office.people.permissions import Permission
from hakari.office.people.roles import ROLES


@pytest.mark.parametrize("code", sorted(ROLES))
def test_every_role_has_a_name_and_says_what_it_does(code: str) -> None:
    assert {f"office.role.{code}", f"office.role.{code}.does"} <= set(catalogue())
    assert ROLES[code].allows


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_has_a_name_and_a_role(permission: Permission) -> None:
    assert f"office.permission.{permission}" in catalogue()
    assert any(permission in role.allows for role in ROLES.values())


def test_who_keeps_accounts_sees_no_use_case_by_that_alone() -> None:
    keeping = [role for role in ROLES.values() if Permission.MANAGE_PEOPLE in role.allows]
    assert [role.code for role in keeping] == ["admin"]
    assert keeping[0].allows == {Permission.MANAGE_PEOPLE}


def test_the_auditor_changes_nothing() -> None:
    reading = {
        Permission.SEE,
        Permission.SEE_RESTRICTED,
        Permission.AUDIT,
        Permission.EXPORT,
        Permission.MEASURE_OFFICE,
    }
    assert ROLES["auditor"].allows <= reading
