"""Whatever is done to a bundle is caught and named; nothing crashes, nothing is written, nothing grows."""

from __future__ import annotations

import base64
import io
import json
import random
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hakari.assessment.archive import LARGEST_MEMBER, MOST_MEMBERS, pack_archive, unpack_archive
from hakari.assessment.bundle import BUNDLE_SCHEMA, MANIFEST_TYPE, read_bundle, seal_evidence, write_bundle
from hakari.errors import BundleError, HakariError, SignatureError
from hakari.evidence import (
    DirectoryEntry,
    KeyDirectory,
    SigningKey,
    canonical_bytes,
    digest_bytes,
    parse_json,
    read_directory,
    seal,
    write_directory,
)
from hakari.messages import Message
from hakari.workflows.verification import Verification
from hakari.workflows.verify import verify_bundle, verify_bytes
from tests.contract.conftest import NOW, Demo, fixed_key

pytestmark = pytest.mark.usefixtures("quick_engine")

MOST_MEMORY = 300 * 2**20
Files = dict[str, bytes]


@pytest.fixture(autouse=True)
def nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run in an empty folder with an empty temporary folder beside it, and require both to stay empty."""
    here, temporary = tmp_path / "here", tmp_path / "temporary"
    here.mkdir()
    temporary.mkdir()
    monkeypatch.chdir(here)
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    yield
    assert not [*here.iterdir(), *temporary.iterdir()]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "temporary"]


@pytest.fixture
def files(demo: Demo) -> Files:
    return unpack_archive(demo.content)[0]


def problems(found: Verification) -> list[tuple[str, str]]:
    """Return (member, message with its key and arguments) of everything found."""
    return [
        (problem.member, f"{problem.problem.key} {dict(problem.problem.arguments)}")
        for level in found.levels
        for problem in level.problems
    ]


def caught(content: bytes, *names: str, **options: Any) -> str:
    """Require that `content` is refused or found wrong, naming `names`; return all that was said."""
    try:
        found = verify_bytes(content, **options)
    except BundleError as error:
        said = f"{error} {getattr(error, 'message', '')!r}"
    else:
        assert not found.ok
        assert problems(found), "a bundle that is not in order must say why"
        said = " ".join(f"{member} {text}" for member, text in problems(found))
    for name in names:
        assert name in said, said[:2000]
    return said


def resting_on(found: Verification, name: str) -> list[Message]:
    """Return what is said to rest on a member."""
    said = [problem for level in found.levels for problem in level.problems if problem.member == name]
    return [rest for problem in said for rest in problem.rests]


def resigned(parts: Mapping[str, bytes], key: SigningKey, /, **changes: Any) -> bytes:
    """Return a bundle of these files under a fresh manifest by `key`: what somebody who can sign would make."""
    parts = {name: content for name, content in parts.items() if name != "manifest.json"}
    keys = {*parse_json(parts["keys.json"], what="keys")["keys"], key.public.hex}
    parts["keys.json"] = canonical_bytes({"keys": sorted(keys), "schema": 1})
    assessment = parse_json(parts["assessment.json"], what="assessment")
    predicate = {
        "assessment": digest_bytes(parts["assessment.json"]),
        "created_at": NOW,
        "files": {name: digest_bytes(content) for name, content in sorted(parts.items())},
        "plan": assessment["plan"],
        "schema": BUNDLE_SCHEMA,
        "scope": assessment["scope"],
        **changes,
    }
    subjects = [("assessment.json", predicate["assessment"])]
    return pack_archive({**parts, "manifest.json": seal(MANIFEST_TYPE, predicate, subjects, [key])})


def payload_of(envelope: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    return found


def with_payload(envelope: bytes, statement: Mapping[str, Any]) -> bytes:
    outer = json.loads(envelope)
    outer["payload"] = base64.b64encode(canonical_bytes(statement)).decode()
    return canonical_bytes(outer)


def measurement(files: Files, measure: str) -> str:
    """Return the name of the member that holds the evidence of a measure."""
    return next(
        name
        for name in sorted(files)
        if name.startswith("evidence/")
        and (payload_of(files[name])["predicate"].get("measure") or {}).get("id") == measure
    )


# ---------------------------------------------------------------- the bundle as it is


def test_the_untouched_bundle_is_in_order(demo: Demo) -> None:
    found = verify_bytes(demo.content)
    assert found.ok
    assert demo.verified
    assert [level.status for level in found.levels] == ["yes", "yes", "not_done"]


# ---------------------------------------------------------------- changed bytes


def places(size: int, seed: str, count: int) -> list[int]:
    drawn = random.Random(seed).sample(range(size), min(count, size))
    return sorted({0, size - 1, *drawn})


@pytest.mark.parametrize("part", range(3))
def test_a_changed_byte_in_any_member_is_found_and_the_member_named(files: Files, part: int) -> None:
    """Every member; first, last and seeded places; in an archive whose own form is right."""
    for name in sorted(set(files) - {"keys.json"})[part::3]:
        for place in places(len(files[name]), name, 1):
            bent = bytearray(files[name])
            bent[place] ^= 1 << (place % 8)
            found = read_bundle(pack_archive({**files, name: bytes(bent)}))
            named = {fault.member for fault in found.faults}
            assert name in named, (name, place)


@pytest.mark.parametrize(
    "ending",
    [
        "manifest.json",
        "assessment.json",
        "plan.json",
        "keys.json",
        "pack.yaml",
        "fairness.yaml",
        "en.html",
    ],
)
def test_a_changed_byte_is_caught_at_the_door_of_verify(files: Files, ending: str) -> None:
    name = next(name for name in sorted(files) if name.endswith(ending))
    for place in places(len(files[name]), ending, 2):
        bent = bytearray(files[name])
        bent[place] ^= 1
        caught(pack_archive({**files, name: bytes(bent)}), name)


@pytest.mark.parametrize("part", range(2))
def test_a_changed_byte_in_a_record_is_caught_at_the_door_of_verify(files: Files, part: int) -> None:
    for name in [name for name in sorted(files) if name.startswith("evidence/")][part::6]:
        place = places(len(files[name]), name, 1)[1]
        bent = bytearray(files[name])
        bent[place] ^= 1
        caught(pack_archive({**files, name: bytes(bent)}), name)


@pytest.mark.parametrize("part", range(2))
def test_a_changed_byte_of_the_archive_itself_is_caught(demo: Demo, part: int) -> None:
    """Local headers, the central directory and the end record, none of which any digest covers."""
    content = demo.content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        start = archive.start_dir
    inside = [place for entry in entries for place in range(entry.header_offset, entry.header_offset + 30)]
    structure = [*inside, *range(start, len(content))]
    rng = random.Random(f"structure {part}")
    for place in sorted({start, len(content) - 1, *range(len(content) - 22, len(content)), *rng.sample(structure, 40)}):
        bent = bytearray(content)
        bent[place] ^= 1 << rng.randrange(8)
        try:
            found = read_bundle(bytes(bent))
        except BundleError:
            continue
        assert found.faults, place


# ---------------------------------------------------------------- counts, plans, packs


def test_one_changed_count_names_file_requirement_and_verdict(demo: Demo, files: Files) -> None:
    name = measurement(files, "fairness.groups")
    statement = payload_of(files[name])
    table = next(table for table in statement["predicate"]["tables"] if table["name"] == "tally")
    table["rows"][0][-1] += 1
    found = verify_bytes(pack_archive({**files, name: with_payload(files[name], statement)}))
    assert not found.ok
    rests = resting_on(found, name)
    told = [[rest.arguments.get(name) for name in ("requirement", "check", "status")] for rest in rests]
    stated = {
        check["check"]: (finding["requirement"].rsplit(":", 1)[-1].split("@")[0], f"reasons.status.{check['status']}")
        for finding in json.loads(files["assessment.json"])["findings"]
        for check in finding["checks"]
        if check.get("evidence") and check["evidence"] in name
    }
    assert stated
    assert {
        check: (requirement, getattr(status, "key", None)) for requirement, check, status in told if check
    } == stated
    differing = {text for member, text in problems(found) if member == name and "verdict_differs" in text}
    assert any("gap-in-results/selection-rate-gap[race]" in text for text in differing)


def test_a_changed_answer_names_its_requirement(files: Files) -> None:
    predicates = {n: payload_of(files[n])["predicate"] for n in sorted(files) if n.startswith("evidence/")}
    name = next(n for n, predicate in predicates.items() if predicate["kind"] == "answer")
    statement = payload_of(files[name])
    answer = statement["predicate"]["answer"]
    answer["value"] = "unknown"
    found = verify_bytes(pack_archive({**files, name: with_payload(files[name], statement)}))
    assert not found.ok
    rests = resting_on(found, name)
    assert answer["requirement"].rsplit(":", 1)[-1].split("@")[0] in {rest.arguments["requirement"] for rest in rests}


@pytest.mark.parametrize("signer", [7, 9], ids=["the same key", "another key"])
def test_a_changed_count_is_caught_though_record_and_manifest_are_signed_again(files: Files, signer: int) -> None:
    """Under its old name the record has another id; under its new one it is not the one that the findings cite."""
    name = measurement(files, "fairness.groups")
    record = read_bundle(pack_archive(files)).evidence[name[9:-5]]
    table = record.tables[0]
    row = table.rows[0]
    bent = replace(
        record, tables=(replace(table, rows=((*row[:-1], int(str(row[-1])) + 1), *table.rows[1:])), *record.tables[1:])
    )
    identifier, envelope = seal_evidence(bent, fixed_key(signer))
    caught(resigned({**files, name: envelope}, fixed_key(signer)), name)
    others = {key: content for key, content in files.items() if key != name}
    caught(resigned({**others, f"evidence/{identifier}.json": envelope}, fixed_key(signer)), "verdict_differs")


def edited_plan(files: Files) -> bytes:
    plan = json.loads(files["plan.json"])
    for check in plan["checks"]:
        if check["id"] == "gap-in-results/selection-rate-gap[race]":
            check["threshold"] = 0.5
    return canonical_bytes(plan)


def test_a_threshold_edited_after_the_plan_is_caught(files: Files) -> None:
    caught(pack_archive({**files, "plan.json": edited_plan(files)}), "plan.json", "plan_changed", "other_plan")


@pytest.mark.parametrize("signer", [7, 9], ids=["the same key", "another key"])
def test_a_threshold_edited_and_signed_again_is_caught(files: Files, signer: int) -> None:
    """The evidence cites the plan that stood when it was measured."""
    plan = edited_plan(files)
    bent = {**files, "plan.json": plan}
    caught(resigned(bent, fixed_key(signer)), "plan.json", "plan_changed")
    assessment = json.loads(files["assessment.json"])
    assessment["plan"] = digest_bytes(plan)
    bent["assessment.json"] = canonical_bytes(assessment)
    caught(resigned(bent, fixed_key(signer)), "other_plan", measurement(files, "fairness.groups"))


@pytest.mark.parametrize("signed", [False, True], ids=["zipped again", "signed again"])
def test_an_edited_pack_is_caught(files: Files, signed: bool) -> None:
    name = next(name for name in files if name.endswith("requirements/fairness.yaml"))
    bent = {**files, name: files[name].replace(b"threshold: 0.10", b"threshold: 0.30", 1)}
    assert bent[name] != files[name]
    caught(resigned(bent, fixed_key(9)) if signed else pack_archive(bent), "ai-ethics-core", "pack_changed")


def test_a_finding_set_by_hand_is_caught_though_signed_again(files: Files) -> None:
    assessment = json.loads(files["assessment.json"])
    finding = next(item for item in assessment["findings"] if item["status"] == "not_met")
    finding["status"] = "met"
    bent = {**files, "assessment.json": canonical_bytes(assessment)}
    caught(resigned(bent, fixed_key(7)), "status_differs", finding["requirement"].rsplit(":", 1)[-1].split("@")[0])


@pytest.mark.parametrize("field", ["as_of", "scope", "label_source", "plan_registered", "notices"])
def test_what_surrounds_the_findings_cannot_be_edited_either(files: Files, field: str) -> None:
    assessment = json.loads(files["assessment.json"])
    values = {
        "as_of": "2027-12-01",
        "scope": "0" * 64,
        "label_source": "outcome",
        "plan_registered": True,
        "notices": [],
    }
    assessment[field] = values[field]
    caught(resigned({**files, "assessment.json": canonical_bytes(assessment)}, fixed_key(7)))


# ---------------------------------------------------------------- files removed, added, swapped


def test_a_removed_file_is_named(files: Files) -> None:
    for name in sorted(set(files) - {"keys.json"}):
        left = {other: content for other, content in files.items() if other != name}
        if name in ("manifest.json", "assessment.json", "plan.json"):
            with pytest.raises(BundleError):
                verify_bytes(pack_archive(left))
        else:
            assert name in {fault.member for fault in read_bundle(pack_archive(left)).faults}


def test_a_removed_list_of_keys_is_named(files: Files) -> None:
    left = {name: content for name, content in files.items() if name != "keys.json"}
    assert "keys.json" in {fault.member for fault in read_bundle(pack_archive(left)).faults}


@pytest.mark.parametrize(
    "name", ["notes.txt", "evidence/new.json", "packs/other-1.0.0/pack.yaml", "report/report.fr.html"]
)
def test_an_added_file_is_named(files: Files, name: str) -> None:
    caught(pack_archive({**files, name: b"{}"}), name)


def test_evidence_swapped_between_two_signed_bundles_is_caught(files: Files) -> None:
    """Both records are genuine, both bundles are signed by the same key; the record belongs to the other one."""
    name = measurement(files, "fairness.groups")
    record = read_bundle(pack_archive(files)).evidence[name[9:-5]]
    assert record.plan is not None
    foreign = replace(record, plan=replace(record.plan, digest="0" * 64))
    identifier, envelope = seal_evidence(foreign, fixed_key(7))
    caught(pack_archive({**files, name: envelope}), name)
    others = {key: content for key, content in files.items() if key != name}
    other = f"evidence/{identifier}.json"
    said = caught(pack_archive({**others, other: envelope}), name, other)
    assert "other_plan" in said
    caught(resigned({**others, other: envelope}, fixed_key(7)), other, "other_plan")


def test_two_records_swapped_within_a_bundle_are_both_named(files: Files) -> None:
    first, second = [name for name in sorted(files) if name.startswith("evidence/")][:2]
    caught(pack_archive({**files, first: files[second], second: files[first]}), first, second)


def test_a_changed_attachment_is_caught_though_signed_again(files: Files) -> None:
    """Its name is the digest that the answer cites."""
    name = next(name for name in files if name.startswith("attachments/"))
    caught(resigned({**files, name: b"another document"}, fixed_key(9)), name)


# ---------------------------------------------------------------- keys and signatures


def test_another_key_under_the_old_key_id_is_caught(files: Files) -> None:
    """The manifest is signed by another key that claims the id of the first."""
    forged = json.loads(seal(MANIFEST_TYPE, payload_of(files["manifest.json"])["predicate"], [], [fixed_key(9)]))
    forged["signatures"][0]["keyid"] = fixed_key(7).public.id
    caught(pack_archive({**files, "manifest.json": canonical_bytes(forged)}), "manifest.json")


def test_another_key_in_the_list_of_keys_is_caught(files: Files) -> None:
    other = canonical_bytes({"keys": [fixed_key(9).public.hex], "schema": 1})
    caught(pack_archive({**files, "keys.json": other}), "keys.json", "manifest.json")


def test_a_manifest_signed_by_another_key_says_unknown_key(files: Files) -> None:
    """Without a directory no more can be said: whose key signed is printed, and the records keep their own."""
    found = verify_bytes(resigned(files, fixed_key(9)))
    assert found.signed.key == "workflows.verify.unknown_key"
    assert found.signed.arguments["key"] == fixed_key(9).public.id


def test_an_unsigned_bundle_is_not_in_order(files: Files) -> None:
    outer = json.loads(files["manifest.json"])
    outer["signatures"] = []
    found = verify_bytes(pack_archive({**files, "manifest.json": canonical_bytes(outer)}))
    assert not found.ok
    assert found.signed.key == "workflows.verify.unsigned"


def padded(envelope: bytes) -> bytes:
    """Set the bits of a signature's base64 that no decoder reads."""
    outer = json.loads(envelope)
    text = outer["signatures"][0]["sig"]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    assert text.endswith("==")
    outer["signatures"][0]["sig"] = text[:-3] + alphabet[alphabet.index(text[-3]) ^ 1] + "=="
    return canonical_bytes(outer)


