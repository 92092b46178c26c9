from __future__ import annotations

import pytest

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from hakari.office.intake.actions.deciding import accept_tier, ask_back, confirm_tier, raise_tier, take_up
from hakari.office.intake.actions.notifying import answer, submit
from hakari.office.intake.lanes import Lane
from hakari.office.intake.models import LaneStep, Notification, Outcome, Step, TriageRecord
from hakari.office.people.models import Assignment
from tests.pages.conftest import TODAY, Company
from tests.pages.intake.conftest import HIGH, LOW, MIDDLE, OPEN, Write

pytestmark = pytest.mark.postgres


def test_a_low_tier_is_acknowledged_at_once(write: Write) -> None:
    found = write(LOW)
    assert (found.step, found.lane, found.use_case.state) == (Step.SETTLED, Lane.AT_ONCE, "triaged")
    assert [step.outcome for step in found.steps.order_by("pk")] == [Outcome.SENT, Outcome.ACKNOWLEDGED]


def test_a_middle_tier_waits_for_the_nearest_delegate(write: Write, company: Company) -> None:
    found = write(MIDDLE, unit=company.lenses)
    assert (found.step, found.lane, found.lane_path) == (Step.WAITING, Lane.UNIT, company.cameras.path)
    assert found.use_case.state == "notified"


def test_a_high_tier_waits_for_the_office(write: Write) -> None:
    found = write(HIGH)
    assert (found.step, found.lane, found.use_case.highest) == (Step.WAITING, Lane.OFFICE, "high")


def test_an_undecided_range_goes_to_the_lane_of_its_highest_level(write: Write) -> None:
    found = write(OPEN)
    assert found.use_case.lowest != found.use_case.highest
    assert found.lane == Lane.OFFICE


def test_without_a_delegate_the_office_takes_the_middle_tier(write: Write, company: Company) -> None:
    Assignment.objects.filter(role="delegate").delete()
    assert write(MIDDLE).lane == Lane.OFFICE


