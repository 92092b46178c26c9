from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hakari.office.core.home import sections
from hakari.office.intake.models import Notification, Step
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.intake.conftest import HIGH, LOW, MIDDLE, OPEN, Write

SignIn = Callable[[Person], Client]

PAGES = {
    "/notify/": {"reporter", "owner", "engineer", "delegate", "stranger"},
    "/notify/start/": {"reporter", "owner", "engineer", "delegate", "stranger"},
    "/notify/queue/unit/": {"delegate"},
    "/notify/queue/office/": {"reviewer", "head"},
    "/notify/samples/": {"reviewer", "head"},
    "/notify/dashboard/": {"reviewer", "head", "chair", "auditor"},
}


@pytest.mark.parametrize("url", PAGES)
def test_each_page_opens_to_those_whose_work_it_is(company: Company, sign_in: SignIn, url: str) -> None:
    opened = {name for name, person in company.people.items() if sign_in(person).get(url).status_code == 200}
    assert opened == PAGES[url]


def needs(person: Person) -> dict[str, list[Any]]:
    """Return what waits for a person, by section."""
    return {item["key"].rsplit(".", 1)[-1]: item["needs"] for item in sections(access_of(person))}


def test_home_tells_each_lane_what_waits(write: Write, company: Company) -> None:
    middle, high = write(MIDDLE), write(HIGH)
    assert [item.number for item in needs(company.delegate)["unit"]] == [middle.use_case.number]
    assert [item.number for item in needs(company.reviewer)["office"]] == [high.use_case.number]
    assert needs(company.reporter)["yours"] == []


def test_home_tells_reporters_what_is_open(write: Write, company: Company) -> None:
    write({}, send=False)
    write(OPEN)
    assert sorted(item.does.key.rsplit(".", 1)[-1] for item in needs(company.reporter)["yours"]) == ["decide", "finish"]


def test_a_late_notification_is_called_late_in_words(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write(MIDDLE)
    Notification.objects.filter(pk=found.pk).update(due=timezone.localdate() - datetime.timedelta(days=1))
    assert "late" in sign_in(company.delegate).get("/notify/queue/unit/").content.decode()
    assert needs(company.delegate)["unit"][0].state == "late"


def test_a_delegate_settles_on_the_page(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write(MIDDLE)
    url = f"/notify/{found.use_case.number}/decide/"
    client = sign_in(company.delegate)
    assert client.post(url, {"act": "raise", "raise-reason": "", "version": found.version}).status_code == 400
    assert client.post(url, {"act": "accept", "version": found.version}).status_code == 302
    assert Notification.objects.get().step == Step.SETTLED


def test_what_was_typed_stays_when_somebody_was_quicker(write: Write, company: Company, sign_in: SignIn) -> None:
    found = write(MIDDLE)
    told = {"act": "back", "back-reason": "Which model is it?", "version": found.version - 1}
    page = sign_in(company.delegate).post(f"/notify/{found.use_case.number}/decide/", told)
    assert page.status_code == 409
    assert "Which model is it?" in page.content.decode()


def test_the_page_to_settle_is_closed_to_those_who_do_not_judge(
    write: Write, company: Company, sign_in: SignIn
) -> None:
    url = f"/notify/{write(MIDDLE).use_case.number}/decide/"
    expected = {"reporter": 403, "engineer": 403, "stranger": 404, "auditor": 403, "delegate": 200, "reviewer": 200}
    assert {name: sign_in(company.people[name]).get(url).status_code for name in expected} == expected


def test_the_panel_stands_on_the_page_of_the_use_case(write: Write, company: Company, sign_in: SignIn) -> None:
    number = write(HIGH).use_case.number
    page = sign_in(company.engineer).get(f"/use-cases/{number}/").content.decode()
    assert "Tier and reasons" in page
    assert f"/notify/{number}/receipt/" in page


def test_lists_cost_the_same_for_few_and_many(
    write: Write, company: Company, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(company.delegate)
    client.get("/notify/queue/unit/")
    for count in (1, 6):
        for _ in range(count):
            write(MIDDLE)
        with django_assert_max_num_queries(20) as asked:
            client.get("/notify/queue/unit/")
        if count == 1:
            few = len(asked)
    assert len(asked) == few


def test_a_settled_case_is_in_no_queue(write: Write, company: Company, sign_in: SignIn) -> None:
    write(LOW)
    for person, url in ((company.delegate, "unit"), (company.reviewer, "office")):
        assert "Nothing waits here" in sign_in(person).get(f"/notify/queue/{url}/").content.decode()
