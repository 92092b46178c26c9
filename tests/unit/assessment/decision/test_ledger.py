"""Event and checkpoint prove something together or nothing at all."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.assessment.decision import CHECKPOINT_TYPE, LedgerSeal, ledger_event, read_seal
from hakari.assessment.decision.ledger import CHECKPOINT, EVENT
from hakari.evidence import SigningKey, canonical_bytes, seal

DECISION, LEDGER, BEFORE = "d" * 64, "7" * 64, "8" * 64


def key(seed: int = 5) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def body(**changes: Any) -> bytes:
    event = {"about": ["decision", "D-1"], "at": "t", "by": "p", "data": {"decision": DECISION}, "kind": "k"}
    return canonical_bytes({**event, "sequence": 7, **changes})


def files(content: bytes, sequence: Any = 7, **changes: Any) -> dict[str, bytes]:
    digest = hashlib.sha256(bytes.fromhex(BEFORE) + content).hexdigest()
    predicate = {"at": "2026-11-24T05:00:01+00:00", "digest": digest, "sequence": sequence, **changes}
    return {
        EVENT: ledger_event(BEFORE, content),
        CHECKPOINT: seal(CHECKPOINT_TYPE, predicate, [(LEDGER, digest)], [key()]),
    }


def read(given: dict[str, bytes], decision: str = DECISION) -> tuple[LedgerSeal | None, list[tuple[str, str]]]:
    found, faults = read_seal(given, decision, {key().public.id: key().public})
    return found, [(member, problem.key.rpartition(".")[2]) for member, problem in faults]


def test_an_event_under_its_checkpoint_is_a_seal() -> None:
    found, faults = read(files(body()))
    assert faults == []
    assert found is not None
    assert (found.sequence, found.ledger, found.key) == (7, LEDGER, key().public.id)
    assert found.digest == hashlib.sha256(bytes.fromhex(BEFORE) + body()).hexdigest()


def test_without_both_there_is_nothing_to_say() -> None:
    assert read({}) == (None, [])


@pytest.mark.parametrize("alone", [EVENT, CHECKPOINT])
def test_one_alone_proves_nothing(alone: str) -> None:
    assert read({alone: files(body())[alone]}) == (None, [(alone, "alone")])


def test_without_a_decision_the_event_names_none() -> None:
    assert read(files(body()), "") == (None, [(EVENT, "other_decision")])
    assert read(files(body(data={"decision": ""})), "") == (None, [(EVENT, "other_decision")])


@pytest.mark.parametrize("sequence", [0, -1, "7", True, 7.5, None, [7]])
def test_a_number_that_is_none_is_refused(sequence: Any) -> None:
    assert read(files(body(sequence=sequence)))[1] == [(EVENT, "malformed")]
    assert read(files(body(), sequence=sequence))[1] == [(CHECKPOINT, "malformed")]


@pytest.mark.parametrize("data", [{}, {"decision": "e" * 64}, {"decision": None}, {"decision": [DECISION]}])
def test_an_event_of_something_else_is_refused(data: Any) -> None:
    assert read(files(body(data=data)))[1] == [(EVENT, "other_decision")]


@pytest.mark.parametrize("data", [None, [], [["decision", DECISION]], DECISION])
def test_an_event_whose_data_are_no_record_is_refused(data: Any) -> None:
    assert read(files(body(data=data)))[1] == [(EVENT, "malformed")]


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2}, {"schema": True}, {"more": 1}, {"previous": "8" * 63}, {"previous": "G" * 64},
        {"previous": None}, {"body": "{"}, {"body": "[]"}, {"body": None}, {"body": " " + body().decode()},
        {"body": "\ud800"},
    ],
)  # fmt: skip
def test_an_event_in_another_form_is_refused(change: dict[str, Any]) -> None:
    bent = files(body())
    document = {**json.loads(bent[EVENT]), **change}
    bent[EVENT] = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    expected = [(EVENT, "malformed")]
    assert read(bent)[1] == expected


def test_a_checkpoint_of_another_type_or_key_is_refused() -> None:
    digest = "1" * 64
    predicate = {"at": "t", "digest": digest, "sequence": 7}
    other = seal("urn:x", predicate, [(LEDGER, digest)], [key()])
    assert read({**files(body()), CHECKPOINT: other})[1] == [(CHECKPOINT, "wrong_type")]
    foreign = seal(CHECKPOINT_TYPE, predicate, [(LEDGER, digest)], [key(6)])
    assert read({**files(body()), CHECKPOINT: foreign})[1] == [(CHECKPOINT, "bad_signature")]
    unsigned = seal(CHECKPOINT_TYPE, predicate, [(LEDGER, digest)])
    assert read({**files(body()), CHECKPOINT: unsigned})[1] == [(CHECKPOINT, "not_canonical")]


@pytest.mark.parametrize("subjects", [[], [(LEDGER, "1" * 64)], [(LEDGER, "2" * 64), (LEDGER, "2" * 64)]])
def test_a_checkpoint_about_something_else_is_refused(subjects: list[tuple[str, str]]) -> None:
    predicate = {"at": "t", "digest": "2" * 64, "sequence": 7}
    bent = {**files(body()), CHECKPOINT: seal(CHECKPOINT_TYPE, predicate, subjects, [key()])}
    assert read(bent)[1] == [(CHECKPOINT, "malformed")]


@given(st.integers(1, 2**53 - 1), st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_only_the_same_number_after_the_same_digest_seals(first: int, second: int, before: bytes) -> None:
    given = files(body(sequence=first), sequence=second)
    given[EVENT] = ledger_event(before.hex(), body(sequence=first))
    found, faults = read(given)
    same = first == second and before.hex() == BEFORE
    assert (found is not None) == same
    assert faults == ([] if same else [(CHECKPOINT, "other_event")])
