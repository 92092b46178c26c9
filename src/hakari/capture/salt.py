"""The salt of a store, kept apart from it, and the digest of inputs that it makes."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hakari.capture._plain import canonical, plain
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["BYTES", "beside", "commitment", "inputs_digest", "inputs_match", "load_salt"]

BYTES = 32
_PATIENCE = 2.0
# Seconds that a process waits for another one that has made the file and not yet filled it.


def beside(folder: Path) -> Path:
    """Return where the salt of a store lies unless told otherwise: beside the folder, so that a copy of it has none."""
    whole = folder.resolve()
    return whole.with_name(f"{whole.name}.salt")


def load_salt(path: Path, *, create: bool = False) -> bytes:
    """Return the salt in the file at `path`; with `create`, make it first where there is none.

    Raises:
        InputError: no such file, or not 64 hexadecimal digits.
    """
    if create:
        _create(path)
    try:
        until = time.monotonic() + _PATIENCE
        while not (text := path.read_text("ascii").strip()) and create and time.monotonic() < until:
            time.sleep(0.01)
        salt = bytes.fromhex(text)
    except FileNotFoundError as error:
        raise InputError(say("capture.salt.missing", path=str(path))) from error
    except (OSError, ValueError) as error:
        raise InputError(say("capture.salt.unreadable", path=str(path))) from error
    if len(salt) != BYTES:
        raise InputError(say("capture.salt.unreadable", path=str(path)))
    return salt


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError as error:
        raise InputError(say("capture.store.unwritable", path=str(path), problem=error.strerror or "")) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(BYTES) + "\n")


def commitment(salt: bytes) -> str:
    """Return what a store says about its salt: it fixes the salt without giving it away."""
    return hashlib.sha256(b"hakari.capture.salt\n" + salt).hexdigest()


def inputs_digest(decision_id: str, inputs: Mapping[str, Any], *, salt: bytes) -> str:
    """Return the digest of the inputs of one decision: HMAC-SHA256 under the salt of the RFC 8785 bytes of both.

    The id is part of it, so that equal inputs of two decisions do not show as equal.

    Raises:
        InputError: a value that JSON does not have.
    """
    return hmac.digest(salt, canonical([decision_id, plain(inputs)]), "sha256").hex()


def inputs_match(record: Mapping[str, Any], inputs: Mapping[str, Any], *, salt: bytes) -> bool:
    """Return whether `inputs` are those that were recorded in this decision's line.

    >>> salt = bytes(32)
    >>> record = {"id": "A-1", "inputs": inputs_digest("A-1", {"income": 410.0}, salt=salt)}
    >>> inputs_match(record, {"income": 410}, salt=salt), inputs_match(record, {"income": 411}, salt=salt)
    (True, False)

    Raises:
        InputError: the record is no decision, or a value that JSON does not have.
    """
    if not isinstance(record.get("id"), str) or not isinstance(record.get("inputs"), str):
        raise InputError(say("capture.record.no_decision", kind=str(record.get("kind"))))
    return hmac.compare_digest(inputs_digest(record["id"], inputs, salt=salt), record["inputs"])
