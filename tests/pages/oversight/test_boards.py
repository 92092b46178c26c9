from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hakari.office.committee.actions.voting import declare, vote
from hakari.office.committee.members import eligible
from hakari.office.intake.lanes import working_days
from hakari.office.oversight.figures.ageing import ages, share_below
from hakari.office.oversight.figures.conditions import open_conditions
from hakari.office.oversight.figures.coverage import coverage
from hakari.office.oversight.figures.deciding import time_to_decision
from hakari.office.oversight.figures.pipeline import by_stage, by_state
from hakari.office.oversight.figures.stale import stale_cases
from hakari.office.oversight.figures.votes import missing_votes
from hakari.office.oversight.figures.waiting import answers_wanted, committee_waits
from hakari.office.oversight.views.boards import BOARDS
from hakari.office.people.access import Access
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import circulate, make_item, seat
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import complete, make_assessment, make_case
from tests.pages.oversight.conftest import ago, decided, make_late, make_stale, numbers, of, told

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


def test_cases_are_counted_by_state_and_tier(company: Company, head: Access) -> None:
    for number, values in enumerate(
        [{}, {}, {"state": "assessing", "lowest": "middle", "highest": "middle"}, {"lowest": "low"}]
    ):
        make_case(company, number=f"UC-2026-100{number}", **values)
    rows = {row[0]: row[1:] for row in numbers(by_state(head))}
    assert rows["triaged"] == ["0", "0", "2", "0", "1", "3"]
    assert rows["under assessment"] == ["0", "1", "0", "0", "0", "1"]
    assert rows["All"] == ["0", "1", "2", "0", "1", "4"]


def test_drafts_do_not_count(company: Company) -> None:
    make_case(company, state="draft", lowest="", highest="")
    assert numbers(by_state(of(company.head)))[-1][-1] == "0"


def test_restricted_cases_count_for_those_who_see_them_only(company: Company) -> None:
    make_case(company, visibility="restricted")
    counts = {name: numbers(by_state(of(company.people[name])))[-1][-1] for name in ("head", "auditor", "reviewer")}
    assert counts == {"head": "1", "auditor": "1", "reviewer": "0"}


def test_a_page_says_which_cases_count(company: Company, sign_in: SignIn) -> None:
    told_to = {name: sign_in(company.people[name]).get("/oversight/").content.decode() for name in ("head", "reviewer")}
    assert "restricted ones among them" in told_to["head"]
    assert "restricted ones that you are not named in are left out" in told_to["reviewer"]


def test_live_assessments_are_counted_by_stage(company: Company, head: Access) -> None:
    make_assessment(company, stage="develop")
    rows = {row[0]: row[1:] for row in numbers(by_stage(head))}
    assert rows["develop"] == ["0", "0", "1", "0", "0", "1"]
    assert rows["All"][-1] == "1"


def test_age_is_working_days_in_the_present_state(company: Company, head: Access) -> None:
    for number, days in enumerate((1, 8, 30)):
        make_case(company, number=f"UC-2026-100{number}", state="in_review", state_since=ago(days))
    row = next(row for row in numbers(ages(head)) if row[0] == "in review")
    today = timezone.localdate()
    waited = [working_days(ago(n).date(), today) for n in (1, 8, 30)]
    assert row[1] == "3"
    assert [int(text.split()[0]) for text in row[2:5]] == [waited[1], waited[2], waited[2]]
    assert row[5] == "UC-2026-1002 Reply drafts"


def test_a_settled_low_tier_waits_for_nobody(company: Company, head: Access) -> None:
    make_case(company, lowest="low", highest="low", state_since=ago(100))
    assert numbers(ages(head))[1][1] == "0"


def test_the_oldest_case_is_told_under_its_code_name(company: Company) -> None:
    make_case(company, state="stale", visibility="group", code_name="Marble", state_since=ago(10))
    cells = numbers(ages(of(company.member)))
    assert any("Marble" in row[5] for row in cells)
    assert all("Reply drafts" not in row[5] for row in cells)


def test_half_is_the_smallest_number_that_half_do_not_exceed() -> None:
    from collections import Counter

    assert share_below(Counter({1: 2, 5: 1, 9: 1}), 0.5) == 1
    assert share_below(Counter({1: 2, 5: 1, 9: 1}), 0.9) == 9
    assert share_below(Counter(), 0.5) is None


