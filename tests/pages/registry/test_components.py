from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry import actions
from hakari.office.registry.answers import inherited_answers
from hakari.office.registry.models import ComponentUse, ComponentVersion, Supplier, UseCase
from hakari.office.registry.search import search
from hakari.packs.triage import prescan_questions
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]
SignIn = Callable[[Person], Client]
QUESTION = next(question for question in prescan_questions()[1] if question.type == "single")
FIRST, SECOND = (choice.id for choice in QUESTION.choices[:2])


@pytest.fixture
def voice(company: Company) -> ComponentVersion:
    """Return an assessed version of a component."""
    supplier = actions.add_supplier("Echo Labs", by=company.reviewer)
    component = actions.add_component(supplier, "Voice", by=company.reviewer)
    version = actions.add_component_version(component, "2.1", by=company.reviewer)
    return actions.answer_component(version, {QUESTION.id: FIRST}, by=company.reviewer)


def _use(case: UseCase) -> ComponentUse:
    return case.component_uses.select_related("component_version").get()


def test_a_use_case_inherits_what_its_component_answers(
    company: Company, enter: Enter, voice: ComponentVersion
) -> None:
    case = enter("Captions")
    actions.take_over(case, voice, by=company.engineer)
    assert inherited_answers(case) == {QUESTION.id: FIRST}
    assert _use(case).stale_because() == ""


def test_other_answers_make_it_stale_and_taking_over_again_clears_it(
    company: Company, enter: Enter, voice: ComponentVersion
) -> None:
    case = enter("Captions")
    actions.take_over(case, voice, by=company.owner)
    actions.answer_component(voice, {QUESTION.id: SECOND}, by=company.head)
    assert _use(case).stale_because() == "changed"
    assert inherited_answers(case) == {}
    actions.take_over(case, voice, by=company.owner)
    assert _use(case).stale_because() == ""
    assert inherited_answers(case) == {QUESTION.id: SECOND}


def test_an_assessment_that_has_run_out_is_stale_and_is_not_taken_over(
    company: Company, enter: Enter, voice: ComponentVersion
) -> None:
    case, today = enter("Captions"), timezone.localdate()
    actions.answer_component(voice, voice.answers, by=company.reviewer, valid_until=today)
    actions.take_over(case, voice, by=company.owner)
    assert _use(case).stale_because(today) == ""
    assert _use(case).stale_because(today + datetime.timedelta(days=1)) == "ended"
    ComponentVersion.objects.update(valid_until=today - datetime.timedelta(days=1))
    voice.refresh_from_db()
    with pytest.raises(InputError):
        actions.take_over(case, voice, by=company.owner)


def test_what_was_never_assessed_is_not_taken_over(company: Company, enter: Enter, voice: ComponentVersion) -> None:
    other = actions.add_component_version(voice.component, "3", by=company.reviewer)
    with pytest.raises(InputError):
        actions.take_over(enter("Captions"), other, by=company.owner)


