from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hakari.packs import check_fact_values, read_pack
from tests.unit.packs.example import FILES

PACK = read_pack(FILES, name="lending")


def test_facts_that_fit_give_no_message() -> None:
    facts = {"decides": True, "people": 3.5, "domain": "hiring", "launch": date(2026, 1, 2), "country": "Japan"}
    assert check_fact_values(PACK, facts) == ()


@pytest.mark.parametrize("fact", [fact.id for fact in PACK.facts])
@pytest.mark.parametrize("value", [None, "unknown"])
def test_every_fact_may_be_unknown(fact: str, value: str | None) -> None:
    assert check_fact_values(PACK, {fact: value}) == ()


@pytest.mark.parametrize(
    ("fact", "value", "says"),
    [
        ("decides", "yes", "yes"),
        ("decides", 1, "1"),
        ("people", True, "True"),
        ("people", "12", "12"),
        ("people", float("nan"), "nan"),
        ("domain", "hirring", "hiring"),
        ("domain", ["hiring"], "hiring"),
        ("launch", "2026-13-01", "2026-13-01"),
        ("launch", 20260101, "20260101"),
        ("country", "x" * 10_001, "10,000"),
        ("decide", True, "decides"),
    ],
)
def test_a_fact_that_does_not_fit_is_named_with_its_value(fact: str, value: Any, says: str) -> None:
    (message,) = check_fact_values(PACK, {fact: value})
    assert f"“{fact}”" in str(message)
    assert says in str(message)
