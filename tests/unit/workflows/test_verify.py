"""`hakari verify`: three answers, who signed, and for each problem what rests on it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import MANIFEST_TYPE
from hakari.errors import BundleError, HakariError
from hakari.evidence import (
    DirectoryEntry,
    KeyDirectory,
    SigningKey,
    canonical_bytes,
    create_key,
    digest_bytes,
    read_directory,
    seal,
    write_directory,
)
from hakari.workflows.verification import Level, Verification
from hakari.workflows.verify import verify_bundle, verify_bytes
from tests.unit.workflows._project import NOW, QUESTIONS, check, requirement, run, write_answers, write_project

Document = dict[str, Any]
MEASURED = (requirement("gaps", checks=[check(margin=0.25)]), requirement("asked", questions=QUESTIONS))


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return create_key(tmp_path_factory.mktemp("keys") / "engineer.pem")


def _made(folder: Path, key: SigningKey | None) -> bytes:
    write_project(folder, *MEASURED)
    write_answers(folder, heard="no")
    return run(folder, key=key).bundle.read_bytes()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, key: SigningKey) -> bytes:
    return _made(tmp_path_factory.mktemp("signed"), key)


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return _made(tmp_path_factory.mktemp("unsigned"), None)


def _level(found: Verification, name: str) -> Level:
    return next(level for level in found.levels if level.name == name)


def _statuses(found: Verification) -> list[str]:
    return [level.status for level in found.levels]


def _directory(key: SigningKey, **changes: Any) -> KeyDirectory:
    plain: dict[str, Any] = {"key": key.public, "name": "E. Ng", "valid_from": "2026-01-01T00:00:00+00:00"}
    entry = DirectoryEntry(**{"valid_until": None, "revoked": None, **plain, **changes})
    return read_directory(write_directory([entry], issued_at=NOW, key=key), what="keys")


def _member(content: bytes, change: Callable[[Document], None], prefix: str) -> tuple[str, bytes]:
    """Return a member and the bundle with that member's JSON changed and nothing else."""
    files, _ = unpack_archive(content)
    named = [name for name in sorted(files) if name.startswith(prefix)]
    name = next(name for name in named if prefix != "evidence/" or _is_count(files[name]))
    document = json.loads(files[name])
    change(document)
    return name, pack_archive({**files, name: canonical_bytes(document)})


def _is_count(content: bytes) -> bool:
    kind = json.loads(base64.b64decode(json.loads(content)["payload"]))["predicate"]["kind"]
    return bool(kind == "measurement")


def _one_more(document: Document) -> None:
    statement = json.loads(base64.b64decode(document["payload"]))
    statement["predicate"]["tables"][0]["rows"][0][-1] += 1
    document["payload"] = base64.b64encode(canonical_bytes(statement)).decode()


def test_a_good_bundle_is_genuine_and_recomputed_and_was_not_run_again(signed: bytes) -> None:
    found = verify_bytes(signed)
    assert [level.name for level in found.levels] == ["genuine", "recomputed", "re-run"]
    assert _statuses(found) == ["yes", "yes", "not_done"]
    assert found.ok
    assert [level.problems for level in found.levels] == [(), (), ()]
    assert found.signed.key == "workflows.verify.unknown_key"


def test_an_unsigned_bundle_is_partly_genuine(unsigned: bytes) -> None:
    found = verify_bytes(unsigned)
    assert _statuses(found) == ["partly", "yes", "not_done"]
    assert found.signed.key == "workflows.verify.unsigned"
    assert not found.ok


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, "valid"),
        ({"valid_until": "2027-01-01T00:00:00+00:00"}, "valid"),
        ({"valid_from": "2026-12-01T00:00:00+00:00"}, "not_yet"),
        ({"valid_until": "2026-11-01T00:00:00+00:00"}, "expired"),
        ({"revoked": "2026-11-01T00:00:00+00:00"}, "revoked"),
        ({"revoked": "2026-12-01T00:00:00+00:00"}, "valid"),
    ],
)
def test_a_key_in_the_directory_is_judged_at_the_time_of_signing(
    signed: bytes, key: SigningKey, changes: dict[str, str], standing: str
) -> None:
    found = verify_bytes(signed, directory=_directory(key, **changes))
    assert found.signed.key == f"workflows.verify.key.{standing}"
    assert found.signed.arguments["name"] == "E. Ng"
    genuine = _level(found, "genuine")
    assert genuine.status == ("yes" if standing == "valid" else "no")
    members = {problem.member.partition("/")[0] for problem in genuine.problems}
    assert members == (set() if standing == "valid" else {"manifest.json", "evidence"})


def test_a_key_that_the_directory_does_not_list_stays_unknown(signed: bytes, tmp_path: Path) -> None:
    found = verify_bytes(signed, directory=_directory(create_key(tmp_path / "other.pem")))
    assert (found.signed.key, _level(found, "genuine").status) == ("workflows.verify.unknown_key", "partly")


def test_a_changed_count_is_named_with_file_requirement_and_verdict(signed: bytes) -> None:
    member, bent = _member(signed, _one_more, "evidence/")
    found = verify_bytes(bent)
    problem = next(item for item in _level(found, "genuine").problems if item.member == member)
    (rests,) = problem.rests
    assert (rests.arguments["requirement"], rests.arguments["check"]) == ("gaps", "gaps/gap[sex]")
    assert "reasons.status.met" in repr(rests.arguments["status"])
    assert _level(found, "recomputed").status == "no"


