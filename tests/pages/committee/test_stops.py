from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.office.committee.actions.stopping import finish_task, open_ballot_on_stop, resume, stop, unratified
from hakari.office.committee.actions.voting import close_ballot, vote
from hakari.office.committee.models import Ballot, DocketItem, Ratification, Stop, Task
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event, MailItem
from hakari.office.intake.lanes import add_working_days
from hakari.office.lifecycle.actions.reviewing import gate_blockers
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import decide_by, seat
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import complete, make_assessment, make_case

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


def _stopped(company: Company, **values: Any) -> Stop:
    seat(company)
    return stop(make_case(company, **values), "stop", "It hurts people.", by=company.chair)


def _vote(found: Stop, company: Company, choice: str, *names: str) -> Ballot:
    ballot = found.ballots.get(closed_at=None)
    for name in names or ("member", "member2", "member3"):
        vote(ballot, choice, reason="So it is.", by=company.people[name])
    return close_ballot(ballot, by=company.chair)


def test_chair_and_head_stop_a_use_in_one_act_and_nobody_else(company: Company) -> None:
    seat(company)
    for number, person in enumerate((company.owner, company.reviewer, company.member, company.auditor)):
        with pytest.raises(NotAllowedError):
            stop(make_case(company, number=f"UC-{number}"), "stop", "It hurts.", by=person)
    for number, person in enumerate((company.chair, company.head)):
        found = stop(make_case(company, number=f"UC-1{number}"), "recall", "It hurts.", by=person)
        assert (found.kind, found.use_case.state, found.use_case.suspended_from) == ("recall", "suspended", "triaged")
        assert found.ratify_by == add_working_days(timezone.localdate(), 5)
    assert verify(checkpoints=[]).holds


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_stop_needs_a_reason(company: Company, reason: str) -> None:
    with pytest.raises(InputError):
        stop(make_case(company), "stop", reason, by=company.chair)
    assert Stop.objects.count() == Event.objects.filter(kind="stop.made").count() == 0


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_a_draft_and_what_is_retired_cannot_be_stopped(company: Company, state: str) -> None:
    case = make_case(company, state=state, reporter=company.chair)
    with pytest.raises(OfficeError):
        stop(case, "stop", "It hurts.", by=company.chair)


def test_a_second_press_gives_the_same_stop(company: Company) -> None:
    found = _stopped(company)
    again = stop(found.use_case, "stop", "Once more.", by=company.head)
    assert again == found
    assert Event.objects.filter(kind="stop.made").count() == 1


def test_everybody_concerned_is_told_at_once(company: Company) -> None:
    _stopped(company)
    told = {item.person for item in MailItem.objects.filter(digest=False, subject__startswith="Stopped")}
    assert {company.owner, company.reporter, company.member, company.chair} <= told


