"""What somebody changes past the site, with the triggers gone, is found beside the event that made it."""

from __future__ import annotations

import datetime
import random
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from hakari.messages import render
from hakari.office.committee.actions.docket import put_on_docket, translate, withdraw, write_passage
from hakari.office.committee.actions.stopping import stop
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, vote
from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem
from hakari.office.core.append_only import append_only_models
from hakari.office.core.ledger.made import keys_in
from hakari.office.core.models import Event, FreeText
from hakari.office.desk.file_check import bent_files, bent_texts
from hakari.office.desk.ledger_check import verify_ledger
from hakari.office.desk.row_check import RowProblem, compare_rows, row_problem_text
from hakari.office.lifecycle.actions.answering import comment
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.reviewing import accept_bound, advise, ask_for_changes
from hakari.office.lifecycle.models import File, Round, StageAssessment
from tests.pages.committee.conftest import SOON, circulate, decide_by, make_item, voters
from tests.pages.conftest import Company, drop_triggers
from tests.pages.lifecycle.conftest import send
from tests.pages.lifecycle.trial import ASKED, CHECK, FAIR, GAPING, GAPS, content_of, trial_bundle

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOMS = {"lifecycle", "committee"}


@pytest.fixture
def lived(company: Company, folder: Path) -> Company:
    """Make an office in which about everything happened once; the triggers are gone."""
    item = make_item(company, GAPING, proposal="approve_with_conditions")
    round = item.round
    comment(round.assessment, ASKED, "how", "Is it large enough?", by=company.owner)
    advise(round, "Look at the notice.", by=company.reviewer)
    until = timezone.localdate() + SOON
    translate(item, "asked", "何を求めるか", seen=1, by=company.reviewer)
    call_to_meeting(circulate(item, company), "We should talk.", by=company.member)
    item = DocketItem.objects.get(pk=item.pk)
    withdraw(item, "Not yet.", seen=item.version, by=company.reviewer)
    ask_for_changes(Round.objects.get(), "Say more.", by=company.reviewer)
    accept_bound(item.round.assessment, GAPS, reason="R", condition="C", until=until, by=company.head)
    second = send(StageAssessment.objects.get(), company)
    again = put_on_docket(second, "approve_with_conditions", until, by=company.reviewer)
    for heading in ("asked", "affected", "unknown", "if_no"):
        write_passage(again, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    _condition(again, company, until)
    day = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    DocketItem.objects.filter(pk=again.pk).update(envelope={"checks": [CHECK], "roles": ["data.test"], "until": day})
    decide_by(DocketItem.objects.get(pk=again.pk), company, "approve_with_conditions")
    found = StageAssessment.objects.get()
    deliver(found, trial_bundle(FAIR, data="e"), by=company.engineer)
    stopped = stop(found.use_case, "stop", "It hurts somebody.", by=company.head)
    ballot = stopped.ballots.get()
    for person in voters(company):
        vote(ballot, "uphold", by=person)
    close_ballot(ballot, by=company.chair)
    drop_triggers()
    return company


def _condition(item: DocketItem, company: Company, until: datetime.date) -> None:
    from hakari.office.committee.actions.docket import propose_condition

    propose_condition(
        item, text="Show that the gap is closed.", language="en", requirement=GAPS, due=until, rule="check",
        check=CHECK, by=company.reviewer,
    )  # fmt: skip


def tables() -> list[type[models.Model]]:
    return [model for model in append_only_models() if model._meta.app_label in ROOMS]


def run(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def other(field: Any, value: Any, chance: random.Random) -> Any:
    """Return another value of a column, as its database keeps it."""
    if isinstance(field, models.ForeignKey) and not isinstance(value, str):
        return (value or 0) + chance.choice([1, 1000])
    if isinstance(value, bool) or isinstance(field, models.BooleanField):
        return not value
    if isinstance(value, datetime.datetime):
        return value + datetime.timedelta(microseconds=chance.choice([1, 10**9]))
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=chance.choice([-1, 1]))
    if isinstance(field, models.JSONField):
        return {"was": value}
    if isinstance(value, int):
        return value + 1
    text = value or "x"
    place = chance.randrange(len(text))
    return text[:place] + ("b" if text[place] != "b" else "c") + text[place + 1 :]


def change_one(chance: random.Random) -> tuple[str, int, str] | None:
    """Change, take away or add one row of a table that is written once; None where the database refuses it."""
    model = chance.choice([model for model in tables() if model._base_manager.exists()])
    row = model._base_manager.order_by("?").first()
    table = model._meta.db_table
    assert row is not None
    way = chance.choice(["change"] * 8 + ["delete", "copy"])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    try:
        with transaction.atomic():
            if way == "delete":
                run(f'DELETE FROM "{table}" WHERE id = %s', [row.pk])  # own names
                return table, row.pk, way
            if way == "copy":
                values = {field: getattr(row, field.attname) for field in fields}
                # In a unique column another value; where that cannot be, the database refuses the copy.
                values = {f: other(f, v, chance) if chance.random() < 0.7 else v for f, v in values.items()}
                names = ", ".join(f'"{field.column}"' for field in fields)
                marks = ", ".join(["%s"] * len(fields))
                kept = [field.get_db_prep_save(value, connection) for field, value in values.items()]
                run(f'INSERT INTO "{table}" (id, {names}) VALUES (%s, {marks})', [99_999, *kept])  # own names
                return table, 99_999, way
            field = chance.choice(fields)
            value = field.get_db_prep_save(other(field, getattr(row, field.attname), chance), connection)
            run(f'UPDATE "{table}" SET "{field.column}" = %s WHERE id = %s', [value, row.pk])  # own names
            return table, row.pk, field.attname
    except DatabaseError:
        return None


def made_by(sequence: int, table: str) -> list[int]:
    import json

    body = json.loads(bytes(Event.objects.get(sequence=sequence).body))
    return keys_in(body["data"]["made"][table][0])


@pytest.mark.timeout(300)
def test_each_of_200_random_changes_is_found_and_placed(lived: Company) -> None:
    assert compare_rows() == []
    chance, done, seen = random.Random(7), 0, set()
    while done < 200:
        place = transaction.savepoint()
        changed = change_one(chance)
        if changed is not None:
            table, key, what = changed
            found = [item for item in compare_rows() if item.table == table and item.kind != "state"]
            assert found, changed
            if what == "copy":
                assert RowProblem(kind="added", table=table, key=key, sequence=0) in found, changed
            else:
                assert key in made_by(found[0].sequence, table), changed
                assert found[0].kind == ("gone" if what == "delete" else "changed"), changed
            done += 1
            seen.add(table)
        transaction.savepoint_rollback(place)
    assert compare_rows() == []
    assert len(seen) >= 15


STATES: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Ballot, {"outcome": "reject"}),
    (Ballot, {"ending": "no_quorum"}),
    (Ballot, {"closed_at": None, "ending": "", "outcome": ""}),
    (Condition, {"closed_at": None}),
    (Condition, {"requirement": ASKED}),
    (Condition, {"due": datetime.date(2099, 1, 1)}),
    (Condition, {"rule": "document"}),
    (Condition, {"check_id": "gaps/other"}),
    (StageAssessment, {"standing": "closed"}),
    (StageAssessment, {"standing": "open"}),
    (StageAssessment, {"standing": "in_review"}),
]


