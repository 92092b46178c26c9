from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hakari.errors import NotAllowedError, OfficeError
from hakari.office.core.models import Event
from hakari.office.intake.actions.deciding import accept_tier
from hakari.office.intake.actions.sampling import draw_sample, read_sample
from hakari.office.intake.lanes import Lane
from hakari.office.intake.measuring import by_month, mis_triage
from hakari.office.intake.models import Draw, Notification, Reading, Sample, Step
from hakari.office.intake.sampling import draw
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.intake.conftest import LOW, MIDDLE, Write

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]


@pytest.fixture
def settled(write: Write, company: Company) -> list[Notification]:
    """Return three low cases and two of the middle tier, all settled."""
    low = [write(LOW, title=f"Parts {place}") for place in range(3)]
    middle = [write(MIDDLE, title=f"Replies {place}") for place in range(2)]
    return low + [accept_tier(item, seen=item.version, by=company.delegate) for item in middle]


def test_a_draw_takes_its_share_of_each_lane_and_anybody_can_repeat_it(
    settled: list[Notification], company: Company
) -> None:
    drawn = draw_sample(after=0, by=company.reviewer)
    assert drawn is not None
    assert drawn.frame == {"at_once": [3, 1], "unit": [2, 1]}
    again = {
        key for group in (settled[:3], settled[3:]) for key in draw([item.key for item in group], 1, seed=drawn.seed)
    }
    assert set(Sample.objects.values_list("notification__key", flat=True)) == again
    assert drawn.seed.encode() in bytes(Event.objects.get(kind="sample.drawn").body)


def test_each_case_stands_in_one_draw(settled: list[Notification], write: Write, company: Company) -> None:
    draw_sample(after=0, by=company.reviewer)
    with pytest.raises(OfficeError, match="Nothing was settled"):
        draw_sample(after=1, by=company.reviewer)
    write(LOW)
    drawn = draw_sample(after=1, by=company.reviewer)
    assert drawn is not None
    assert drawn.frame == {"at_once": [1, 1]}


def test_two_who_draw_at_once_draw_once(settled: list[Notification], company: Company) -> None:
    draw_sample(after=0, by=company.reviewer)
    assert draw_sample(after=0, by=company.head) is None
    assert Draw.objects.count() == 1


@pytest.mark.parametrize("who", ["delegate", "owner", "auditor", "admin"])
def test_only_the_office_draws(settled: list[Notification], company: Company, who: str) -> None:
    with pytest.raises(NotAllowedError):
        draw_sample(after=0, by=company.people[who])


def test_the_reader_does_not_see_the_tier_before_they_said_theirs(
    settled: list[Notification], company: Company, sign_in: SignIn
) -> None:
    draw_sample(after=0, by=company.reviewer)
    sample = Sample.objects.get(lane=Lane.UNIT)
    client, url = sign_in(company.reviewer), f"/notify/samples/{sample.key}/"
    before = client.get(url).content.decode()
    assert "unit delegate" not in before
    assert 'class="badge tone-accent' not in before
    assert "Delegate" not in before
    client.post(url, {"level": "middle", "remark": ""})
    assert "The same tier as was settled" in client.get(url).content.decode()


def test_whoever_settled_a_case_does_not_read_it_again(settled: list[Notification], company: Company) -> None:
    company.add("both", "reviewer", None)
    draw_sample(after=0, by=company.reviewer)
    sample = Sample.objects.get(lane=Lane.UNIT)
    with pytest.raises(NotAllowedError):
        read_sample(sample, level="middle", remark="", by=company.delegate)
    read_sample(sample, level="middle", remark="", by=company.both)


def test_a_case_settled_too_low_goes_to_the_office(settled: list[Notification], company: Company) -> None:
    draw_sample(after=0, by=company.reviewer)
    sample = Sample.objects.get(lane=Lane.AT_ONCE)
    reading = read_sample(sample, level="high", remark="Workers are watched.", by=company.reviewer)
    found = Notification.objects.get(pk=sample.notification_id)
    assert reading.verdict == "under"
    assert (found.lane, found.step, found.use_case.state, found.use_case.highest) == (
        Lane.OFFICE, Step.WAITING, "notified", "high",
    )  # fmt: skip


def test_reading_twice_keeps_the_first(settled: list[Notification], company: Company) -> None:
    draw_sample(after=0, by=company.reviewer)
    sample = Sample.objects.get(lane=Lane.UNIT)
    read_sample(sample, level="low", remark="", by=company.reviewer)
    read_sample(sample, level="high", remark="", by=company.reviewer)
    assert [item.level for item in Reading.objects.all()] == ["low"]


def test_too_low_and_too_high_are_counted_apart(settled: list[Notification], company: Company) -> None:
    draw_sample(after=0, by=company.reviewer)
    read_sample(Sample.objects.get(lane=Lane.UNIT), level="low", remark="", by=company.reviewer)
    read_sample(Sample.objects.get(lane=Lane.AT_ONCE), level="low", remark="", by=company.reviewer)
    at_once, unit = mis_triage()["lanes"]
    assert [(rate.kind, rate.wrong, rate.read) for rate in unit] == [("wrong", 1, 1), ("under", 0, 1), ("over", 1, 1)]
    assert [rate.wrong for rate in at_once] == [0, 0, 0]


def test_a_restricted_case_is_left_to_those_who_see_it(
    settled: list[Notification], company: Company, sign_in: SignIn
) -> None:
    for item in settled:
        type(item.use_case).objects.filter(pk=item.use_case_id).update(visibility="restricted")
    draw_sample(after=0, by=company.reviewer)
    sample = Sample.objects.first()
    assert sample is not None
    assert sign_in(company.reviewer).get(f"/notify/samples/{sample.key}/").status_code == 404
    assert sign_in(company.head).get(f"/notify/samples/{sample.key}/").status_code == 200


def test_the_dashboard_says_what_was_counted(settled: list[Notification], company: Company, sign_in: SignIn) -> None:
    draw_sample(after=0, by=company.reviewer)
    read_sample(Sample.objects.get(lane=Lane.UNIT), level="high", remark="", by=company.reviewer)
    for language, words in (
        ("en", "Of 1 read again, 1 case had a wrong tier"),
        ("ja", "1 件のうち 1 件で区分が誤っていました"),
    ):
        client = sign_in(company.head)
        client.cookies["language"] = language
        assert words in client.get("/notify/dashboard/").content.decode()
    (month,) = by_month(settled[0].use_case.created_at.date())
    assert (month["all"], sum(month["lanes"])) == (5, 5)
