"""The beginning of a use case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hakari.office.core.actions import Done, action
from hakari.office.core.models import FreeText
from hakari.office.people.access import require
from hakari.office.people.models import Person, Unit, new_key
from hakari.office.people.permissions import Permission
from hakari.office.registry.actions.writing import one_line
from hakari.office.registry.models import UseCase, Visibility
from hakari.office.registry.numbers import next_number
from hakari.office.registry.search import index

__all__ = ["create_draft"]


@action("use_case.drafted")
def create_draft(
    title: str,
    purpose: str,
    unit: Unit,
    *,
    by: Person,
    owner: Person | None = None,
    visibility: str = Visibility.UNIT,
    facts: Mapping[str, Any] | None = None,
    former_number: str = "",
    key: str = "",
) -> Done[UseCase]:
    """Enter a use case as a draft of the one who acts, with a number of its own.

    Args:
        owner: Who answers for it; whoever enters it unless somebody else is named.
        key: Its opaque name, if the form has one already, so that sending it twice makes one use case: the second
            raises IntegrityError (look for the key first).

    Raises:
        NotAllowedError: they may not notify in this unit.
        InputError: the title is empty or too long.
    """
    require(by, Permission.NOTIFY, unit)
    use_case = UseCase.objects.create(
        key=key or new_key(),
        number=next_number("UC"),
        former_number=former_number,
        title=one_line(title, 200, field="title"),
        purpose=purpose.strip(),
        unit=unit,
        reporter=by,
        owner=owner or by,
        visibility=visibility,
        facts=dict(facts or {}),
    )
    index(use_case)
    data = {
        "number": use_case.number,
        "owner": use_case.owner.key,
        "purpose": FreeText.keep(use_case.purpose).digest,
        "title": FreeText.keep(use_case.title).digest,
        "unit": unit.key,
    }
    return Done(use_case, about=("use_case", use_case.key), data=data)
