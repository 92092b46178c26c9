"""Everything that the office keeps about a person, as plain data for them to take away."""

from __future__ import annotations

import datetime
from typing import Any, Final

from django.db import models

from hakari.office.core.models import Event
from hakari.office.people.models import Person

__all__ = ["about"]

_SECRET: Final = frozenset({"password", "digest", "data", "session_key", "extra_data", "token", "token_secret", "seed"})
"""Columns that would open something, or that belong to the machine."""
_OWN: Final = frozenset({"people", "account", "mfa", "usersessions", "socialaccount"})
"""Apps whose rows are about the person as a whole; of other rows only which they are and how the person is in them."""
_MOST_EVENTS: Final = 100_000


def about(person: Person) -> dict[str, Any]:
    """Return all rows that point to a person, by table, with the events by and about them."""
    found: dict[str, Any] = {"person": _columns(person)}
    for relation in sorted(
        Person._meta.related_objects, key=lambda item: item.related_model._meta.label + item.field.name
    ):
        model: Any = relation.related_model
        name = f"{model._meta.label_lower}.{relation.field.name}"
        rows = model._default_manager.filter(**{relation.field.name: person}).order_by("pk")
        found[name] = [_columns(row) if model._meta.app_label in _OWN else _which(row) for row in rows.iterator()]
    found["events"] = {
        "by": _events(Event.objects.filter(by=person.key)),
        "about": _events(Event.objects.filter(object_kind="person", object_key=person.key)),
    }
    return found


def _columns(row: models.Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in _SECRET]
    return {field.name: _plain(getattr(row, field.attname), row, field) for field in fields}


def _which(row: models.Model) -> dict[str, Any]:
    names = [field.name for field in row._meta.concrete_fields if field.name in {"key", "number", "title"}]
    return {name: _plain(getattr(row, name)) for name in names} or {"row": row.pk}


def _events(query: Any) -> list[dict[str, Any]]:
    rows = query.order_by("sequence").values("sequence", "kind", "at", "object_kind", "object_key")[:_MOST_EVENTS]
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any, row: Any = None, field: Any = None) -> Any:
    if field is not None and field.is_relation and value is not None:
        return str(getattr(row, field.name))
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else str(value)
