"""A bundle with a harm mapping is in order for every verifier, also for the single file that knows nothing of harms."""

from __future__ import annotations

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.harms import ExposureAnswer, HarmAnswer
from hakari.assessment.manifest import load_manifest
from hakari.evidence import create_key
from hakari.workflows.harm_mapping import HarmRoom
from tests.contract.bending import Sample
from tests.contract.second_opinion import of_hakari, of_the_file
from tests.unit.workflows._project import QUESTIONS, requirement, run, write_answers, write_project


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A signed bundle of a small project whose harms are mapped."""
    folder = write_project(
        tmp_path_factory.mktemp("mapped"),
        requirement("asked", questions=QUESTIONS),
        subjects={},
        columns={},
        facts={"people": False, "decides_about_people": True},
    )
    write_answers(folder, heard="no")
    room = HarmRoom.of(folder, load_manifest(folder))
    room.record_exposure("subject_of", ExposureAnswer(who="申込者", by="engineer"))
    room.record_harm("scoring-wrong-no", HarmAnswer(applies="yes", against="A person looks."))
    return run(folder, key=create_key(folder / "engineer.pem")).bundle.read_bytes()


def test_both_verifiers_find_it_in_order(content: bytes) -> None:
    sample = Sample("mapped", content, None, "in order")
    ours, mine = of_hakari(sample), of_the_file(sample)
    assert (ours.genuine, ours.recomputed) == ("yes", "yes"), ours.told
    assert ours.compared == mine.compared, mine.told


def test_a_changed_word_in_it_is_found_by_both(content: bytes) -> None:
    files, _ = unpack_archive(content)
    names = [name for name in files if name.startswith("evidence/")]
    name = max(names, key=lambda item: len(files[item]))
    payload = files[name].replace(b'"payload":"', b'"payload":"e30', 1)
    sample = Sample("bent", pack_archive({**files, name: payload}), None, "caught")
    ours, mine = of_hakari(sample), of_the_file(sample)
    assert (ours.genuine, mine.genuine) == ("no", "no")
    assert any(name in members for members in mine.members)
