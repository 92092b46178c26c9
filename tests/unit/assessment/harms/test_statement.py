"""The statement joins what people answered with what the facts call up; what nobody answered is open."""

from __future__ import annotations

from dataclasses import replace

from hakari.assessment.harms import ExposureAnswer, HarmAnswer, HarmMap, make_statement
from hakari.packs.harms import EXPOSURES, load_harms, match_incident, matching_harms
from tests.unit.assessment.harms._mapping import FACTS, mapping

LIBRARY = load_harms()


def test_every_harm_that_the_facts_call_up_is_there_though_nobody_answered() -> None:
    found = make_statement(HarmMap(), FACTS, LIBRARY)
    expected = {match.harm.id: match.certain for match in matching_harms(FACTS, LIBRARY)}
    assert {line.harm: line.certain for line in found.harms} == expected
    assert {line.state for line in found.harms} == {"unanswered"}
    assert (found.mapped, found.complete, found.open_exposures) == (False, False, EXPOSURES)


def test_each_answer_has_its_state() -> None:
    states = {line.harm: (line.state, line.open) for line in make_statement(mapping(), FACTS, LIBRARY).harms}
    assert states["scoring-wrong-no"] == ("against", False)
    assert states["scoring-past-repeated"] == ("ruled_out", False)
    assert states["longer-queue"] == ("nothing", True)
    unknown = HarmMap(harms={"scoring-wrong-no": HarmAnswer(applies="unknown")})
    assert make_statement(unknown, FACTS, LIBRARY).harms[0].state == "unknown"


def test_unknown_is_no_answer_to_one_of_the_four_questions() -> None:
    assert make_statement(mapping(), FACTS, LIBRARY).open_exposures == (
        "interacts_with", "suffers_due_to", "excluded_from",
    )  # fmt: skip


def test_what_applies_comes_first_then_what_was_answered_then_what_hangs_on_facts() -> None:
    lines = make_statement(mapping(), FACTS, LIBRARY).harms
    places = [0 if line.certain else 1 if line.answer else 2 for line in lines]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2}


def test_a_harm_that_the_facts_rule_out_is_kept_if_somebody_thought_of_it() -> None:
    asked = HarmMap(harms={"scoring-wrong-no": HarmAnswer(applies="unknown")})
    (line,) = [line for line in make_statement(asked, {"decides_about_people": False}, LIBRARY).harms if line.answer]
    assert (line.harm, line.called, line.certain) == ("scoring-wrong-no", False, False)


def test_a_mapping_is_complete_when_nothing_is_open() -> None:
    called = [line.harm for line in make_statement(HarmMap(), FACTS, LIBRARY).harms]
    everything = HarmMap(
        exposures={exposure: ExposureAnswer(who="Applicants") for exposure in EXPOSURES},
        harms={harm: HarmAnswer(applies="yes", against="A person looks.") for harm in called},
    )
    assert make_statement(everything, FACTS, LIBRARY).complete
    harms = {**everything.harms, called[-1]: HarmAnswer(applies="yes")}
    assert not make_statement(replace(everything, harms=harms), FACTS, LIBRARY).complete


def test_incidents_are_there_unless_a_fact_differs() -> None:
    incident = LIBRARY.incidents[0]
    own = replace(incident, id="ours", facts={"decides_about_people": True})
    found = make_statement(HarmMap(), FACTS, LIBRARY, incidents=[own])
    assert next((line.incident, line.own, line.certain) for line in found.incidents) == ("ours", True, True)
    expected = {item.id for item in LIBRARY.incidents if match_incident(item, FACTS).matches is not False}
    assert {line.incident for line in found.incidents if not line.own} == expected
    other = replace(own, facts={"decides_about_people": False})
    assert not [line for line in make_statement(HarmMap(), FACTS, LIBRARY, incidents=[other]).incidents if line.own]


def test_a_fact_of_the_same_name_with_other_values_is_not_stated_to_the_library() -> None:
    plain = make_statement(HarmMap(), {}, LIBRARY)
    assert make_statement(HarmMap(), {"decides_about_people": "sometimes", "other": 3}, LIBRARY) == plain
