from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from hakari.errors import ConflictError, InputError, NotAllowedError, OfficeError
from hakari.office.core.models import Event
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry import actions
from hakari.office.registry.models import UseCase
from hakari.office.registry.search import search
from hakari.office.registry.visibility import title_for, visible
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]
SignIn = Callable[[Person], Client]


def test_a_draft_has_a_number_of_its_own_and_one_event(company: Company) -> None:
    first = actions.create_draft("Night photography", "", company.cameras, by=company.reporter)
    second = actions.create_draft("Day photography", "", company.cameras, by=company.reporter)
    assert first.number < second.number
    assert Event.objects.filter(object_key=first.key, kind="use_case.drafted", by=company.reporter.key).count() == 1


def test_a_draft_is_entered_by_those_who_may_notify_there(company: Company) -> None:
    for person in (company.stranger, company.member, company.outsider, company.auditor):
        with pytest.raises(NotAllowedError):
            actions.create_draft("Night photography", "", company.cameras, by=person)
    assert not Event.objects.filter(kind="use_case.drafted").exists()


@pytest.mark.parametrize("title", ["", "  \n ", "x" * 201])
def test_a_title_is_needed_and_short(company: Company, title: str) -> None:
    with pytest.raises(InputError):
        actions.create_draft(title, "", company.cameras, by=company.owner)


def test_a_new_title_is_found_and_the_old_one_is_not(company: Company, enter: Enter) -> None:
    case = actions.rename(enter("Night photography"), "Moon pictures", by=company.engineer)
    access = access_of(company.owner)
    assert list(search(access, "moon")) == [case]
    assert list(search(access, "photography")) == []


@pytest.mark.parametrize("name", ["stranger", "reporter", "member", "reviewer", "delegate", "auditor", "outsider"])
def test_only_owner_and_those_who_edit_in_the_unit_change_an_entry(company: Company, enter: Enter, name: str) -> None:
    case, person = enter("Night photography"), company.people[name]
    calls: list[Callable[[], object]] = [
        lambda: actions.rename(case, "Other", by=person),
        lambda: actions.describe(case, "Other", by=person),
        lambda: actions.hand_over(case, person, by=person),
        lambda: actions.change_visibility(case, "group", [], by=person),
        lambda: actions.change_code_name(case, "Owl", None, by=person),
        lambda: actions.retire(case, by=person),
    ]
    for call in calls:
        with pytest.raises(NotAllowedError):
            call()


def test_a_restricted_case_is_not_changed_by_colleagues_who_do_not_see_it(company: Company, enter: Enter) -> None:
    case = enter("Night photography", visibility="restricted")
    with pytest.raises(NotAllowedError):
        actions.rename(case, "Other", by=company.engineer)
    assert actions.rename(case, "Other", by=company.head).title == "Other"


def test_named_people_see_a_restricted_case_until_they_are_taken_off(company: Company, enter: Enter) -> None:
    case = enter("Night photography")
    actions.change_visibility(case, "restricted", [company.stranger], by=company.owner)
    assert visible(access_of(company.stranger)).get() == case
    assert not visible(access_of(company.engineer)).exists()
    actions.change_visibility(case, "restricted", [], by=company.owner)
    assert not visible(access_of(company.stranger)).exists()


def test_an_embargo_ends_by_itself(company: Company, enter: Enter, tomorrow: datetime.date) -> None:
    case = enter("Night photography", visibility="group")
    actions.change_code_name(case, "Owl", tomorrow, by=company.owner)
    assert title_for(access_of(company.stranger, tomorrow), case) == "Owl"
    later = access_of(company.stranger, tomorrow + datetime.timedelta(days=1))
    assert title_for(later, case) == "Night photography"
    assert list(search(later, "night")) == [case]


def test_an_embargo_needs_a_name_that_gives_nothing_away(
    company: Company, enter: Enter, tomorrow: datetime.date
) -> None:
    case = enter("Night photography")
    for name in ("", "night PHOTOGRAPHY"):
        with pytest.raises(InputError):
            actions.change_code_name(case, name, tomorrow, by=company.owner)


def test_who_saves_second_is_told(company: Company, enter: Enter) -> None:
    case = enter("Night photography")
    seen = case.version
    actions.rename(case, "Moon pictures", by=company.owner, seen=seen)
    with pytest.raises(ConflictError):
        actions.rename(case, "Star pictures", by=company.engineer, seen=seen)


def test_the_page_shows_both_texts_on_a_conflict_and_saves_on_the_second_try(
    company: Company, enter: Enter, sign_in: SignIn
) -> None:
    case, client = enter("Night photography"), sign_in(company.engineer)
    typed = {"title": "Star pictures", "purpose": "", "version": case.version}
    actions.rename(case, "Moon pictures", by=company.owner)
    page = client.post(f"/use-cases/{case.number}/edit/", typed)
    assert page.status_code == 409
    assert "Moon pictures" in page.content.decode()
    assert "Star pictures" in page.content.decode()
    again = {**typed, "version": page.context["use_case"].version}
    assert client.post(f"/use-cases/{case.number}/edit/", again).status_code == 302
    case.refresh_from_db()
    assert case.title == "Star pictures"


def test_a_form_sent_twice_changes_once(company: Company, enter: Enter, sign_in: SignIn) -> None:
    case, client = enter("Night photography"), sign_in(company.owner)
    typed = {"title": "Star pictures", "purpose": "", "version": case.version}
    for _ in range(2):
        assert client.post(f"/use-cases/{case.number}/edit/", typed).status_code == 302
    assert Event.objects.filter(object_key=case.key, kind="use_case.described").count() == 1


def test_a_retired_case_stays_retired(company: Company, enter: Enter) -> None:
    case = actions.retire(enter("Night photography"), by=company.owner)
    with pytest.raises(NotAllowedError):
        actions.rename(case, "Other", by=company.owner)
    with pytest.raises(OfficeError):
        actions.move_state(case, "notified", by=company.owner)


def test_of_two_steps_at_once_one_is_taken(company: Company, enter: Enter) -> None:
    case = enter("Night photography")
    other = UseCase.objects.get(pk=case.pk)
    actions.move_state(case, "triaged", by=company.reviewer, data={"lowest": "low", "highest": "low"})
    with pytest.raises(ConflictError):
        actions.move_state(other, "suspended", by=company.chair)
    assert (case.state, case.highest, case.moved_by) == ("triaged", "low", company.reviewer.key)


def test_work_on_a_stopped_use_goes_on_but_never_lets_it_run_again(company: Company, enter: Enter) -> None:
    case = enter("Night photography")
    actions.move_state(case, "suspended", by=company.chair)
    assert (case.state, case.suspended_from) == ("suspended", "notified")
    actions.move_state(case, "triaged", by=company.reviewer, data={"lowest": "low", "highest": "low"})
    assert (case.state, case.suspended_from, case.highest) == ("suspended", "triaged", "low")
    with pytest.raises(OfficeError):
        actions.move_state(case, "decided", by=company.reviewer)
    actions.move_state(case, case.suspended_from, by=company.chair, lift=True)
    assert (case.state, case.suspended_from) == ("triaged", "")