def with_signature(envelope: bytes, *more: dict[str, str]) -> bytes:
    outer = json.loads(envelope)
    outer["signatures"] += more
    return canonical_bytes(outer)


def reordered(envelope: bytes) -> bytes:
    return json.dumps(dict(reversed(json.loads(envelope).items())), separators=(",", ":")).encode()


ENVELOPES: dict[str, Callable[[bytes], bytes]] = {
    "padding bits": padded,
    "line end": lambda envelope: envelope + b"\n",
    "white space": lambda envelope: envelope.replace(b":", b": ", 1),
    "reordered keys": reordered,
    "escaped text": lambda envelope: envelope.replace(b'"payload"', b'"\\u0070ayload"', 1),
    "a key twice": lambda envelope: envelope.replace(b'{"payload"', b'{"payloadType":"x","payload"', 1),
    "a field more": lambda envelope: canonical_bytes({**json.loads(envelope), "more": 1}),
    "the same signature twice": lambda envelope: with_signature(envelope, json.loads(envelope)["signatures"][0]),
    "a foreign signature": lambda envelope: with_signature(envelope, {"keyid": "0" * 64, "sig": "AAAA"}),
    "no signature": lambda envelope: canonical_bytes({**json.loads(envelope), "signatures": []}),
    "signatures of another kind": lambda envelope: canonical_bytes({**json.loads(envelope), "signatures": "x"}),
    "another payload type": lambda envelope: canonical_bytes({**json.loads(envelope), "payloadType": "text/plain"}),
    "url-safe base64": lambda envelope: envelope.replace(b"/", b"_").replace(b"+", b"-"),
    "a byte order mark": lambda envelope: b"\xef\xbb\xbf" + envelope,
    "utf-16": lambda envelope: envelope.decode().encode("utf-16"),
    "nothing": lambda envelope: b"",
    "deep JSON": lambda envelope: b"[" * 200_000 + b"]" * 200_000,
    "NaN": lambda envelope: b'{"payload":NaN,"payloadType":"x","signatures":[]}',
    "a huge integer": lambda envelope: b'{"payload":' + b"9" * 5000 + b',"payloadType":"x","signatures":[]}',
    "half of a surrogate pair": lambda envelope: b'{"payload":"\\ud800","payloadType":"x","signatures":[]}',
    "a list": lambda envelope: b"[]",
    "a number": lambda envelope: b"1",
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_another_form_of_an_envelope_is_caught(files: Files, name: str) -> None:
    """Evidence and manifest, and the evidence again under a manifest that was signed after the change."""
    member = measurement(files, "data.profile")
    bent = ENVELOPES[name](files[member])
    assert bent != files[member]
    caught(pack_archive({**files, member: bent}), member)
    if name == "no signature":
        return  # that is legal; tests of their own show what is said of it
    caught(pack_archive({**files, "manifest.json": ENVELOPES[name](files["manifest.json"])}), "manifest.json")
    caught(resigned({**files, member: bent}, fixed_key(7)), member)


def test_a_record_without_its_signature_shows_in_the_assessment(files: Files) -> None:
    member = measurement(files, "data.profile")
    caught(resigned({**files, member: ENVELOPES["no signature"](files[member])}, fixed_key(7)), "assessment.json")


PAYLOADS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another predicate type": lambda statement: {**statement, "predicateType": MANIFEST_TYPE},
    "an unknown field": lambda statement: {**statement, "predicate": {**statement["predicate"], "more": 1}},
    "a field less": lambda s: {**s, "predicate": {k: v for k, v in s["predicate"].items() if k != "producer"}},
    "a predicate that is text": lambda statement: {**statement, "predicate": "x"},
    "a statement that is a list": lambda statement: [statement],
    "no subject": lambda statement: {**statement, "subject": None},
    "tables of another kind": lambda s: {**s, "predicate": {**s["predicate"], "tables": [{"name": "tally"}]}},
    "rows of another length": lambda s: {
        **s, "predicate": {**s["predicate"], "tables": [{"name": "tally", "columns": ["n"], "rows": [[1, 2]]}]}
    },
    "negative counts": lambda s: {
        **s, "predicate": {**s["predicate"], "tables": [{"name": "tally", "columns": ["x", "n"], "rows": [[1, -5]]}]}
    },
    "a time that is no time": lambda s: {**s, "predicate": {**s["predicate"], "effective_at": "yesterday"}},
}  # fmt: skip


