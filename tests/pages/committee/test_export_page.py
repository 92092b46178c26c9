from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hakari.assessment.bundle import read_bundle
from hakari.office.committee.models import Decision
from hakari.office.core.models import Event
from hakari.office.lifecycle.models import File
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import decide_by, make_item
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


@pytest.fixture
def decision(company: Company, settings: Any, tmp_path: Path) -> Decision:
    """Return a decision of an office with a folder, and so checkpoints, of its own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=tmp_path, key=tmp_path / "keys" / "office.pem")
    decide_by(make_item(company, number="UC-2026-0001"), company, "approve")
    return Decision.objects.get()


def address(decision: Decision) -> str:
    return reverse("committee:export", args=[decision.number])


@pytest.mark.parametrize("name", ["owner", "engineer", "reviewer", "head", "chair", "auditor"])
def test_who_may_take_a_decision_away_gets_a_bundle(
    decision: Decision, company: Company, sign_in: SignIn, name: str
) -> None:
    client = sign_in(company.people[name])
    assert client.get(address(decision)).status_code == 200
    answer = client.post(address(decision))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (
        200, "application/zip", "no-store",
    )  # fmt: skip
    assert answer["Content-Disposition"] == f'attachment; filename="{decision.number}.zip"'
    assert read_bundle(answer.content).faults == ()


@pytest.mark.parametrize("name", ["member", "reporter", "publisher", "delegate"])
def test_who_only_sees_the_case_may_not(decision: Decision, company: Company, sign_in: SignIn, name: str) -> None:
    UseCase.objects.update(visibility="group")
    client = sign_in(company.people[name])
    answers = (client.get(address(decision)), client.post(address(decision)))
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize("name", ["stranger", "outsider"])
def test_for_who_does_not_see_the_case_there_is_no_decision(
    decision: Decision, company: Company, sign_in: SignIn, name: str
) -> None:
    answer = sign_in(company.people[name]).post(address(decision))
    assert answer.status_code == 404
    assert not Event.objects.filter(kind="decision.exported").exists()


def test_who_is_told_a_code_name_does_not_hear_of_the_decision(
    decision: Decision, company: Company, sign_in: SignIn
) -> None:
    UseCase.objects.update(visibility="group", code_name="Heron")
    client = sign_in(company.member)
    assert client.get(reverse("registry:detail", args=[decision.use_case.number])).status_code == 200
    assert [client.get(address(decision)).status_code, client.post(address(decision)).status_code] == [404, 404]


def test_looking_at_the_page_takes_nothing_away(decision: Decision, company: Company, sign_in: SignIn) -> None:
    sign_in(company.auditor).get(address(decision))
    assert not Event.objects.filter(kind="decision.exported").exists()


def test_the_page_says_the_command_in_both_languages(decision: Decision, company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    command = f"hakari verify {decision.number}.zip --keys directory.json"
    for language, word in (("en", "How it is checked"), ("ja", "確認のしかた")):
        Person.objects.filter(pk=company.owner.pk).update(language=language)
        shown = client.get(address(decision), headers={"accept-language": language}).content.decode()
        assert command in shown
        assert word in shown


def test_what_cannot_be_put_together_any_more_says_why(decision: Decision, company: Company, sign_in: SignIn) -> None:
    File.objects.filter(digest=decision.round.document).update(content=None)
    answer = sign_in(company.reviewer).post(address(decision))
    assert answer.status_code == 409
    assert "not there any more" in answer.content.decode()
    assert not Event.objects.filter(kind="decision.exported").exists()


def test_the_use_case_tells_who_took_it(decision: Decision, company: Company, sign_in: SignIn) -> None:
    sign_in(company.auditor).post(address(decision))
    shown = sign_in(company.owner).get(reverse("registry:detail", args=[decision.use_case.number])).content.decode()
    assert "Took a decision away as a case bundle" in shown