def test_an_overdue_condition_is_listed_with_its_lateness(company: Company, head: Access) -> None:
    decided(company)
    condition = make_late(7)
    picture = open_conditions(head)
    assert picture.sentence.arguments == {"all": 1, "late": 1, "soon": 0, "cases": 1}
    (row,) = numbers(picture)
    assert row[2] == condition.due
    assert row[3] == "5 working days"


def test_a_stale_case_is_listed_with_every_reason(company: Company, head: Access) -> None:
    case = make_case(company)
    ended = {"key": "office.committee.gate.ended", "arguments": {"number": "D-1", "until": "2026-01-01"}}
    aged = {"key": "office.lifecycle.stale.age", "arguments": {"requirements": ["gaps"], "since": "2026-01-01"}}
    make_stale(case, company, aged, ended)
    make_stale(make_case(company, number="UC-2026-0002"), company)
    picture = stale_cases(head)
    assert {str(bar.label): bar.told for bar in picture.bars} == {"Evidence too old": 1, "No reason stored": 1}
    assert {len(row[3]) for row in numbers(picture)} == {1, 2}


def test_a_case_that_is_assessed_anew_is_stale_no_longer(company: Company, head: Access) -> None:
    make_stale(make_case(company), company)
    UseCase.objects.update(state="assessing")
    assert stale_cases(head).sentence.arguments == {"n": 0}


def test_coverage_counts_what_rests_on_measurement_answers_or_nothing(company: Company, head: Access) -> None:
    found = make_assessment(company)
    assert [row[2:] for row in numbers(coverage(head))] == [["0", "0", "1", "1"], ["0", "0", "2", "2"]]
    complete(found, company)
    rows = numbers(coverage(head))
    assert [row[0] for row in rows] == ["{'en': 'Fairness', 'ja': '公平性'}", "{'en': 'Openness', 'ja': '透明性'}"]
    assert [row[2:] for row in rows] == [["1", "0", "0", "1"], ["0", "2", "0", "2"]]


def test_time_to_decision_counts_those_who_wait_as_waiting(company: Company, head: Access) -> None:
    decided(company, sent=12)
    for number, sent in enumerate((5, 30, 40), 2):
        told(company, f"UC-2026-{number + 2000}", sent=sent)
    row = next(row for row in numbers(time_to_decision(head)) if row[0] == "high")
    assert row[1:4] == ["4", "1", "3"]
    # Three were watched at day 12 (5, who had waited less, had left): the share falls to 2/3, and half is not reached.
    assert row[4:6] == ["12 days", "not reached"]


def test_a_retired_case_is_watched_until_it_was_retired(company: Company, head: Access) -> None:
    told(company, "UC-2026-0003", sent=50, state="retired", state_since=ago(45))
    decided(company, sent=12, number="UC-2026-0002")
    row = next(row for row in numbers(time_to_decision(head)) if row[0] == "high")
    assert (row[1], row[5]) == ("2", "12 days")


def test_requirements_wait_for_the_holders_of_their_roles(company: Company, head: Access) -> None:
    make_assessment(company)
    rows = {tuple(row[:2]): row[2:] for row in numbers(answers_wanted(head))}
    assert rows == {("Engineer", "ML engineer"): ["2", "1"], ("Owner", "product owner"): ["1", "1"]}


def test_where_nobody_holds_a_role_the_owner_is_waited_for(company: Company, head: Access) -> None:
    from hakari.office.lifecycle.models import Responsible

    make_assessment(company)
    Responsible.objects.all().delete()
    assert [row[2] for row in numbers(answers_wanted(head))] == ["3"]


def test_missing_votes_are_those_of_members_who_may_vote(company: Company, head: Access) -> None:
    item = make_item(company)
    ballot = circulate(item, company)
    declare(item, conflict=True, reason="My brother sells it.", by=company.member2)
    declare(item, conflict=False, by=company.member)
    vote(ballot, "approve", by=company.member)
    (found,) = missing_votes(head)
    assert set(found.people) == set(eligible(item)) - {company.member}
    assert company.member2 not in found.people
    assert numbers(committee_waits(head))[2][2] == str(len(found.people))