@pytest.mark.parametrize("name", PAYLOADS)
def test_another_payload_is_caught_even_when_all_is_signed_again(files: Files, name: str) -> None:
    """Records that the reader must not trust although every signature on them is right."""
    member = measurement(files, "fairness.groups")
    statement = PAYLOADS[name](payload_of(files[member]))
    caught(pack_archive({**files, member: with_payload(files[member], statement)}), member)
    if not isinstance(statement, dict) or not isinstance(statement.get("subject"), list):
        return
    sealed = seal(statement["predicateType"], statement["predicate"], [], [fixed_key(7)])
    left = {key: content for key, content in files.items() if key != member}
    identifier = digest_bytes(canonical_bytes(statement["predicate"]))
    said = caught(resigned({**left, f"evidence/{identifier}.json": sealed}, fixed_key(7)))
    assert identifier in said or "assessment.json" in said


DOCUMENTS: dict[str, Callable[[bytes], bytes]] = {
    "white space": lambda content: content + b" ",
    "reordered keys": reordered,
    "NaN": lambda content: content[:-1] + b',"zz":NaN}',
    "infinity": lambda content: content[:-1] + b',"zz":1e999}',
    "a huge integer": lambda content: content[:-1] + b',"zz":' + b"9" * 5000 + b"}",
    "an integer beyond 2**53": lambda content: content[:-1] + b',"zz":9007199254740993}',
    "a key twice": lambda content: content[:-1] + b',"schema":1}',
    "deep JSON": lambda content: b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an unknown field": lambda content: content[:-1] + b',"zz":1}',
    "a list": lambda content: b"[]",
    "nothing": lambda content: b"",
    "bytes that are no text": lambda content: b"\xff\xfe\x00",
}


