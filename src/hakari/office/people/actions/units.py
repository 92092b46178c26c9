"""Units: added, renamed, and moved within the tree."""

from __future__ import annotations

from django.db import connection

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.people.access import require
from hakari.office.people.models import Person, Unit
from hakari.office.people.permissions import Permission

__all__ = ["add_unit", "move_unit", "rename_unit"]


@action("unit.added")
def add_unit(name: str, *, name_ja: str = "", reading: str = "", parent: Unit | None, by: Person) -> Done[Unit]:
    """Add a unit below another; the same name at the same place again is the one that is there."""
    require(by, Permission.MANAGE_PEOPLE)
    _in_turn()
    unit = Unit.objects.filter(name=name, parent=parent).first()
    if unit is None:
        unit = Unit(name=name, name_ja=name_ja, reading=reading, parent=parent)
        unit.save()
    return Done(unit, about=("unit", unit.key), data={"parent": parent.key if parent else None})


@action("unit.renamed")
def rename_unit(
    unit: Unit, name: str, *, name_ja: str = "", reading: str = "", seen: int | None = None, by: Person
) -> Done[Unit]:
    """Give a unit another name in one or both languages."""
    require(by, Permission.MANAGE_PEOPLE)
    change(unit, seen=seen, name=name, name_ja=name_ja, reading=reading)
    return Done(unit, about=("unit", unit.key))


@action("unit.moved")
def move_unit(unit: Unit, parent: Unit | None, *, seen: int | None = None, by: Person) -> Done[Unit]:
    """Hang a unit, with all below it, under another; roles and use cases go with it."""
    require(by, Permission.MANAGE_PEOPLE)
    _in_turn()
    unit.refresh_from_db(fields=["path"])
    if parent is not None:
        parent.refresh_from_db()
        if parent.path.startswith(unit.path):
            raise InputError(say("office.people.unit.below_itself"))
    change(unit, seen=seen, parent=parent)
    unit.save(update_fields=["parent"])
    return Done(unit, about=("unit", unit.key), data={"parent": parent.key if parent else None})


def _in_turn() -> None:
    # Two moves at the same moment could hang each unit below the other; so they wait for one another.
    if connection.features.has_select_for_update:
        list(Unit.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
