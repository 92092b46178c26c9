"""Canonical JSON (RFC 8785) and SHA-256: one value, one byte string, one digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from hakari.errors import EvidenceError
from hakari.messages import say

__all__ = ["LARGEST_INTEGER", "canonical_bytes", "digest_bytes", "digest_json", "freeze"]

LARGEST_INTEGER = 2**53 - 1


def canonical_bytes(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a JSON value.

    Raises:
        EvidenceError: NaN, infinity, an integer beyond 2**53 - 1, or a value that JSON does not have.
    """
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise EvidenceError(say("evidence.canonical.impossible", problem=str(error))) from error


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_json(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of `value`."""
    return digest_bytes(canonical_bytes(value))


def freeze(value: Any) -> Any:
    """Return a JSON value with its lists as tuples, so that equal records compare equal."""
    if isinstance(value, Mapping):
        return {key: freeze(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value
