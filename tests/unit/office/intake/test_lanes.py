from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.office.intake.lanes import LANES, Lane, add_working_days, due_state, lane_of, levels_from, working_days
from hakari.packs.triage.model import LEVELS

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2040, 1, 1))


def by_counting(start: datetime.date, days: int) -> datetime.date:
    """Walk day by day."""
    while days:
        start += datetime.timedelta(days=1)
        days -= start.isoweekday() <= 5
    return start


@given(DAYS, st.integers(0, 40))
def test_working_days_are_those_that_counting_finds(start: datetime.date, days: int) -> None:
    assert add_working_days(start, days) == by_counting(start, days)


@given(DAYS, st.integers(0, 40))
def test_the_days_added_are_the_days_between(start: datetime.date, days: int) -> None:
    assert working_days(start, add_working_days(start, days)) == days


@given(DAYS, DAYS)
def test_working_days_between_are_those_that_counting_finds(first: datetime.date, last: datetime.date) -> None:
    step, found = first, 0
    while step < last and found < 60:
        step += datetime.timedelta(days=1)
        found += step.isoweekday() <= 5
    assert min(working_days(first, last), 60) == found


@pytest.mark.parametrize(
    ("lowest", "highest"), [(a, b) for a in LEVELS for b in LEVELS if LEVELS.index(a) <= LEVELS.index(b)]
)
def test_only_a_low_tier_in_which_nothing_is_open_needs_nobody(lowest: str, highest: str) -> None:
    decided = lowest == highest
    assert (lane_of(highest, decided=decided) == Lane.AT_ONCE) == (highest == "low")
    assert (lane_of(highest, decided=decided) == Lane.OFFICE) == (highest in {"high", "stop"})


def test_a_low_tier_with_an_open_framework_is_looked_at() -> None:
    assert lane_of("low", decided=False) == Lane.UNIT
    assert lane_of("middle", decided=True, delegate=False) == Lane.OFFICE


def test_levels_that_can_be_settled_start_at_what_holds() -> None:
    assert levels_from("middle") == ("middle", "high", "stop")


def test_the_office_does_not_sample_itself() -> None:
    assert {lane: rule.share > 0 for lane, rule in LANES.items()} == {
        Lane.AT_ONCE: True, Lane.UNIT: True, Lane.OFFICE: False,
    }  # fmt: skip


def test_due_is_late_after_its_day_and_soon_two_working_days_before() -> None:
    friday = datetime.date(2026, 11, 20)
    assert due_state(friday, datetime.date(2026, 11, 21)) == "late"
    assert due_state(friday, friday) == due_state(friday, datetime.date(2026, 11, 18)) == "soon"
    assert due_state(friday, datetime.date(2026, 11, 17)) == due_state(None, friday) == ""
