"""Envelope: an in-toto statement in a DSSE envelope, accepted only in its one canonical form.

Otherwise white space, reordered keys, the idle bits of base64 or an added signature would change a file without
changing what it says.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.reading.canonical import canonical, parse, sha256
from hakari.standalone.python.words import Refused, say

__all__ = ["Opened", "key_id", "open_envelope", "open_unchecked"]

_PAYLOAD_TYPE = "application/vnd.in-toto+json"
_STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


@dataclass(frozen=True)
class Opened:
    """What an envelope carries."""

    predicate: Any
    signers: tuple[str, ...]
    """Ids of the keys whose signatures verified: none or one."""
    subjects: tuple[tuple[str, str], ...] = ()
    """(name, SHA-256) of what the statement is about."""


def key_id(key: Any) -> str:
    """Return the id of a public key of 64 hexadecimal digits: the SHA-256 of its 32 bytes."""
    text = str(key)
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        problem = "not 64 lower-case hexadecimal digits"
        raise Refused(say("evidence.key.unreadable", path=text[:80], problem=problem))
    return sha256(bytes.fromhex(text))


def _verifies(key: str, signature: bytes, content: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def open_envelope(
    content: bytes, what: str, predicate_type: str, keys: Mapping[str, str], *, signed: bool = False
) -> Opened:
    """Return what `content` carries, after its form and every signature were checked.

    Args:
        content: The envelope.
        what: Its name, for messages.
        predicate_type: The only type accepted.
        keys: Public keys by id.
        signed: Whether there must be a signature.

    Raises:
        Refused: malformed, not canonical, of another type, or a signature that does not verify.
    """
    outer = parse(content, what)
    payload, pairs = _parts(outer, what)
    if canonical(outer) != content or len(pairs) > 1 or (signed and not pairs):
        raise Refused(say("evidence.envelope.not_canonical", what=what))
    framed = b"DSSEv1 %d %b %d %b" % (len(_PAYLOAD_TYPE), _PAYLOAD_TYPE.encode(), len(payload), payload)
    for identifier, signature in pairs:
        if identifier not in keys or not _verifies(keys[identifier], signature, framed):
            raise Refused(say("evidence.envelope.bad_signature", what=what))
    statement = parse(payload, what)
    if canonical(statement) != payload:
        raise Refused(say("evidence.envelope.not_canonical", what=what))
    predicate, subjects = _predicate(statement, predicate_type, what)
    return Opened(predicate, tuple(identifier for identifier, _ in pairs), subjects)


def open_unchecked(content: bytes, what: str, predicate_type: str) -> Any:
    """Return the predicate without any check, to show what was changed; None where it cannot even be read."""
    try:
        statement = parse(base64.b64decode(parse(content, what)["payload"]), what)
        return statement["predicate"] if statement["predicateType"] == predicate_type else None
    except (Refused, ValueError, TypeError, LookupError, AttributeError):
        return None


def _parts(outer: Any, what: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    try:
        if set(outer) != {"payload", "payloadType", "signatures"} or outer["payloadType"] != _PAYLOAD_TYPE:
            raise ValueError("fields are not those of an in-toto envelope")
        pairs = []
        for item in outer["signatures"]:
            if set(item) != {"keyid", "sig"} or not isinstance(item["keyid"], str):
                raise ValueError("a signature has other fields than keyid and sig")
            pairs.append((item["keyid"], _base64(item["sig"])))
        return _base64(outer["payload"]), pairs
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Refused(say("evidence.envelope.malformed", what=what, problem=str(error))) from None


def _base64(text: Any) -> bytes:
    if not isinstance(text, str):
        raise ValueError("base64 text expected")
    content = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("base64 with stray padding bits")
    return content


def _predicate(statement: Any, predicate_type: str, what: str) -> tuple[Any, tuple[tuple[str, str], ...]]:
    try:
        if set(statement) != {"_type", "predicate", "predicateType", "subject"}:
            raise ValueError("fields are not those of an in-toto statement")
        if statement["_type"] != _STATEMENT_TYPE:
            raise ValueError("statement type")
        found = statement["predicateType"]
        subjects = tuple((str(item["name"]), str(item["digest"]["sha256"])) for item in statement["subject"])
    except (ValueError, TypeError, LookupError) as error:
        raise Refused(say("evidence.envelope.malformed", what=what, problem=str(error))) from None
    if found != predicate_type or len(subjects) != len(statement["subject"]):
        raise Refused(say("evidence.envelope.wrong_type", what=what, found=str(found)[:80], expected=predicate_type))
    return statement["predicate"], subjects
