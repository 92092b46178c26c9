"""The statement as evidence: it comes back as it was, and one that leaves something out is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hakari.assessment.bundle import seal_evidence
from hakari.assessment.harms import (
    HarmStatement,
    is_statement,
    make_statement,
    record_of,
    statement_faults,
    statement_in,
)
from hakari.evidence import Evidence, Producer, canonical_bytes, decode, encode, parse_json
from hakari.packs.harms import load_harms
from tests.unit.assessment._small import NOW, answer
from tests.unit.assessment.harms._mapping import FACTS, mapping

LIBRARY = load_harms()
STATEMENT = make_statement(mapping(), FACTS, LIBRARY)


def record(statement: HarmStatement = STATEMENT, **changes: Any) -> Evidence:
    made = record_of(statement, FACTS, LIBRARY, producer=Producer(name="E"), now=NOW)
    return replace(made, **changes)


def faults(*records: Evidence, facts: dict[str, Any] = FACTS) -> list[str]:
    evidence = {seal_evidence(item, None)[0]: item for item in records}
    return [problem.key for _, problem in statement_faults(evidence, facts, LIBRARY)]


def test_it_comes_back_from_its_bytes_as_it_was() -> None:
    again = decode(Evidence, parse_json(canonical_bytes(encode(record())), what="x"))
    assert is_statement(again)
    assert statement_in({"a": again}) == STATEMENT
    assert faults(again) == []


def test_it_is_as_old_as_its_newest_answer_and_names_the_facts_that_it_read() -> None:
    assert record().effective_at == "2026-11-04T09:00:00+00:00"
    assert record().facts == FACTS


def test_of_several_the_newest_counts_and_an_answer_is_none() -> None:
    later = record(make_statement(mapping("exposures: {}"), FACTS, LIBRARY), collected_at="2026-11-23T09:00:00+00:00")
    assert statement_in({"a": later, "b": record()}) == make_statement(mapping("exposures: {}"), FACTS, LIBRARY)
    assert statement_in({"a": answer("sure", "yes")}) is None


def _left_out(statement: HarmStatement) -> HarmStatement:
    return replace(statement, harms=statement.harms[1:])


def _doubted(statement: HarmStatement) -> HarmStatement:
    first, *others = statement.harms
    return replace(statement, harms=(replace(first, certain=False), *others))


def _no_incident(statement: HarmStatement) -> HarmStatement:
    return replace(statement, incidents=())


@pytest.mark.parametrize("change", [_left_out, _doubted, _no_incident])
def test_a_statement_that_hides_something_is_found(change: Callable[[HarmStatement], HarmStatement]) -> None:
    assert faults(record(change(STATEMENT))) == ["assessment.harms.differs"]


def test_other_facts_than_the_plan_states_are_found() -> None:
    assert faults(record(), facts={**FACTS, "affects_people": False}) == ["assessment.harms.other_facts"]


def test_of_another_library_only_form_and_facts_are_checked() -> None:
    assert faults(record(replace(_left_out(STATEMENT), digest="0" * 64))) == []


def test_what_is_no_statement_is_a_fault_and_is_not_shown() -> None:
    given = record().answer
    assert given is not None
    broken = record(answer=replace(given, value={"library": "harms@1.0.0"}))
    assert faults(broken) == ["evidence.record.malformed"]
    assert statement_in({"a": broken}) is None
