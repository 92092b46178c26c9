"""The gate in its three modes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.assessment.engine import assess
from hakari.assessment.model import Assessment, Finding, GateMode, Status
from hakari.assessment.rules.gate import gate
from tests.unit.assessment._small import given, small_plan


def _finding(name: str, status: Status) -> Finding:
    return Finding(
        requirement=name, pack="p@1", group="g", severity="major", roles=(), stages=(), status=status, reasons=()
    )


def _before(*findings: Finding) -> Assessment:
    return replace(assess(given(small_plan())), findings=findings)


@pytest.mark.parametrize("status", ["met", "not_applicable", "excepted"])
def test_a_stage_closes_on_statuses_that_pass(status: Status) -> None:
    result = gate([_finding("a", status)], mode="full", previous=None)
    assert result.closes
    assert result.holds


@pytest.mark.parametrize("status", ["not_met", "inconclusive", "missing", "stale"])
def test_a_stage_does_not_close_on_others(status: Status) -> None:
    result = gate([_finding("a", "met"), _finding("b", status)], mode="full", previous=None)
    assert not result.closes
    assert not result.holds
    assert result.blocking == ("b",)
    assert result.only_open == (status != "not_met")


def test_advisory_always_holds_and_still_says_that_the_stage_does_not_close() -> None:
    result = gate([_finding("a", "not_met")], mode="advisory", previous=None)
    assert result.holds
    assert not result.closes


@pytest.mark.parametrize(
    ("before", "now", "holds"),
    [
        ("met", "met", True),
        ("not_met", "not_met", True),
        ("not_met", "met", True),
        ("met", "inconclusive", False),
        ("inconclusive", "not_met", False),
        ("excepted", "missing", False),
    ],
)
def test_regression_fails_only_on_what_got_worse(before: Status, now: Status, holds: bool) -> None:
    previous = _before(_finding("a", before))
    assert gate([_finding("a", now)], mode="regression", previous=previous).holds is holds


def test_regression_without_an_accepted_assessment_has_nothing_to_be_worse_than() -> None:
    assert gate([_finding("a", "not_met")], mode="regression", previous=None).holds


@pytest.mark.parametrize("mode", ["advisory", "regression", "full"])
def test_every_status_is_counted(mode: GateMode) -> None:
    result = gate([_finding("a", "met"), _finding("b", "stale")], mode=mode, previous=None)
    assert result.counts["met"] == 1
    assert result.counts["stale"] == 1
    assert sum(result.counts.values()) == 2
