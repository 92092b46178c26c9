"""DSSE envelopes around in-toto statements, accepted only in their one canonical form.

An envelope must equal its own canonical re-serialisation with exactly the expected signatures. Otherwise base64
padding bits, white space, reordered keys and added signatures would change a file without changing what it says.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hakari.errors import SignatureError
from hakari.evidence.canonical import canonical_bytes
from hakari.evidence.codec import parse_json
from hakari.evidence.keys import PublicKey, SigningKey
from hakari.messages import say, shown

__all__ = ["PAYLOAD_TYPE", "STATEMENT_TYPE", "Opened", "open_envelope", "seal"]

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an envelope carries, and which keys signed it."""

    predicate_type: str
    predicate: Any
    subjects: tuple[tuple[str, str], ...]
    """(name, SHA-256) of what the statement is about."""
    key_ids: tuple[str, ...]
    """Keys whose signatures verified; empty for an unsigned envelope."""


def seal(
    predicate_type: str, predicate: Any, subjects: Sequence[tuple[str, str]], keys: Sequence[SigningKey] = ()
) -> bytes:
    """Return the envelope around `predicate`, signed by each of `keys` (none: unsigned, and said so when verified)."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner, SSlibKey

    statement = {
        "_type": STATEMENT_TYPE,
        "predicate": predicate,
        "predicateType": predicate_type,
        "subject": [{"digest": {"sha256": digest}, "name": name} for name, digest in subjects],
    }
    envelope = Envelope(canonical_bytes(statement), PAYLOAD_TYPE, {})
    for key in sorted(keys, key=lambda item: item.public.id):
        public = SSlibKey(key.public.id, "ed25519", "ed25519", {"public": key.public.hex})
        envelope.sign(CryptoSigner(key._private, public))
    return canonical_bytes(envelope.to_dict())


def open_envelope(
    content: bytes, *, what: str, predicate_type: str, keys: Mapping[str, PublicKey], signatures: int | None = None
) -> Opened:
    """Return what `content` carries after checking form and every signature.

    Args:
        content: Bytes of the envelope.
        what: Name of the document, for messages.
        predicate_type: The only type accepted.
        keys: Public keys by id; each signature must verify with one of them.
        signatures: Exact number of signatures expected; None accepts one or none.

    Raises:
        SignatureError: malformed, not canonical, swapped, or a signature that does not verify.
    """
    outer = parse_json(content, what=what)
    payload, pairs = _parts(outer, what)
    if canonical_bytes(outer) != content or len({key for key, _ in pairs}) != len(pairs):
        raise SignatureError(say("evidence.envelope.not_canonical", what=what))
    if len(pairs) > 1 if signatures is None else len(pairs) != signatures:
        raise SignatureError(say("evidence.envelope.not_canonical", what=what))
    signed = b"DSSEv1 %d %b %d %b" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)
    for key_id, signature in pairs:
        if key_id not in keys or keys[key_id].id != key_id or not keys[key_id].verifies(signature, signed):
            raise SignatureError(say("evidence.envelope.bad_signature", what=what))
    statement = parse_json(payload, what=what)
    if canonical_bytes(statement) != payload:
        raise SignatureError(say("evidence.envelope.not_canonical", what=what))
    return _statement(statement, predicate_type, what, tuple(key for key, _ in pairs))


def _parts(outer: Any, what: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    try:
        if set(outer) != {"payload", "payloadType", "signatures"} or outer["payloadType"] != PAYLOAD_TYPE:
            raise ValueError("fields are not those of an in-toto envelope")
        payload = _strict_base64(outer["payload"])
        pairs = []
        for item in outer["signatures"]:
            if set(item) != {"keyid", "sig"} or not isinstance(item["keyid"], str):
                raise ValueError("a signature has other fields than keyid and sig")
            pairs.append((item["keyid"], _strict_base64(item["sig"])))
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error) as error:
        problem = say("evidence.envelope.malformed", what=what, problem=str(error))
        raise SignatureError(problem) from error
    return payload, pairs


def _strict_base64(text: Any) -> bytes:
    if not isinstance(text, str):
        raise ValueError("base64 text expected")
    content = base64.b64decode(text.encode("ascii", "strict"), validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("base64 with stray padding bits")
    return content


def _statement(statement: Any, predicate_type: str, what: str, key_ids: tuple[str, ...]) -> Opened:
    try:
        if set(statement) != {"_type", "predicate", "predicateType", "subject"}:
            raise ValueError("fields are not those of an in-toto statement")
        if statement["_type"] != STATEMENT_TYPE:
            raise ValueError("statement type")
        found = statement["predicateType"]
        subjects = tuple((str(item["name"]), str(item["digest"]["sha256"])) for item in statement["subject"])
    except (ValueError, TypeError, KeyError) as error:
        problem = say("evidence.envelope.malformed", what=what, problem=str(error))
        raise SignatureError(problem) from error
    if found != predicate_type:
        raise SignatureError(
            say("evidence.envelope.wrong_type", what=what, found=shown(str(found), 80), expected=predicate_type)
        )
    return Opened(predicate_type=found, predicate=statement["predicate"], subjects=subjects, key_ids=key_ids)
