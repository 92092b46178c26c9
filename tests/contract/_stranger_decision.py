"""A stranger's look at the decision in a bundle: signatures, what it cites, and where a ledger holds it.

Like `_stranger` it imports no line of the project. It refuses by assertion: the message says what does not hold.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.contract._stranger import Bundle, sha256


@dataclass(frozen=True)
class Decided:
    """What is left standing of a decision after everything was followed."""

    number: str
    outcome: str
    until: str
    event: int | None
    """Number of the event of the ledger; None if the bundle shows none."""


def decision_in(bundle: Bundle) -> Decided | None:
    """Return the decision in an opened bundle after checking it from its bytes; None if there is none."""
    files = bundle.files
    if "decision.json" not in files:
        assert not [name for name in files if name.startswith("ledger/")], "a ledger without a decision"
        return None
    manifest, by = _signed(files, "manifest.json")
    statement, decided_by = _signed(files, "decision.json")
    decision = statement["predicate"]
    end = _end_of(files, decided_by, by)
    assert manifest["predicate"]["decision"] == {name: decision[name] for name in ("number", "outcome")}
    assert statement["subject"] == [
        {"digest": {"sha256": sha256(files["assessment.json"])}, "name": "assessment.json"}
    ], "about another assessment"
    cited = {name for finding in bundle.assessment["findings"] for name in finding["evidence"]}
    stated = {name: decision[name] for name in ("assessment", "plan", "scope", "evidence")}
    assert stated == {
        "assessment": sha256(files["assessment.json"]),
        "plan": sha256(files["plan.json"]),
        "scope": bundle.plan["scope"],
        "evidence": sorted(cited),
    }, "it cites something else"
    assert cited <= bundle.evidence.keys(), "evidence is missing"
    assert _in_any_order(decision["packs"]) == _in_any_order(bundle.plan["packs"]), "other packs"
    event = _event(files, sha256(_bytes(decision))) if "ledger/event.json" in files else None
    assert ("ledger/checkpoint.json" in files) == (event is not None), "half a ledger"
    if end is not None:
        assert _moment(decision["decided_at"]) <= _moment(end["at"]), "decided after the end of the key"
        assert event is None or event < end["sequence"], "its event stands behind the end of the key"
    return Decided(decision["number"], decision["outcome"], decision["valid_until"], event)


def _event(files: dict[str, bytes], decision: str) -> int:
    """Follow the chain by one link, from the digest before the event to the one that the checkpoint signs."""
    event = json.loads(files["ledger/event.json"])
    body = json.loads(event["body"])
    assert sorted(event) == ["body", "previous", "schema"], "an event has other fields"
    assert (event["schema"], _bytes(event), _bytes(body).decode()) == (1, files["ledger/event.json"], event["body"])
    assert body["data"]["decision"] == decision, "the event names another decision"
    chained = hashlib.sha256(bytes.fromhex(event["previous"]) + event["body"].encode()).hexdigest()
    statement, _ = _signed(files, "ledger/checkpoint.json")
    assert statement["predicateType"] == "https://hakari.dev/ledger-checkpoint/v1"
    checkpoint = statement["predicate"]
    assert sorted(checkpoint) == ["at", "digest", "sequence"], "a checkpoint has other fields"
    assert type(checkpoint["sequence"]) is int
    assert (checkpoint["digest"], checkpoint["sequence"]) == (chained, body["sequence"]), "sealed is another event"
    assert [item["digest"]["sha256"] for item in statement["subject"]] == [chained]
    return int(body["sequence"])


def _end_of(files: dict[str, bytes], first: str, last: str) -> dict[str, Any] | None:
    """Walk the renewals from one key to another; return what ended the first key, or None if both are the same."""
    ends: list[dict[str, Any]] = []
    known, ledgers = [first], set()
    for name in sorted(name for name in files if name.startswith("ledger/renewals/")):
        stated, ledger, old, new = _renewal(name, files[name])
        assert known[-1] != last, f"{name} is one too many"
        assert known[-1] == old, f"{name} begins with another key"
        assert new not in known, f"{name} leads back"
        assert not ends or ends[-1]["sequence"] < stated["sequence"], "numbers do not rise"
        assert not ends or _moment(ends[-1]["at"]) <= _moment(stated["at"]), "times do not rise"
        known.append(new)
        ends.append(stated)
        ledgers.add(ledger)
    assert known[-1] == last, "no renewals lead from the key of the decision to the key of the manifest"
    if "ledger/checkpoint.json" in files and ledgers:
        ledgers.add(_signed(files, "ledger/checkpoint.json")[0]["subject"][0]["name"])
    assert len(ledgers) <= 1, "renewals of another ledger"
    return ends[0] if ends else None


def _renewal(name: str, content: bytes) -> tuple[dict[str, Any], str, str, str]:
    """Return what a renewal states, its ledger, and the ids of the old key and the new one, which both signed it."""
    outer = json.loads(content)
    assert _bytes(outer) == content, f"{name} is not in canonical form"
    statement = json.loads(base64.b64decode(outer["payload"], validate=True))
    assert statement["predicateType"] == "urn:hakari:predicate:key-renewal:1", f"{name} is no renewal"
    stated: dict[str, Any] = statement["predicate"]
    assert sorted(stated) == ["at", "digest", "lost_since", "new", "old", "role", "schema", "sequence"]
    assert (stated["role"], stated["lost_since"], stated["schema"]) == ("office", None, 1), f"{name} leads nowhere"
    assert name == f"ledger/renewals/{stated['sequence']:012d}.json", "named by another number"
    old, new = (sha256(bytes.fromhex(stated[side])) for side in ("old", "new"))
    assert sorted(item["keyid"] for item in outer["signatures"]) == sorted([old, new]), f"{name} lacks a signature"
    for signature in outer["signatures"]:
        _require_signature(outer, signature, stated["old" if signature["keyid"] == old else "new"], name)
    assert _bytes(statement) == base64.b64decode(outer["payload"]), f"{name} is not in canonical form"
    ((ledger, digest),) = [(item["name"], item["digest"]["sha256"]) for item in statement["subject"]]
    assert digest == stated["digest"], "about another place in the ledger"
    assert len(bytes.fromhex(digest)) == len(bytes.fromhex(ledger)) == 32, "no digests"
    return stated, ledger, old, new


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None, f"{text} has no zone"
    return moment


def _signed(files: dict[str, bytes], name: str) -> tuple[dict[str, Any], str]:
    """Return the statement of an envelope and the key whose one signature holds."""
    outer = json.loads(files[name])
    payload = base64.b64decode(outer["payload"], validate=True)
    (signature,) = outer["signatures"]
    keys = {sha256(bytes.fromhex(item)): item for item in json.loads(files["keys.json"])["keys"]}
    _require_signature(outer, signature, keys[signature["keyid"]], name)
    statement: dict[str, Any] = json.loads(payload)
    assert _bytes(statement) == payload, f"{name} is not in canonical form"
    return statement, signature["keyid"]


def _require_signature(outer: dict[str, Any], signature: dict[str, str], key: str, name: str) -> None:
    payload = base64.b64decode(outer["payload"], validate=True)
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    kind = outer["payloadType"].encode()
    framed = b"DSSEv1 " + str(len(kind)).encode() + b" " + kind + b" " + str(len(payload)).encode() + b" " + payload
    try:
        public.verify(base64.b64decode(signature["sig"], validate=True), framed)
    except InvalidSignature:
        raise AssertionError(f"the signature of {name} does not hold") from None


def _bytes(value: Any) -> bytes:
    """Return canonical JSON; enough for documents of texts and whole numbers with keys of plain letters."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _in_any_order(packs: list[dict[str, str]]) -> list[list[str]]:
    return sorted([pack["name"], pack["version"], pack["digest"]] for pack in packs)
