"""Which harms and incidents the facts of a use case call up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hakari.errors import InputError
from hakari.packs.harms import EXPOSURES, by_exposure, match_incident, matching_harms, read_harms
from tests.unit.packs.harms.example import FILES

LIBRARY = read_harms(FILES)
INCIDENT = LIBRARY.incidents[0]


def test_a_harm_is_called_up_by_the_facts() -> None:
    (match,) = matching_harms({"talks_with_people": True, "domain": "games"}, LIBRARY)
    assert (match.harm.id, match.certain, match.unstated) == ("overheard", True, ())
    assert matching_harms({"talks_with_people": True, "domain": "health"}, LIBRARY) == ()


@pytest.mark.parametrize("said", [None, "unknown"])
def test_a_fact_that_nobody_knows_never_counts_as_no(said: str | None) -> None:
    (match,) = matching_harms({"talks_with_people": True, "domain": said}, LIBRARY)
    assert (match.certain, match.unstated) == (False, ("domain",))


def test_one_fact_can_rule_a_harm_out_whatever_the_others_are() -> None:
    assert matching_harms({"talks_with_people": False}, LIBRARY) == ()
    (match,) = matching_harms({}, LIBRARY)
    assert set(match.unstated) == {"talks_with_people", "domain"}


def test_facts_of_other_packs_are_left_alone_and_wrong_ones_are_told() -> None:
    assert matching_harms({"moon_phase": "full", "talks_with_people": False}, LIBRARY) == ()
    with pytest.raises(InputError, match="talks_with_people"):
        matching_harms({"talks_with_people": "often"}, LIBRARY)


def test_a_harm_stands_under_each_of_its_exposures() -> None:
    groups = by_exposure(matching_harms({}, LIBRARY))
    assert tuple(groups) == EXPOSURES
    assert [exposure for exposure, matches in groups.items() if matches] == ["subject_of", "suffers_due_to"]


def test_an_incident_matches_where_every_fact_is_the_same() -> None:
    match = match_incident(INCIDENT, {"talks_with_people": True, "domain": "games", "affects_people": False})
    assert (match.matches, match.same) == (True, ("talks_with_people", "domain"))


def test_one_different_fact_ends_it_even_if_others_are_unknown() -> None:
    match = match_incident(INCIDENT, {"domain": "health"})
    assert (match.matches, match.different, match.unstated) == (False, ("domain",), ("talks_with_people",))


@pytest.mark.parametrize("facts", [{}, {"domain": "games"}, {"domain": "unknown", "talks_with_people": True}])
def test_without_a_difference_unstated_facts_leave_it_open(facts: dict[str, object]) -> None:
    assert match_incident(INCIDENT, facts).matches is None


def test_true_and_one_are_told_apart_by_the_reader_not_here() -> None:
    """Incidents are read against declarations, so a number cannot stand for a yes in one."""
    assert match_incident(replace(INCIDENT, facts={"talks_with_people": True}), {"talks_with_people": False}).different
