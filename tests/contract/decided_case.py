"""Case bundles with an office's decision, made from any bundle in order: signed, and sealed in a ledger of its own.

`decided` adds the decision; `decided_sample` bends what it added, so that several verifiers can be asked the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import MANIFEST_TYPE, read_bundle, write_bundle
from hakari.assessment.decision import (
    CHECKPOINT_TYPE,
    DECISION_TYPE,
    ChangeEnvelope,
    Decision,
    DecisionCondition,
    digest_of_decision,
    evidence_of,
    ledger_event,
    seal_decision,
)
from hakari.evidence import PublicKey, SigningKey, canonical_bytes, digest_bytes, parse_json, seal
from tests.contract.bending import BENDS, Sample, Work, payload_of, resigned, with_payload
from tests.contract.golden_case import golden_case
from tests.contract.good_cases import ATTACKER, ENGINEER, OFFICE, case, key_of

NUMBER = "D-2026-0004"
SEQUENCE = 412
LEDGER = "7" * 64
ADDED = ("decision.json", "ledger/checkpoint.json", "ledger/event.json")

Files = dict[str, bytes]


def decision_about(content: bytes, **changes: Any) -> Decision:
    """Return a decision about the assessment in a bundle."""
    bundle = read_bundle(content)
    assert bundle.plan is not None
    assert bundle.assessment is not None
    made = Decision(
        number=NUMBER,
        use_case="u",
        stage=bundle.plan.stage,
        round=2,
        outcome="approve_with_conditions",
        assessment=digest_bytes(bundle.files["assessment.json"]),
        plan=bundle.assessment.plan,
        scope=bundle.plan.scope,
        packs=bundle.plan.packs,
        evidence=evidence_of(bundle.assessment),
        conditions=(
            DecisionCondition(
                number=1, text="偏りを再測定する。", language="ja", requirement="", due="2027-01-31", rule="document"
            ),
        ),
        envelope=ChangeEnvelope(roles=("model",), checks=("gaps/gap[g]",), until="2027-03-31"),
        form="meeting",
        votes={"abstain": 0, "approve": 1, "approve_with_conditions": 4, "defer": 0, "reject": 1},
        recused=1,
        decided_at="2026-11-24T05:00:00+00:00",
        valid_until="2027-11-23",
    )
    return replace(made, **changes)


def event_of(decision: str, *, sequence: int = SEQUENCE, previous: str = "8" * 64) -> tuple[bytes, str]:
    """Return the event that names a decision by its digest, as a file, and where the chain stands after it."""
    body = canonical_bytes(
        {
            "about": ["decision", NUMBER],
            "at": "2026-11-24T05:00:00.123456Z",
            "by": "p-chair",
            "data": {"decision": decision},
            "kind": "decision.made",
            "sequence": sequence,
        }
    )
    return ledger_event(previous, body), hashlib.sha256(bytes.fromhex(previous) + body).hexdigest()


def checkpoint_of(
    digest: str, *, sequence: int = SEQUENCE, ledger: str = LEDGER, key: SigningKey | None = None
) -> bytes:
    """Return the checkpoint that the office would write after that event."""
    predicate = {"at": "2026-11-24T05:00:01+00:00", "digest": digest, "sequence": sequence}
    return seal(CHECKPOINT_TYPE, predicate, [(ledger, digest)], [key or key_of(OFFICE)])


def decided(
    content: bytes,
    decision: Decision | None = None,
    *,
    ledger: tuple[bytes, bytes] | None = None,
    sealed: bool = True,
    envelope: bytes | None = None,
    key: int = OFFICE,
) -> bytes:
    """Return the bundle as an office exports it: with a decision about it, signed by the office as a whole."""
    bundle = read_bundle(content)
    assert bundle.plan is not None
    assert bundle.assessment is not None
    made = decision or decision_about(content)
    if sealed and ledger is None:
        event, digest = event_of(digest_of_decision(made))
        ledger = event, checkpoint_of(digest)

    def under(folder: str) -> Files:
        return {name: data for name, data in bundle.files.items() if name.startswith(f"{folder}/")}

    listed = parse_json(bundle.files["keys.json"], what="keys")["keys"]
    return write_bundle(
        assessment=bundle.assessment,
        plan=bundle.plan,
        pack_files=bundle.pack_files,
        evidence={name[9:-5]: data for name, data in under("evidence").items()},
        exceptions=list(under("exceptions").values()),
        attachments={name[12:]: data for name, data in under("attachments").items()},
        reports={name[7:]: data for name, data in under("report").items()},
        previous=bundle.previous,
        keys=[*(PublicKey(item) for item in listed), key_of(OFFICE).public, key_of(key).public],
        key=key_of(key),
        created_at="2026-11-24T06:00:00+00:00",
        decision=envelope or seal_decision(made, key_of(OFFICE)),
        ledger=ledger,
    )


def golden_decided() -> bytes:
    """Return the golden case with a decision about it."""
    return decided(golden_case())


# ---------------------------------------------------------------- bends


def signed_again(files: Mapping[str, bytes], key: int = OFFICE) -> bytes:
    """Return a bundle of these files under a fresh manifest that names the decision as before."""
    claim = payload_of(files["manifest.json"])["predicate"].get("decision")
    return resigned(files, key, **({} if claim is None else {"decision": claim}))


def _resealed(work: Work, name: str, change: Callable[[dict[str, Any]], None], kind: str, key: int) -> bytes:
    """Change what an envelope carries, sign it again, and the whole bundle with it."""
    statement = payload_of(work.files[name])
    change(statement["predicate"])
    subjects = [(item["name"], item["digest"]["sha256"]) for item in statement["subject"]]
    return signed_again({**work.files, name: seal(kind, statement["predicate"], subjects, [key_of(key)])}, key)


def _in_decision(key: int, **changes: Any) -> Callable[[Work], bytes]:
    return lambda work: _resealed(work, "decision.json", lambda found: found.update(changes), DECISION_TYPE, key)


def _in_checkpoint(key: int, **changes: Any) -> Callable[[Work], bytes]:
    def change(work: Work) -> bytes:
        return _resealed(work, "ledger/checkpoint.json", lambda found: found.update(changes), CHECKPOINT_TYPE, key)

    return change


def _in_event(change: Callable[[dict[str, Any]], Any]) -> Callable[[Work], bytes]:
    def bent(work: Work) -> bytes:
        event = work.json("ledger/event.json")
        change(event)
        return signed_again({**work.files, "ledger/event.json": canonical_bytes(event)})

    return bent


def _in_body(**changes: Any) -> Callable[[Work], bytes]:
    def change(event: dict[str, Any]) -> None:
        event["body"] = canonical_bytes({**json.loads(event["body"]), **changes}).decode()

    return _in_event(change)


def _without(name: str) -> Callable[[Work], bytes]:
    return lambda work: signed_again({other: data for other, data in work.files.items() if other != name})


def _evidence_short(work: Work) -> bytes | None:
    if not payload_of(work.files["decision.json"])["predicate"]["evidence"]:
        return None
    return _resealed(work, "decision.json", lambda found: found["evidence"].pop(), DECISION_TYPE, OFFICE)


def _evidence_twice(work: Work) -> bytes | None:
    cited = payload_of(work.files["decision.json"])["predicate"]["evidence"]
    return _in_decision(OFFICE, evidence=[*cited, *cited[-1:]])(work) if cited else None


def _of_another_case(work: Work) -> bytes | None:
    """Move the decision and its seal into the bundle of another case, which the office's own key signs."""
    other = unpack_archive(decided(case(f"another {work.rng.randrange(50)}").content))[0]
    if other["assessment.json"] == work.files["assessment.json"]:
        return None
    return signed_again({**other, **{name: work.files[name] for name in ADDED}})


