"""`harms.yaml` is read with care, refused with file and line, and written so that it reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.harms import ExposureAnswer, HarmAnswer, HarmMap, HarmMotive, read_map, write_map
from hakari.errors import ManifestError
from hakari.packs.harms import EXPOSURES, load_harms
from tests.unit.assessment.harms._mapping import mapping

LIBRARY = load_harms()


def test_a_mapping_is_read_with_motives_of_the_library_and_in_own_words() -> None:
    found = mapping()
    assert found.exposures["subject_of"].who == "Applicants of six years"
    assert not found.exposures["excluded_from"].known
    assert found.harms["scoring-wrong-no"].motives == (
        HarmMotive(held_by="deployer", motive="saving"),
        HarmMotive(held_by="creator", motive="to be done by spring"),
    )
    assert found.harms["scoring-past-repeated"].because == "Past decisions are not learnt from."


def test_what_is_written_reads_the_same() -> None:
    assert read_map(write_map(mapping()), LIBRARY) == mapping()


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("harms:\n  scoring-wrong-yes: {applies: yes}", 2, "scoring-wrong-no"),
        ("harms:\n  Ours!: {title: Ours, applies: unknown}", 2, "small letters"),
        ("harms:\n  ours: {title: Ours, applies: yes}", 2, "subject_of"),
        ("harms:\n  scoring-wrong-no:\n    applies: yes\n    title: Mine", 4, "has its title"),
        ("harms:\n  scoring-wrong-no:\n    applies: no", 3, "because"),
        ("harms:\n  scoring-wrong-no:\n    applies: yes\n    because: so", 4, "against"),
        ("harms:\n  scoring-wrong-no:\n    applies: no\n    because: so\n    against: much", 5, "not to apply"),
        ("harms:\n  scoring-wrong-no: {applies: maybe}", 2, "unknown"),
        ("harms:\n  scoring-wrong-no: {applies: yes, exposures: [harmed_by]}", 2, "excluded_from"),
        ("harms:\n  scoring-wrong-no: {applies: yes, motives: [{held_by: deployer, motive: savng}]}", 2, "saving"),
        ("harms:\n  scoring-wrong-no: {applies: yes, motives: [{held_by: user, motive: saving}]}", 2, "creator"),
        ("exposures:\n  nobody: {who: x}", 2, "subject_of"),
        ("exposures:\n  subject_of:\n    who: x\n    at: yesterday", 4, "yesterday"),
        (f"exposures:\n  subject_of:\n    who: {'x' * 20_001}", 3, "20,001"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused_with_file_and_line(text: str, line: int, told: str) -> None:
    with pytest.raises(ManifestError, match=told) as error:
        mapping(text)
    assert str(error.value).startswith(f"harms.yaml:{line}: ")
    assert "\n" not in str(error.value)


def test_an_empty_file_maps_nothing() -> None:
    assert mapping("exposures: {}\nharms: {}\n") == HarmMap()


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]) | st.sampled_from("\n:#'\"[]{}&*!|>%@`-? "),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() != "")
entries = st.builds(
    HarmAnswer,
    applies=st.just("yes"),
    exposures=st.lists(st.sampled_from(EXPOSURES), unique=True).map(tuple),
    motives=st.lists(
        st.builds(HarmMotive, held_by=st.sampled_from(["creator", "deployer"]), motive=words.map("x y {}".format)),
        max_size=2,
    ).map(tuple),
    against=words,
    by=words,
)


@given(st.dictionaries(st.sampled_from(EXPOSURES), st.builds(ExposureAnswer, who=words, by=words)), entries)
def test_any_words_survive_the_file(exposures: dict[str, ExposureAnswer], entry: HarmAnswer) -> None:
    found = HarmMap(exposures=exposures, harms={"scoring-wrong-no": entry})  # type: ignore[arg-type]  # the four keys
    assert read_map(write_map(found), LIBRARY) == found