@pytest.mark.parametrize("answers", [{"nonsense": "x"}, {QUESTION.id: "nonsense"}, {QUESTION.id: [FIRST, SECOND]}])
def test_answers_are_those_of_the_pre_scan(
    company: Company, voice: ComponentVersion, answers: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        actions.answer_component(voice, answers, by=company.reviewer)


@pytest.mark.parametrize("name", ["owner", "stranger", "member", "auditor", "outsider"])
def test_suppliers_and_components_are_kept_by_the_office(company: Company, voice: ComponentVersion, name: str) -> None:
    person, supplier = company.people[name], voice.component.supplier
    calls: list[Callable[[], object]] = [
        lambda: actions.add_supplier("Other", by=person),
        lambda: actions.change_supplier(supplier, "Other", by=person),
        lambda: actions.add_component(supplier, "Other", by=person),
        lambda: actions.change_component(voice.component, "Other", by=person),
        lambda: actions.add_component_version(voice.component, "9", by=person),
        lambda: actions.answer_component(voice, {}, by=person),
    ]
    for call in calls:
        with pytest.raises(NotAllowedError):
            call()


def test_a_supplier_has_one_entry(company: Company, voice: ComponentVersion) -> None:
    with pytest.raises(InputError):
        actions.add_supplier(" echo  labs ", by=company.reviewer)


def test_use_cases_are_found_by_component_and_supplier_also_after_a_new_name(
    company: Company, enter: Enter, voice: ComponentVersion
) -> None:
    case = enter("Captions")
    actions.take_over(case, voice, by=company.owner)
    actions.change_supplier(voice.component.supplier, "Reverb", by=company.reviewer)
    access = access_of(company.owner)
    assert list(search(access, "voice@2")) == list(search(access, "reverb")) == [case]
    assert list(search(access, "echo")) == []
    actions.drop_component(_use(case), by=company.owner)
    assert list(search(access, "reverb")) == []


def test_where_a_component_is_used_obeys_visibility_and_embargo(
    company: Company, enter: Enter, voice: ComponentVersion, sign_in: SignIn
) -> None:
    for title, values in (("Captions", {}), ("Dubbing", {"visibility": "group", "code_name": "Owl"})):
        actions.take_over(enter(title, **values), voice, by=company.owner)
    address = f"/use-cases/components/{voice.component.key}/"
    assert len(sign_in(company.owner).get(address).context["uses"]) == 2
    assert sign_in(company.stranger).get(address).context["uses"] == []
    assert sign_in(company.outsider).get(address).status_code == 403


def test_the_stale_mark_and_its_reason_stand_on_the_page_and_go_by_a_click(
    company: Company, enter: Enter, voice: ComponentVersion, sign_in: SignIn
) -> None:
    case, client = enter("Captions"), sign_in(company.owner)
    added = client.post(f"/use-cases/{case.number}/components/", {"component": voice.key})
    assert added.status_code == 302
    actions.answer_component(voice, {}, by=company.reviewer)
    address = f"/use-cases/{case.number}/"
    assert "answers changed" in client.get(address).content.decode()
    assert client.post(f"{address}components/{voice.key}/again/").status_code == 302
    assert "answers changed" not in client.get(address).content.decode()
    assert client.post(f"{address}components/{voice.key}/drop/").status_code == 302
    assert client.post(f"{address}components/{voice.key}/drop/").status_code == 404


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_office_enters_a_component_page_by_page(company: Company, sign_in: SignIn, language: str) -> None:
    client = sign_in(company.reviewer)
    client.cookies["language"] = language
    at = client.post("/use-cases/suppliers/add/", {"name": "Echo Labs", "version": 0}).headers["Location"]
    at = client.post(f"{at}add/", {"name": "Voice", "version": 0}).headers["Location"]
    answers = client.post(f"{at}add/", {"label": "2.1"}).headers["Location"]
    given = {f"q_{QUESTION.id}": FIRST, "version": 1, "notes": "Told by letter."}
    assert client.post(answers, given).headers["Location"] == at
    for address in (at, answers, "/use-cases/components/", "/use-cases/suppliers/"):
        assert client.get(address).status_code == 200
    assert ComponentVersion.objects.get().answers == {QUESTION.id: FIRST}


def test_a_supplier_sent_twice_is_one(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.reviewer)
    for _ in range(2):
        assert client.post("/use-cases/suppliers/add/", {"name": "Echo Labs", "version": 0}).status_code == 302
    assert Supplier.objects.count() == 1


def test_two_people_at_one_supplier_lose_nothing(company: Company, sign_in: SignIn) -> None:
    row = actions.add_supplier("Echo Labs", by=company.reviewer)
    actions.change_supplier(row, "Echo", by=company.head)
    page = sign_in(company.reviewer).post(f"/use-cases/suppliers/{row.key}/edit/", {"name": "Mine", "version": 1})
    assert page.status_code == 409
    assert "Mine" in page.content.decode()
    assert "Echo" in page.content.decode()