def test_a_delegate_accepts_and_a_second_click_changes_nothing(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    accept_tier(found, seen=found.version, by=company.delegate)
    again = accept_tier(found, seen=found.version, by=company.delegate)
    assert (again.step, again.use_case.state, again.use_case.lowest) == (Step.SETTLED, "triaged", "middle")
    assert LaneStep.objects.filter(outcome=Outcome.ACCEPTED).count() == 1


@pytest.mark.parametrize("who", ["reporter", "owner", "stranger", "outsider", "admin", "auditor"])
def test_nobody_but_a_delegate_of_the_unit_accepts(write: Write, company: Company, who: str) -> None:
    found = write(MIDDLE)
    with pytest.raises(NotAllowedError):
        accept_tier(found, seen=found.version, by=company.people[who])


def test_a_delegate_does_not_judge_what_they_notified(write: Write, company: Company) -> None:
    company.add("above", "delegate", company.top)
    found = write(MIDDLE, by=company.delegate)
    assert found.lane_path == company.top.path
    with pytest.raises(NotAllowedError):
        accept_tier(found, seen=found.version, by=company.delegate)


def test_a_delegate_who_answered_does_not_judge(write: Write, company: Company) -> None:
    found = write({**MIDDLE, "role": "unknown"})
    found.use_case.people.add(company.delegate)
    found = answer(found, "role", ["uses"], seen=1, by=company.delegate)
    assert found.lane == Lane.OFFICE
    with pytest.raises(NotAllowedError):
        ask_back(Notification.objects.get(), reason="?", seen=found.version, by=company.delegate)


def test_a_delegate_raises_with_a_reason(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    with pytest.raises(InputError):
        raise_tier(found, reason=" ", seen=found.version, by=company.delegate)
    found = raise_tier(found, reason="Children use it.", seen=found.version, by=company.delegate)
    assert (found.lane, found.step, found.use_case.highest) == (Lane.OFFICE, Step.WAITING, "high")


def test_what_a_delegate_raised_is_not_lowered_by_another_answer(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    raise_tier(found, reason="Children use it.", seen=found.version, by=company.delegate)
    found = answer(Notification.objects.get(), "does", ["things"], seen=1, by=company.reporter)
    assert (found.lane, found.step, found.use_case.highest) == (Lane.OFFICE, Step.WAITING, "high")


def test_asked_back_the_reporter_sends_it_again_with_what_they_said_before(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    found = ask_back(found, reason="Which model?", seen=found.version, by=company.delegate)
    assert (found.step, found.use_case.state) == (Step.ASKED_BACK, "notified")
    found = submit(found, seen=found.version, by=company.reporter, reply="The new one.")
    assert (found.step, found.lane) == (Step.WAITING, Lane.UNIT)
    assert TriageRecord.objects.count() == 1, "equal answers need no other triage"


def test_the_office_takes_up_and_settles(write: Write, company: Company) -> None:
    found = write(HIGH)
    found = take_up(found, seen=found.version, by=company.reviewer)
    assert (found.step, found.taken_by) == (Step.TAKEN, company.reviewer)
    found = confirm_tier(found, level="high", reason="", seen=found.version, by=company.reviewer)
    assert (found.step, found.use_case.state, found.settled_by) == (Step.SETTLED, "triaged", company.reviewer.key)


def test_the_office_does_not_settle_below_the_rules_nor_without_a_reason(write: Write, company: Company) -> None:
    found = write(HIGH)
    for level, reason in (("middle", "Harmless."), ("stop", "")):
        with pytest.raises(InputError):
            confirm_tier(found, level=level, reason=reason, seen=found.version, by=company.reviewer)


def test_who_decides_on_an_old_page_is_told(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    answer(found, "who", "weak", seen=1, by=company.reporter)
    with pytest.raises(ConflictError):
        accept_tier(found, seen=found.version, by=company.delegate)


def test_a_later_answer_narrows_the_tier_and_the_history_stays(write: Write, company: Company) -> None:
    found = write(OPEN)
    found = answer(found, "does", ["things"], seen=1, by=company.reporter)
    assert (found.step, found.use_case.lowest, found.use_case.highest) == (Step.SETTLED, "low", "low")
    first, last = TriageRecord.objects.order_by("round")
    assert (first.decided, last.decided, first.digest == last.digest) == (False, True, False)


def test_a_changed_answer_opens_a_settled_tier_again(write: Write, company: Company) -> None:
    found = write(LOW)
    found = answer(found, "practices", ["scoring"], seen=1, by=company.reporter)
    assert (found.step, found.lane, found.use_case.state) == (Step.WAITING, Lane.OFFICE, "notified")
    assert found.use_case.highest == "stop"


def test_an_answer_that_changes_no_tier_leaves_it_settled(write: Write, company: Company) -> None:
    found = write(LOW)
    found = answer(found, "data", "personal", seen=1, by=company.reporter)
    assert (found.step, found.use_case.state) == (Step.SETTLED, "triaged")


def test_every_step_stands_in_an_unbroken_ledger(write: Write, company: Company) -> None:
    found = write(HIGH)
    take_up(found, seen=found.version, by=company.reviewer)
    assert verify(checkpoints=[]).holds


def test_an_assignment_that_has_not_begun_makes_no_delegate(write: Write, company: Company) -> None:
    Assignment.objects.filter(role="delegate").update(ends=TODAY)
    assert write(MIDDLE).lane == Lane.OFFICE


def test_the_office_takes_over_what_is_stuck_in_a_unit(write: Write, company: Company) -> None:
    found = write(MIDDLE)
    with pytest.raises(NotAllowedError):
        take_up(found, seen=found.version, by=company.delegate)
    found = take_up(found, seen=found.version, by=company.reviewer)
    assert (found.lane, found.step) == (Lane.OFFICE, Step.TAKEN)
    assert confirm_tier(found, level="middle", reason="", seen=found.version, by=company.reviewer).step == Step.SETTLED


def test_a_restricted_case_goes_to_those_who_see_it(write: Write, company: Company) -> None:
    found = write(MIDDLE, send=False)
    type(found.use_case).objects.update(visibility="restricted")
    assert submit(found, seen=found.version, by=company.reporter).lane == Lane.OFFICE


def test_the_ledger_names_each_triage(write: Write, company: Company) -> None:
    found = write(OPEN)
    answer(found, "does", ["things"], seen=1, by=company.reporter)
    bodies = b"".join(bytes(event.body) for event in Event.objects.all())
    assert all(record.digest.encode() in bodies for record in TriageRecord.objects.all())


def test_what_was_settled_within_a_range_stands_while_the_range_does(write: Write, company: Company) -> None:
    found = write(OPEN)
    found = confirm_tier(found, level="middle", reason="It drafts text.", seen=found.version, by=company.reviewer)
    found = answer(found, "data", "personal", seen=1, by=company.reporter)
    assert (found.step, found.use_case.lowest, found.use_case.highest) == (Step.SETTLED, "middle", "middle")
    found = answer(found, "does", ["things"], seen=1, by=company.reporter)
    assert (found.step, found.lane) == (Step.WAITING, Lane.OFFICE), "the office settled it, so the office looks again"