def _status(document: Document) -> None:
    finding = next(item for item in document["findings"] if item["answers"])
    finding["status"] = "met"


def _figure(document: Document) -> None:
    next(item for item in document["findings"] if item["checks"])["checks"][0]["value"] = 0.0


def _added(document: Document) -> None:
    document["findings"].append({**document["findings"][0], "requirement": "urn:x@1"})


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (_status, "status_differs"),
        (_figure, "verdict_differs"),
        (_added, "finding_added"),
        (lambda document: document["findings"].pop(), "finding_missing"),
        (lambda document: document.update(notices=[]), "differs_elsewhere"),
        (lambda document: document["gate"].update(closes=True), "differs_elsewhere"),
    ],
    ids=["status", "figure", "added", "removed", "notices", "gate"],
)
def test_whatever_an_assessment_claims_beyond_its_evidence_is_found(
    signed: bytes, change: Callable[[Document], None], word: str
) -> None:
    _, bent = _member(signed, change, "assessment.json")
    recomputed = _level(verify_bytes(bent), "recomputed")
    assert recomputed.status == "no"
    assert word in {problem.problem.key.rsplit(".", 1)[-1] for problem in recomputed.problems}


def test_a_moved_threshold_is_a_changed_plan(signed: bytes) -> None:
    _, bent = _member(signed, lambda document: document["checks"][0].update(threshold=0.9), "plan.json")
    genuine = _level(verify_bytes(bent), "genuine")
    keys = {(problem.member.partition("/")[0], problem.problem.key.rsplit(".", 1)[-1]) for problem in genuine.problems}
    assert {("plan.json", "changed"), ("plan.json", "plan_changed"), ("evidence", "other_plan")} <= keys


@pytest.mark.parametrize("name", ["measurement", "requirement"])
def test_a_plan_whose_parts_do_not_fit_is_a_problem_and_no_crash(signed: bytes, name: str) -> None:
    _, bent = _member(signed, lambda document: document["checks"][0].update({name: "x"}), "plan.json")
    assert _level(verify_bytes(bent), "recomputed").status == "no"


def test_an_edited_pack_is_named_as_the_pack(signed: bytes) -> None:
    files, _ = unpack_archive(signed)
    name = "packs/office-1.0.0/requirements/all.yaml"
    edited = files[name].replace(b'"threshold": 0.1', b'"threshold": 0.3')
    assert edited != files[name]
    genuine = _level(verify_bytes(pack_archive({**files, name: edited})), "genuine")
    keys = {problem.problem.key.rsplit(".", 1)[-1] for problem in genuine.problems}
    assert {"changed", "pack_changed"} <= keys


def test_a_missing_pack_is_a_problem_at_both_levels(signed: bytes) -> None:
    files, _ = unpack_archive(signed)
    kept = {name: content for name, content in files.items() if not name.startswith("packs/")}
    assert _statuses(verify_bytes(pack_archive(kept)))[:2] == ["no", "no"]


def _resigned(content: bytes, key: SigningKey, **changes: Any) -> bytes:
    files, _ = unpack_archive(content)
    statement = json.loads(base64.b64decode(json.loads(files["manifest.json"])["payload"]))
    predicate = {**statement["predicate"], **changes}
    subjects = [("assessment.json", digest_bytes(files["assessment.json"]))]
    return pack_archive({**files, "manifest.json": seal(MANIFEST_TYPE, predicate, subjects, [key])})


@pytest.mark.parametrize("time", ["yesterday", "", "2026-11-22"])
def test_a_time_that_is_none_is_a_problem_and_no_crash(signed: bytes, key: SigningKey, time: str) -> None:
    found = verify_bytes(_resigned(signed, key, created_at=time), directory=_directory(key))
    assert _level(found, "genuine").status == "no"


def test_a_signed_manifest_over_unsigned_evidence_is_only_partly_genuine(unsigned: bytes, key: SigningKey) -> None:
    files, _ = unpack_archive(unsigned)
    keys = canonical_bytes({"keys": [key.public.hex], "schema": 1})
    content = pack_archive({**files, "keys.json": keys})
    listed = {name: digest_bytes(part) for name, part in unpack_archive(content)[0].items() if name != "manifest.json"}
    assert _level(verify_bytes(_resigned(content, key, files=listed)), "genuine").status == "partly"


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path, signed: bytes) -> None:
    with pytest.raises(BundleError) as caught:
        verify_bundle(tmp_path / "none.zip")
    assert "none.zip" in repr(caught.value.message)
    (tmp_path / "case.zip").write_bytes(signed)
    with pytest.raises(HakariError):
        verify_bundle(tmp_path / "case.zip", keys=tmp_path / "none.json")
    assert verify_bundle(tmp_path / "case.zip").ok


def test_progress_is_told_step_by_step(signed: bytes) -> None:
    told: list[str] = []
    verify_bytes(signed, progress=lambda message: told.append(message.key.rsplit(".", 1)[-1]))
    assert told == ["reading", "recomputing", "rerunning"]
