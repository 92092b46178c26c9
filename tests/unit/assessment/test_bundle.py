"""The case bundle: equal input makes equal bytes, and the reader names every member that was touched and reads on."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import Bundle, read_bundle, seal_evidence, seal_exception, write_bundle
from hakari.assessment.engine import assess
from hakari.assessment.model import Exception_
from hakari.errors import BundleError
from hakari.evidence import SigningKey, canonical_bytes, create_key, digest_bytes
from tests.unit.assessment._small import NOW, PACK, REQUIREMENTS, counts, given, small_plan

PLAN = small_plan()
RECORD = counts(PLAN, {"a": (50, 100), "b": (40, 100)})
FILES = {"small@1.0.0": {"pack.yaml": PACK, "requirements/fair.yaml": REQUIREMENTS}}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return create_key(tmp_path_factory.mktemp("keys") / "engineer.pem")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return create_key(tmp_path_factory.mktemp("keys") / "office.pem")


def _acceptance(key: SigningKey, **changes: Any) -> Exception_:
    plain: dict[str, Any] = {
        "requirement": "urn:hakari:requirement:small:gaps@1", "reason": "r", "by": "Head", "until": "2027-01-01",
        "condition": "c", "scope": PLAN.scope, "created_at": NOW, "key": key.public.id,
    }  # fmt: skip
    return Exception_(**plain | changes)


def _bundle(key: SigningKey | None, *others: SigningKey, **changes: Any) -> bytes:
    identifier, envelope = seal_evidence(RECORD, key)
    plain: dict[str, Any] = {
        "assessment": assess(given(PLAN, RECORD)), "plan": PLAN, "pack_files": FILES,
        "evidence": {identifier: envelope}, "reports": {"report.en.html": b"<html>"},
        "attachments": {digest_bytes(b"minutes"): b"minutes"}, "key": key, "created_at": NOW,
        "keys": [item.public for item in (key, *others) if item],
    }  # fmt: skip
    return write_bundle(**plain | changes)


def _with(content: bytes, **members: bytes | None) -> Bundle:
    files, _ = unpack_archive(content)
    renamed = {name.replace("__", "/").replace("_json", ".json"): value for name, value in members.items()}
    return read_bundle(pack_archive({k: v for k, v in {**files, **renamed}.items() if v is not None}))


def _faults(bundle: Bundle) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fault in bundle.faults:
        assert "\n" not in str(fault.problem)
        found.setdefault(fault.member, set()).add(fault.problem.key.rsplit(".", 1)[-1])
    return found


def test_equal_input_gives_equal_bytes(key: SigningKey) -> None:
    assert _bundle(key) == _bundle(key)


def test_a_good_bundle_reads_as_it_was_written(key: SigningKey) -> None:
    bundle = read_bundle(_bundle(key))
    assert bundle.faults == ()
    assert bundle.plan == PLAN
    assert bundle.assessment == assess(given(PLAN, RECORD))
    assert list(bundle.evidence.values()) == [RECORD]
    assert bundle.signers == {seal_evidence(RECORD, key)[0]: key.public.id}
    assert (bundle.signed_by, bundle.created_at) == ((key.public.id,), NOW)
    assert bundle.pack_files == FILES
    assert bundle.previous is None


def test_an_unsigned_bundle_reads_without_a_fault_and_without_a_signer() -> None:
    bundle = read_bundle(_bundle(None))
    assert (bundle.faults, bundle.signed_by, bundle.signers) == ((), (), {})


def test_the_id_of_evidence_is_the_digest_of_its_content_with_or_without_a_signature(key: SigningKey) -> None:
    assert seal_evidence(RECORD, key)[0] == seal_evidence(RECORD, None)[0]


@pytest.mark.parametrize("member", ["assessment.json", "plan.json", "keys.json", "report/report.en.html"])
def test_a_changed_member_is_named(key: SigningKey, member: str) -> None:
    files, _ = unpack_archive(_bundle(key))
    bundle = read_bundle(pack_archive({**files, member: files[member] + b" "}))
    assert "changed" in _faults(bundle)[member]
    assert bundle.signed_by == (key.public.id,)


def test_removed_and_added_members_are_named(key: SigningKey) -> None:
    content = _bundle(key)
    attachment = f"attachments/{digest_bytes(b'minutes')}"
    assert _faults(_with(content, **{attachment: None})) == {attachment: {"removed"}}
    assert _faults(_with(content, notes=b"x")) == {"notes": {"added"}}


def test_a_changed_count_breaks_digest_signature_and_name_and_is_still_read(key: SigningKey) -> None:
    content = _bundle(key)
    files, _ = unpack_archive(content)
    name = next(name for name in files if name.startswith("evidence/"))
    outer = json.loads(files[name])
    statement = json.loads(base64.b64decode(outer["payload"]))
    statement["predicate"]["tables"][0]["rows"][0][-1] += 1
    outer["payload"] = base64.b64encode(canonical_bytes(statement)).decode()
    bundle = read_bundle(pack_archive({**files, name: canonical_bytes(outer)}))
    assert _faults(bundle)[name] == {"changed", "bad_signature", "wrong_id"}
    (record,) = bundle.evidence.values()
    assert record.tables[0].rows[0][-1] == 51
    assert bundle.signers == {}


def test_evidence_under_the_name_of_another_record_is_found(key: SigningKey) -> None:
    content = _bundle(key, evidence={"0" * 64: seal_evidence(RECORD, key)[1]})
    assert _faults(read_bundle(content)) == {f"evidence/{'0' * 64}.json": {"wrong_id"}}


def test_an_acceptance_must_be_signed_by_the_key_that_it_names(key: SigningKey, office: SigningKey) -> None:
    good = seal_exception(_acceptance(office), office)
    assert read_bundle(_bundle(key, office, exceptions=[good])).exceptions == (_acceptance(office),)
    forged = seal_exception(_acceptance(office), key)
    bundle = read_bundle(_bundle(key, office, exceptions=[forged]))
    assert bundle.exceptions == ()
    assert list(_faults(bundle).values()) == [{"exception_key"}]


def test_a_key_that_the_bundle_does_not_list_signs_nothing(key: SigningKey, office: SigningKey) -> None:
    bundle = read_bundle(_bundle(key, keys=[office.public]))
    assert bundle.signed_by == ()
    assert "bad_signature" in _faults(bundle)["manifest.json"]


@pytest.mark.parametrize("member", ["manifest.json", "assessment.json", "plan.json"])
def test_without_its_three_documents_it_is_no_case_bundle(member: str) -> None:
    files, _ = unpack_archive(_bundle(None))
    with pytest.raises(BundleError, match="not a case bundle"):
        read_bundle(pack_archive({name: content for name, content in files.items() if name != member}))


def test_a_document_that_is_not_canonical_is_said_so(key: SigningKey) -> None:
    files, _ = unpack_archive(_bundle(key))
    loose = json.dumps(json.loads(files["plan.json"]), indent=1).encode()
    assert _faults(_with(_bundle(key), plan_json=loose))["plan.json"] == {"changed", "not_canonical"}


def _resealed(key: SigningKey, predicate: Any) -> bytes:
    from hakari.assessment.bundle import MANIFEST_TYPE
    from hakari.evidence import seal

    files, _ = unpack_archive(_bundle(key))
    return pack_archive({**files, "manifest.json": seal(MANIFEST_TYPE, predicate, [("a", "0" * 64)], [key])})


def test_another_schema_of_the_manifest_is_a_fault(key: SigningKey) -> None:
    predicate: Mapping[str, Any] = {"schema": 2, "files": {}, "created_at": NOW}
    assert _faults(read_bundle(_resealed(key, predicate))) == {"manifest.json": {"schema"}}


@pytest.mark.parametrize("files", [["plan.json"], "plan.json", 3, None])
def test_a_strange_list_of_files_is_a_fault_and_no_crash(key: SigningKey, files: Any) -> None:
    bundle = read_bundle(_resealed(key, {"schema": 1, "files": files, "created_at": NOW}))
    assert "manifest.json" in _faults(bundle)


@pytest.mark.parametrize("predicate", [None, [], "text", {}, {"schema": 1}])
def test_a_strange_manifest_is_a_fault_and_no_crash(key: SigningKey, predicate: Any) -> None:
    assert "manifest.json" in _faults(read_bundle(_resealed(key, predicate)))


def test_nothing_is_written_anywhere(key: SigningKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    read_bundle(_bundle(key))
    assert list(tmp_path.iterdir()) == []
