from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from hakari.office.committee.actions.docket import propose_condition
from hakari.office.committee.models import Condition, Decision, DocketItem
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.files import checked
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import decide_by
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import CHECK, FAIR, GAPING, PROVEN, trial_bundle

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


def _conditional(docket: Docket, company: Company) -> Decision:
    decide_by(docket(GAPING, proposal="approve_with_conditions"), company, "approve_with_conditions")
    return Decision.objects.get()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_shows_what_was_decided_on_which_digests(
    docket: Docket, company: Company, sign_in: SignIn, language: str
) -> None:
    found = _conditional(docket, company)
    client = sign_in(company.owner)
    client.cookies["language"] = language
    page = client.get(f"/committee/decisions/{found.number}/").content.decode()
    key = office_key().public.id
    for text in (found.round.document, found.round.plan, found.scope, found.statement, "Show that the gap is closed."):
        assert text in page
    assert " ".join(key[at : at + 4] for at in range(0, len(key), 4)) in page


def test_who_does_not_see_the_case_finds_no_decision(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found = _conditional(docket, company)
    address = f"/committee/decisions/{found.number}/"
    assert sign_in(company.member).get(address).status_code == 200
    assert sign_in(company.stranger).get(address).status_code == 404
    UseCase.objects.update(code_name="Owl", visibility="group", unit=company.cameras)
    assert sign_in(company.stranger).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_closed_condition_says_which_figure_met_which_line(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found = _conditional(docket, company)
    DocketItem.objects.update(envelope={})
    deliver(StageAssessment.objects.get(), trial_bundle(FAIR), by=company.engineer)
    page = sign_in(company.owner).get(f"/committee/decisions/{found.number}/").content.decode()
    assert Condition.objects.get().closed_at is not None
    assert CHECK in page
    assert "0.5 points" in page
    assert "10.0 points" in page


def test_conditions_are_filtered_by_whose_and_state(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found = _conditional(docket, company)
    owner, member = sign_in(company.owner), sign_in(company.member)
    for client, query, there in (
        (owner, "?whose=mine", True), (member, "?whose=mine", False), (member, "", True),
        (member, "?show=overdue", False), (member, "?show=closed", False),
    ):  # fmt: skip
        assert (found.number in client.get(f"/committee/conditions/{query}").content.decode()) == there
    Condition.objects.update(due=timezone.localdate() - datetime.timedelta(days=1))
    assert found.number in member.get("/committee/conditions/?show=overdue").content.decode()
    assert found.number not in sign_in(company.stranger).get("/committee/conditions/?show=all").content.decode()
    assert "is overdue" in sign_in(company.reviewer).get("/").content.decode()


def test_the_owner_finds_open_conditions_on_the_home_page(docket: Docket, company: Company, sign_in: SignIn) -> None:
    found = _conditional(docket, company)
    assert f"Show condition 1 of {found.number}" in sign_in(company.owner).get("/").content.decode()


def test_a_reviewer_reads_a_new_document_and_accepts_it(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item = docket(GAPING, proposal="approve_with_conditions")
    due = timezone.localdate() + datetime.timedelta(days=30)
    propose_condition(
        item, text="Attach the notice.", language="en", requirement=PROVEN, due=due, rule="document",
        by=company.reviewer,
    )  # fmt: skip
    decide_by(item, company, "approve_with_conditions")
    condition, head = Condition.objects.get(rule="document"), sign_in(company.head)
    address = f"/committee/conditions/{condition.key}/accept/"
    assert head.post(address, {"version": "1"}).status_code == 409
    upload = checked("notice2.txt", b"AI drafts this, and says so.")
    answer_question(
        StageAssessment.objects.get(), PROVEN, "document", "notice2.txt", seen=1, by=company.engineer, upload=upload
    )
    assert "notice2.txt" in head.get(address).content.decode()
    assert address in head.get("/").content.decode()
    for _ in range(2):
        assert head.post(address, {"version": "1"}).status_code == 302
    assert sign_in(company.owner).get(address).status_code == 403
    condition.refresh_from_db()
    assert condition.closed_at is not None


def test_lists_ask_as_often_for_many_as_for_one(
    docket: Docket, company: Company, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    decision = _conditional(docket, company)
    first, client, counts = Condition.objects.get(), sign_in(company.member), []
    client.get("/committee/conditions/")
    for number in (2, 12):
        for place in range(number, number + 10):
            Condition.objects.create(
                decision=decision, use_case=decision.use_case, number=place, text=first.text, language="en",
                requirement=first.requirement, due=first.due, rule="check",
            )  # fmt: skip
        with django_assert_max_num_queries(40) as found:  # type: ignore[operator]
            client.get("/committee/conditions/")
        counts.append(len(found.captured_queries))
    assert counts[0] == counts[1]
