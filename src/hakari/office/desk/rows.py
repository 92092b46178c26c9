"""All rows of the office as JSON lines, the same from either database, and back."""

from __future__ import annotations

import base64
import datetime
import decimal
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

__all__ = ["Tally", "load_table", "not_empty", "row_lines", "saved_models", "tally_of"]

# Made again by migrations, or of no use elsewhere: sessions end, and mail that waits is found by its own table.
_LEFT_OUT: Final = {"contenttypes", "auth", "sessions", "usersessions", "django_tasks_database", "django_tasks_db"}
_PAGE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows a table holds, and one digest over all of them."""

    rows: int
    sha256: str


def tally_of(model: type[models.Model]) -> Tally:
    """Count and digest the rows of a table as they stand in the database, the same from either one."""
    digest, count = hashlib.sha256(), 0
    for line in row_lines(model, exact=False):
        digest.update(line)
        count += 1
    return Tally(count, digest.hexdigest())


def saved_models() -> list[type[models.Model]]:
    """Return every model whose rows a backup holds, by table name."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in _LEFT_OUT and model._meta.managed and not model._meta.proxy
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def row_lines(model: type[models.Model], *, exact: bool = True) -> Iterator[bytes]:
    """Yield the rows of a table in the order of their keys, one JSON object a line.

    Without `exact`, whole numbers are of one kind: one database gives 2 back where 2.0 was stored, another one 2.0.
    """
    names = [str(field.attname) for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=_PAGE):
        values = {name: _plain(value) for name, value in zip(names, row, strict=True)}
        values = values if exact else _one_kind(values)
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def load_table(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Insert the rows as they were, past models and their defaults, and return how many."""
    fields = list(model._meta.concrete_fields)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  # own names
    count, page = 0, []
    for line in lines:
        page.append(_values(fields, json.loads(line)))
        if len(page) == _PAGE:
            count += _insert(statement, page)
            page = []
    return count + _insert(statement, page)


def not_empty() -> str | None:
    """Return the name of a table that holds rows already, if there is one."""
    return next((model._meta.db_table for model in saved_models() if model._base_manager.exists()), None)


def _insert(statement: str, page: list[list[Any]]) -> int:
    if page:
        with connection.cursor() as cursor:
            cursor.executemany(statement, page)
    return len(page)


def _values(fields: list[models.Field[Any, Any]], row: dict[str, Any]) -> list[Any]:
    if set(row) != {field.attname for field in fields}:
        raise ValueError(f"columns {sorted(row)}")
    return [field.get_db_prep_save(_python(field, row[field.attname]), connection) for field in fields]


def _plain(value: Any) -> Any:
    """Return a value as JSON; which type it has again, its column knows."""
    if isinstance(value, (bytes, memoryview)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID, datetime.timedelta)):
        return str(value)
    return value


def _one_kind(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _one_kind(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_one_kind(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _python(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    if isinstance(field, models.BinaryField):
        return base64.b64decode(value)
    return field.target_field.to_python(value) if isinstance(field, models.ForeignKey) else field.to_python(value)
