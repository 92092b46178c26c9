"""Tests with real transactions leave an empty database with its triggers in place."""

from __future__ import annotations

import pytest
from django.db import connection

from hakari.office.core.ledger.store import append
from hakari.office.core.ledger.triggers import missing_triggers
from hakari.office.core.models import Event


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_each_turn_begins_empty_and_guarded(turn: int) -> None:
    assert Event.objects.count() == 0
    assert missing_triggers(connection) == []
    append("test.happened", by="somebody", about=("thing", str(turn)))
