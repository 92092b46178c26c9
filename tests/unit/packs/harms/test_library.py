"""The shipped harm library: complete, honest about its sources, and of use for each of the four questions."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from hakari.evidence import encode
from hakari.packs import load_pack
from hakari.packs.harms import (
    EXPOSURES,
    MODALITIES,
    Harm,
    HarmLibrary,
    by_exposure,
    load_harms,
    matching_harms,
    read_incidents,
)
from tests.repository.tree import DOCS, fenced
from tests.unit.packs.library.test_generative_systems import texts


@cache
def library() -> HarmLibrary:
    return load_harms()


def ids(facts: dict[str, Any]) -> set[str]:
    """Return the harms that certainly apply, with every other boolean fact denied."""
    no: dict[str, Any] = {fact.id: False for fact in library().pack.facts if fact.type == "boolean"}
    others = {"domain": "other", "area": "none", "autonomy": "advice", "tier": "high", "narrow_task": "none"}
    return {match.harm.id for match in matching_harms({**no, **others, **facts}, library())}


def test_the_exposures_are_the_four_of_the_published_taxonomy() -> None:
    assert EXPOSURES == ("subject_of", "interacts_with", "suffers_due_to", "excluded_from")
    assert tuple(kind.id for kind in library().exposures) == EXPOSURES
    assert all(kind.sources[0].id == "speech-harms" for kind in library().exposures)


def test_only_what_was_read_in_the_paper_carries_its_name() -> None:
    assert [harm.id for harm in library().harms if harm.sources] == ["speech-false-alarm"]
    assert [source.id for source in library().sources] == ["speech-harms"]
    assert all("Not My Voice" in incident.source.title for incident in library().incidents)


@pytest.mark.parametrize("modality", MODALITIES)
def test_every_kind_of_system_has_harms_of_several_exposures(modality: str) -> None:
    found = [harm for harm in library().harms if harm.modality == modality]
    assert len(found) >= 5
    assert len({exposure for harm in found for exposure in harm.exposures}) >= 3


def test_every_exposure_kind_and_motive_is_used() -> None:
    harms = library().harms
    assert min(Counter(exposure for harm in harms for exposure in harm.exposures).values()) >= 8
    assert {harm.kind for harm in harms} == {kind.id for kind in library().kinds}
    used = {motive for harm in harms for motive in harm.motives}
    assert {motive.id for motive in library().motives} - used <= {"knowledge"}


def test_creators_and_deployers_both_have_motives() -> None:
    holders = Counter(holder for motive in library().motives for holder in motive.held_by)
    assert min(holders["creator"], holders["deployer"]) >= 5


@pytest.mark.parametrize("harm", load_harms().harms, ids=lambda harm: harm.id)
def test_what_is_asked_against_a_harm_is_there(harm: Harm) -> None:
    assert harm.requirements
    for target in harm.requirements:
        reference, _, slug = target.partition(":")
        assert slug in {item.slug for item in load_pack(reference).requirements}


def test_every_text_is_written_in_both_languages() -> None:
    found = [text for part in ("exposures", "kinds", "motives", "harms", "incidents") for text in _texts_of(part)]
    assert len(found) > 150
    assert [text for text in found if not text["en"].strip() or not text["ja"].strip()] == []
    assert [text["en"] for text in found if text["en"] == text["ja"]] == []


def _texts_of(part: str) -> list[Any]:
    return [text for record in getattr(library(), part) for text in texts(encode(record))]


@pytest.mark.parametrize(
    ("facts", "named", "not_named"),
    [
        ({"imitates_person": True, "generates_content": True}, "speech-voice-taken", "robotics-injury"),
        ({"decides_about_people": True}, "scoring-wrong-no", "speech-voice-taken"),
        ({"controls_devices": True, "affects_people": True}, "robotics-unseen-body", "games-cannot-play"),
        ({"domain": "games", "talks_with_people": True}, "games-confidant", "scoring-wrong-no"),
        ({"recommends": True, "affects_people": True}, "recommendation-narrowing", "agent-turned"),
        ({"acts_with_tools": True}, "agent-turned", "text-crisis"),
        ({"identifies_remotely": True}, "image-recognised", "text-flood"),
    ],
)
def test_facts_call_up_the_harms_of_their_kind(facts: dict[str, Any], named: str, not_named: str) -> None:
    assert named in ids(facts)
    assert not_named not in ids(facts)


def test_a_use_case_that_touches_nobody_calls_up_nothing() -> None:
    assert ids({}) == set()


def test_a_voice_assistant_is_asked_all_four_questions() -> None:
    facts = {"talks_with_people": True, "generates_content": True, "affects_people": True, "imitates_person": True}
    groups = by_exposure(matching_harms(facts, library()))
    assert all(any(match.certain for match in matches) for matches in groups.values())


def test_the_records_shown_on_the_page_are_read_as_they_stand() -> None:
    shown = [block for block in fenced(DOCS / "harms.md", "yaml") if block.startswith("incidents:")]
    (incident,) = read_incidents(shown[0].encode(), library())
    assert incident.motives[1].text == {"en": "Launch before the trade fair", "ja": "展示会前の公開"}
