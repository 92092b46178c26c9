"""Reading harms and incidents: what contradicts itself is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakari.errors import PackError
from hakari.packs.harms import load_harms, load_incidents, read_harms, read_incidents
from tests.unit.packs.harms.example import FILES, changed


def test_a_library_is_read_from_its_files() -> None:
    library = read_harms(FILES)
    assert library.reference == "small@1.0.0"
    assert library.pack.name == "ai-ethics-core"
    harm = library.harm("overheard")
    assert harm is not None
    assert harm.exposures == ("subject_of", "suffers_due_to")
    assert (harm.severity, harm.reversible) == ("serious", "no")
    assert library.incidents[0].facts == {"talks_with_people": True, "domain": "games"}


def test_any_change_changes_the_digest() -> None:
    assert read_harms(FILES).digest == read_harms(dict(FILES)).digest
    assert read_harms(changed("speech.yaml", "Neighbours", "Nobody")).digest != read_harms(FILES).digest


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "named"),
    [
        ("library.yaml", "id: excluded_from", "id: bystander", "library.yaml:14", "excluded_from"),
        ("library.yaml", "  - {id: privacy", "  - {id: money", "speech.yaml:5", "privacy"),
        ("library.yaml", "version: 1.0.0", "version: one", "library.yaml:3", "one"),
        ("library.yaml", "ai-ethics-core@1.1.0", "ai-ethics-core@0.0.1", "library.yaml:7", "0.0.1"),
        ("library.yaml", "summary: {en: For tests., ja: tesuto}", "summary: {en: For tests.}", "library.yaml:6", "ja"),
        ("speech.yaml", "[subject_of, suffers_due_to]", "[]", "speech.yaml:6", "exposures"),
        ("speech.yaml", "[subject_of, suffers_due_to]", "[subject_off]", "speech.yaml:6", "subject_off"),
        ("speech.yaml", "motives: [profit]", "motives: [profits]", "speech.yaml:12", "profit"),
        ("speech.yaml", "severity: serious", "severity: awful", "speech.yaml:10", "awful"),
        ("speech.yaml", "talks_with_people &&", "talks_to_people &&", "speech.yaml:13", "talks_with_people"),
        ("speech.yaml", "'games'", "'game'", "speech.yaml:13", "games"),
        ("speech.yaml", "@1.1.0:security", ":security", "speech.yaml:14", "ai-ethics-core:security"),
        ("speech.yaml", "sources: [{id: paper}]", "sources: [{id: papers}]", "speech.yaml:15", "papers"),
        ("told.yaml", "harm: overheard", "harm: overherd", "told.yaml:4", "overheard"),
        ("told.yaml", "exposure: subject_of", "exposure: excluded_from", "told.yaml:5", "excluded_from"),
        ("told.yaml", '"2025-07"', "July", "told.yaml:10", "July"),
        ("told.yaml", '"2025-08-01"', '"2025-08-32"', "told.yaml:13", "2025-08-32"),
        ("told.yaml", ", text: {en: Boredom, ja: taikutsu}", "", "told.yaml:11", "boredom"),
        ("told.yaml", "{talks_with_people: true, domain: games}", "{}", "told.yaml:12", "facts"),
        ("told.yaml", "domain: games", "domain: unknown", "told.yaml:12", "facts"),
        ("told.yaml", "talks_with_people: true", "talks_with_people: 3", "told.yaml:12", "talks_with_people"),
        ("told.yaml", "incidents:", "incident:", "told.yaml:2", "incidents"),
    ],
)
def test_what_contradicts_itself_is_refused_with_file_and_line(
    file: str, old: str, new: str, place: str, named: str
) -> None:
    with pytest.raises(PackError) as caught:
        read_harms(changed(file, old, new))
    told = str(caught.value)
    assert told.startswith(f"harms/{place}: ") or f" harms/{place}: " in told
    assert named in told


def test_a_missing_exposure_is_refused_because_the_list_is_closed() -> None:
    line = "  - {id: excluded_from, title: {en: a, ja: b}, question: {en: a, ja: b}, help: {en: a, ja: b}, "
    with pytest.raises(PackError, match=r"library\.yaml:\d+: These exposures are missing: excluded_from"):
        read_harms(changed("library.yaml", line + "sources: [{id: paper}]}\n", ""))


def test_two_harms_of_one_name_are_refused_with_both_places() -> None:
    with pytest.raises(PackError, match=r"twice\.yaml:3.*speech\.yaml:3"):
        read_harms({**FILES, "twice.yaml": FILES["speech.yaml"]})


def test_a_folder_without_a_header_is_refused() -> None:
    with pytest.raises(PackError, match=r"library\.yaml"):
        read_harms({"speech.yaml": FILES["speech.yaml"]}, name="ours")


def test_a_company_may_keep_its_own_library(tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    assert load_harms(tmp_path).harm("overheard") is not None
    with pytest.raises(PackError, match="nowhere"):
        load_harms(tmp_path / "nowhere")


def test_a_company_keeps_its_incidents_in_a_file_of_the_same_shape(tmp_path: Path) -> None:
    library = read_harms(FILES)
    assert read_incidents(FILES["told.yaml"], library)[0].id == "summer"
    (tmp_path / "ours.yaml").write_bytes(FILES["told.yaml"].replace(b"subject_of", b"interacts_with"))
    with pytest.raises(PackError, match=r"ours\.yaml:5: .*overheard"):
        load_incidents(tmp_path / "ours.yaml", library)
    with pytest.raises(PackError, match=r"none\.yaml"):
        load_incidents(tmp_path / "none.yaml", library)
