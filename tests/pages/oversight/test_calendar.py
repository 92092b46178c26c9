from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from hakari.errors import NotAllowedError
from hakari.office.committee.actions.voting import declare, vote
from hakari.office.committee.models import Agenda, Condition, Meeting, Stop, Task
from hakari.office.core.models import FreeText
from hakari.office.oversight.actions import close_feed, open_feed
from hakari.office.oversight.calendars.addresses import secret_of
from hakari.office.oversight.models import CalendarFeed
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import circulate, make_item
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case
from tests.pages.oversight.conftest import decided

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]
SEED = "0123456789abcdefghij"


@pytest.fixture(autouse=True)
def unthrottled(db: None) -> None:
    """Forget who asked how often."""
    cache.clear()


def address_of(person: Person, seed: str = SEED) -> str:
    """Open a feed and return its address."""
    open_feed(person, seed=seed, by=person)
    return f"/oversight/calendar/{secret_of(person, seed)}.ics"


def read(address: str) -> dict[str, Any]:
    """Return the events of a feed by summary, as another program reads them."""
    answer = Client().get(address)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    found = Calendar.from_ical(answer.content)
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def meet(company: Company, **values: Any) -> Meeting:
    """Plan a meeting tomorrow."""
    starts = timezone.now().replace(microsecond=0) + datetime.timedelta(days=1)
    given = {"number": "M-2026-0001", "starts_at": starts, "called_by": company.chair, **values}
    return Meeting.objects.create(**given)


def test_the_owner_finds_condition_and_decision(company: Company) -> None:
    decision = decided(company)
    events, condition = read(address_of(company.owner)), Condition.objects.get()
    due = events[f"Condition due: {decision.number}/1, UC-2026-0001 Reply drafts"]
    assert due["dtstart"].dt == condition.due
    assert due["dtend"].dt == condition.due + datetime.timedelta(days=1)
    ends = events[f"Decision ends: {decision.number}, UC-2026-0001 Reply drafts"]
    assert ends["dtstart"].dt == decision.valid_until


def test_a_closed_condition_leaves_the_calendar(company: Company) -> None:
    decided(company)
    address = address_of(company.owner)
    Condition.objects.update(closed_at=timezone.now())
    assert not [name for name in read(address) if name.startswith("Condition")]


def test_names_of_events_stay_the_same(company: Company) -> None:
    decided(company)
    address = address_of(company.owner)
    first, second = ({str(event["uid"]) for event in read(address).values()} for _ in range(2))
    assert first == second


def test_a_stranger_finds_nothing_of_it(company: Company) -> None:
    decided(company)
    assert read(address_of(company.stranger)) == {}


def test_what_somebody_does_not_see_any_more_leaves_their_calendar(company: Company) -> None:
    decided(company)
    address = address_of(company.engineer)
    assert len(read(address)) == 2
    UseCase.objects.update(visibility="restricted")
    UseCase.objects.get().people.clear()
    assert read(address) == {}


def test_of_a_restricted_case_only_the_number_is_told(company: Company) -> None:
    decided(company)
    UseCase.objects.update(visibility="restricted")
    names = list(read(address_of(company.owner)))
    assert len(names) == 2
    assert all("UC-2026-0001" in name and "Reply" not in name for name in names)


def test_a_member_finds_meetings_with_what_they_see_of_the_agenda(company: Company) -> None:
    item = make_item(company, number="UC-2026-0001")
    meeting = meet(company, place=FreeText.keep("Room 4"))
    Agenda.objects.create(meeting=meeting, item=item, place=1)
    event = read(address_of(company.member))["Ethics committee M-2026-0001"]
    assert event["dtstart"].dt == meeting.starts_at
    assert event["dtend"].dt - event["dtstart"].dt == datetime.timedelta(hours=1)
    assert str(event["location"]) == "Room 4"
    assert str(event["description"]) == f"{item.number} UC-2026-0001 Reply drafts"
    assert "Ethics committee M-2026-0001" not in read(address_of(company.owner))


def test_a_cancelled_meeting_says_so(company: Company) -> None:
    meet(company, standing="cancelled")
    assert str(read(address_of(company.member))["Ethics committee M-2026-0001"]["status"]) == "CANCELLED"


def test_the_deadline_of_a_vote_stands_until_it_is_cast(company: Company) -> None:
    item = make_item(company, number="UC-2026-0001")
    ballot = circulate(item, company)
    address = address_of(company.member)
    event = read(address)[f"Vote by now: {item.number}, UC-2026-0001 Reply drafts"]
    assert event["dtend"].dt == ballot.deadline.replace(microsecond=0)  # type: ignore[union-attr]  # circulated
    declare(item, conflict=False, by=company.member)
    vote(ballot, "approve", by=company.member)
    assert read(address) == {}


