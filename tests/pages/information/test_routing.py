"""Whom a notice reaches, and what those who may not see a use case learn of it."""

from __future__ import annotations

import pytest
from django.db.models.signals import post_save

from hakari.office.core.models import Event
from hakari.office.information.actions.notices import reach_later
from hakari.office.information.audience import Audience, Condition
from hakari.office.information.late import reach_all, reach_case
from hakari.office.information.models import Notice, Recipient
from hakari.office.information.routing import notices_for, preview, shown_to
from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import NamedPerson
from tests.pages.conftest import Company
from tests.pages.information.conftest import MakeCase, MakeNotice

pytestmark = pytest.mark.postgres

PERSONAL = Audience(conditions=(Condition("personal_data", True),))


def names(notice: Notice) -> set[str]:
    return set(notice.recipients.values_list("person__name", flat=True))


def test_a_bulletin_reaches_owner_reporter_and_delegate_of_matching_cases(
    company: Company, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True}, reporter=company.reporter)
    case(facts={"personal_data": False}, unit=company.music, owner=company.stranger)
    assert names(bulletin(audience=PERSONAL)) == {"Owner", "Reporter", "Delegate"}


def test_a_fact_that_nobody_stated_reaches_the_owner_too(
    company: Company, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={}, unit=company.music, owner=company.stranger)
    assert "Stranger" in names(bulletin(audience=PERSONAL))
    seen = preview(access_of(company.reviewer), PERSONAL)
    assert (seen.sure, seen.open) == (0, 1)


def test_a_unit_holds_what_lies_below_it(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    case(unit=company.lenses, owner=company.engineer)
    case(unit=company.music, owner=company.stranger)
    high = Audience(units=(company.cameras.key,), levels=("middle",))
    assert names(bulletin(audience=high)) == {"Engineer", "Delegate"}


def test_a_unit_as_such_reaches_those_who_hold_a_role_in_it(company: Company, bulletin: MakeNotice) -> None:
    above = company.add("above", "delegate", company.top)
    found = names(bulletin(audience=Audience(units=(company.cameras.key,))))
    assert found == {"Owner", "Reporter", "Delegate", above.name}


def test_a_tier_that_is_not_asked_for_is_not_reached(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    case(lowest="low", highest="low")
    case(lowest="low", highest="high", owner=company.engineer)
    assert names(bulletin(audience=Audience(levels=("high",)))) == {"Engineer", "Delegate"}


@pytest.mark.parametrize("state", ["draft", "retired"])
def test_drafts_and_retired_cases_are_left_out(state: str, case: MakeCase, bulletin: MakeNotice) -> None:
    case(state=state, facts={"personal_data": True})
    assert names(bulletin(audience=PERSONAL)) == set()


def test_closed_accounts_are_left_out(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    case(facts={"personal_data": True})
    Person.objects.filter(pk=company.owner.pk).update(is_active=False)
    assert names(bulletin(audience=PERSONAL)) == {"Delegate"}


def test_a_restricted_case_reaches_its_owner_but_no_delegate_who_does_not_see_it(
    company: Company, case: MakeCase, bulletin: MakeNotice
) -> None:
    hidden = case(facts={"personal_data": True}, visibility="restricted")
    assert names(bulletin(audience=PERSONAL)) == {"Owner"}
    NamedPerson.objects.create(use_case=hidden, person=company.delegate)
    assert names(bulletin(audience=PERSONAL)) == {"Owner", "Delegate"}


def test_the_office_counts_only_what_it_sees(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    case(facts={"personal_data": True}, visibility="restricted", unit=company.music, owner=company.stranger)
    office, head = access_of(company.reviewer), access_of(company.head)
    assert (preview(office, PERSONAL).sure, preview(office, PERSONAL).people) == (0, 0)
    assert (preview(head, PERSONAL).sure, preview(head, PERSONAL).people) == (1, 1)
    notice = bulletin(audience=PERSONAL)
    assert shown_to(office, notice).count() == 0
    assert shown_to(head, notice).count() == 1
    assert not preview(office, PERSONAL).complete
    assert preview(head, PERSONAL).complete


def test_the_event_of_a_bulletin_counts_nobody(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    hidden = case(facts={"personal_data": True}, visibility="restricted")
    bulletin(audience=PERSONAL)
    body = bytes(Event.objects.get(kind="bulletin.published").body).decode()
    assert hidden.key not in body
    assert company.owner.key not in body
    assert "recipients" not in body


def test_a_later_case_gets_what_concerns_it_once(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    notice = bulletin(audience=PERSONAL)
    assert names(notice) == set()
    late = case(facts={"personal_data": True})
    assert notices_for(late) == [notice]
    assert reach_case.call(late.key) == 2
    assert reach_case.call(late.key) == 0
    assert names(notice) == {"Owner", "Delegate"}
    assert all(Recipient.objects.values_list("late", flat=True))
    assert Event.objects.filter(kind="notice.reached").count() == 1


def test_a_second_case_of_a_recipient_is_added_without_a_second_notice(
    company: Company, case: MakeCase, bulletin: MakeNotice
) -> None:
    case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    second = case(facts={"personal_data": True})
    assert reach_later(notice, second) == 0
    assert notice.recipients.get(person=company.owner).cases.count() == 2


def test_the_daily_round_reaches_a_new_owner(company: Company, case: MakeCase, bulletin: MakeNotice) -> None:
    found = case(facts={"personal_data": True})
    notice = bulletin(audience=PERSONAL)
    type(found).objects.filter(pk=found.pk).update(owner=company.engineer)
    assert reach_all() == 1
    assert reach_all() == 0
    assert "Engineer" in names(notice)


def test_an_event_about_a_case_makes_the_room_look(
    company: Company, case: MakeCase, bulletin: MakeNotice, django_capture_on_commit_callbacks: object
) -> None:
    notice, late = bulletin(audience=PERSONAL), case(facts={"personal_data": True})
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # a fixture of pytest-django
        post_save.send(sender=Event, instance=Event(object_kind="use_case", object_key=late.key), created=True)
    assert "Owner" in names(notice)
