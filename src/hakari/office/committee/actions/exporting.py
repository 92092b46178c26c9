"""Taking a decision away as a case bundle: who may, and the event that says so."""

from __future__ import annotations

import hashlib
from typing import Any

from hakari.errors import NotAllowedError
from hakari.messages import say
from hakari.office.committee.exporting import bundle_of
from hakari.office.committee.models import Decision
from hakari.office.core.actions import Done, action
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import may_edit
from hakari.office.registry.visibility import is_veiled, visible

__all__ = ["export_decision", "may_export"]

_MAY = (Permission.REVIEW, Permission.AUDIT, Permission.CHAIR)


def may_export(access: Access, decision: Decision) -> bool:
    """Return whether a person may take a decision away: who answers for its case, the office, the chair, an auditor.

    The bundle holds everything in clear, so whoever is told the code name only, or does not see the case, may not.
    """
    case = decision.use_case
    if is_veiled(access, case) or not visible(access).filter(pk=case.pk).exists():
        return False
    return may_edit(access, case) or any(access.may(permission, case.unit) for permission in _MAY)


def export_decision(decision: Decision, *, by: Any) -> bytes:
    """Return the case bundle of a decision, and write down who took it.

    Raises:
        NotAllowedError: not one who may.
        OfficeError: it cannot be put together any more (`bundle_of`).
    """
    _require(by, decision)
    # Reports take a second: outside the transaction, so that nobody waits for them.
    content = bundle_of(decision)
    _export(decision, content, by=by)
    return content


@action("decision.exported")
def _export(decision: Decision, content: bytes, *, by: Any) -> Done[None]:
    _require(by, decision)
    data = {"bundle": hashlib.sha256(content).hexdigest(), "number": decision.number, "statement": decision.statement}
    return Done(None, about=("use_case", decision.use_case.key), data=data)


def _require(by: Any, decision: Decision) -> None:
    if not may_export(access_of(by if isinstance(by, Person) else None), decision):
        raise NotAllowedError(say("office.committee.export.not_allowed"))
