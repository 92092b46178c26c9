from __future__ import annotations

import datetime

import pytest

from hakari.errors import InputError
from hakari.office.oversight.programme.period import read_period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026Q4", "2026-10-01", "2026-12-31"),
        ("2026Q1", "2026-01-01", "2026-03-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        (" 2026-01-01..2026-06-30 ", "2026-01-01", "2026-06-30"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    found = read_period(text)
    assert (found.first, found.last) == (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026Q5",
        "2026-13",
        "2026-01-01",
        "soon",
        "2026-02-01..2026-01-01",
        "2026-02-30..2026-03-01",
        "1999-01-01..2026-01-01",
    ],
)
def test_what_is_no_period_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(InputError, match=r"2026Q4|first day before"):
        read_period(text)