@pytest.mark.parametrize("member", ["plan.json", "assessment.json", "keys.json", "previous.json"])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_another_form_of_a_document_is_caught_though_signed_again(files: Files, name: str, member: str) -> None:
    before = files.get(member, files["assessment.json"])
    bent = {**files, member: DOCUMENTS[name](before)}
    caught(pack_archive(bent), member)
    if member == "keys.json":
        return
    parts = dict(bent)
    assessment = parse_json(files["assessment.json"], what="assessment")
    predicate = {
        "assessment": digest_bytes(parts["assessment.json"]), "created_at": NOW, "plan": assessment["plan"],
        "files": {key: digest_bytes(content) for key, content in sorted(parts.items()) if key != "manifest.json"},
        "schema": BUNDLE_SCHEMA, "scope": assessment["scope"],
    }  # fmt: skip
    parts["manifest.json"] = seal(MANIFEST_TYPE, predicate, [], [fixed_key(7)])
    caught(pack_archive(parts), member)


@pytest.mark.parametrize(
    "changes", [{"schema": 2}, {"files": []}, {"files": {"a": 1}}, {"files": None}, {"created_at": None}]
)
def test_a_manifest_of_another_shape_is_caught(files: Files, changes: dict[str, Any]) -> None:
    caught(resigned(files, fixed_key(7), **changes))