def _manifest_unsigned(work: Work) -> bytes:
    outer = json.loads(work.files["manifest.json"])
    return pack_archive({**work.files, "manifest.json": canonical_bytes({**outer, "signatures": []})})


def _decision_unsigned(work: Work) -> bytes:
    outer = json.loads(work.files["decision.json"])
    return signed_again({**work.files, "decision.json": canonical_bytes({**outer, "signatures": []})})


def _checkpoint_unsigned(work: Work) -> bytes:
    outer = json.loads(work.files["ledger/checkpoint.json"])
    return signed_again({**work.files, "ledger/checkpoint.json": canonical_bytes({**outer, "signatures": []})})


def _other_subject(name: str, kind: str) -> Callable[[Work], bytes]:
    def bent(work: Work) -> bytes:
        predicate = payload_of(work.files[name])["predicate"]
        return signed_again({**work.files, name: seal(kind, predicate, [("x", "1" * 64)], [key_of(OFFICE)])})

    return bent


def _claimed(work: Work) -> bytes:
    return resigned(work.files, OFFICE, decision={"number": "D-2026-0005", "outcome": "approve"})


def _field(work: Work) -> bytes:
    """Change one field somewhere inside an envelope under the old signature, listed by the old manifest."""
    name = work.rng.choice(["decision.json", "ledger/checkpoint.json"])
    statement = payload_of(work.files[name])
    field = work.rng.choice(sorted(statement["predicate"]))
    statement["predicate"][field] = work.rng.choice(("x", 7, [], None))
    return pack_archive({**work.files, name: with_payload(work.files[name], statement)})


