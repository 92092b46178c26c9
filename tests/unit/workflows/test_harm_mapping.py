"""The harm mapping of a project: one signed record in the bundle, shown to be whole, without any say in a status."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.bundle import read_bundle, seal_evidence, write_bundle
from hakari.assessment.harms import ExposureAnswer, HarmAnswer, HarmStatement, is_statement, statement_in
from hakari.assessment.manifest import load_manifest
from hakari.errors import HakariError, InputError
from hakari.evidence import Evidence, SigningKey, create_key, decode, encode
from hakari.workflows.assess import AssessRun
from hakari.workflows.harm_mapping import HarmRoom
from hakari.workflows.plan import plan_project
from hakari.workflows.project import open_project
from hakari.workflows.verify import verify_bundle, verify_bytes
from tests.unit.workflows._project import requirement, run, write_manifest, write_project

FACTS = {"people": True, "decides_about_people": True}
PLAIN: dict[str, Any] = {"subjects": {}, "columns": {}, "facts": FACTS, "people": {"owner": "O. Sato"}}
INCIDENTS = """
incidents:
  - id: ours
    harm: scoring-wrong-no
    exposure: subject_of
    title: {en: Forty letters, ja: 40通}
    text: {en: Too early., ja: 早すぎた。}
    who: {en: Applicants, ja: 申込者}
    severity: serious
    date: "2026-03"
    facts: {decides_about_people: true}
    source: {title: Our own record}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_project(tmp_path, requirement("asked"), **PLAIN)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "engineer.pem")


def room(folder: Path, **more: Any) -> HarmRoom:
    return HarmRoom.of(folder, load_manifest(folder), **more)


def mapped(folder: Path) -> Path:
    room(folder).record_exposure("subject_of", ExposureAnswer(who="Applicants", by="owner"))
    room(folder).record_harm("scoring-wrong-no", HarmAnswer(applies="yes", against="A person looks.", by="owner"))
    return folder


def statements(made: AssessRun) -> dict[str, Evidence]:
    bundle = read_bundle(made.bundle.read_bytes())
    return {name: record for name, record in bundle.evidence.items() if is_statement(record)}


def statement(made: AssessRun) -> HarmStatement:
    found = statement_in(statements(made))
    assert found is not None
    return found


def test_without_a_mapping_the_bundle_is_as_it_was(folder: Path) -> None:
    assert statements(run(folder)) == {}


def test_a_mapping_is_one_signed_record_and_the_names_of_roles_stand_in_it(folder: Path, key: SigningKey) -> None:
    made = run(mapped(folder), key=key)
    ((identifier, record),) = statements(made).items()
    assert made.case.signers[identifier] == key.public.id
    assert record.facts == {"decides_about_people": True}
    found = statement(made)
    assert found.exposures["subject_of"].by == "O. Sato"
    assert next(line.state for line in found.harms if line.harm == "scoring-wrong-no") == "against"
    assert [level.status for level in verify_bundle(made.bundle).levels] == ["yes", "yes", "not_done"]


def test_it_changes_no_finding(folder: Path) -> None:
    before = run(folder).assessment
    assert run(mapped(folder)).assessment == before


def test_the_same_mapping_is_stated_once_and_a_changed_one_anew(folder: Path, key: SigningKey) -> None:
    first = statements(run(mapped(folder), key=key))
    again = run(folder, key=key, now="2026-11-23T09:00:00+00:00")
    assert statements(again) == first
    room(folder).record_exposure("excluded_from", ExposureAnswer(who="unknown"))
    changed = run(folder, key=key, now="2026-11-24T09:00:00+00:00")
    assert len(statements(changed)) == 1
    assert statements(changed) != first
    assert statement(changed).open_exposures == ("interacts_with", "suffers_due_to", "excluded_from")


def test_other_facts_call_up_other_harms_and_make_a_new_statement(folder: Path) -> None:
    before = statement(run(mapped(folder)))
    write_manifest(folder, **{**PLAIN, "facts": {**FACTS, "recommends": True}})
    plan_project(open_project(folder))
    after = statement(run(folder))
    certain = [{line.harm for line in item.harms if line.certain} for item in (before, after)]
    assert certain[0] < certain[1]


def test_a_statement_with_a_harm_left_out_is_named_by_verify(folder: Path, key: SigningKey) -> None:
    """Somebody with a key can sign what they like; what the facts call up is derived again all the same."""
    made = run(mapped(folder), key=key)
    ((_, record),) = statements(made).items()
    assert record.answer is not None
    document = encode(record)
    value = document["answer"]["value"]
    value["harms"] = [line for line in value["harms"] if line["harm"] != "scoring-no-record"]
    identifier, envelope = seal_evidence(decode(Evidence, document), key)
    content = _resealed(made, key, {identifier: envelope})
    genuine, recomputed, _ = verify_bytes(content).levels
    assert (genuine.status, recomputed.status) == ("yes", "no")
    (problem,) = recomputed.problems
    assert problem.member == f"evidence/{identifier}.json"
    assert "scoring-no-record" in str(problem.problem)


def _resealed(made: AssessRun, key: SigningKey, evidence: dict[str, bytes]) -> bytes:
    bundle = read_bundle(made.bundle.read_bytes())
    return write_bundle(
        assessment=made.assessment,
        plan=made.case.plan,
        pack_files=bundle.pack_files,
        evidence=evidence,
        keys=[key.public],
        key=key,
        created_at=bundle.created_at,
    )


def test_own_incidents_are_stated_even_where_nobody_mapped_anything(folder: Path) -> None:
    (folder / "incidents.yaml").write_text(INCIDENTS, "utf-8")
    write_manifest(folder, incidents="incidents.yaml", **PLAIN)
    found = statement(run(folder))
    assert not found.mapped
    assert [(line.incident, line.certain) for line in found.incidents if line.own] == [("ours", True)]


def test_a_file_that_the_manifest_names_must_be_there(folder: Path) -> None:
    write_manifest(folder, harms="docs/harms.yaml", **PLAIN)
    with pytest.raises(InputError, match=r"docs/harms\.yaml"):
        run(folder)
    mapped(folder)
    assert (folder / "docs" / "harms.yaml").is_file()
    assert len(statements(run(folder))) == 1


def test_a_mapping_outside_the_folder_or_a_malformed_one_is_refused(folder: Path) -> None:
    write_manifest(folder, harms="../harms.yaml", **PLAIN)
    with pytest.raises(InputError, match="outside"):
        room(folder).load()
    write_manifest(folder, **PLAIN)
    (folder / "harms.yaml").write_text("harms: {nothing: {applies: yes}}\n", "utf-8")
    with pytest.raises(HakariError, match=r"^harms\.yaml:1: "):
        run(folder)