@pytest.mark.parametrize(("model", "values"), STATES, ids=lambda value: str(getattr(value, "__name__", value)))
def test_a_state_that_no_event_brought_about_is_found(
    lived: Company, model: type[models.Model], values: dict[str, Any]
) -> None:
    row = model._base_manager.order_by("-pk").first()
    assert row is not None
    model._base_manager.filter(pk=row.pk).update(**values)
    assert [(item.kind, item.table, item.key) for item in compare_rows()] == [("state", model._meta.db_table, row.pk)]


def test_a_condition_that_is_taken_away_or_reworded_is_found(lived: Company) -> None:
    condition = Condition.objects.get()
    FreeText.objects.filter(digest=condition.text_id).update(text="Nothing to show.")
    assert "committee_condition" in [item.table for item in compare_rows()]
    assert bent_texts() == [condition.text_id]


@pytest.mark.parametrize("column", ["document", "plan", "signed", "envelope"])
def test_a_bent_file_is_named_with_the_table_that_cites_it(lived: Company, column: str) -> None:
    from hakari.office.lifecycle.models import Record

    cited: dict[str, str] = {
        "document": Round.objects.order_by("-pk")[0].document,
        "plan": Round.objects.order_by("-pk")[0].plan,
        "signed": Decision.objects.get().signed,
        "envelope": Record.objects.order_by("-pk")[0].envelope,
    }
    assert bent_files() == []
    content = bytearray(content_of(cited[column]))
    content[len(content) // 2] ^= 1
    File.objects.filter(digest=cited[column]).update(content=bytes(content))
    assert cited[column] in [digest for _, digest in bent_files(newest=10)]
    answer = verify_ledger(rows=True)
    assert not answer.holds
    assert any(told.key == "office.desk.row.file" for _, _, told in answer.rows)
    assert verify_ledger().holds  # the chain itself does


@pytest.mark.parametrize("kind", ["changed", "gone", "added", "state"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_kind_is_told_with_its_place(kind: Any, language: str) -> None:
    told = row_problem_text(RowProblem(kind=kind, table="committee_vote", key=12, sequence=1234))
    text = render(told, "ja" if language == "ja" else "en")
    assert "committee_vote" in text
    assert "12" in text
