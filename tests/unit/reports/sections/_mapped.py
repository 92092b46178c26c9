"""Cases for the sections: the example with a harm mapping, and two packs that differ about one measurement."""

from __future__ import annotations

from dataclasses import replace

from hakari.assessment.bundle import seal_evidence
from hakari.assessment.case import Case
from hakari.assessment.harms import make_statement, record_of
from hakari.evidence import Producer
from hakari.packs.harms import load_harms
from tests.unit.assessment._small import NOW
from tests.unit.assessment.harms._mapping import mapping
from tests.unit.assessment.rules._two_packs import case_of, drawing, own_check
from tests.unit.assessment.rules.test_conflicts import measured
from tests.unit.reports._example import example_case


def mapped_case(text: str | None = None) -> Case:
    """Return the example case with the harm mapping in `text`, or with one that has every kind of entry."""
    case, library = example_case(), load_harms()
    facts = {**case.assessment.facts, **library.incidents[0].facts, "decides_about_people": True}
    statement = make_statement(mapping() if text is None else mapping(text), facts, library)
    record = record_of(statement, facts, library, producer=Producer(name="E"), now=NOW)
    identifier, _ = seal_evidence(record, None)
    return replace(case, evidence={**case.evidence, identifier: record})


def differing_case() -> Case:
    """Return a case in which the same gap of 12 points meets one pack and fails the other."""
    mine = own_check(0.02, 0.01)
    return case_of(drawing(0.02, 0.01), measured(2280, mine), checks=(mine,))
