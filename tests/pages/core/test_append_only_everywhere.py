"""Every table whose rows are written once refuses, whatever migrations ran; a trigger that is gone is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from hakari.office.core.append_only import append_only_models
from hakari.office.core.ledger.triggers import expected_triggers, missing_triggers

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOMS = ("lifecycle", "committee", "intake", "information", "core")


def tables() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in append_only_models()}


def ways(table: str, model: type[models.Model]) -> Iterator[str]:
    """Yield statements that change or take away a row, as somebody writes them who reaches the database."""
    pk = model._meta.pk.column
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    yield f'UPDATE "{table}" SET "{pk}" = "{pk}"'  # own names
    yield f'DELETE FROM "{table}"'  # own names
    yield (
        f'INSERT INTO "{table}" ({names}) SELECT {names} FROM "{table}" WHERE true'  # own names
        f' ON CONFLICT ("{pk}") DO UPDATE SET "{pk}" = "{table}"."{pk}"'
    )
    if connection.vendor == "sqlite":
        yield f'INSERT OR REPLACE INTO "{table}" ({names}) SELECT {names} FROM "{table}"'  # own names
        yield f'UPDATE OR REPLACE "{table}" SET "{pk}" = "{pk}"'  # own names
    else:
        yield f'TRUNCATE "{table}" CASCADE'
        yield f'SET LOCAL session_replication_role = replica; DELETE FROM "{table}"'  # own names


def refuses_all(where: dict[str, type[models.Model]]) -> int:
    """Try every way on every table that has a row; return how many were refused."""
    tried = 0
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait is not truncated anyway
    for table, model in where.items():
        for statement in ways(table, model):
            refused = pytest.raises(DatabaseError, match="never changed")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
            tried += 1
    return tried


@pytest.fixture
def filled(company: Any) -> dict[str, type[models.Model]]:
    """Give every table that a decided case fills at least one row."""
    from hakari.office.committee.actions.voting import call_to_meeting
    from hakari.office.committee.models import DocketItem
    from hakari.office.lifecycle.actions.answering import comment
    from hakari.office.lifecycle.actions.reviewing import accept_bound, advise
    from tests.pages.committee.conftest import SOON, circulate, decide_by, make_item
    from tests.pages.lifecycle.trial import ASKED, CHECK, DOUBTFUL, FAIR, GAPS, trial_bundle

    item = make_item(company, DOUBTFUL, proposal="approve_with_conditions")
    found = item.round.assessment
    comment(found, ASKED, "how", "Enough?", by=company.owner)
    advise(item.round, "Look.", by=company.reviewer)
    accept_bound(found, GAPS, reason="R", condition="C", until=_today() + SOON, by=company.head)
    call_to_meeting(circulate(item, company), "We should talk.", by=company.member)
    until = (_today() + SOON).isoformat()
    DocketItem.objects.update(envelope={"checks": [CHECK], "roles": ["data.test"], "until": until})
    decide_by(DocketItem.objects.get(), company, "approve_with_conditions")
    _deliver(found, trial_bundle(FAIR, data="e"), company)
    rows = {table: model for table, model in tables().items() if model._base_manager.exists()}
    assert len(rows) >= 15, sorted(rows)
    return rows


def _today() -> Any:
    from django.utils import timezone

    return timezone.localdate()


def _deliver(found: Any, content: bytes, company: Any) -> None:
    from hakari.office.lifecycle.actions.delivering import deliver

    found.refresh_from_db()
    deliver(found, content, by=company.engineer)


def test_no_table_that_is_written_once_lets_a_row_be_changed(filled: dict[str, type[models.Model]]) -> None:
    assert refuses_all(filled) >= 5 * len(filled)


def test_every_table_has_its_triggers_and_each_that_is_dropped_is_named(db: None) -> None:
    assert missing_triggers(connection) == []
    for table, names in expected_triggers(connection.vendor).items():
        for name in names:
            place = transaction.savepoint()
            with connection.cursor() as cursor:
                cursor.execute(f'DROP TRIGGER "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"'))
            assert missing_triggers(connection) == [name]
            transaction.savepoint_rollback(place)


@pytest.mark.timeout(300)
@pytest.mark.django_db(transaction=True)
def test_after_each_migration_there_and_back_every_trigger_stands(transactional_db: None) -> None:
    """SQLite makes a table anew to change it, and loses its triggers with it."""
    loader = MigrationLoader(connection)
    for room in ROOMS:
        steps = sorted(name for app, name in loader.disk_migrations if app == room)
        # Back by one step, or to nothing, and forward again; what builds on it goes along.
        back = steps[-2] if len(steps) > 1 else "zero"
        call_command("migrate", room, back, verbosity=0)
        there = connection.introspection.table_names()
        wrong = [
            name for table, names in expected_triggers(connection.vendor).items() if table in there for name in names
        ]
        assert not set(missing_triggers(connection)) & set(wrong), room
        call_command("migrate", verbosity=0)
        assert missing_triggers(connection) == [], room
        assert [item for item in run_checks(databases=["default"]) if item.id == "hakari.E001"] == []
