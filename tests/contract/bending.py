"""Good and bent case bundles from a seed, for whoever checks bundles: two verifiers must say the same of each.

    for name, content, directory, expected in bundles(1000, seed=3): …

A bend is an *edit* of what a bundle says and a *route* by which it was sealed again: zipped without any key, signed
again by an attacker's own key, or signed with the engineer's stolen key, so that only recomputation can catch it.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal, NamedTuple

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import EVIDENCE_TYPE, EXCEPTION_TYPE, MANIFEST_TYPE
from hakari.evidence import DirectoryEntry, canonical_bytes, digest_bytes, digest_json, seal, write_directory
from tests.contract.good_cases import ATTACKER, ENGINEER, MANAGER, NOW, OFFICE, case, key_of

Expected = Literal["in order", "caught", "any"]
"""What is known from how the bundle was made: no level says no; some level says no or it is refused; or not known."""


class Sample(NamedTuple):
    """One bundle."""

    name: str
    """What was done to it, and the number of the sample."""
    content: bytes
    directory: bytes | None
    """A key directory to check it with."""
    expected: Expected


def bundles(count: int, seed: int = 0, *, demo: bytes | None = None) -> Iterator[Sample]:
    """Yield `count` bundles: equal arguments give equal bytes. With the bundle of the `demo`, some are made from it.

    A quarter is in order. Of the others every bend comes about as often as every other.
    """
    for number in range(count):
        yield bundle(number, seed, demo=demo)


def bundle(number: int, seed: int = 0, *, demo: bytes | None = None) -> Sample:
    """Return one of them, without making the others."""
    rng = Random(f"bundles {seed} {number}")
    work = _work(rng, f"{seed} {number}", demo if number % 25 == 24 else None)
    if number % 4 == 0:
        directory, told, expected = _directory(rng)
        return Sample(f"{number} good, {work.name}, {told}", work.content, directory, expected)
    name = list(BENDS)[(number - number // 4 - 1 + seed) % len(BENDS)]
    bend, expected = BENDS[name]
    bent = bend(work)
    known = None if bent is None else _directory(rng)[0] if rng.random() < 0.1 else None
    if bent is None or bent == work.content:  # there is nothing of that kind in this case
        return Sample(f"{number} good, {work.name}, no {name}", work.content, None, "in order")
    return Sample(f"{number} {name}, {work.name}", bent, known, expected)


# ---------------------------------------------------------------- a bundle at work


@dataclass(frozen=True, slots=True)
class Work:
    """A bundle in order, opened to be bent."""

    rng: Random
    name: str
    content: bytes
    files: Mapping[str, bytes]

    def json(self, name: str) -> dict[str, Any]:
        """Return a document, free to be changed."""
        found: dict[str, Any] = json.loads(self.files[name])
        return found

    def members(self, *folders: str) -> list[str]:
        """Return the members below these folders."""
        return sorted(name for name in self.files if name.startswith(folders))

    def records(self, kind: str) -> list[str]:
        """Return the members that hold evidence of this kind."""
        return [name for name in self.members("evidence/") if predicate_of(self.files[name])["kind"] == kind]

    def one(self, names: Sequence[str]) -> str | None:
        """Return one of these, drawn."""
        return self.rng.choice(list(names)) if names else None


def _work(rng: Random, seed: str, demo: bytes | None) -> Work:
    if demo is not None:
        return Work(rng, "demo", demo, unpack_archive(demo)[0])
    made = case(f"bundle {seed}")
    return Work(rng, made.name, made.content, unpack_archive(made.content)[0])


def payload_of(envelope: bytes) -> dict[str, Any]:
    """Return the statement in an envelope."""
    found: dict[str, Any] = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    return found


def predicate_of(envelope: bytes) -> dict[str, Any]:
    """Return the predicate in an envelope."""
    found: dict[str, Any] = payload_of(envelope)["predicate"]
    return found


def with_payload(envelope: bytes, statement: Any) -> bytes:
    """Return the envelope around another statement, under the old signature."""
    outer = json.loads(envelope)
    outer["payload"] = base64.b64encode(canonical_bytes(statement)).decode()
    return canonical_bytes(outer)


def resigned(files: Mapping[str, bytes], key: int = ATTACKER, /, **changes: Any) -> bytes:
    """Return a bundle of these files under a fresh manifest, which `key` signs (0: nobody)."""
    parts = {name: content for name, content in files.items() if name != "manifest.json"}
    with_key = [key_of(key)] if key else []
    listed = set(json.loads(parts["keys.json"])["keys"]) if "keys.json" in parts else set()
    parts["keys.json"] = canonical_bytes({"keys": sorted({*listed, *(k.public.hex for k in with_key)}), "schema": 1})
    assessment = json.loads(parts["assessment.json"])
    predicate = {
        "assessment": digest_bytes(parts["assessment.json"]),
        "created_at": NOW,
        "files": {name: digest_bytes(content) for name, content in sorted(parts.items())},
        "plan": assessment["plan"],
        "schema": 1,
        "scope": assessment["scope"],
        **changes,
    }
    subject = [("assessment.json", str(predicate["assessment"]))]
    return pack_archive({**parts, "manifest.json": seal(MANIFEST_TYPE, predicate, subject, with_key)})


def rebuilt(work: Work, name: str, predicate: Any, *, key: int = ATTACKER) -> bytes:
    """Return the bundle with one record replaced by another that `key` sealed; the findings cite the new one."""
    old, new = name[9:-5], digest_json(predicate)
    files = {other: content for other, content in work.files.items() if other != name}
    files[f"evidence/{new}.json"] = _seal_record(predicate, new, key)
    files["assessment.json"] = files["assessment.json"].replace(old.encode(), new.encode())
    return resigned(_in_order(_listing(files, key)), key)


def _seal_record(predicate: Any, identifier: str, key: int) -> bytes:
    subjects = [(item["role"], item["digest"]) for item in predicate["subjects"]] or [("evidence", identifier)]
    return seal(EVIDENCE_TYPE, predicate, subjects, [key_of(key)])


def _listing(files: Mapping[str, bytes], key: int) -> dict[str, bytes]:
    """Return the files with `key` in the list of keys."""
    keys = {*json.loads(files["keys.json"])["keys"], key_of(key).public.hex}
    return {**files, "keys.json": canonical_bytes({"keys": sorted(keys), "schema": 1})}


def _in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files with the evidence of each finding in order again: a new digest may sort elsewhere."""
    assessment = json.loads(files["assessment.json"])
    for finding in assessment["findings"]:
        finding["evidence"].sort()
    return {**files, "assessment.json": canonical_bytes(assessment)}


