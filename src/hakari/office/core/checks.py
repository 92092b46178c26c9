"""What `hakari office check` and Django's own `check --deploy` look at."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError, connection

__all__ = ["triggers_are_in_place"]


@register(Tags.database)
def triggers_are_in_place(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Name every trigger that should protect an append-only table and does not.

    A table that is not there yet has none: an update adds tables, and its migration must not be refused for that.
    """
    from hakari.office.core.ledger.triggers import expected_triggers, missing_triggers

    if not databases or "default" not in databases:
        return []
    try:
        there = set(connection.introspection.table_names())
        expected = expected_triggers(connection.vendor)
        due = {name for table, names in expected.items() if table in there for name in names}
        missing = [name for name in missing_triggers(connection) if name in due] if due else []
    except (OperationalError, ProgrammingError):
        return []
    return [Error(f"trigger {name} is missing", hint="run: hakari office check", id="hakari.E001") for name in missing]
