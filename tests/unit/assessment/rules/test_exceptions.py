"""Acceptances: they count until a date, for one scope, up to a bound, and never by the hand that made the evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hakari.assessment.engine import assess
from hakari.assessment.model import Exception_, Finding
from tests.unit.assessment._small import NOW, TODAY, counts, given, small_plan

UNSURE = {"a": (50, 100), "b": (40, 100)}
WORST = 0.2369


def _accept(**changes: Any) -> Exception_:
    plan = small_plan()
    exception = Exception_(
        requirement="urn:hakari:requirement:small:gaps@1",
        reason="few applicants yet",
        by="Head of office",
        until=(TODAY + timedelta(days=90)).isoformat(),
        condition="counted again each month",
        bounds={"gaps/gap[g]": 0.5},
        scope=plan.scope,
        created_at=NOW,
        key="office",
    )
    return replace(exception, **changes)


def _finding(exception: Exception_, groups: dict[str, tuple[int, int]] | None = None, **changes: Any) -> Finding:
    plan = small_plan()
    records = () if groups is None else (counts(plan, groups),)
    return assess(given(plan, *records, exceptions=(exception,), **changes)).findings[0]


def test_an_acceptance_in_force_makes_an_inconclusive_finding_excepted() -> None:
    finding = _finding(_accept(), UNSURE)
    assert finding.status == "excepted"
    assert finding.exception == _accept()
    assert "Head of office" in str(finding.reasons[-1])


def test_the_bound_stays_visible_in_the_check() -> None:
    check = _finding(_accept(), UNSURE).checks[0]
    assert check.status == "inconclusive"
    assert check.worst_case is not None


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"until": (TODAY - timedelta(days=1)).isoformat()}, "assessment.exception.expired"),
        ({"scope": "other"}, "assessment.exception.other_scope"),
        ({"key": "engineer"}, "assessment.exception.own_evidence"),
        ({"bounds": {"gaps/gap[g]": 0.15}}, "assessment.exception.worse"),
        ({"bounds": {}}, "assessment.exception.worse"),
    ],
)
def test_an_acceptance_that_does_not_fit_is_void_and_says_why(changes: dict[str, Any], key: str) -> None:
    finding = _finding(_accept(**changes), UNSURE)
    assert finding.status == "inconclusive"
    assert finding.reasons[-1].key == key


def test_it_counts_on_its_last_day() -> None:
    assert _finding(_accept(until=TODAY.isoformat()), UNSURE).status == "excepted"


def test_what_is_met_needs_no_acceptance() -> None:
    assert _finding(_accept(), {"a": (3000, 6000), "b": (3000, 6000)}).status == "met"


def test_the_newest_acceptance_counts() -> None:
    older = _accept(created_at="2026-01-01T00:00:00+00:00")
    newer = _accept(until=(TODAY - timedelta(days=1)).isoformat())
    plan = small_plan()
    finding = assess(given(plan, counts(plan, UNSURE), exceptions=(newer, older))).findings[0]
    assert finding.status == "inconclusive"
