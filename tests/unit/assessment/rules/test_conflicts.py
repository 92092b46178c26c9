"""Conflicts between packs: the same evidence, and one pack content where another is not."""

from __future__ import annotations

from datetime import date

from hakari.assessment.model import PlannedCheck
from hakari.assessment.rules.conflicts import conflicts_of
from hakari.evidence import Evidence
from tests.unit.assessment._small import answer, counts, planned_check, small_plan
from tests.unit.assessment.rules._two_packs import case_of, drawing, own_check, resting

LATER = date(2026, 12, 10)
"""18 days after the evidence: young enough for `small` (30 days), too old for 5."""


def measured(low: int, *checks: PlannedCheck) -> Evidence:
    """6,000 rows in each group: half of `a` are selected, and `low` of `b`."""
    return counts(small_plan(planned_check(), *checks), {"a": (3000, 6000), "b": (low, 6000)})


def test_a_figure_between_two_lines_meets_one_pack_and_fails_the_other() -> None:
    """The gap is 0.12: `small` wants at most 0.10 and refuses from 0.15; the company refuses from 0.03."""
    mine = own_check(0.02, 0.01)
    case = case_of(drawing(0.02, 0.01), measured(2280, mine), checks=(mine,))
    (found,) = conflicts_of(case).lines
    assert [(side.pack, side.threshold, side.unacceptable, side.status) for side in (found.first, found.second)] == [
        ("small@1.0.0", 0.1, 0.15, "met"),
        ("own@1.0.0", 0.02, 0.03, "not_met"),
    ]
    assert found.differ
    assert found.stricter is found.second


def test_other_lines_with_the_same_result_are_told_as_well() -> None:
    mine = own_check(0.08)
    case = case_of(drawing(0.08), measured(3000, mine), checks=(mine,))
    (found,) = conflicts_of(case).lines
    assert (found.first.status, found.second.status, found.differ) == ("met", "met", False)


def test_neither_line_is_stricter_where_one_accepts_less_and_refuses_later() -> None:
    mine = own_check(0.08, 0.2)
    (found,) = conflicts_of(case_of(drawing(0.08, 0.2), measured(3000, mine), checks=(mine,))).lines
    assert found.stricter is None


def test_the_same_line_is_no_conflict_and_an_override_that_reconciles_ends_one() -> None:
    same = own_check(0.10)
    assert not conflicts_of(case_of(drawing(0.10), measured(3000, same), checks=(same,)))
    assert not conflicts_of(case_of(drawing(0.02), measured(3000, same), checks=(same,)))


def test_an_override_can_make_a_conflict_between_packs_that_agree() -> None:
    mine = own_check(0.02, 0.01)
    assert len(conflicts_of(case_of(drawing(0.10), measured(3000, mine), checks=(mine,))).lines) == 1


def test_a_requirement_that_does_not_apply_conflicts_with_nothing() -> None:
    mine = own_check(0.02)
    pack = drawing(0.02, applies_when="!people")
    assert not conflicts_of(case_of(pack, measured(3000, mine), checks=(mine,)))


def test_evidence_that_one_pack_finds_too_old_and_the_other_does_not_is_a_conflict() -> None:
    case = case_of(resting("gaps", max_age_days=5), measured(3000), day=LATER)
    (found,) = conflicts_of(case).rules
    assert (found.requirement, found.other) == (
        "urn:hakari:requirement:own:narrow@1", "urn:hakari:requirement:small:gaps@1",
    )  # fmt: skip
    assert (found.here, found.there, found.differ, found.stricter) == ("stale", "accepted", True, True)
    assert [reason.key for reason in found.reasons] == ["assessment.stale.age"]


def test_a_stricter_rule_is_told_before_it_matters() -> None:
    (found,) = conflicts_of(case_of(resting("gaps", max_age_days=5), measured(3000))).rules
    assert (found.here, found.there, found.differ) == ("accepted", "accepted", False)


def test_evidence_from_too_near_is_not_counted_by_one_of_two() -> None:
    records = [answer("sure", "yes"), answer("how", "by asking")]
    (found,) = conflicts_of(case_of(resting("asked", least_assurance="second_person"), *records)).rules
    assert (found.here, found.there) == ("missing", "accepted")


def test_a_more_patient_rule_is_a_conflict_only_where_results_differ() -> None:
    patient = resting("gaps", max_age_days=300)
    assert not conflicts_of(case_of(patient, measured(3000)))
    (found,) = conflicts_of(case_of(patient, measured(3000), day=date(2027, 1, 20))).rules
    assert (found.here, found.there, found.stricter) == ("accepted", "stale", False)


def test_where_nothing_is_measured_nothing_is_in_conflict() -> None:
    assert not conflicts_of(case_of(resting("gaps", max_age_days=5)))
