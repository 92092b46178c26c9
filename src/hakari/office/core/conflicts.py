"""Two people at one form: who saves second is told, and nothing of either is lost."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import connection, models

from hakari.errors import ConflictError
from hakari.messages import say

__all__ = ["Versioned", "change", "locked_row"]

V = TypeVar("V", bound="Versioned")
M = TypeVar("M", bound=models.Model)


class Versioned(models.Model):
    """A row that counts its changes; a form carries the count that its reader saw."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


def change(row: V, *, seen: int | None = None, **values: Any) -> V:
    """Write `values` if nobody changed the row since version `seen` (the row's own if none is named).

    Raises:
        ConflictError: somebody did.
    """
    expected = row.version if seen is None else seen
    manager: Any = type(row)._default_manager
    written = manager.filter(pk=row.pk, version=expected).update(**values, version=expected + 1)
    if not written:
        raise ConflictError(say("office.core.conflict"))
    for name, value in values.items():
        setattr(row, name, value)
    row.version = expected + 1
    return row


def locked_row(row: M) -> M:
    """Return a row as it stands now; until the transaction ends nobody else changes it.

    SQLite has no such lock and needs none: whoever means to write holds the whole database (settings).
    """
    manager: Any = type(row)._default_manager
    rows = manager.filter(pk=row.pk)
    found: M = (rows.select_for_update() if connection.features.has_select_for_update else rows).get()
    return found
