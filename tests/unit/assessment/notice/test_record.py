"""The notice as evidence: read back whole, and found out where it was changed without its reference number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.assessment.notice import is_notice, notice_faults, notice_in, record_of
from hakari.assessment.notice.model import DecisionNotice
from hakari.assessment.notice.record import referenced
from hakari.evidence import Evidence, Producer, Subject, decode, encode
from tests.unit.assessment.notice._texts import both, notice

SUBJECTS = (Subject(role="model", kind="file", name="m.onnx", digest="ab" * 32),)


def record(told: DecisionNotice, now: str = "2026-11-22T09:00:00+00:00") -> Evidence:
    return record_of(told, SUBJECTS, seed=7, producer=Producer(name="E"), now=now)


def test_a_notice_is_read_back_as_it_was_recorded() -> None:
    told = notice()
    again = decode(Evidence, encode(record(told)))

    assert is_notice(again)
    assert notice_in({"a": again}) == told
    assert (again.subjects, again.seed) == (SUBJECTS, 7)


def test_the_newest_notice_counts() -> None:
    old, new = notice(date="2026-11-01"), notice(date="2026-11-22")
    records = {"a": record(new, "2026-11-22T00:00:00+00:00"), "b": record(old, "2026-11-01T00:00:00+00:00")}
    assert notice_in(records) == new


def test_the_reference_number_follows_from_everything_in_the_notice() -> None:
    assert notice().reference == notice().reference
    assert notice(decision=both("Another.")).reference != notice().reference


def test_a_notice_that_was_changed_under_its_number_is_found() -> None:
    bent = replace(notice(), decision=both("You get the loan."))

    found = list(notice_faults({"a": record(notice()), "b": record(bent)}))

    assert [identifier for identifier, _ in found] == ["b"]
    assert bent.reference in str(found[0][1])


def test_a_number_that_the_company_gave_is_not_derived() -> None:
    told = referenced(notice(), "2026-0042")
    assert told.reference == "2026-0042"
    assert list(notice_faults({"a": record(told)})) == []


def test_a_malformed_notice_is_a_fault_and_is_not_shown() -> None:
    whole = record(notice())
    assert whole.answer is not None
    broken = replace(whole, answer=replace(whole.answer, value={"reference": "x"}))

    assert [identifier for identifier, _ in notice_faults({"a": broken})] == ["a"]
    assert notice_in({"a": broken}) is None


@pytest.mark.parametrize("kind", ["answer", "measurement"])
def test_other_records_are_no_notices(kind: str) -> None:
    assert not is_notice(replace(record(notice()), kind=kind))  # type: ignore[arg-type]  # a literal
    assert list(notice_faults({"a": replace(record(notice()), answer=None)})) == []