def test_a_stop_shuts_the_gate_of_a_decided_stage(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    found = StageAssessment.objects.select_related("use_case").get()
    stop(found.use_case, "stop", "It hurts.", by=company.chair)
    found = StageAssessment.objects.select_related("use_case").get()
    assert [item.key for item in gate_blockers(found)] == ["office.committee.gate.stopped"]


def test_who_made_it_and_who_owns_the_case_do_not_ratify_it(company: Company) -> None:
    found = _stopped(company, owner=company.member)
    ballot = found.ballots.get()
    for person in (company.chair, company.member):
        with pytest.raises(NotAllowedError):
            vote(ballot, "uphold", by=person)


def test_lifted_the_case_goes_back_to_where_it_was(company: Company) -> None:
    found = _stopped(company)
    _vote(found, company, "lift")
    case = UseCase.objects.get()
    assert (case.state, case.suspended_from, Ratification.objects.get().upheld) == ("triaged", "", False)


def test_upheld_it_stays_stopped_until_chair_or_head_let_it_go_on(company: Company) -> None:
    found = _stopped(company)
    with pytest.raises(OfficeError, match=found.number):
        resume(found.use_case, "Mended.", by=company.chair)
    _vote(found, company, "uphold")
    assert UseCase.objects.get().state == "suspended"
    for person in (company.owner, company.member, company.reviewer):
        with pytest.raises(NotAllowedError):
            resume(found.use_case, "Mended.", by=person)
    assert resume(found.use_case, "Mended.", by=company.head).state == "triaged"


def test_after_an_upheld_stop_what_was_decided_is_stale(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    found = stop(UseCase.objects.get(), "stop", "It hurts.", by=company.head)
    _vote(found, company, "uphold", "member", "member2", "member3", "chair")
    assert resume(UseCase.objects.get(), "Mended.", by=company.head).state == "stale"
    assessment = StageAssessment.objects.get()
    assert assessment.standing == Standing.STALE
    assert assessment.stale_because[0]["key"] == "office.committee.stale_by_stop"


def test_submitting_a_stopped_use_does_not_let_it_run_again(company: Company) -> None:
    seat(company)
    found = complete(make_assessment(company), company)
    stop(found.use_case, "stop", "It hurts.", by=company.chair)
    submit(found, seen=StageAssessment.objects.get().version, by=company.owner)
    case = UseCase.objects.get()
    assert (case.state, case.suspended_from) == ("suspended", "in_review")
    _vote(Stop.objects.get(), company, "lift")
    assert UseCase.objects.get().state == "in_review"


def test_without_members_the_stop_holds_and_is_voted_on_later(company: Company) -> None:
    found = stop(make_case(company), "stop", "It hurts.", by=company.chair)
    assert not Ballot.objects.exists()
    seat(company)
    ballot = open_ballot_on_stop(found, by=company.reviewer)
    assert open_ballot_on_stop(found, by=company.chair) == ballot
    with pytest.raises(NotAllowedError):
        open_ballot_on_stop(stop(make_case(company, number="UC-2"), "stop", "X", by=company.chair), by=company.owner)


def test_a_stop_that_nobody_ratified_holds_and_is_shown_to_members_as_late(
    company: Company, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _stopped(company)
    Ballot.objects.update(deadline=timezone.now() - datetime.timedelta(minutes=1))
    call_command("keep_time")
    call_command("keep_time")
    assert (Ballot.objects.get().ending, UseCase.objects.get().state) == ("no_quorum", "suspended")
    assert list(unratified()) == [found]
    later = timezone.localdate() + datetime.timedelta(days=20)
    monkeypatch.setattr("hakari.office.people.access.timezone.localdate", lambda *_: later)
    assert "The ratification is overdue" in sign_in(company.member).get("/").content.decode()


def test_tasks_go_to_people_who_see_the_case(company: Company) -> None:
    due = timezone.localdate() + datetime.timedelta(days=3)
    with pytest.raises(InputError, match="Task 1"):
        stop(make_case(company), "stop", "X", [(company.stranger, "Call.", due)], by=company.chair)
    past = timezone.localdate() - datetime.timedelta(days=1)
    with pytest.raises(InputError, match="Task 1"):
        stop(UseCase.objects.get(), "stop", "X", [(company.owner, "Call.", past)], by=company.chair)
    stop(UseCase.objects.get(), "stop", "X", [(company.owner, "Call.", due)], by=company.chair)
    assert Task.objects.get().person == company.owner


def test_a_task_is_done_by_its_person_with_words(company: Company) -> None:
    due = timezone.localdate() + datetime.timedelta(days=3)
    stop(make_case(company), "stop", "X", [(company.owner, "Call.", due)], by=company.chair)
    task = Task.objects.get()
    with pytest.raises(NotAllowedError):
        finish_task(task, "Done.", seen=1, by=company.chair)
    with pytest.raises(InputError):
        finish_task(task, " ", seen=1, by=company.owner)
    assert finish_task(task, "Called.", seen=1, by=company.owner).done_at


def _form(owner: Person | None = None) -> dict[str, str]:
    rows = {"task-TOTAL_FORMS": "1", "task-INITIAL_FORMS": "0", "kind": "stop", "reason": "It hurts."}
    if owner is not None:
        rows |= {"task-0-person": owner.key, "task-0-text": "Call.", "task-0-due": str(timezone.localdate())}
    return rows


def test_the_form_sent_twice_makes_one_stop_and_its_task(company: Company, sign_in: SignIn) -> None:
    seat(company)
    case, client = make_case(company, number="UC-2026-0001"), sign_in(company.chair)
    for _ in range(2):
        page = client.post(f"/committee/use-cases/{case.number}/stop/", _form(company.owner))
        assert page.status_code == 302
    assert (Stop.objects.count(), Task.objects.count()) == (1, 1)
    task = Task.objects.get()
    owner = sign_in(company.owner)
    assert "Call." in owner.get("/").content.decode()
    typed = {"result": "Called.", "version": "1"}
    for _ in range(2):
        assert owner.post(f"/committee/tasks/{task.key}/", typed).status_code == 302
    assert Event.objects.filter(kind="task.done").count() == 1


def test_a_refused_form_keeps_what_was_typed(company: Company, sign_in: SignIn) -> None:
    case = make_case(company, number="UC-2026-0001")
    page = sign_in(company.chair).post(
        f"/committee/use-cases/{case.number}/stop/", {**_form(company.owner), "reason": "", "task-0-due": ""}
    )
    assert page.status_code == 422
    assert "Call." in page.content.decode()
    assert not Stop.objects.exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_of_a_stop_render_for_each_reader(company: Company, sign_in: SignIn, language: str) -> None:
    seat(company)
    due = timezone.localdate()
    found = stop(
        make_case(company, number="UC-2026-0001"), "stop", "It hurts.", [(company.owner, "C", due)], by=company.head
    )
    task = Task.objects.get()
    for person in (company.chair, company.member, company.owner, company.auditor, company.head):
        client = sign_in(person)
        client.cookies["language"] = language
        for address in ("stops/", f"stops/{found.key}/", "tasks/?whose=all", f"tasks/{task.key}/", "stops/?show=open"):
            assert client.get(f"/committee/{address}").status_code == 200
        assert found.number in client.get("/use-cases/UC-2026-0001/").content.decode()
    assert sign_in(company.stranger).get(f"/committee/stops/{found.key}/").status_code == 404


def test_members_vote_on_the_page_of_the_stop(company: Company, sign_in: SignIn) -> None:
    found = _stopped(company, number="UC-2026-0001")
    ballot = found.ballots.get()
    for name in ("member", "member2", "member3"):
        client = sign_in(company.people[name])
        assert f"/committee/ballots/{ballot.key}/vote/" in client.get(f"/committee/stops/{found.key}/").content.decode()
        client.post(f"/committee/ballots/{ballot.key}/vote/", {"choice": "uphold", "reason": "", "seen": "0"})
    chair = sign_in(company.chair)
    assert chair.post(f"/committee/ballots/{ballot.key}/close/").status_code == 302
    assert "stands" in chair.get(f"/committee/stops/{found.key}/").content.decode()
    assert chair.post("/committee/use-cases/UC-2026-0001/resume/", {"reason": "Mended."}).status_code == 302
    assert UseCase.objects.get().state == "triaged"