_TEXT = "9" * 64
DECISION_BENDS: Mapping[str, Callable[[Work], bytes | None]] = {
    "another assessment": _in_decision(OFFICE, assessment=_TEXT),
    "another plan": _in_decision(OFFICE, plan=_TEXT),
    "another scope": _in_decision(OFFICE, scope=_TEXT),
    "other packs": _in_decision(OFFICE, packs=[]),
    "evidence one short": _evidence_short,
    "evidence one twice": _evidence_twice,
    "another outcome": _in_decision(OFFICE, outcome="approve"),
    "an unknown outcome": _in_decision(OFFICE, outcome="maybe"),
    "a number as text": _in_decision(OFFICE, round="2"),
    "a field of null": _in_decision(OFFICE, envelope=None),
    "an unknown field": _in_decision(OFFICE, more=1),
    "later validity by another key": _in_decision(ENGINEER, valid_until="2030-01-01"),
    "later validity by the attacker": _in_decision(ATTACKER, valid_until="2030-01-01"),
    "all signed by another key": lambda work: signed_again(work.files, ENGINEER),
    "no decision": _without("decision.json"),
    "no event": _without("ledger/event.json"),
    "no checkpoint": _without("ledger/checkpoint.json"),
    "manifest unsigned": _manifest_unsigned,
    "decision unsigned": _decision_unsigned,
    "checkpoint unsigned": _checkpoint_unsigned,
    "decision about another subject": _other_subject("decision.json", DECISION_TYPE),
    "checkpoint about another subject": _other_subject("ledger/checkpoint.json", CHECKPOINT_TYPE),
    "decision of another type": _other_subject("decision.json", CHECKPOINT_TYPE),
    "checkpoint of another type": _other_subject("ledger/checkpoint.json", MANIFEST_TYPE),
    "the manifest names another decision": _claimed,
    "a field of an envelope": _field,
    "another number in the checkpoint": _in_checkpoint(OFFICE, sequence=SEQUENCE + 1),
    "no number in the checkpoint": _in_checkpoint(OFFICE, sequence="412"),
    "yes for a number": _in_checkpoint(OFFICE, sequence=True),
    "more in the checkpoint": _in_checkpoint(OFFICE, more=1),
    "another digest in the checkpoint": _in_checkpoint(OFFICE, digest="1" * 64),
    "another digest before the event": _in_event(lambda event: event.update(previous="1" * 64)),
    "no digest before the event": _in_event(lambda event: event.update(previous="8" * 63 + "x")),
    "an event of another version": _in_event(lambda event: event.update(schema=2)),
    "an event with more": _in_event(lambda event: event.update(more="")),
    "an event that is none": _in_event(lambda event: event.update(body="[]")),
    "an event in another form": _in_event(lambda event: event.update(body=event["body"] + " ")),
    "an event of another decision": _in_body(data={"decision": _TEXT}),
    "an event of no decision": _in_body(data={}),
    "an event with data that are none": _in_body(data=[1]),
    "an event of another number": _in_body(sequence=SEQUENCE + 1),
    "an event without a number": _in_body(sequence=None),
    "an event by another person": _in_body(by="p-other"),
    "another case": _of_another_case,
}
"""What somebody with the office's key, or with another, could do to a decision: each must be caught."""


def decided_sample(number: int, seed: int = 0) -> Sample:
    """Return a bundle with a decision: in order, bent as any bundle may be, or bent in the decision."""
    rng = Random(f"decided {seed} {number}")
    content = decided(case(f"decided {seed} {number}").content, sealed=rng.random() < 0.9 or number % 3 == 2)
    if number % 3 == 0:
        return Sample(f"{number} decided", content, None, "in order")
    work = Work(rng, "decided", content, unpack_archive(content)[0])
    if number % 3 == 1:
        name = rng.choice(list(BENDS))
        made = BENDS[name][0](work)
        return Sample(f"{number} decided, {name}", content if made is None else made, None, "any")
    name = list(DECISION_BENDS)[(number // 3) % len(DECISION_BENDS)]
    made = DECISION_BENDS[name](work)
    if made is None:
        return Sample(f"{number} decided, no {name}", content, None, "in order")
    return Sample(f"{number} decided, {name}", made, None, "caught")
