"""The database itself refuses to change append-only rows, also for those who reach it past the site."""

from __future__ import annotations

from typing import Any, Final

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from hakari.office.core.append_only import append_only_models

__all__ = ["expected_triggers", "install_after_migration", "install_triggers", "missing_triggers"]

_REFUSAL: Final = "rows of this table are never changed"
_FUNCTION: Final = "hakari_append_only"
_BODY: Final = f" BEGIN RAISE EXCEPTION '{_REFUSAL}'; END "
# PostgreSQL's bits: for each row 1, before 2, delete 8, update 16, truncate 32.
_TYPES: Final = {"update": 1 + 2 + 16, "delete": 1 + 2 + 8, "truncate": 2 + 32}


def expected_triggers(vendor: str) -> dict[str, tuple[str, ...]]:
    """Return the names of the triggers that each append-only table must have."""
    kinds = ("update", "delete", "replace") if vendor == "sqlite" else ("update", "delete", "truncate")
    tables = [model._meta.db_table for model in append_only_models()]
    return {table: tuple(f"{table}_no_{kind}" for kind in kinds) for table in tables}


def install_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger that is not as it must be; SQLite loses them when a migration rebuilds a table."""
    existing = set(connection.introspection.table_names())
    wrong = set(missing_triggers(connection))
    with connection.cursor() as cursor:
        if wrong and connection.vendor == "postgresql":
            cursor.execute(f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${_BODY}$$")
        for model in append_only_models():
            table = model._meta.db_table
            if table in existing:
                for name, statement in _statements(connection.vendor, model).items():
                    if name in wrong:
                        cursor.execute(_dropping(connection.vendor, name, table))
                        cursor.execute(statement)
                        if connection.vendor == "postgresql":
                            # Also in a session that says it replays another server's changes.
                            cursor.execute(f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"')


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that should stand in the database and do not, are switched off, or do something else."""
    found = _sqlite_triggers(connection) if connection.vendor == "sqlite" else _postgres_triggers(connection)
    return [
        name
        for model in append_only_models()
        for name, statement in _statements(connection.vendor, model).items()
        if found.get(name) != statement
    ]


def install_after_migration(using: str = "default", **_: Any) -> None:
    """Install triggers whenever migrations have run."""
    install_triggers(connections[using])


def _sqlite_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {str(name): str(statement) for name, statement in cursor.fetchall()}


def _postgres_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the statement of each trigger that is on, whole, and calls our function as we wrote it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgtype FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgqual IS NULL AND t.tgattr = ''::int2vector"
            " AND p.proname = %s AND p.prosrc = %s AND pg_table_is_visible(c.oid)",
            [_FUNCTION, _BODY],
        )
        kinds = {number: kind for kind, number in _TYPES.items()}
        rows = [(name, table, kinds.get(number, "")) for name, table, number in cursor.fetchall()]
    return {name: _postgres_statement(name, table, kind) for name, table, kind in rows if kind}


def _dropping(vendor: str, name: str, table: str) -> str:
    return f'DROP TRIGGER IF EXISTS "{name}"' + ("" if vendor == "sqlite" else f' ON "{table}"')


def _statements(vendor: str, model: type[models.Model]) -> dict[str, str]:
    """Return what makes each trigger of a table, by its name."""
    table = model._meta.db_table
    names = dict(zip(("update", "delete", "last"), expected_triggers(vendor)[table], strict=True))
    if vendor != "sqlite":
        kinds = {"update": "update", "delete": "delete", "last": "truncate"}
        return {name: _postgres_statement(name, table, kinds[kind]) for kind, name in names.items()}
    raising = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    # REPLACE deletes whatever row stands in its way, by any unique column or by its place in the table, without asking
    # the trigger on DELETE unless recursive triggers are on.
    ways = [*_unique(model), ("rowid",)]
    same = " OR ".join("(" + " AND ".join(f'"{name}" = NEW."{name}"' for name in way) + ")" for way in ways)
    there = f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608  # own names
    return {
        names["update"]: f'CREATE TRIGGER "{names["update"]}" BEFORE UPDATE ON "{table}" {raising}',
        names["delete"]: f'CREATE TRIGGER "{names["delete"]}" BEFORE DELETE ON "{table}" {raising}',
        names["last"]: f'CREATE TRIGGER "{names["last"]}" BEFORE INSERT ON "{table}" {there} {raising}',
    }


def _postgres_statement(name: str, table: str, kind: str) -> str:
    each = "STATEMENT" if kind == "truncate" else "ROW"
    return f'CREATE TRIGGER "{name}" BEFORE {kind.upper()} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {_FUNCTION}()'


def _unique(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Return the columns, alone or together, by which a row of a table is the only one."""
    meta = model._meta
    columns: dict[str, str] = {field.name: field.column for field in meta.local_concrete_fields if field.column}
    found = [(field.column,) for field in meta.local_concrete_fields if field.unique and field.column]
    together = [tuple(item.fields) for item in meta.constraints if isinstance(item, models.UniqueConstraint)]
    together += [tuple(names) for names in meta.unique_together]
    return found + [tuple(columns[name] for name in names) for names in together if names]