@pytest.mark.parametrize("name", ["owner", "engineer", "reporter", "member"])
def test_members_who_took_part_are_not_waited_for(company: Company, head: Access, name: str) -> None:
    from hakari.office.people.models import Assignment

    person = company.people[name]
    Assignment.objects.create(person=person, role="member", unit=None, starts=datetime.date(2020, 1, 1))
    item = make_item(company)
    circulate(item, company)
    (found,) = missing_votes(head)
    assert set(found.people) == set(eligible(item))
    assert (person in found.people) == (name == "member")


def test_what_waits_for_the_office_is_counted(company: Company, head: Access) -> None:
    make_item(company)
    rows = {row[0]: row[2] for row in numbers(committee_waits(head))}
    assert rows == {
        "Rounds in review": "0", "Items without a ballot": "1", "Votes missing": "0", "Stops to be ratified": "0",
        "Tasks after a stop": "0",
    }  # fmt: skip


@pytest.mark.parametrize("board", ["", *(f"figures/{name}/" for name in BOARDS)])
def test_who_may_measure_the_office_sees_a_board_and_nobody_else(
    company: Company, sign_in: SignIn, client: Client, board: str
) -> None:
    address = f"/oversight/{board}"
    answers = {name: sign_in(person).get(address).status_code for name, person in company.people.items()}
    assert {name for name, status in answers.items() if status == 200} == {"reviewer", "head", "chair", "auditor"}
    assert set(answers.values()) == {200, 403}
    assert client.get(address).status_code == 302


def test_a_board_that_there_is_not_is_not_found(company: Company, sign_in: SignIn) -> None:
    assert sign_in(company.head).get("/oversight/figures/made-up/").status_code == 404


def _fill(company: Company, first: int, count: int) -> None:
    for number in range(first, first + count):
        case = told(company, f"UC-2026-{number + 2000}", sent=number, state="in_review")
        if number % 2:
            ended = {"key": "office.committee.gate.ended", "arguments": {"number": "D-1", "until": "2026-01-01"}}
            make_stale(case, company, ended)


@pytest.mark.parametrize("board", ["", *(f"figures/{name}/" for name in BOARDS), "programme/?period=2026"])
def test_the_number_of_queries_does_not_grow_with_the_cases(company: Company, sign_in: SignIn, board: str) -> None:
    decided(company)
    make_late(3)
    browser, counts = sign_in(company.head), []
    for first in (10, 20):
        _fill(company, first, 6)
        browser.get(f"/oversight/{board}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(f"/oversight/{board}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] < 80


def test_open_ballots_cost_the_same_number_of_queries(company: Company, head: Access) -> None:
    counts = []
    for number in (1, 2):
        circulate(make_item(company, number=f"UC-2026-100{number}"), company) if number == 1 else _second(company)
        with CaptureQueriesContext(connection) as asked:
            assert len(missing_votes(head)) == number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def _second(company: Company) -> None:
    from hakari.office.committee.actions.docket import put_on_docket, write_passage
    from hakari.office.committee.actions.rules import NEEDED
    from tests.pages.committee.conftest import SOON, make_round

    item: Any = put_on_docket(
        make_round(company, number="UC-2026-0002"), "approve", timezone.localdate() + SOON, by=company.reviewer
    )
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    circulate(item, company)


def test_the_tables_of_evidence_records_are_never_read(company: Company, sign_in: SignIn) -> None:
    decided(company)
    browser = sign_in(company.head)
    for board in ("", *(f"figures/{name}/" for name in BOARDS)):
        with CaptureQueriesContext(connection) as asked:
            browser.get(f"/oversight/{board}")
        assert not [row for row in asked if "lifecycle_record" in row["sql"] or "lifecycle_delivered" in row["sql"]]


def test_the_head_is_told_at_home_what_is_late(company: Company, sign_in: SignIn) -> None:
    decided(company)
    make_late(3)
    assert "1 condition overdue" in sign_in(company.head).get("/").content.decode()
    assert "1 condition overdue" not in sign_in(company.reviewer).get("/").content.decode()


def test_boards_read_in_japanese(company: Company, sign_in: SignIn) -> None:
    company.head.language = "ja"
    company.head.save()
    seat(company)
    page = sign_in(company.head).get("/oversight/figures/pipeline/").content.decode()
    assert "状態と区分別の案件数" in page