# ---------------------------------------------------------------- key directories


def _entry(seed: int, name: str, since: str = "2026-01-01T00:00:00+00:00", **times: str) -> DirectoryEntry:
    return DirectoryEntry(key=key_of(seed).public, name=name, valid_from=since, **times)


_OFFICE, _MANAGER = _entry(OFFICE, "Office"), _entry(MANAGER, "Manager")
_DIRECTORIES: Mapping[str, tuple[tuple[DirectoryEntry, ...], Expected]] = {
    "keys known": ((_OFFICE, _MANAGER, _entry(ENGINEER, "Daniel 陽")), "in order"),
    "keys not known": ((_OFFICE,), "in order"),
    "keys expired": (
        (_OFFICE, _MANAGER, _entry(ENGINEER, "Daniel", valid_until="2026-11-01T00:00:00+09:00")), "any",
    ),
    "keys not yet valid": ((_OFFICE, _entry(ENGINEER, "Daniel", "2026-11-22T09:00:01+00:00")), "any"),
    "keys revoked": ((_OFFICE, _entry(ENGINEER, "Daniel", revoked="2026-11-22T18:00:00+09:00")), "any"),
    "keys revoked later": ((_OFFICE, _entry(ENGINEER, "Daniel", revoked="2026-11-23T00:00:00Z")), "in order"),
    "keys of the attacker too": ((_OFFICE, _entry(ENGINEER, "Daniel"), _entry(ATTACKER, "Mallory")), "in order"),
}  # fmt: skip


def _directory(rng: Random) -> tuple[bytes | None, str, Expected]:
    told = rng.choice(("no directory", "a bent directory", *_DIRECTORIES))
    if told == "no directory":
        return None, told, "in order"
    entries, expected = _DIRECTORIES["keys known" if told == "a bent directory" else told]
    content = write_directory(entries, issued_at=NOW, key=key_of(OFFICE))
    if told == "a bent directory":
        place = rng.randrange(len(content))
        return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :], told, "caught"
    return content, told, expected


# ---------------------------------------------------------------- the archive

Bend = Callable[[Work], bytes | None]


def _flip(content: bytes, place: int, bit: int = 0) -> bytes:
    return content[:place] + bytes([content[place] ^ (1 << bit)]) + content[place + 1 :]


def _structure(work: Work) -> bytes:
    """Flip a bit in a header or in the directory of the archive, which no digest covers."""
    with zipfile.ZipFile(io.BytesIO(work.content)) as archive:
        places = [entry.header_offset + work.rng.randrange(30) for entry in archive.infolist()]
        places += [work.rng.randrange(archive.start_dir, len(work.content)) for _ in range(20)]
    return _flip(work.content, work.rng.choice(places), work.rng.randrange(8))


def _anywhere(work: Work) -> bytes:
    return _flip(work.content, work.rng.randrange(len(work.content)), work.rng.randrange(8))


def _noise(work: Work) -> bytes:
    content = bytearray(work.content)
    for _ in range(work.rng.randint(1, 4)):
        start, length = work.rng.randrange(len(content)), work.rng.choice((1, 4, 64, 4096))
        content[start : start + length] = work.rng.choice((b"", work.rng.randbytes(length), content[:length]))
    return bytes(content)


