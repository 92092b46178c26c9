from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from hakari.office.committee.models import Decision, DocketItem
from hakari.office.committee.precedents import Wanted, facts_known, find, like
from hakari.office.lifecycle.models import StageAssessment
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.office.registry.search import index
from tests.pages.committee.conftest import decide_by
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


def _decided(docket: Docket, company: Company, number: str, choice: str = "approve", **facts: Any) -> Decision:
    item = docket(number=number)
    decide_by(item, company, choice)
    StageAssessment.objects.filter(use_case=item.use_case).update(facts={"people": True, **facts})
    index(item.use_case)
    return Decision.objects.get(use_case=item.use_case)


def _found(person: Person, **wanted: Any) -> list[str]:
    numbers = dict(Decision.objects.values_list("pk", "use_case__number"))
    return [numbers[pk] for pk in find(access_of(person), Wanted(**wanted))]


def test_decisions_are_found_by_outcome_stage_tier_and_facts(docket: Docket, company: Company) -> None:
    _decided(docket, company, "UC-1", big=True)
    _decided(docket, company, "UC-2", "reject", big=False)
    for wanted, numbers in (
        ({}, ["UC-2", "UC-1"]),
        ({"outcome": "reject"}, ["UC-2"]),
        ({"stage": "release"}, []),
        ({"tier": "high", "facts": {"big": "true"}}, ["UC-1"]),
        ({"facts": {"big": "false", "people": "true"}}, ["UC-2"]),
        ({"facts": {"unknown": "true"}}, []),
    ):
        assert _found(company.member, **wanted) == numbers


def test_decisions_are_found_by_words_of_the_case_and_of_the_page(docket: Docket, company: Company) -> None:
    _decided(docket, company, "UC-1")
    assert _found(company.member, text="reply") == ["UC-1"]
    assert _found(company.member, text="Ｒｅｐｌｙ about affected") == ["UC-1"]
    assert _found(company.member, text="reply nothing-like-it") == []


def test_what_a_reader_does_not_see_is_neither_found_nor_counted(docket: Docket, company: Company) -> None:
    found = _decided(docket, company, "UC-1", big=True)
    assert _found(company.stranger) == []
    UseCase.objects.update(visibility="group", code_name="Owl")
    assert _found(company.stranger, text="owl") == []
    assert facts_known(access_of(company.stranger)) == {}
    assert like(make_case(company, number="UC-9", facts={"people": True}), access_of(company.stranger)) == []
    assert [each.decision for each in like(UseCase.objects.get(number="UC-9"), access_of(company.head))] == [found]


def test_like_cases_share_most_stated_facts_and_the_same_stage_comes_first(docket: Docket, company: Company) -> None:
    _decided(docket, company, "UC-1", big=True, loud=True)
    _decided(docket, company, "UC-2", big=False, loud=True)
    _decided(docket, company, "UC-3", people=False, big=False, loud=False)
    case = make_case(company, number="UC-9", facts={"people": True, "big": True, "loud": True})
    shown = like(case, access_of(company.member))
    # Of three facts stated in either case three, then two are alike; the last case shares none.
    assert [(each.decision.use_case.number, round(each.shared, 2)) for each in shown] == [("UC-1", 1.0), ("UC-2", 0.67)]
    assert shown[1].alike == ("loud", "people")
    StageAssessment.objects.filter(use_case__number="UC-1").update(stage="release")
    StageAssessment.objects.create(
        use_case=case, stage="develop", number=1, packs=[], facts={}, opened_by=company.owner
    )
    assert [each.decision.use_case.number for each in like(case, access_of(company.member))] == ["UC-2", "UC-1"]


def test_an_address_that_asks_wrongly_asks_for_nothing() -> None:
    query = QueryDict("outcome=x&stage=y&tier=z&fact=nothing&fact=:&text=%20a%20%20b")
    assert dataclasses.asdict(Wanted.read(query)) == {
        "text": "a b",
        "outcome": "",
        "stage": "",
        "tier": "",
        "facts": {},
    }


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_lists_and_filters(docket: Docket, company: Company, sign_in: SignIn, language: str) -> None:
    found, client = _decided(docket, company, "UC-1", big=True), sign_in(company.member)
    client.cookies["language"] = language
    for query, there in (("", True), ("?fact=big:true", True), ("?fact=big:false", False), ("?text=reply", True)):
        assert (f"/decisions/{found.number}/" in client.get(f"/committee/decisions/{query}").content.decode()) == there


def test_the_page_asks_as_often_for_many_as_for_one(
    docket: Docket, company: Company, sign_in: SignIn, django_assert_max_num_queries: object
) -> None:
    client, counts = sign_in(company.member), []
    for number in range(3):
        _decided(docket, company, f"UC-{number}")
        client.get("/committee/decisions/")
        with django_assert_max_num_queries(40) as found:  # type: ignore[operator]
            client.get("/committee/decisions/?text=reply&fact=people:true")
        counts.append(len(found.captured_queries))
    assert len(set(counts)) == 1
