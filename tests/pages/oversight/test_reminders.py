from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from hakari.office.committee.models import Ballot, Condition
from hakari.office.core.mail import send_digests
from hakari.office.core.models import MailItem
from hakari.office.oversight.models import Reminder
from hakari.office.oversight.reminders import remind
from tests.pages.committee.conftest import circulate, make_item
from tests.pages.conftest import Company
from tests.pages.oversight.conftest import decided

pytestmark = pytest.mark.postgres


def _day(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def _due(company: Company, days: int) -> None:
    decided(company)
    Condition.objects.update(due=_day(days))
    MailItem.objects.all().delete()


def _reminders() -> list[MailItem]:
    return list(MailItem.objects.filter(subject__contains="Reminder").order_by("pk"))


def test_owner_and_role_holders_are_reminded_a_week_before(company: Company) -> None:
    _due(company, 7)
    assert remind() == 2
    assert {item.person for item in _reminders()} == {company.owner, company.engineer}
    assert all(item.digest for item in _reminders())
    assert f"Due {_day(7)}: condition 1" in _reminders()[0].body


def test_nobody_is_reminded_earlier(company: Company) -> None:
    _due(company, 8)
    assert remind() == 0


def test_a_second_run_reminds_nobody_again(company: Company) -> None:
    _due(company, 3)
    assert [remind(), remind(), remind(_day(1))] == [2, 0, 0]


def test_what_is_late_is_told_once_and_again_after_four_weeks(company: Company) -> None:
    _due(company, 0)
    counts = {days: remind(_day(days)) for days in (0, 1, 2, 20, 28, 29, 56)}
    assert counts == {0: 2, 1: 2, 2: 0, 20: 0, 28: 2, 29: 0, 56: 2}
    assert "LATE since" in _reminders()[-1].body


def test_a_missed_day_loses_nothing(company: Company) -> None:
    _due(company, 7)
    assert remind(_day(3)) == 2


def test_there_is_one_item_a_day_for_each_person_whatever_is_due(company: Company) -> None:
    _due(company, 3)
    condition = Condition.objects.get()
    Condition.objects.create(
        decision=condition.decision, use_case=condition.use_case, number=2, text=condition.text, language="en",
        requirement=condition.requirement, due=_day(-2), rule="requirement",
    )  # fmt: skip
    assert remind() == 2
    item = next(item for item in _reminders() if item.person == company.owner)
    assert item.subject == "Reminder: 2 things are due or late"
    assert len(item.body.splitlines()) == 2


def test_what_is_new_on_the_same_day_waits_until_tomorrow(company: Company) -> None:
    _due(company, 3)
    remind()
    condition = Condition.objects.get()
    Condition.objects.create(
        decision=condition.decision, use_case=condition.use_case, number=2, text=condition.text, language="en",
        requirement=condition.requirement, due=_day(-2), rule="requirement",
    )  # fmt: skip
    assert [remind(), remind(_day(1))] == [0, 2]


def test_a_closed_condition_reminds_nobody(company: Company) -> None:
    _due(company, 1)
    Condition.objects.update(closed_at=timezone.now())
    assert remind() == 0


def test_members_are_reminded_of_votes_the_day_before(company: Company) -> None:
    ballot = circulate(make_item(company), company)
    MailItem.objects.all().delete()
    assert ballot.deadline is not None
    assert remind(timezone.localdate(ballot.deadline) - datetime.timedelta(days=2)) == 0
    eve = timezone.localdate(ballot.deadline) - datetime.timedelta(days=1)
    assert remind(eve) == 4
    assert "Your vote is missing" in _reminders()[0].body
    Ballot.objects.filter(pk=ballot.pk).update(closed_at=timezone.now(), ending="withdrawn")
    Reminder.objects.all().delete()
    assert remind(eve) == 0


def test_a_title_is_told_as_the_reader_may_see_it(company: Company) -> None:
    item = make_item(company, code_name="Marble", visibility="group")
    circulate(item, company)
    item.use_case.people.clear()
    MailItem.objects.all().delete()
    remind(_day(2))
    body = MailItem.objects.get(person=company.member).body
    assert "Marble" in body
    assert "Reply drafts" not in body


def test_who_does_not_see_the_case_is_not_reminded(company: Company) -> None:
    _due(company, 3)
    Condition.objects.get().use_case.people.clear()
    type(Condition.objects.get().use_case).objects.update(visibility="restricted")
    assert remind() == 1
    assert [item.person for item in _reminders()] == [company.owner]


def test_many_late_things_make_a_short_letter(company: Company) -> None:
    _due(company, -1)
    condition = Condition.objects.get()
    for number in range(2, 300):
        Condition.objects.create(
            decision=condition.decision, use_case=condition.use_case, number=number, text=condition.text,
            language="en", requirement=condition.requirement, due=_day(-2), rule="requirement",
        )  # fmt: skip
    remind()
    body = next(item.body for item in _reminders() if item.person == company.owner)
    assert len(body.splitlines()) == 21
    assert "279 more" in body


def test_the_digest_of_the_day_carries_the_reminder(company: Company) -> None:
    _due(company, 2)
    mail.outbox.clear()
    call_command("remind", verbosity=0)
    send_digests()
    assert {to for letter in mail.outbox for to in letter.to} == {company.owner.email, company.engineer.email}
    assert "Reminder: 1 thing is due or late" in str(mail.outbox[0].body)
