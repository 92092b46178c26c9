from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.core import mail
from django.utils import timezone

from hakari.errors import NotAllowedError, OfficeError
from hakari.office.committee.actions.voting import call_to_meeting, close_ballot, close_due, declare, open_ballot, vote
from hakari.office.committee.models import Ballot, Condition, ConditionClosing, Decision, DocketItem, Form, Vote
from hakari.office.core.ledger.store import verify
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import open_assessment, open_next
from hakari.office.lifecycle.actions.reviewing import close_stage, gate_blockers
from hakari.office.lifecycle.models import CarryOver, Delivery, StageAssessment, Standing
from tests.pages.committee.conftest import circulate, decide_by, voters
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import CHECK, FAIR, GAPING, REFERENCE, trial_bundle

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]


def _now() -> StageAssessment:
    return StageAssessment.objects.select_related("use_case").get()


def test_a_circulated_resolution_approves_and_the_gate_opens(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    decision, found = Decision.objects.get(), _now()
    assert (decision.outcome, found.standing, found.use_case.state) == ("approve", Standing.DECIDED, "decided")
    assert gate_blockers(found) == []
    close_stage(found, seen=found.version, by=company.owner)
    found.use_case.refresh_from_db()
    assert open_assessment(found.use_case, "release", [REFERENCE], by=company.owner).stage == "release"


def test_nobody_votes_on_what_they_took_part_in(docket: Docket, company: Company) -> None:
    item = docket(reporter=company.chair)
    until = timezone.now() + datetime.timedelta(days=3)
    with pytest.raises(NotAllowedError):
        open_ballot(item, Form.CIRCULATION, deadline=until, by=company.chair)
    ballot = open_ballot(item, Form.CIRCULATION, deadline=until, by=company.reviewer)
    with pytest.raises(NotAllowedError):
        declare_and_vote(item, ballot, company.chair)


def declare_and_vote(item: DocketItem, ballot: Ballot, person: object, choice: str = "approve") -> Vote:
    declare(item, conflict=False, by=person)  # type: ignore[arg-type]
    return vote(ballot, choice, by=person)  # type: ignore[arg-type]


def test_a_declared_conflict_recuses(docket: Docket, company: Company) -> None:
    item = docket()
    ballot = circulate(item, company)
    declare(item, conflict=True, reason="My brother sells it.", by=company.member)
    with pytest.raises(NotAllowedError):
        vote(ballot, "approve", by=company.member)


def test_nobody_votes_before_they_declare(docket: Docket, company: Company) -> None:
    with pytest.raises(NotAllowedError):
        vote(circulate(docket(), company), "approve", by=company.member)


def test_any_member_calls_a_circulated_resolution_to_a_meeting(docket: Docket, company: Company) -> None:
    item = docket()
    call_to_meeting(circulate(item, company), "We should talk.", by=company.member)
    item.refresh_from_db()
    assert (item.standing, Ballot.objects.get().ending) == ("waiting", "called")


def test_a_ballot_without_a_quorum_decides_nothing(docket: Docket, company: Company) -> None:
    item = docket()
    ballot = circulate(item, company)
    declare_and_vote(item, ballot, company.member)
    Ballot.objects.update(deadline=timezone.now() - datetime.timedelta(seconds=1))
    close_due()
    ballot.refresh_from_db()
    assert (ballot.ending, Decision.objects.count()) == ("no_quorum", 0)


def test_nobody_votes_after_the_deadline(docket: Docket, company: Company) -> None:
    item = docket()
    ballot = circulate(item, company)
    declare(item, conflict=False, by=company.member)
    Ballot.objects.update(deadline=timezone.now() - datetime.timedelta(seconds=1))
    with pytest.raises(OfficeError):
        vote(ballot, "approve", by=company.member)


def test_a_second_closing_gives_the_same_decision(docket: Docket, company: Company) -> None:
    ballot = decide_by(docket(), company, "approve")
    close_ballot(ballot, by=company.chair)
    assert Decision.objects.count() == 1


def test_a_condition_closes_on_new_evidence_and_tells_which_figure(docket: Docket, company: Company) -> None:
    decide_by(_with_envelope(docket(GAPING, proposal="approve_with_conditions")), company, "approve_with_conditions")
    found = _now()
    assert Condition.objects.get().closed_at is None
    assert gate_blockers(found)
    mail.outbox.clear()
    deliver(found, trial_bundle(FAIR, data="e"), by=company.engineer)
    closing = ConditionClosing.objects.get()
    assert (closing.figure["check"], closing.figure["threshold"]) == (CHECK, 0.10)
    assert CarryOver.objects.get().changed == ["data.test"]
    assert gate_blockers(_now()) == []


def _with_envelope(item: DocketItem) -> DocketItem:
    until = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    DocketItem.objects.update(envelope={"checks": [CHECK], "roles": ["data.test"], "until": until})
    item.refresh_from_db()
    return item


def test_a_change_outside_the_envelope_reopens(docket: Docket, company: Company) -> None:
    decide_by(_with_envelope(docket()), company, "approve")
    deliver(_now(), trial_bundle(FAIR, model="b"), by=company.engineer)
    found = _now()
    assert (found.standing, found.use_case.state) == (Standing.STALE, "stale")
    assert [item["key"] for item in found.stale_because] == ["office.lifecycle.stale.beyond"]
    assert open_next(found, by=company.owner).before_id == found.pk


def test_deferred_the_next_round_opens(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "defer")
    assert (_now().standing, _now().round) == (Standing.CHANGES, 2)


def test_rejected_the_gate_stays_shut(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "reject")
    assert [item.key for item in gate_blockers(_now())] == ["office.committee.gate.rejected"]


def test_no_vote_opens_on_a_page_that_is_not_written(docket: Docket, company: Company) -> None:
    from hakari.office.committee.actions.docket import put_on_docket
    from tests.pages.committee.conftest import make_round

    item = put_on_docket(make_round(company), "approve", timezone.localdate(), by=company.reviewer)
    with pytest.raises(OfficeError, match="not complete"):
        open_ballot(item, Form.CIRCULATION, deadline=timezone.now() + datetime.timedelta(days=1), by=company.chair)


def test_the_ledger_holds_through_a_decision(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    assert verify(checkpoints=[]).holds
    assert len(voters(company)) == 4


def test_a_closed_stage_hears_of_a_changed_system(docket: Docket, company: Company) -> None:
    decide_by(_with_envelope(docket()), company, "approve")
    found = _now()
    close_stage(found, seen=found.version, by=company.owner)
    deliver(_now(), trial_bundle(FAIR, data="e"), by=company.engineer)
    assert (_now().standing, CarryOver.objects.count()) == (Standing.CLOSED, 1)
    deliver(_now(), trial_bundle(FAIR, model="b"), by=company.engineer)
    assert (_now().standing, _now().use_case.state) == (Standing.STALE, "stale")
    fresh = open_next(_now(), by=company.owner)
    last = Delivery.objects.exclude(assessment=fresh).latest("pk")
    assert fresh.delivery is not None
    assert fresh.delivery.scope == last.scope
