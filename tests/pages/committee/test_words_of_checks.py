from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from hakari.messages import render, say
from hakari.office.committee.models import Decision, DocketItem
from hakari.office.core.models import MailItem
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.lifecycle.showing.called import check_called, reworded
from hakari.office.lifecycle.staleness import messages_of
from hakari.office.people.models import Person
from tests.pages.committee.conftest import decide_by
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import CHECK, FAIR, GAPING, trial_bundle, trial_pack

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]
Docket = Callable[..., DocketItem]
NAME = "largest difference in selection rate between groups by g"


def _allowing(item: DocketItem) -> DocketItem:
    until = (timezone.localdate() + datetime.timedelta(days=30)).isoformat()
    DocketItem.objects.update(envelope={"checks": [CHECK], "roles": ["data.test"], "until": until})
    item.refresh_from_db()
    return item


def _conditional(docket: Docket, company: Company) -> Decision:
    decide_by(_allowing(docket(GAPING, proposal="approve_with_conditions")), company, "approve_with_conditions")
    return Decision.objects.get()


def test_a_check_is_called_by_requirement_and_metric_in_both_languages() -> None:
    words = check_called(CHECK, [trial_pack()])
    told = say("office.lifecycle.stale.unmet", checks=[words])
    assert f"“Gaps in results”: {NAME}" in render(told, "en")
    assert "「結果の差」" in render(told, "ja")


def test_a_check_that_no_pack_has_keeps_its_id() -> None:
    assert check_called("other/one[g]", [trial_pack()]) == "other/one[g]"


def test_requirements_and_facts_of_a_reason_get_their_titles() -> None:
    told = reworded(say("office.lifecycle.stale.age", requirements=["gaps", "x"], since="2026-01-01"), [trial_pack()])
    assert render(told, "en") == "Evidence is too old since 2026-01-01, for Gaps in results, x."


def test_the_mail_says_in_the_readers_words_which_figure_met_which_limit(docket: Docket, company: Company) -> None:
    _conditional(docket, company)
    Person.objects.filter(pk=company.owner.pk).update(language="ja")
    deliver(StageAssessment.objects.get(), trial_bundle(FAIR, data="e"), by=company.engineer)
    letters = MailItem.objects.filter(subject__contains="1")
    english = letters.get(person=company.engineer, subject__contains="is closed").body
    japanese = letters.get(person=company.owner, subject__contains="充足").body
    assert f"“Gaps in results”, {NAME}: 0.5 points" in english
    assert "Limit: at most 10.0 points; unacceptable from 15.0 points" in english
    assert "「結果の差」" in japanese
    assert "基準：10.0 ポイント以下" in japanese
    assert CHECK not in english + japanese


def test_the_pages_of_a_condition_say_words_with_the_id_beside(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    found = _conditional(docket, company)
    page = sign_in(company.owner).get(f"/committee/decisions/{found.number}/").content.decode()
    listed = sign_in(company.owner).get("/committee/conditions/").content.decode()
    assert f'{NAME} <code class="id">{CHECK}</code>' in listed
    assert f'“Gaps in results”: {NAME} <code class="id">{CHECK}</code>' in page  # in the change envelope


def test_a_stale_reason_names_the_check_that_is_not_met(docket: Docket, company: Company) -> None:
    decide_by(_allowing(docket()), company, "approve")
    deliver(StageAssessment.objects.get(), trial_bundle(GAPING, data="e"), by=company.engineer)
    (reason,) = messages_of(StageAssessment.objects.get())
    assert f"“Gaps in results”: {NAME} ({CHECK})" in render(reason, "en")