# ---------------------------------------------------------------- archives that are no bundle


def archive(entries: list[tuple[zipfile.ZipInfo | str, bytes]], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as target:
        for entry, content in entries:
            target.writestr(entry, content)
    return buffer.getvalue()


def with_name(name: str) -> Callable[[Files], bytes]:
    return lambda files: archive([*files.items(), (name, b"x")])


def linked(files: Files) -> bytes:
    entry = zipfile.ZipInfo("evidence/link.json")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    return archive([*files.items(), (entry, b"/etc/passwd")])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def doubled(files: Files) -> bytes:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return archive([*files.items(), ("plan.json", b"{}")])


def flagged(files: Files) -> bytes:
    """Set the flag of an encrypted member in both headers."""
    content = bytearray(pack_archive(files))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def claimed(size: int) -> Callable[[Files], bytes]:
    """State another size in all headers of the first member."""

    def bend(files: Files) -> bytes:
        content = bytearray(pack_archive(files))
        central = content.index(b"PK\x01\x02")
        for place in (18, central + 20):
            struct.pack_into("<LL", content, place, size, size)
        return bytes(content)

    return bend


def zip64(files: Files) -> bytes:
    """Say that the first member holds 10 GB, in the extra field of ZIP64."""
    content = pack_archive(files)
    central = content.index(b"PK\x01\x02")
    length = struct.unpack_from("<H", content, central + 28)[0]
    extra = struct.pack("<HHQQ", 1, 16, 10 * 2**30, 10 * 2**30)
    bent = bytearray(content)
    struct.pack_into("<LL", bent, central + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", bent, central + 30, len(extra))
    bent[central + 46 + length : central + 46 + length] = extra
    end = bent.rindex(b"PK\x05\x06")
    struct.pack_into("<L", bent, end + 12, struct.unpack_from("<L", bent, end + 12)[0] + len(extra))
    return bytes(bent)


def zip64_end(files: Files) -> bytes:
    """Put a ZIP64 end record before the ordinary one."""
    content = pack_archive(files)
    end = content.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", content, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    return content[:end] + record + locator + content[end:]


def bomb(files: Files) -> bytes:
    """64 MiB of zeros in 64 KiB, which say that they are 10 GB."""
    content = bytearray(archive([("aa", b"\0" * 2**26), *files.items()], compression=zipfile.ZIP_DEFLATED))
    central = content.index(b"PK\x01\x02")
    for place in (22, central + 24):
        struct.pack_into("<L", content, place, 0xFFFFFFF0)
    return bytes(content)


def wrong_checksum(files: Files) -> bytes:
    content = bytearray(pack_archive(files))
    content[14] ^= 1
    content[content.index(b"PK\x01\x02") + 16] ^= 1
    return bytes(content)


def overlapping(files: Files) -> bytes:
    """Let the second entry of the directory point at the first member."""
    content = bytearray(pack_archive(files))
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    struct.pack_into("<L", content, second + 42, 0)
    return bytes(content)


def commented(files: Files) -> bytes:
    buffer = io.BytesIO(pack_archive(files))
    with zipfile.ZipFile(buffer, "a") as target:
        target.comment = b"trust me"
    return buffer.getvalue()


ARCHIVES: dict[str, tuple[Callable[[Files], bytes], str]] = {
    "a path that climbs": (with_name("../outside.json"), "../outside.json"),
    "a path that climbs from inside": (with_name("evidence/../../outside.json"), "outside.json"),
    "an absolute path": (with_name("/etc/cron.d/x"), "/etc/cron.d/x"),
    "a drive": (with_name("c:/windows/x"), "c:/windows/x"),
    "backslashes": (with_name("..\\outside.json"), "outside.json"),
    "a folder": (with_name("evidence/"), "evidence/"),
    "a hidden file": (with_name(".profile"), ".profile"),
    "an empty part": (with_name("evidence//x"), "evidence//x"),
    "upper case": (with_name("PLAN.json"), "PLAN.json"),
    "letters that look alike": (with_name("plаn.json"), "n.json"),
    "a line end in a name": (with_name("evidence/x\n"), "evidence/x"),
    "a very long name": (with_name("a" * 4000), "aaaa"),
    "a symbolic link": (linked, "evidence/link.json"),
    "a name twice": (doubled, "plan.json"),
    "deflated members": (lambda files: archive([*files.items()], compression=zipfile.ZIP_DEFLATED), "assessment.json"),
    "a bomb of 10 GB": (bomb, "aa"),
    "an encrypted member": (flagged, "assessment.json"),
    "a size of 4 GB": (claimed(0xFFFFFFF0), "assessment.json"),
    "a size of zero": (claimed(0), ""),
    "a ZIP64 size of 10 GB": (zip64, "assessment.json"),
    "a ZIP64 end record": (zip64_end, ""),
    "a wrong checksum": (wrong_checksum, "assessment.json"),
    "members that overlap": (overlapping, ""),
    "a comment": (commented, ""),
    "bytes before": (lambda files: b"#!/bin/sh\n" + pack_archive(files), ""),
    "bytes after": (lambda files: pack_archive(files) + b"\0", ""),
    "another order": (lambda files: archive([*sorted(files.items(), reverse=True)]), ""),
    "another date": (lambda files: archive([*sorted(files.items())]), ""),
    "a ZIP inside a ZIP": (lambda files: archive([("case.zip", pack_archive(files))]), ""),
    "half of it": (lambda files: (content := pack_archive(files))[: len(content) // 2], ""),
    "without its last byte": (lambda files: pack_archive(files)[:-1], ""),
    "30,000 members": (lambda files: archive([(f"m{n}", b"") for n in range(30_000)]), f"{30_000}"),
    "a member that is too large": (lambda files: archive([*files.items(), ("big", bytes(LARGEST_MEMBER + 1))]), "big"),
    "nothing": (lambda files: b"", ""),
    "no ZIP": (lambda files: b"hello" * 100, ""),
    "an empty ZIP": (lambda files: archive([]), ""),
    "an end record alone": (lambda files: b"PK\x05\x06" + b"\xff" * 18, ""),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_of_another_form_is_caught(files: Files, name: str) -> None:
    make, said = ARCHIVES[name]
    content = make(files)
    tracemalloc.start()
    began = time.process_time()
    try:
        caught(content, said)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    assert time.process_time() - began < 60, "far more than any of them takes: a guard against endless work"


def test_the_number_of_members_is_limited_below_what_was_tried() -> None:
    assert MOST_MEMBERS < 30_000


@pytest.mark.parametrize("seed", range(3))
def test_noise_never_crashes_the_reader(demo: Demo, seed: int) -> None:
    """Blocks overwritten, cut and doubled at random: an answer or a refusal, never a traceback."""
    rng = random.Random(seed)
    for _ in range(12):
        content = bytearray(demo.content)
        for _ in range(rng.randint(1, 4)):
            start = rng.randrange(len(content))
            length = rng.choice((1, 4, 64, 4096))
            content[start : start + length] = rng.choice((b"", rng.randbytes(length), content[:length]))
        if bytes(content) == demo.content:
            continue
        try:
            assert read_bundle(bytes(content)).faults
        except BundleError:
            continue


def test_a_file_that_is_no_bundle_is_told_in_one_line(tmp_path: Path) -> None:
    for path in (Path("missing.zip"), Path()):
        with pytest.raises(BundleError) as error:
            verify_bundle(path)
        assert "\n" not in str(error.value)


# ---------------------------------------------------------------- key directories


def directory(demo: Demo, **entry: Any) -> KeyDirectory:
    """Return a signed directory that lists the office and, with these dates, the engineer."""
    office = fixed_key(11)
    entries = [DirectoryEntry(key=office.public, name="Office", valid_from="2026-01-01T00:00:00+00:00")]
    if entry:
        entries.append(DirectoryEntry(key=demo.key.public, name="Daniel Reyes", **entry))
    return read_directory(write_directory(entries, issued_at=NOW, key=office), what="keys")


def test_a_key_that_the_directory_knows_is_named(demo: Demo) -> None:
    found = verify_bytes(demo.content, directory=directory(demo, valid_from="2026-01-01T00:00:00+00:00"))
    assert found.ok
    assert found.signed.key == "workflows.verify.key.valid"
    assert found.signed.arguments["name"] == "Daniel Reyes"


def test_a_key_that_the_directory_does_not_know_is_told(demo: Demo) -> None:
    found = verify_bytes(demo.content, directory=directory(demo))
    assert found.signed.key == "workflows.verify.unknown_key"


@pytest.mark.parametrize(
    ("standing", "entry"),
    [
        ("expired", {"valid_from": "2025-01-01T00:00:00+00:00", "valid_until": "2026-01-01T00:00:00+00:00"}),
        ("not_yet", {"valid_from": "2027-01-01T00:00:00+00:00"}),
        ("revoked", {"valid_from": "2025-01-01T00:00:00+00:00", "revoked": "2026-11-22T08:59:59+00:00"}),
    ],
)
def test_a_key_out_of_its_time_is_caught_on_manifest_and_evidence(
    demo: Demo, standing: str, entry: dict[str, str]
) -> None:
    found = directory(demo, **entry)
    said = caught(demo.content, "manifest.json", "evidence/", standing, directory=found)
    assert said.count("key_standing") == 1 + len(read_bundle(demo.content).evidence)
    assert verify_bytes(demo.content, directory=found).signed.key == f"workflows.verify.key.{standing}"


def test_a_key_revoked_after_it_signed_still_counts(demo: Demo) -> None:
    late = directory(demo, valid_from="2025-01-01T00:00:00+00:00", revoked="2026-11-22T09:00:01+00:00")
    assert verify_bytes(demo.content, directory=late).ok


def test_any_changed_byte_of_a_directory_is_refused(demo: Demo) -> None:
    office = fixed_key(11)
    entry = DirectoryEntry(key=office.public, name="Office", valid_from="2026-01-01T00:00:00+00:00")
    content = write_directory([entry], issued_at=NOW, key=office)
    for place in range(len(content)):
        bent = bytearray(content)
        bent[place] ^= 1
        with pytest.raises(HakariError):
            read_directory(bytes(bent), what="keys")


def test_a_directory_signed_by_a_key_that_it_does_not_list_is_refused(demo: Demo) -> None:
    office, other = fixed_key(11), fixed_key(12)
    entry = DirectoryEntry(key=office.public, name="Office", valid_from="2026-01-01T00:00:00+00:00")
    with pytest.raises(SignatureError):
        write_directory([entry], issued_at=NOW, key=other)
    genuine = write_directory([entry], issued_at=NOW, key=office)
    statement = payload_of(genuine)
    forged = seal(statement["predicateType"], statement["predicate"], [], [other])
    with pytest.raises(SignatureError):
        read_directory(forged, what="keys")
    with pytest.raises(SignatureError):
        read_directory(ENVELOPES["no signature"](genuine), what="keys")


def test_the_writer_refuses_names_that_the_reader_would_refuse(files: Files) -> None:
    bundle = read_bundle(pack_archive(files))
    assert bundle.assessment is not None
    assert bundle.plan is not None
    with pytest.raises(BundleError):
        write_bundle(
            assessment=bundle.assessment, plan=bundle.plan, pack_files={}, evidence={"../x": b""}, created_at=NOW
        )
