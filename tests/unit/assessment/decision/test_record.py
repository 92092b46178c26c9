"""A decision is one record with one digest, and its envelope says which assessment it is about."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from hakari.assessment.decision import (
    DECISION_TYPE,
    ChangeEnvelope,
    Decision,
    DecisionCondition,
    digest_of_decision,
    seal_decision,
)
from hakari.assessment.model import PackReference
from hakari.errors import EvidenceError
from hakari.evidence import SigningKey, decode, encode, open_envelope


def key() -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32))


def decision(**changes: Any) -> Decision:
    made = Decision(
        number="D-2026-0001",
        use_case="loans",
        stage="release",
        round=1,
        outcome="approve",
        assessment="a" * 64,
        plan="b" * 64,
        scope="c" * 64,
        packs=(PackReference(name="core", version="1.0.0", digest="d" * 64),),
        evidence=("1" * 64, "2" * 64),
        conditions=(),
        form="circulation",
        votes={"approve": 5},
        recused=0,
        decided_at="2026-11-24T05:00:00+00:00",
        valid_until="2027-11-23",
    )
    return replace(made, **changes)


CONDITION = DecisionCondition(
    number=1, text="測り直す", language="ja", requirement="u:r@1", due="2027-01-31", rule="check", check="r/gap[sex]"
)
ENVELOPE = ChangeEnvelope(roles=("model",), checks=("r/gap[sex]",), until="2027-03-31")


@pytest.mark.parametrize("changes", [{}, {"conditions": (CONDITION,)}, {"envelope": ENVELOPE}, {"votes": {}}])
def test_a_decision_is_read_as_it_was_written(changes: dict[str, Any]) -> None:
    made = decision(**changes)
    assert decode(Decision, json.loads(json.dumps(encode(made)))) == made


def test_its_digest_is_that_of_its_canonical_json() -> None:
    """Plain words and whole numbers only, for which sorted compact JSON is the canonical form."""
    made = decision(conditions=(CONDITION,))
    text = json.dumps(encode(made), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert digest_of_decision(made) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("field", [item for item in encode(decision()) if item not in ("packs", "votes", "conditions")])
def test_every_field_counts_in_the_digest(field: str) -> None:
    value = getattr(decision(), field)
    other: Any = value + 1 if isinstance(value, int) else value[:-1] if isinstance(value, tuple) else "defer"
    assert digest_of_decision(decision(**{field: other})) != digest_of_decision(decision())


def test_the_envelope_is_signed_and_about_the_assessment() -> None:
    made = decision()
    content = seal_decision(made, key())
    public = key().public
    opened = open_envelope(content, what="d", predicate_type=DECISION_TYPE, keys={public.id: public}, signatures=1)
    assert opened.subjects == (("assessment.json", made.assessment),)
    assert decode(Decision, opened.predicate) == made
    statement = json.loads(base64.b64decode(json.loads(content)["payload"]))
    assert statement["predicateType"] == "urn:hakari:predicate:decision:1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("outcome", "maybe"), ("form", "phone"), ("round", "two"), ("votes", {"approve": "many"}), ("more", 1),
        ("conditions", [{"number": 1}]), ("envelope", {"roles": []}), ("evidence", "e"), ("schema", None),
    ],
)  # fmt: skip
def test_what_is_no_decision_is_refused(field: str, value: Any) -> None:
    with pytest.raises(EvidenceError):
        decode(Decision, {**encode(decision()), field: value})


@pytest.mark.parametrize("field", ["number", "assessment", "evidence", "form", "valid_until", "votes", "recused"])
def test_a_field_that_is_missing_is_refused(field: str) -> None:
    document = encode(decision())
    del document[field]
    with pytest.raises(EvidenceError, match=field):
        decode(Decision, document)
