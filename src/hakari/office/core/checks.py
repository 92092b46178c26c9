"""What `hakari office check` and Django's own `check --deploy` look at."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError, connection

__all__ = ["triggers_are_in_place"]


@register(Tags.database)
def triggers_are_in_place(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Name every trigger that should protect an append-only table and does not."""
    from hakari.office.core.ledger.triggers import missing_triggers
    from hakari.office.core.models import Event

    if not databases or "default" not in databases:
        return []
    try:
        if Event._meta.db_table not in connection.introspection.table_names():
            return []
        missing = missing_triggers(connection)
    except (OperationalError, ProgrammingError):
        return []
    return [Error(f"trigger {name} is missing", hint="run: hakari office check", id="hakari.E001") for name in missing]
