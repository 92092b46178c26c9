"""An office from before votes were sealed: its rows stay as they are, hold, and still count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from hakari.evidence import digest_json
from hakari.office.committee.actions.voting import close_ballot, declare
from hakari.office.committee.models import Decision, Vote
from hakari.office.committee.votes.box import digested, last_votes, votes_of
from hakari.office.core.actions import ACTIONS, Done, action
from hakari.office.core.ledger.triggers import missing_triggers
from hakari.office.core.models import FreeText
from hakari.office.desk.row_check import compare_rows
from hakari.office.people.models import Person
from tests.pages.committee.conftest import circulate, make_item, voters
from tests.pages.conftest import make_company

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_rows_in_clear_outlive_the_migration_and_still_count(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=tmp_path, key=tmp_path / "keys" / "office.pem")
    company = make_company()
    item = make_item(company)
    ballot = circulate(item, company)
    voted = ACTIONS.pop("committee.voted")
    try:

        @action("committee.voted")
        def vote_in_clear(*, by: Person) -> Done[Vote]:
            made = Vote.objects.create(
                ballot=ballot, person=by, revision=1, choice="approve", salt="0" * 32, reason=FreeText.keep("Fine.")
            )
            data = {"ballot": ballot.key, "revision": 1, "sealed": digest_json(digested(votes_of({1: made})[1]))}
            return Done(made, about=("use_case", item.use_case.key), data=data)

        for person in voters(company):
            declare(item, conflict=False, by=person)
            vote_in_clear(by=person)
    finally:
        ACTIONS["committee.voted"] = voted
    before = list(Vote.objects.values_list())
    call_command("migrate", "committee", "0001", verbosity=0)
    assert "committee_openedvote" not in connection.introspection.table_names()
    call_command("migrate", "committee", verbosity=0)
    assert list(Vote.objects.values_list()) == before
    assert (missing_triggers(connection), compare_rows()) == ([], [])
    assert close_ballot(ballot, by=company.chair).outcome == "approve"
    assert Decision.objects.get().votes == {"approve": 4}
    assert {cast.reason for cast in votes_of(last_votes(ballot)).values()} == {"Fine."}
    assert compare_rows() == []
