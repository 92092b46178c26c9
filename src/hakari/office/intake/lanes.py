"""Lanes: who looks at a notification, and by which day. One table, and arithmetic over working days."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db import models

from hakari.packs.triage.model import LEVELS, Level

__all__ = ["LANES", "Lane", "LaneRule", "add_working_days", "due_state", "lane_of", "levels_from", "working_days"]

_SATURDAY = 5
_SOON = 2
"""Working days before the due day from which it is called soon."""


class Lane(models.TextChoices):
    """Who settles the tier of a notification."""

    AT_ONCE = "at_once"
    """Nobody has to: a low tier in which nothing is open is acknowledged with its duties."""
    UNIT = "unit"
    """The nearest delegate of the reporter's unit."""
    OFFICE = "office"
    """The AI ethics office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRule:
    """What one lane promises and how much of it is read again."""

    days: int
    """Working days until it is settled; 0: at once."""
    share: int
    """Percent of what it settled that the office reads again; 0: none, because the office settled it."""


LANES: Final[dict[Lane, LaneRule]] = {
    Lane.AT_ONCE: LaneRule(days=0, share=10),
    Lane.UNIT: LaneRule(days=5, share=20),
    Lane.OFFICE: LaneRule(days=10, share=0),
}


def lane_of(highest: str, *, decided: bool, delegate: bool = True) -> Lane:
    """Return the lane of an outcome: that of the highest level that is possible.

    What is undecided is never acknowledged at once, and where a unit has no delegate the office takes the middle tier.
    """
    if highest in ("high", "stop"):
        return Lane.OFFICE
    if highest == "low" and decided:
        return Lane.AT_ONCE
    return Lane.UNIT if delegate else Lane.OFFICE


def levels_from(lowest: str) -> tuple[Level, ...]:
    """Return the levels that may be settled where rules that hold give `lowest`: it and those above."""
    return LEVELS[LEVELS.index(lowest) :]


def add_working_days(start: datetime.date, days: int) -> datetime.date:
    """Return the day that is `days` working days (Monday to Friday) after `start`; public holidays are not known."""
    found = start
    weeks, rest = divmod(days, 5)
    found += datetime.timedelta(weeks=weeks)
    while found.weekday() >= _SATURDAY:
        # From a weekend the count begins as from the Friday before.
        found -= datetime.timedelta(days=1)
    while rest:
        found += datetime.timedelta(days=1)
        rest -= found.weekday() < _SATURDAY
    return found if days else start


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Return the working days after `first` up to and with `last`; 0 if `last` is not later."""
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    extra = (first + datetime.timedelta(days=weeks * 7 + step) for step in range(1, rest + 1))
    return weeks * 5 + sum(day.weekday() < _SATURDAY for day in extra)


def due_state(due: datetime.date | None, today: datetime.date) -> str:
    """Return `late`, `soon` or nothing."""
    if due is None:
        return ""
    if due < today:
        return "late"
    return "soon" if working_days(today, due) <= _SOON else ""
