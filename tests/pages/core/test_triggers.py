"""The database refuses, whoever asks and however they write it."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from hakari.errors import OfficeError
from hakari.office.core.ledger import triggers
from hakari.office.core.ledger.store import append
from hakari.office.core.models import Event

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

_COLUMNS = 'sequence, body, previous, digest, kind, at, "by", object_kind, object_key'
_COPY = 'body, previous, {digest}, kind, at, "by", object_kind, object_key FROM core_event WHERE sequence = 1'
_EVERYWHERE = {
    "update": "UPDATE core_event SET kind = 'other'",
    "update of nothing": "UPDATE core_event SET kind = kind WHERE sequence = 2",
    "delete": "DELETE FROM core_event WHERE sequence = 3",
    "upsert": f"INSERT INTO core_event ({_COLUMNS}) SELECT 1, {_COPY.format(digest='digest')}"
    " ON CONFLICT (sequence) DO UPDATE SET kind = 'other'",
    "upsert by digest": f"INSERT INTO core_event ({_COLUMNS}) SELECT 9, {_COPY.format(digest='digest')}"
    " ON CONFLICT (digest) DO UPDATE SET kind = 'other'",
}
_SQLITE = {
    "replace": f"INSERT OR REPLACE INTO core_event ({_COLUMNS}) SELECT 1, {_COPY.format(digest='hex(randomblob(32))')}",
    "replace by digest": f"REPLACE INTO core_event ({_COLUMNS}) SELECT 9, {_COPY.format(digest='digest')}",
    "replace by place": f"REPLACE INTO core_event (rowid, {_COLUMNS}) SELECT rowid, 9,"
    f" {_COPY.format(digest='hex(randomblob(32))')}",
    "update or replace": "UPDATE OR REPLACE core_event SET sequence = 1 WHERE sequence = 2",
}
_POSTGRES = {
    "truncate": "TRUNCATE core_event",
    "truncate others": "TRUNCATE core_head, core_event CASCADE",
    "merge": "MERGE INTO core_event e USING core_head h ON e.sequence = h.sequence WHEN MATCHED THEN DELETE",
    "as a replica": "SET LOCAL session_replication_role = replica; DELETE FROM core_event",
}


@pytest.fixture(autouse=True)
def three_events() -> None:
    for number in range(3):
        append("test.happened", by="somebody", about=("thing", str(number)))


def statements() -> dict[str, str]:
    return {**_EVERYWHERE, **(_SQLITE if connection.vendor == "sqlite" else _POSTGRES)}


@pytest.mark.parametrize("way", [*_EVERYWHERE, *_SQLITE, *_POSTGRES])
def test_no_statement_changes_an_event(way: str) -> None:
    if way not in statements():
        pytest.skip("a statement of the other database")
    before = list(Event.objects.order_by("sequence").values_list())
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statements()[way])
    assert list(Event.objects.order_by("sequence").values_list()) == before


def test_the_model_refuses_before_the_database_is_asked() -> None:
    event = Event.objects.get(sequence=1)
    for change in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(kind="x")):
        with pytest.raises(OfficeError, match="written once"):
            change()


def _drop(name: str, table: str) -> str:
    return f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"')


def _wrong() -> list[str]:
    """Return the triggers that are missing from the tables there are."""
    tables = connection.introspection.table_names()
    there = {name for table, names in expected().items() for name in names if table in tables}
    return [name for name in triggers.missing_triggers(connection) if name in there]


def expected() -> dict[str, tuple[str, ...]]:
    return triggers.expected_triggers(connection.vendor)


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_dropped_trigger_is_named_and_made_again() -> None:
    tables = connection.introspection.table_names()
    for name, table in ((name, table) for table, names in expected().items() for name in names if table in tables):
        _run(_drop(name, table))
        assert _wrong() == [name]
        told = [item.msg for item in run_checks(databases=["default"]) if item.id == "hakari.E001"]
        assert f"trigger {name} is missing" in told
        triggers.install_triggers(connection)
        assert _wrong() == []


def test_a_trigger_that_lets_everything_pass_is_named() -> None:
    if connection.vendor == "sqlite":
        _run('DROP TRIGGER "core_event_no_update"')
        _run('CREATE TRIGGER "core_event_no_update" BEFORE UPDATE ON core_event BEGIN SELECT 1; END')
    else:
        _run('ALTER TABLE core_event DISABLE TRIGGER "core_event_no_update"')
    assert _wrong() == ["core_event_no_update"]
    triggers.install_triggers(connection)
    assert _wrong() == []


def test_a_function_that_lets_everything_pass_is_named_for_every_trigger() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite's triggers hold their own text")
    _run(
        "CREATE OR REPLACE FUNCTION hakari_append_only() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$"
    )
    assert set(_wrong()) >= set(expected()["core_event"])
    triggers.install_triggers(connection)
    assert _wrong() == []


def test_a_table_that_an_update_will_add_is_not_reported(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from hakari.office.core import checks

    there = set(connection.introspection.table_names()) - {"committee_vote"}
    monkeypatch.setattr(connection.introspection, "table_names", lambda: sorted(there))
    monkeypatch.setattr(triggers, "missing_triggers", lambda _: ["committee_vote_no_update", "core_event_no_update"])
    found = checks.triggers_are_in_place(databases=["default"])
    assert [item.msg for item in found] == ["trigger core_event_no_update is missing"]
