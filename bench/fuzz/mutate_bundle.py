"""Mutators of bundles and envelopes: changed parts, sealed again by somebody else's key, so that the checks of digests
and signatures pass and the code behind them is reached."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from functools import cache
from random import Random
from typing import Any

from bench.fuzz.mutate_bytes import bent_bytes, bent_text, odd_text
from bench.fuzz.mutate_json import bent_document, bent_json, odd_value, raw_json
from bench.fuzz.mutate_yaml import bent_yaml

from hakari.assessment.archive import pack_archive
from hakari.assessment.bundle import BUNDLE_SCHEMA, EVIDENCE_TYPE, EXCEPTION_TYPE, MANIFEST_TYPE, read_bundle
from hakari.errors import HakariError
from hakari.evidence import SigningKey, canonical_bytes, digest_bytes, digest_json, encode, seal
from hakari.evidence.directory import DIRECTORY_TYPE

__all__ = ["attacker", "bent_bundle", "bent_envelope", "payload", "sealed_again", "unzipped"]

Files = dict[str, bytes]


@cache
def attacker() -> SigningKey:
    """Return the key of somebody who may sign, but not for us."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([66]) * 32))


def unzipped(data: bytes) -> Files | None:
    """Return the members of an archive, or None where Python finds none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > 100 or sum(entry.file_size for entry in entries) > 2**22:
                return None
            return {entry.filename: archive.read(entry) for entry in entries}
    except Exception:  # noqa: BLE001 (a broken archive is what a mutator may make)
        return None


def bent_bundle(data: bytes, rng: Random) -> bytes:
    """Return a bundle with a change in its archive, in a member, or in a member under new seals."""
    files = unzipped(data)
    if not files or rng.random() < 0.06:
        return bent_bytes(data, rng)
    way = rng.random()
    if way < 0.08:
        return _other_archive(files, rng)
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        _bend_member(files, rng)
    try:
        if way < 0.2:
            return pack_archive(files)
        files = sealed_again(files, attacker())
        return pack_archive(files if way < 0.85 else _decided_again(files))
    except HakariError:
        return _other_archive(files, rng)


def _decided_again(files: Files) -> Files:
    """Return the files with the findings that our own engine derives: a bundle in which everything agrees."""
    from hakari.workflows.verify import _assess_again

    bundle = read_bundle(pack_archive(files))
    if bundle.assessment is None or bundle.plan is None:
        return files
    try:
        again = _assess_again(bundle, bundle.assessment)
        files["assessment.json"] = canonical_bytes(encode(again))
    except Exception:  # noqa: BLE001 (the reader is judged elsewhere)
        return files
    return sealed_again(files, attacker())


def _bend_member(files: Files, rng: Random) -> None:
    kinds = (
        "evidence/",
        "evidence/",
        "evidence/",
        "plan.json",
        "plan.json",
        "assessment.json",
        "packs/",
        "exceptions/",
        "",
        "",
    )
    kind = rng.choice(kinds)
    names = [name for name in sorted(files) if name.startswith(kind)] or sorted(files)
    if not names:
        return
    name = rng.choice(names)
    content = files[name]
    if name.startswith("packs/"):
        files[name] = bent_yaml(content, rng)
    elif name.startswith(("evidence/", "exceptions/")) or name == "manifest.json":
        files[name] = _with_predicate(content, rng)
    elif name.endswith(".json"):
        files[name] = bent_json(content, rng)
    else:
        files[name] = bent_bytes(content, rng)
    if rng.random() < 0.05:
        files[
            rng.choice(
                ("evidence/x.json", "attachments/a", "exceptions/b.json", "packs/x-1.0.0/pack.yaml", "previous.json")
            )
        ] = content
    if rng.random() < 0.05:
        del files[rng.choice(sorted(files))]


def payload(envelope: bytes) -> Any:
    """Return the statement in an envelope, however broken the envelope is; None where there is none."""
    try:
        return json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _with_predicate(envelope: bytes, rng: Random) -> bytes:
    """Return the envelope with a changed predicate and its old signature."""
    statement = payload(envelope)
    if not isinstance(statement, dict) or "predicate" not in statement:
        return bent_json(envelope, rng)
    way = rng.random()
    if way < 0.1:
        _draw_counts(statement["predicate"], rng)
    elif way < 0.9:
        statement["predicate"] = bent_document(statement["predicate"], rng)
    else:
        statement = bent_document(statement, rng)
    outer = json.loads(envelope)
    outer["payload"] = base64.b64encode(raw_json(statement)).decode()
    return raw_json(outer)


def _draw_counts(predicate: Any, rng: Random) -> None:
    """Put other counts into the tables of a record: many groups, huge or tiny ones."""
    # Exact limits cost about the root of the rows: beyond 10**12 many groups take seconds, and no table is so long.
    most = rng.choice((3, 100, 10**6, 10**12))
    groups = [f"g{number}" for number in range(rng.choice((1, 2, 40, 200)))]
    tables = predicate.get("tables") if isinstance(predicate, dict) else None
    for table in tables if isinstance(tables, list) else ():
        if isinstance(table, dict) and table.get("name") == "tally":
            table["rows"] = [[g, y, p, rng.randrange(most)] for g in groups for y in (0, 1) for p in (0, 1)]
        elif isinstance(table, dict) and table.get("name") == "scores":
            scores = sorted({rng.random() for _ in groups})
            table["rows"] = [[score, label, rng.randrange(most)] for score in scores for label in (0, 1)]


def sealed_again(files: Mapping[str, bytes], key: SigningKey) -> Files:
    """Return the files under fresh ids, digests and signatures, each change carried through to what cites it."""
    made = dict(files)
    _carry_packs(made)
    _carry_plan(made)
    for name in sorted(files):
        if name.startswith(("evidence/", "exceptions/")) and name in made:
            _seal_member(made, name, key)
    try:
        keys = set(json.loads(made.get("keys.json", b"{}")).get("keys", ())) | {key.public.hex}
        made["keys.json"] = canonical_bytes({"keys": sorted(keys), "schema": 1})
    except (ValueError, TypeError, AttributeError, HakariError):
        pass
    return _sealed_manifest(made, key)


def _carry_packs(files: Files) -> None:
    """Write the digests of changed packs into plan and assessment."""
    from hakari.packs._loaded import digest_files

    try:
        packs = json.loads(files["plan.json"])["packs"]
        for pack in packs:
            prefix = f"packs/{pack['name']}-{pack['version']}/"
            found = {name[len(prefix) :]: content for name, content in files.items() if name.startswith(prefix)}
            _replace(files, ("plan.json", "assessment.json"), pack["digest"], digest_files(found))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        pass


def _carry_plan(files: Files) -> None:
    """Write the digest of a changed plan into the assessment and into every record."""
    try:
        old, new = json.loads(files["assessment.json"])["plan"], digest_bytes(files["plan.json"])
        _replace(files, ("assessment.json",), old, new)
    except (ValueError, TypeError, KeyError, RecursionError):
        return
    for name in list(files):
        statement = payload(files[name]) if name.startswith("evidence/") else None
        if isinstance(statement, dict) and isinstance(old, str) and old and old in json.dumps(statement):
            outer = json.loads(files[name])
            text = json.dumps(statement).replace(json.dumps(old)[1:-1], new)
            outer["payload"] = base64.b64encode(raw_json(json.loads(text))).decode()
            files[name] = raw_json(outer)


def _seal_member(files: Files, name: str, key: SigningKey) -> None:
    statement = payload(files[name])
    if not isinstance(statement, dict) or "predicate" not in statement:
        return
    predicate, folder = statement["predicate"], name.partition("/")[0]
    kind = EVIDENCE_TYPE if folder == "evidence" else EXCEPTION_TYPE
    if folder == "exceptions" and isinstance(predicate, dict):
        predicate["key"] = key.public.id
    try:
        envelope = seal(kind, predicate, [("subject", "0" * 64)], [key])
        identifier = digest_json(predicate) if folder == "evidence" else digest_bytes(envelope)
    except (HakariError, RecursionError):
        return
    del files[name]
    files[f"{folder}/{identifier}.json"] = envelope
    _replace(files, ("assessment.json",), name.partition("/")[2].removesuffix(".json"), identifier)


def _sealed_manifest(files: Files, key: SigningKey) -> Files:
    files.pop("manifest.json", None)
    try:
        assessment = json.loads(files["assessment.json"])
        plan, scope = assessment["plan"], assessment["scope"]
    except (ValueError, TypeError, KeyError, RecursionError):
        plan = scope = ""
    digest = digest_bytes(files.get("assessment.json", b""))
    predicate = {
        "assessment": digest,
        "created_at": "2026-11-22T09:00:00+00:00",
        "files": {name: digest_bytes(content) for name, content in sorted(files.items())},
        "plan": plan,
        "schema": BUNDLE_SCHEMA,
        "scope": scope,
    }
    try:
        files["manifest.json"] = seal(MANIFEST_TYPE, predicate, [("assessment.json", digest)], [key])
    except (HakariError, RecursionError):
        files["manifest.json"] = b"{}"
    return files


def _replace(files: Files, names: tuple[str, ...], old: Any, new: str) -> None:
    if isinstance(old, str) and len(old) >= 16:
        for name in names:
            if name in files:
                files[name] = files[name].replace(old.encode("utf-8", "surrogatepass"), new.encode())


def _other_archive(files: Mapping[str, bytes], rng: Random) -> bytes:
    """Return an archive as other programs, or somebody with intentions, would write it."""
    buffer = io.BytesIO()
    names = sorted(files, reverse=rng.random() < 0.3)
    odd = rng.choice(names) if names else ""
    way = rng.randrange(9)
    with zipfile.ZipFile(buffer, "w") as archive:
        if way == 0:
            archive.comment = odd_text(rng).encode("utf-8", "surrogatepass")[:60_000]
        for name in names:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            content = files[name]
            if name == odd:
                _odd_entry(entry, way, rng)
                content = b"\x00" * 2**22 if way == 1 else content
            try:
                archive.writestr(entry, content)
                if name == odd and way == 8:
                    archive.writestr(rng.choice(("x/../y", "/etc/x", "a" * 300, "é", "A.json", "a\nb")), content)
            except (ValueError, UnicodeError, OSError, zipfile.LargeZipFile):
                continue
    made = buffer.getvalue()
    return bent_bytes(made, rng) if rng.random() < 0.2 else made


def _odd_entry(entry: zipfile.ZipInfo, way: int, rng: Random) -> None:
    if way in (1, 2):
        entry.compress_type = rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    elif way == 3:
        entry.external_attr = rng.choice((0o120777, 0o040755, 0o060644, 0)) << 16
    elif way == 4:
        entry.extra = rng.randbytes(4) + b"\x00" * rng.randrange(8)
    elif way == 5:
        entry.date_time = (rng.randrange(1980, 2100), rng.randrange(1, 13), 1, 0, 0, 0)
    elif way == 6:
        entry.comment = b"c" * rng.randrange(100)
    elif way == 7:
        entry.filename = bent_text(entry.filename, rng)[:1000] or "x"


def bent_envelope(data: bytes, rng: Random) -> bytes:
    """Return an envelope with a change outside, or inside under a fresh signature."""
    statement = payload(data)
    way = rng.random()
    if not isinstance(statement, dict) or way < 0.25:
        return _bent_outside(data, rng)
    if way < 0.75 and "predicate" in statement:
        statement["predicate"] = bent_document(statement["predicate"], rng)
    else:
        statement = bent_document(statement, rng)
    if not isinstance(statement, dict):
        statement = {"predicate": statement}
    keys = [attacker()] * rng.choice((1, 1, 1, 1, 0))
    kind = str(statement.get("predicateType"))
    if kind not in (EVIDENCE_TYPE, EXCEPTION_TYPE, MANIFEST_TYPE, DIRECTORY_TYPE) and rng.random() < 0.7:
        kind = EVIDENCE_TYPE
    try:
        return seal(kind, statement.get("predicate"), [("x", "0" * 64)], keys)
    except (HakariError, RecursionError):
        outer = json.loads(data)
        return raw_json({**outer, "payload": base64.b64encode(raw_json(statement)).decode()})


def _bent_outside(data: bytes, rng: Random) -> bytes:
    way = rng.randrange(6)
    if way == 0:
        return bent_bytes(data, rng)
    try:
        outer = json.loads(data)
        if way == 1:
            outer["payload"] = rng.choice(
                (
                    outer["payload"] + "=",
                    outer["payload"][:-1] + "B",
                    outer["payload"] + "\n",
                    "日本",
                    "====",
                    odd_value(rng),
                )
            )
        elif way == 2:
            outer["signatures"] = rng.choice(
                (outer["signatures"] * 2, [], {}, "x", [odd_value(rng)], [{"keyid": odd_value(rng), "sig": "AAAA"}])
            )
        elif way == 3:
            outer["signatures"][0]["sig"] = rng.choice(("", "AAAA", "A" * 88, "é", odd_text(rng)))
        else:
            return bent_json(data, rng)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        return bent_bytes(data, rng)
    return raw_json(outer)