def test_a_task_stands_in_the_calendar_of_whoever_has_it(company: Company) -> None:
    case = make_case(company, number="UC-2026-0001")
    stop = Stop.objects.create(
        number="S-1", use_case=case, kind="stop", reason=FreeText.keep("x"), ratify_by=timezone.localdate(), by="x"
    )
    due = timezone.localdate() + datetime.timedelta(days=2)
    Task.objects.create(stop=stop, person=company.owner, text=FreeText.keep("Switch it off."), due=due)
    assert read(address_of(company.owner))["Task due: S-1, UC-2026-0001 Reply drafts"]["dtstart"].dt == due
    assert read(address_of(company.engineer)) == {}


def test_the_feed_reads_in_the_language_of_its_owner(company: Company) -> None:
    company.owner.language = "ja"
    company.owner.save()
    decided(company)
    assert any(name.startswith("条件の期限：") for name in read(address_of(company.owner)))


def test_nothing_on_the_way_keeps_a_feed(company: Company) -> None:
    answer = Client().get(address_of(company.owner))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_the_secret_is_kept_nowhere(company: Company) -> None:
    secret = address_of(company.owner).split("/")[-1].removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert secret not in {str(getattr(feed, field.attname)) for field in feed._meta.concrete_fields}


def test_a_new_address_ends_the_old_one(company: Company) -> None:
    first, second = address_of(company.owner), address_of(company.owner, SEED[::-1])
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)


def test_a_closed_address_opens_nothing(company: Company) -> None:
    address = address_of(company.owner)
    close_feed(CalendarFeed.objects.get(), by=company.owner)
    assert Client().get(address).status_code == 404


def test_the_address_of_a_closed_account_opens_nothing(company: Company) -> None:
    address = address_of(company.owner)
    Person.objects.filter(pk=company.owner.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


def test_nobody_opens_or_closes_the_calendar_of_somebody_else(company: Company, sign_in: SignIn) -> None:
    with pytest.raises(NotAllowedError):
        open_feed(company.owner, seed=SEED, by=company.admin)
    address = address_of(company.owner)
    key = CalendarFeed.objects.get().key
    assert sign_in(company.stranger).post(f"/oversight/calendar/{key}/close/").status_code == 404
    assert Client().get(address).status_code == 200


def test_a_form_sent_twice_makes_one_address(company: Company, sign_in: SignIn) -> None:
    browser = sign_in(company.owner)
    pages = [browser.post("/oversight/calendar/", {"seed": SEED}).content.decode() for _ in range(2)]
    secret = secret_of(company.owner, SEED)
    assert all(f"http://testserver/oversight/calendar/{secret}.ics" in page for page in pages)
    assert CalendarFeed.objects.count() == 1
    assert secret not in browser.get("/oversight/calendar/").content.decode()


def test_the_address_is_closed_on_the_page(company: Company, sign_in: SignIn) -> None:
    address = address_of(company.owner)
    answer = sign_in(company.owner).post(f"/oversight/calendar/{CalendarFeed.objects.get().key}/close/")
    assert answer.headers["Location"] == "/oversight/calendar/"
    assert Client().get(address).status_code == 404


def test_who_asks_too_often_is_slowed_down(company: Company) -> None:
    address = address_of(company.owner)
    statuses = [Client().get(address).status_code for _ in range(62)]
    assert (statuses[59], statuses[61]) == (200, 429)
    guesses = [Client().get(f"/oversight/calendar/{number:064x}.ics").status_code for number in range(62)]
    assert (guesses[59], guesses[61]) == (404, 429)


def test_reading_a_feed_costs_the_same_whatever_is_in_it(company: Company) -> None:
    decided(company)
    address, counts = address_of(company.owner), []
    for number in (2, 12):
        for other in range(number, number + 5):
            meet(company, number=f"M-2026-{other:04}")
        Client().get(address)
        with CaptureQueriesContext(connection) as asked:
            read(address)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("name", "status"),
    [("member", 200), ("chair", 200), ("reviewer", 200), ("auditor", 200), ("owner", 404), ("outsider", 404)],
)
def test_one_meeting_is_a_file_for_those_who_are_told_of_meetings(
    company: Company, sign_in: SignIn, name: str, status: int
) -> None:
    meeting = meet(company)
    answer = sign_in(company.people[name]).get(f"/oversight/meetings/{meeting.key}.ics")
    assert answer.status_code == status
    if status == 200:
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        assert str(event["uid"]) == f"meeting-{meeting.key}@hakari"
