from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hakari.errors import InputError, NotAllowedError, OfficeError
from hakari.office.core.ledger.store import verify
from hakari.office.lifecycle.actions.answering import answer_question, confirm_answers
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.reviewing import accept_bound, ask_for_changes, propose
from hakari.office.lifecycle.actions.submitting import submit
from hakari.office.lifecycle.models import Answer, FindingRow, Projection, Round, StageAssessment, Standing
from hakari.office.lifecycle.projecting import rebuild
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import Assess, complete, send
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, GAPING, GAPS, trial_bundle

pytestmark = pytest.mark.postgres


def _status(found: StageAssessment, reference: str) -> str:
    return FindingRow.objects.get(projection_id=found.pk, requirement=reference).status


def test_without_measurement_a_check_is_missing(assess: Assess) -> None:
    found = assess()
    assert _status(found, GAPS) == "missing"


def test_delivered_evidence_answers_its_check(assess: Assess, company: Company) -> None:
    found = complete(assess(), company)
    assert _status(found, GAPS) == "met"
    assert Projection.objects.get(pk=found.pk).closes


@pytest.mark.parametrize(("groups", "status"), [(GAPING, "not_met"), (DOUBTFUL, "inconclusive")])
def test_what_the_counts_show_is_the_status(assess: Assess, company: Company, groups: dict, status: str) -> None:  # type: ignore[type-arg]
    assert _status(complete(assess(), company, groups), GAPS) == status


def test_the_same_bundle_twice_is_one_delivery(assess: Assess, company: Company) -> None:
    found, bundle = assess(), trial_bundle()
    assert deliver(found, bundle, by=company.engineer) == deliver(found, bundle, by=company.engineer)


def test_evidence_measured_under_another_fact_is_refused_with_both_values(assess: Assess, company: Company) -> None:
    with pytest.raises(InputError, match="people is False in the evidence and True here"):
        deliver(assess(), trial_bundle(facts={"people": False}), by=company.engineer)


def test_a_bent_bundle_is_refused(assess: Assess, company: Company) -> None:
    bundle = bytearray(trial_bundle())
    bundle[len(bundle) // 2] ^= 1
    with pytest.raises(InputError):
        deliver(assess(), bytes(bundle), by=company.engineer)


def test_who_does_not_hold_the_role_does_not_answer(assess: Assess, company: Company) -> None:
    with pytest.raises(NotAllowedError):
        answer_question(assess(), ASKED, "told", "yes", seen=0, by=company.engineer)


def test_a_submitted_round_is_frozen_and_changes_open_the_next(
    submitted: Callable[..., Round], company: Company
) -> None:
    round = submitted()
    ask_for_changes(round, "Say more.", [(ASKED, "how")], by=company.reviewer)
    found = StageAssessment.objects.get()
    assert (found.standing, found.round, found.use_case.state) == (Standing.CHANGES, 2, "assessing")
    answer_question(found, ASKED, "how", "By a notice and a letter.", seen=1, by=company.owner)
    second = send(found, company)
    assert second.number == 2
    assert second.document != round.document


def test_a_second_press_gives_the_same_round(submitted: Callable[..., Round], company: Company) -> None:
    round = submitted()
    assert submit(round.assessment, seen=1, by=company.owner) == round


def test_nobody_reviews_what_they_submitted(submitted: Callable[..., Round], company: Company) -> None:
    round = submitted()
    for person in (company.owner, company.engineer, company.reporter):
        with pytest.raises(NotAllowedError):
            propose(round, "approve", "Good.", by=person)


def test_a_bound_is_accepted_until_a_day_by_the_head_only(assess: Assess, company: Company) -> None:
    from django.utils import timezone

    found = complete(assess(), company, DOUBTFUL)
    words: dict[str, Any] = {
        "reason": "Few rows yet.",
        "condition": "Measured again monthly.",
        "until": timezone.localdate(),
    }
    with pytest.raises(NotAllowedError):
        accept_bound(found, GAPS, by=company.reviewer, **words)
    accept_bound(found, GAPS, by=company.head, **words)
    assert _status(found, GAPS) == "excepted"


def test_carried_answers_wait_for_somebody_to_confirm_them(assess: Assess, company: Company) -> None:
    from hakari.office.lifecycle.actions.opening import open_next
    from hakari.office.lifecycle.staleness import mark_stale
    from hakari.office.registry.models import UseCase

    found = complete(assess(), company)
    UseCase.objects.update(state="decided")
    found.use_case.refresh_from_db()
    mark_stale(found, [], by=company.owner)
    fresh = open_next(StageAssessment.objects.get(), by=company.owner)
    assert _status(fresh, ASKED) == "missing"
    with pytest.raises(OfficeError):
        submit(fresh, seen=fresh.version, by=company.owner)
    places = [(item.requirement, item.question) for item in Answer.objects.filter(assessment=fresh)]
    confirm_answers(fresh, [place for place in places if place[0] == ASKED], by=company.owner)
    assert _status(fresh, ASKED) == "met"


def test_a_projection_built_anew_is_the_stored_one(submitted: Callable[..., Round], company: Company) -> None:
    submitted(DOUBTFUL)
    assert rebuild() == []
    Projection.objects.update(closes=True)
    assert [item.what for item in rebuild()] == ["closes"]


def test_everything_stands_in_an_unbroken_ledger(submitted: Callable[..., Round]) -> None:
    submitted()
    assert verify(checkpoints=[]).holds


def test_a_command_compares_what_is_stored_with_what_the_engine_says(
    submitted: Callable[..., Round], capsys: pytest.CaptureFixture[str]
) -> None:
    submitted()
    call_command("rebuild_findings")
    assert "1 assessment derived again; 0 differ" in capsys.readouterr().out
    Projection.objects.update(scope="0" * 64)
    with pytest.raises(CommandError, match="1 differ"):
        call_command("rebuild_findings")
