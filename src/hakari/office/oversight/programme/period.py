"""The period of a report: a year, a quarter, a month, or from a day to a day."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Final

from hakari.errors import InputError
from hakari.messages import Message, say

__all__ = ["Period", "read_period"]

_NAMED: Final = re.compile(r"(?P<year>20\d\d)(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")
_LONGEST: Final = 366 * 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Some days, in the time zone of the site."""

    name: str
    """As it was asked for: `2026Q4`, `2026-10`, `2026` or `2026-01-01..2026-06-30`."""
    first: datetime.date
    last: datetime.date
    """The last day, which belongs to it."""

    @property
    def words(self) -> Message:
        """How a report names it."""
        return say("office.oversight.period", first=self.first.isoformat(), last=self.last.isoformat())


def read_period(text: str) -> Period:
    """Return the period that a text names.

    Raises:
        InputError: no such form, no such day, the last day before the first, or more than five years.
    """
    stated = text.strip()
    found = _NAMED.fullmatch(stated)
    if found is not None:
        return _named(stated, int(found["year"]), found["quarter"], found["month"])
    start, _, end = stated.partition("..")
    try:
        first, last = datetime.date.fromisoformat(start), datetime.date.fromisoformat(end)
    except ValueError:
        raise InputError(say("office.oversight.period.unknown", period=stated[:40])) from None
    if not first <= last <= first + datetime.timedelta(days=_LONGEST):
        raise InputError(say("office.oversight.period.order", period=stated[:40]))
    return Period(name=f"{first.isoformat()}..{last.isoformat()}", first=first, last=last)


def _named(name: str, year: int, quarter: str | None, month: str | None) -> Period:
    start = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    end = start if month else start + 2 if quarter else 12
    return Period(
        name=name,
        first=datetime.date(year, start, 1),
        last=datetime.date(year, end, calendar.monthrange(year, end)[1]),
    )