def _zipped(entries: Sequence[tuple[zipfile.ZipInfo | str, bytes]], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", **options) as archive:
        warnings.simplefilter("ignore")
        for entry, content in entries:
            archive.writestr(entry, content)
    return buffer.getvalue()


_NAMES = ("../out.json", "/etc/x", "c:/x", "..\\x", "evidence/", ".profile", "evidence//x", "PLAN.json", "plаn.json",
          "x\n", "a" * 4000, "a/b/c/d/e/f", "é.json")  # fmt: skip


def _strange_name(work: Work) -> bytes:
    return _zipped([*work.files.items(), (work.rng.choice(_NAMES), b"x")])


def _link(work: Work) -> bytes:
    entry = zipfile.ZipInfo("evidence/link.json")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    return _zipped([*work.files.items(), (entry, b"/etc/passwd")])


def _twice(work: Work) -> bytes:
    return _zipped([*work.files.items(), (work.rng.choice(sorted(work.files)), b"{}")])


def _compressed(work: Work) -> bytes:
    return _zipped([*sorted(work.files.items())], compression=zipfile.ZIP_DEFLATED)


def _reordered_members(work: Work) -> bytes:
    entries = [*work.files.items()]
    work.rng.shuffle(entries)
    return _zipped(entries)


def _claimed(work: Work) -> bytes:
    """State another size in both headers of the first member."""
    content = bytearray(work.content)
    central, size = content.index(b"PK\x01\x02"), work.rng.choice((0, 1, 0xFFFFFFF0, 0xFFFFFFFF))
    for place in (18, central + 20):
        struct.pack_into("<LL", content, place, size, size)
    return bytes(content)


def _flagged(work: Work) -> bytes:
    content = bytearray(work.content)
    for place in (6, content.index(b"PK\x01\x02") + 8):
        content[place] |= 1
    return bytes(content)


def _overlapping(work: Work) -> bytes:
    content = bytearray(work.content)
    first = content.index(b"PK\x01\x02")
    struct.pack_into("<L", content, content.index(b"PK\x01\x02", first + 4) + 42, 0)
    return bytes(content)


def _commented(work: Work) -> bytes:
    buffer = io.BytesIO(work.content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"trust me"
    return buffer.getvalue()


def _zip64_end(work: Work) -> bytes:
    content = work.content
    end = content.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HLL", content, end + 10)
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    return content[:end] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1) + content[end:]


def _empty(work: Work) -> bytes:
    return work.rng.choice((b"", b"hello" * 100, _zipped([]), b"PK\x05\x06" + b"\xff" * 18, _zipped([("a", b"")])))


# ---------------------------------------------------------------- members


def _byte_of_member(work: Work) -> bytes:
    name = work.rng.choice(sorted(name for name, content in work.files.items() if content))
    bent = _flip(work.files[name], work.rng.randrange(len(work.files[name])), work.rng.randrange(8))
    return pack_archive({**work.files, name: bent})


def _byte_of_listed_member(work: Work) -> bytes | None:
    """A byte of a pack, a record, the plan or the assessment, under a manifest that lists the new digest."""
    name = work.one(work.members("packs/", "evidence/", "exceptions/", "plan.json", "assessment.json", "attachments/"))
    if name is None:
        return None
    bent = _flip(work.files[name], work.rng.randrange(len(work.files[name])), work.rng.randrange(8))
    try:
        return resigned({**work.files, name: bent}, _anybody(work))
    except (ValueError, KeyError, TypeError):
        return pack_archive({**work.files, name: bent})


def _without(work: Work, *folders: str) -> dict[str, bytes] | None:
    name = work.one(work.members(*folders))
    return None if name is None else {other: content for other, content in work.files.items() if other != name}


def _removed(work: Work) -> bytes | None:
    left = _without(work, "")
    return None if left is None else pack_archive(left)


def _removed_and_signed(work: Work) -> bytes | None:
    left = _without(work, "evidence/", "packs/", "exceptions/", "previous.json")
    return None if left is None else resigned(left, _anybody(work))


def _added(work: Work) -> bytes:
    names = ("notes.txt", "evidence/new.json", "packs/other-1.0.0/pack.yaml", "report/report.fr.html", "attachments/x",
             "exceptions/x.json")  # fmt: skip
    bent = {**work.files, work.rng.choice(names): work.rng.choice((b"{}", b"", b"x: [", b"\xff"))}
    return pack_archive(bent) if work.rng.random() < 0.5 else resigned(bent, _anybody(work))


def _renamed(work: Work) -> bytes:
    name = work.rng.choice(sorted(work.files))
    new = work.rng.choice((name + "x", "evidence/" + "0" * 64 + ".json", "a" + name))
    bent = {**{other: content for other, content in work.files.items() if other != name}, new: work.files[name]}
    return pack_archive(bent)


def _swapped(work: Work) -> bytes | None:
    names = work.members("evidence/")
    if len(names) < 2:
        return None
    first, second = work.rng.sample(names, 2)
    bent = {**work.files, first: work.files[second], second: work.files[first]}
    return pack_archive(bent) if work.rng.random() < 0.5 else resigned(bent, _anybody(work))


def _new_report(work: Work) -> bytes:
    """Nothing can catch another report under another signature but the name of who signed."""
    return resigned({**work.files, "report/report.en.html": b"<!doctype html>all is well"}, ATTACKER)


def _anybody(work: Work) -> int:
    return work.rng.choice((ATTACKER, ENGINEER))


# ---------------------------------------------------------------- envelopes

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _padded(envelope: bytes) -> bytes:
    """Set the bits of a signature's base64 that no decoder reads."""
    outer = json.loads(envelope)
    for signature in outer["signatures"][:1]:
        text = signature["sig"]
        signature["sig"] = text[:-3] + _ALPHABET[_ALPHABET.index(text[-3]) ^ 1] + "=="
    return canonical_bytes(outer)


def _outer(**changes: Any) -> Callable[[bytes], bytes]:
    return lambda envelope: canonical_bytes({**json.loads(envelope), **changes})


def _more_signatures(envelope: bytes) -> bytes:
    outer = json.loads(envelope)
    outer["signatures"] += outer["signatures"][:1] or [{"keyid": "0" * 64, "sig": "AAAA"}]
    return canonical_bytes(outer)


def _foreign_signature(envelope: bytes) -> bytes:
    outer = json.loads(envelope)
    outer["signatures"].append({"keyid": "0" * 64, "sig": "AAAA"})
    return canonical_bytes(outer)


def _other_statement(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    return lambda envelope: with_payload(envelope, change(payload_of(envelope)))


ENVELOPES: Mapping[str, Callable[[bytes], bytes]] = {
    "padding bits": _padded,
    "a line end": lambda envelope: envelope + b"\n",
    "white space": lambda envelope: envelope.replace(b":", b": ", 1),
    "reordered keys": lambda e: json.dumps(dict(reversed(json.loads(e).items())), separators=(",", ":")).encode(),
    "escaped text": lambda envelope: envelope.replace(b'"payload"', b'"\\u0070ayload"', 1),
    "a key twice": lambda envelope: envelope.replace(b'{"payload"', b'{"payloadType":"x","payload"', 1),
    "a field more": _outer(more=1),
    "the same signature twice": _more_signatures,
    "a foreign signature": _foreign_signature,
    "signatures of another kind": _outer(signatures="x"),
    "another payload type": _outer(payloadType="text/plain"),
    "a payload that is no text": _outer(payload=1),
    "url-safe base64": lambda envelope: envelope.replace(b"/", b"_").replace(b"+", b"-") + b" ",
    "a byte order mark": lambda envelope: b"\xef\xbb\xbf" + envelope,
    "utf-16": lambda envelope: envelope.decode().encode("utf-16"),
    "nothing": lambda envelope: b"",
    "deep JSON": lambda envelope: b"[" * 100_000 + b"]" * 100_000,
    "NaN": lambda envelope: b'{"payload":NaN,"payloadType":"x","signatures":[]}',
    "a huge integer": lambda envelope: b'{"payload":' + b"9" * 5000 + b',"payloadType":"x","signatures":[]}',
    "half of a surrogate pair": lambda envelope: b'{"payload":"\\ud800","payloadType":"x","signatures":[]}',
    "a list": lambda envelope: b"[]",
    "a number": lambda envelope: b"1",
    "another predicate type": _other_statement(lambda statement: {**statement, "predicateType": "urn:x"}),
    "another statement type": _other_statement(lambda statement: {**statement, "_type": "x"}),
    "a statement that is a list": _other_statement(lambda statement: [statement]),
    "a statement with a field more": _other_statement(lambda statement: {**statement, "more": 1}),
    "no subject": _other_statement(lambda statement: {**statement, "subject": None}),
    "another time": _other_statement(
        lambda s: {**s, "predicate": {**s["predicate"], "created_at": "2026-11-22T08:00:00+00:00"}}
    ),
}


def _envelope(work: Work) -> bytes | None:
    name = work.one(work.members("manifest.json", "evidence/", "exceptions/"))
    if name is None:
        return None
    bent = work.rng.choice(list(ENVELOPES.values()))(work.files[name])
    files = {**work.files, name: bent}
    return (
        resigned(files, _anybody(work)) if name != "manifest.json" and work.rng.random() < 0.5 else pack_archive(files)
    )


def _unsigned(work: Work) -> bytes:
    name = work.rng.choice(work.members("manifest.json", "evidence/"))
    files = {**work.files, name: _outer(signatures=[])(work.files[name])}
    return pack_archive(files) if name == "manifest.json" else resigned(files, ENGINEER)


def _borrowed_id(work: Work) -> bytes:
    """Sign the manifest with the attacker's key under the engineer's key id."""
    forged = json.loads(seal(MANIFEST_TYPE, predicate_of(work.files["manifest.json"]), [], [key_of(ATTACKER)]))
    forged["signatures"][0]["keyid"] = key_of(ENGINEER).public.id
    return pack_archive({**work.files, "manifest.json": canonical_bytes(forged)})


def _other_keys(work: Work) -> bytes:
    listed = work.rng.choice(
        ([key_of(ATTACKER).public.hex], [], ["xyz"], ["A" * 64], [1], "0" * 64, None, [key_of(ENGINEER).public.hex * 2])
    )
    return pack_archive({**work.files, "keys.json": canonical_bytes({"keys": listed, "schema": 1})})


def _manifest_shape(work: Work) -> bytes:
    changes: tuple[dict[str, Any], ...] = (
        {"schema": 2}, {"schema": "1"}, {"schema": True}, {"files": []}, {"files": {"a": 1}}, {"files": None},
        {"created_at": None}, {"created_at": "yesterday"}, {"created_at": "2026-11-22"}, {"assessment": "0" * 64},
        {"plan": "0" * 64}, {"scope": 1}, {"more": 1},
    )  # fmt: skip
    return resigned(work.files, _anybody(work), **work.rng.choice(changes))


# ---------------------------------------------------------------- documents

_NUMBERS = ("value", "low", "high", "threshold", "unacceptable", "error_met", "error_not_met", "coverage", "worst_case")
_STATUSES = ("met", "not_met", "inconclusive", "missing", "stale")


def _sealed(work: Work, files: Mapping[str, bytes]) -> bytes:
    """Seal what was edited by one of the routes."""
    route = work.rng.choice(("zipped", "attacker", "attacker", "stolen", "nobody"))
    if route == "zipped":
        return pack_archive(files)
    return resigned(files, {"attacker": ATTACKER, "stolen": ENGINEER, "nobody": 0}[route])


def _edited(name: str, edit: Callable[[Work, dict[str, Any]], bool | None]) -> Bend:
    """Return the bend that edits a document; an edit that returns False found nothing to edit."""

    def bend(work: Work) -> bytes | None:
        if name not in work.files:
            return None
        document = work.json(name)
        if edit(work, document) is False:
            return None
        return _sealed(work, {**work.files, name: canonical_bytes(document)})

    return bend


def _checks(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [check for finding in document["findings"] for check in finding["checks"]]


def _figure(work: Work, document: dict[str, Any]) -> bool | None:
    places = [(check, name) for check in _checks(document) for name in _NUMBERS if isinstance(check.get(name), float)]
    if not places:
        return False
    check, name = work.rng.choice(places)
    check[name] = check[name] * work.rng.choice((1.0001, 0.5, 1.2)) + work.rng.choice((0.001, 0.0001))
    return None


def _group_line(work: Work, document: dict[str, Any]) -> bool | None:
    lines = [line for check in _checks(document) for line in check["groups"]]
    if not lines:
        return False
    line = work.rng.choice(lines)
    name = work.rng.choice(["rows", "trials", "in_scope", "extreme", "name", "low", "high", "value"])
    value = line[name]
    line[name] = (not value) if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}x"
    if isinstance(value, float):
        line[name] = value + 0.01
    return None


def _check_field(work: Work, document: dict[str, Any]) -> bool | None:
    checks = _checks(document)
    if not checks:
        return False
    check = work.rng.choice(checks)
    name = work.rng.choice(("status", "method", "rows", "trials", "reasons", "evidence", "check"))
    if name == "status":
        check["status"] = work.rng.choice([status for status in _STATUSES if status != check["status"]])
    elif name == "reasons":
        check["reasons"] = [*check["reasons"], {"arguments": {}, "key": "assessment.check.reused"}]
    elif name in ("rows", "trials"):
        check[name] += 1
    else:
        check[name] = "0" * 64
    return None


def _finding(work: Work, document: dict[str, Any]) -> None:
    finding = work.rng.choice(document["findings"])
    name = work.rng.choice(
        ("status", "status", "severity", "roles", "stages", "group", "evidence", "stale_from", "pack")
    )
    if name == "status":
        others = [item for item in (*_STATUSES, "excepted", "not_applicable") if item != finding["status"]]
        finding["status"] = work.rng.choice(others)
    elif name == "severity":
        finding[name] = "minor"
    elif name == "evidence":
        finding[name] = [*finding[name], "0" * 64]
    else:
        finding[name] = [*finding.get(name, []), "x"] if name in ("roles", "stages") else "2030-01-01"


def _findings_list(work: Work, document: dict[str, Any]) -> None:
    findings = document["findings"]
    kind = work.rng.randrange(4)
    if kind == 0:
        del findings[work.rng.randrange(len(findings))]
    elif kind == 1:
        findings.append({**work.rng.choice(findings), "requirement": "urn:hakari:requirement:cases:new@1"})
    elif kind == 2:
        findings.append(dict(work.rng.choice(findings)))
    else:
        findings.reverse()


def _answer_line(work: Work, document: dict[str, Any]) -> bool | None:
    answers = [answer for finding in document["findings"] for answer in finding["answers"]]
    if not answers:
        return False
    answer = work.rng.choice(answers)
    if work.rng.random() < 0.5:
        answer["status"] = work.rng.choice([item for item in ("met", "not_met", "missing") if item != answer["status"]])
    else:
        answer["value"] = "something else"
    return None


def _gate(work: Work, document: dict[str, Any]) -> None:
    gate = document["gate"]
    name = work.rng.choice(("holds", "closes", "only_open", "counts", "blocking", "worse"))
    if name == "counts":
        gate[name]["met"] += 1
    elif name in ("blocking", "worse"):
        gate[name] = gate[name][:-1] if gate[name] else ["urn:x@1"]
    else:
        gate[name] = not gate[name]


_SURROUNDINGS: Mapping[str, Any] = {
    "as_of": "2027-12-01", "scope": "0" * 64, "plan_registered": None, "notices": [], "facts": {"people": 3},
    "use_case": "other", "stage": "operate", "system_version": "9", "packs": [], "schema": 7, "more": 1,
    "plan": "0" * 64, "title": 5, "label_source": "nothing", "findings": None, "gate": {},
}  # fmt: skip


def _surroundings(work: Work, document: dict[str, Any]) -> None:
    name = work.rng.choice(list(_SURROUNDINGS))
    document[name] = (not document[name]) if name == "plan_registered" else _SURROUNDINGS[name]


def _title(work: Work, document: dict[str, Any]) -> None:
    document["title"] = "Another title"


_PLANNED: Mapping[str, tuple[Any, ...]] = {
    "threshold": (0.5, 0.01), "margin": (0.3,), "confidence": (0.5001, 0.999), "look": (1, 5), "candidates": (1, 50),
    "min_rows": (1, 5000), "method": ("box",), "reference": ("rest", "zz"), "family_met": ("holm",), "metric": ("zz",),
    "aggregation": ("overall",), "operator": ("==",), "reused": (True,), "coverage_min": (0.0,), "columns": (["zz"],),
    "table": ("zz",), "basis": ("zz",), "requirement": ("zz@1",), "measurement": ("zz",), "more": (1,), "id": ("zz",),
}  # fmt: skip


def _planned(work: Work, document: dict[str, Any]) -> bool | None:
    if not document["checks"]:
        return False
    check = work.rng.choice(document["checks"])
    name = work.rng.choice(list(_PLANNED))
    others = [value for value in _PLANNED[name] if value != check.get(name)]
    if not others:
        return False
    check[name] = work.rng.choice(others)
    return None


def _whole_plan(work: Work) -> bytes | None:
    """Edit the plan and carry its new digest into every record and the assessment, all sealed by one key.

    What was decided under the old plan is left as it was, so only recomputation can catch it.
    """
    plan = work.json("plan.json")
    if _planned(work, plan) is False:
        return None
    if work.rng.random() < 0.3:
        plan["checks"].pop(work.rng.randrange(len(plan["checks"])))
    changed = replace(work, files={**work.files, "plan.json": canonical_bytes(plan)})
    return _carried(changed, work.files["plan.json"], work.files["assessment.json"], _anybody(work))


def _document_form(work: Work) -> bytes:
    name = work.rng.choice(("plan.json", "assessment.json"))
    forms: tuple[Callable[[bytes], bytes], ...] = (
        lambda content: content + b" ",
        lambda content: json.dumps(dict(reversed(json.loads(content).items()))).encode(),
        lambda content: content[:-1] + b',"zz":NaN}',
        lambda content: content[:-1] + b',"zz":1e999}',
        lambda content: content[:-1] + b',"zz":' + b"9" * 5000 + b"}",
        lambda content: content[:-1] + b',"schema":1}',
        lambda content: content[:-1] + b',"zz":1}',
        lambda content: content.replace(b'"schema":1', b'"schema":1.0', 1),
        lambda content: content.replace(b'"schema":1', b'"schema":"1"', 1),
        lambda content: b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        lambda content: b"[]",
        lambda content: b"",
        lambda content: b"\xff\xfe\x00",
    )
    bent = {**work.files, name: work.rng.choice(forms)(work.files[name])}
    listed = {
        **predicate_of(work.files["manifest.json"]),
        "files": {other: digest_bytes(content) for other, content in bent.items() if other != "manifest.json"},
    }
    bent["manifest.json"] = seal(MANIFEST_TYPE, listed, [], [key_of(ENGINEER)])
    return pack_archive(bent)


# ---------------------------------------------------------------- records


def _record(kind: str, edit: Callable[[Work, dict[str, Any]], bool | None]) -> Bend:
    """Return the bend that edits a record: under its old signature, or sealed again and cited under its new id."""

    def bend(work: Work) -> bytes | None:
        name = work.one(work.records(kind))
        if name is None:
            return None
        statement = payload_of(work.files[name])
        if edit(work, statement["predicate"]) is False:
            return None
        route = work.rng.choice(("zipped", "listed", "rebuilt", "rebuilt", "rebuilt"))
        if route == "rebuilt":
            return rebuilt(work, name, statement["predicate"], key=_anybody(work))
        files = {**work.files, name: with_payload(work.files[name], statement)}
        return pack_archive(files) if route == "zipped" else resigned(files, _anybody(work))

    return bend


def _count(work: Work, record: dict[str, Any]) -> bool | None:
    tables = [table for table in record["tables"] if table["rows"] and "n" in table["columns"]]
    if not tables:
        return False
    table = work.rng.choice(tables)
    row = work.rng.choice(table["rows"])
    place = table["columns"].index("n")
    row[place] = max(row[place] + work.rng.choice((-3, -1, 1, 2, 50)), 0)
    return None


def _cells(work: Work, record: dict[str, Any]) -> bool | None:
    """Cells that are no counts, rows that do not fit, columns of other names."""
    tables = [table for table in record["tables"] if table["rows"]]
    if not tables:
        return False
    table = work.rng.choice(tables)
    row = work.rng.choice(table["rows"])
    kind = work.rng.randrange(9)
    if kind == 0:
        row[-1] = work.rng.choice((-5, 1.5, "5", "x", None, True, 2**53 - 1, "9" * 30))
    elif kind == 1:
        row.append(1)
    elif kind == 2:
        table["columns"][0] = work.rng.choice(("zz", "label", "n"))
    elif kind == 3:
        row[0] = work.rng.choice((None, True, 1.0, 1e300, "", "missing"))
    elif kind == 4:
        table["rows"].append(list(row))
    elif kind == 5:
        table["rows"] = []
    elif kind == 6:
        table["details"] = {"scale": work.rng.choice((0, -1, "x", 1000, None, 1.5))}
    elif kind == 7:
        table["rows"].reverse()
    else:
        record["tables"].remove(table)
    return None


_RECORD: Mapping[str, tuple[Any, ...]] = {
    "assurance": ("self", "independent"), "effective_at": ("yesterday", "2020-01-01", "9999-12-31", NOW),
    "collected_at": ("2020-01-01T00:00:00+00:00", "never"), "seed": (1, -1, 2**52), "kind": ("statement", "zz"),
    "environment": ({"python": "4"},), "producer": ({"name": "X"}, {}), "facts": ({"people": 5},), "limits": ([1],),
    "subjects": ([],), "more": (1,), "schema": (2,), "plan": (None,), "measure": (None,),
}  # fmt: skip


def _record_field(work: Work, record: dict[str, Any]) -> None:
    name = work.rng.choice(list(_RECORD))
    value = work.rng.choice(_RECORD[name])
    if value is None:
        record.pop(name, None)
    else:
        record[name] = value


def _answer(work: Work, record: dict[str, Any]) -> None:
    answer = record["answer"]
    name = work.rng.choice(("value", "value", "value", "question", "requirement", "attachment"))
    others = ("yes", "no", "unknown", "good", "bad", 5, 12.0, ["first"], None, True, {"en": "x"}, "2026-02-30")
    values: dict[str, tuple[Any, ...]] = {"value": others, "question": ("zz",), "requirement": ("zz@1",)}
    answer[name] = work.rng.choice([v for v in values.get(name, ("0" * 64,)) if v != answer.get(name)])


def _attachment(work: Work) -> bytes | None:
    name = work.one(work.members("attachments/"))
    return None if name is None else _sealed(work, {**work.files, name: b"another document"})


def _exception(work: Work) -> bytes | None:
    """Edit an acceptance, and seal it by the attacker, who takes the place of who accepted, or does not."""
    name = work.one(work.members("exceptions/"))
    if name is None:
        return None
    predicate = predicate_of(work.files[name])
    field, value = work.rng.choice(
        (("until", "2030-01-01"), ("until", "2020-01-01"), ("by", "Mallory"), ("scope", "0" * 64), ("bounds", {}),
         ("bounds", {"x": 5}), ("requirement", "urn:x@1"), ("reason", "Because."), ("more", 1), ("created_at", "never"))
    )  # fmt: skip
    predicate[field] = value
    key = work.rng.choice((ATTACKER, MANAGER, ENGINEER))
    if work.rng.random() < 0.7:
        predicate["key"] = key_of(key).public.id
    sealed = seal(EXCEPTION_TYPE, predicate, [("scope", str(predicate["scope"]))], [key_of(key)])
    files = {other: content for other, content in work.files.items() if other != name}
    files[f"exceptions/{digest_bytes(sealed)}.json"] = sealed
    return resigned(_listing(files, key), _anybody(work))


# ---------------------------------------------------------------- packs

_YAML: tuple[tuple[bytes, bytes], ...] = (
    (b"threshold: 0.10", b"threshold: 0.30"), (b"max_age_days: 30", b"max_age_days: 3000"),
    (b'applies_when: "people"', b""), (b'"no": fails', b'"no": meets'), (b"rule: any", b"rule: all"),
    (b"severity: critical", b"severity: minor"), (b"min_length: 5", b"min_length: 500"), (b"title:", b"titel:"),
    (b"version: 1", b"version: 2"), (b"\n", b"\n\t"), (b": ", b": &a "), (b"{", b"["),
    (b"effect: fails", b"effect: meets"), (b"en: ", b"fr: "),
    (b"answers.sure == 'yes'", b"answers.sure == 'no'"), (b"people", b"peopel"), (b"- ", b"- - "),
)  # fmt: skip


def _pack(work: Work) -> bytes | None:
    """Edit a pack, which then has another digest than the plan pins."""
    name = work.one(work.members("packs/"))
    if name is None:
        return None
    found = [(old, new) for old, new in _YAML if old in work.files[name]]
    old, new = work.rng.choice(found)
    bent = {**work.files, name: work.files[name].replace(old, new, work.rng.choice((1, 1, -1)))}
    return _sealed(work, bent)


def _pack_and_plan(work: Work) -> bytes | None:
    """Edit a pack and carry its digest into plan, records and assessment: only what is derived from it can differ."""
    name = work.one([name for name in work.members("packs/") if "requirements/" in name])
    if name is None or any("overlay" in other for other in work.files):
        return None
    found = [(old, new) for old, new in _YAML if old in work.files[name]]
    old, new = work.rng.choice(found)
    files = {**work.files, name: work.files[name].replace(old, new, 1)}
    folder = "/".join(name.split("/")[:2]) + "/"
    members = {other.removeprefix(folder): content for other, content in files.items() if other.startswith(folder)}
    digest = digest_json(sorted([other, digest_bytes(content)] for other, content in members.items()))
    plan = work.json("plan.json")
    before = next(item["digest"] for item in plan["packs"] if folder == f"packs/{item['name']}-{item['version']}/")
    swap = (before.encode(), digest.encode())
    moved = replace(work, files={**files, "plan.json": files["plan.json"].replace(*swap)})
    return _carried(moved, work.files["plan.json"], files["assessment.json"].replace(*swap), ENGINEER)


def _carried(work: Work, before: bytes, assessment: bytes, key: int) -> bytes:
    """Let `key` seal every record again under the plan as it now is; the findings cite the new records."""
    old, new = digest_bytes(before), digest_bytes(work.files["plan.json"])
    files = dict(work.files)
    text = assessment.decode()
    for name in work.members("evidence/"):
        predicate = predicate_of(files.pop(name))
        if predicate.get("plan", {}).get("digest") == old:
            predicate["plan"]["digest"] = new
        identifier = digest_json(predicate)
        files[f"evidence/{identifier}.json"] = _seal_record(predicate, identifier, key)
        text = text.replace(name[9:-5], identifier)
    return resigned(_in_order({**_listing(files, key), "assessment.json": text.replace(old, new).encode()}), key)


BENDS: Mapping[str, tuple[Bend, Expected]] = {
    "a flipped bit anywhere": (_anywhere, "caught"),
    "a flipped bit in a header": (_structure, "any"),
    "noise": (_noise, "any"),
    "half of it": (lambda work: work.content[: len(work.content) // 2], "caught"),
    "without its last byte": (lambda work: work.content[:-1], "caught"),
    "bytes after": (lambda work: work.content + b"\0", "caught"),
    "bytes before": (lambda work: b"#!/bin/sh\n" + work.content, "caught"),
    "a comment": (_commented, "caught"),
    "a strange name": (_strange_name, "caught"),
    "a link": (_link, "caught"),
    "a name twice": (_twice, "caught"),
    "packed members": (_compressed, "caught"),
    "another order of members": (_reordered_members, "caught"),
    "another size": (_claimed, "caught"),
    "an encrypted member": (_flagged, "caught"),
    "members that overlap": (_overlapping, "caught"),
    "a ZIP64 end record": (_zip64_end, "caught"),
    "no bundle": (_empty, "caught"),
    "a changed byte": (_byte_of_member, "caught"),
    "a changed byte, listed": (_byte_of_listed_member, "any"),
    "a member removed": (_removed, "caught"),
    "a member removed, signed again": (_removed_and_signed, "any"),
    "a member added": (_added, "any"),
    "a member renamed": (_renamed, "caught"),
    "records swapped": (_swapped, "caught"),
    "another report, signed again": (_new_report, "in order"),
    "another form of an envelope": (_envelope, "any"),
    "a signature removed": (_unsigned, "any"),
    "a borrowed key id": (_borrowed_id, "caught"),
    "other keys": (_other_keys, "caught"),
    "another shape of the manifest": (_manifest_shape, "any"),
    "a figure": (_edited("assessment.json", _figure), "caught"),
    "a line of a group": (_edited("assessment.json", _group_line), "caught"),
    "a field of a check": (_edited("assessment.json", _check_field), "caught"),
    "a finding": (_edited("assessment.json", _finding), "caught"),
    "the list of findings": (_edited("assessment.json", _findings_list), "caught"),
    "what an answer does": (_edited("assessment.json", _answer_line), "caught"),
    "the gate": (_edited("assessment.json", _gate), "caught"),
    "what surrounds the findings": (_edited("assessment.json", _surroundings), "any"),
    "the title": (_edited("assessment.json", _title), "any"),
    "the plan": (_edited("plan.json", _planned), "caught"),
    "the plan, carried through": (_whole_plan, "any"),
    "the last assessment": (_edited("previous.json", _finding), "any"),
    "another form of a document": (_document_form, "any"),
    "a count": (_record("measurement", _count), "any"),
    "cells": (_record("measurement", _cells), "any"),
    "a field of a measurement": (_record("measurement", _record_field), "any"),
    "a field of an answer's record": (_record("answer", _record_field), "any"),
    "an answer": (_record("answer", _answer), "any"),
    "an attachment": (_attachment, "caught"),
    "an acceptance": (_exception, "any"),
    "a pack": (_pack, "caught"),
    "a pack, carried through": (_pack_and_plan, "any"),
}
"""What is done to bundles, and whether every such bundle must be caught."""
