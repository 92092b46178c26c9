"""The seal of a decision: one event of an office's ledger, and the signed checkpoint that says where the ledger stood.

They prove that the ledger of whoever holds the key held this digest at this number. They do not prove when: the times
in both are the office's own word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from hakari.errors import HakariError
from hakari.evidence import PublicKey, canonical_bytes, open_envelope, parse_json
from hakari.messages import Message, say

__all__ = ["CHECKPOINT", "CHECKPOINT_TYPE", "EVENT", "LedgerSeal", "ledger_event", "read_seal"]

CHECKPOINT_TYPE = "https://hakari.dev/ledger-checkpoint/v1"
EVENT, CHECKPOINT = "ledger/event.json", "ledger/checkpoint.json"
"""Their names in a bundle."""

_DIGEST = re.compile(r"[0-9a-f]{64}")

Named = tuple[str, Message]
"""(member, what is wrong with it)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSeal:
    """Up to where a ledger was sealed when it held the decision."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    sequence: int
    """Number of the event that names the decision."""
    at: str
    """When the checkpoint was written, by the office's own clock."""
    digest: str
    """Where the chain stood after that event."""
    ledger: str
    """Digest before the first event, by which a ledger is told from others."""
    key: str
    """Id of the key that signed the checkpoint."""


@dataclass(frozen=True, slots=True)
class _Event:
    sequence: int
    digest: str
    decision: Any


def ledger_event(previous: str, body: bytes) -> bytes:
    """Return the file of an event: its canonical bytes, and the digest before it."""
    return canonical_bytes({"body": body.decode(), "previous": previous, "schema": 1})


def read_seal(
    files: Mapping[str, bytes], decision: str, keys: Mapping[str, PublicKey]
) -> tuple[LedgerSeal | None, list[Named]]:
    """Return what event and checkpoint in a bundle prove together, and everything that is wrong with them.

    Args:
        files: The members of the bundle.
        decision: Digest of the decision beside them; empty if there is none.
        keys: Public keys of the bundle by id.
    """
    if EVENT not in files and CHECKPOINT not in files:
        return None, []
    faults: list[Named] = []
    event: _Event | None = None
    seal: LedgerSeal | None = None
    for name, other in ((EVENT, CHECKPOINT), (CHECKPOINT, EVENT)):
        if name not in files:
            faults.append((other, say("assessment.ledger.alone", member=other, other=name)))
            continue
        try:
            if name == EVENT:
                event = _read_event(files[EVENT])
            else:
                seal = _read_checkpoint(files[CHECKPOINT], keys)
        except HakariError as error:
            malformed = say("assessment.ledger.malformed", member=name)
            said = error.message if name == CHECKPOINT else malformed
            faults.append((name, said if isinstance(said, Message) else malformed))
        except (ValueError, TypeError, LookupError, AttributeError):
            faults.append((name, say("assessment.ledger.malformed", member=name)))
    if event is not None and (not decision or event.decision != decision):
        faults.append((EVENT, say("assessment.ledger.other_decision", member=EVENT)))
    if event is not None and seal is not None and (event.sequence, event.digest) != (seal.sequence, seal.digest):
        faults.append((CHECKPOINT, say("assessment.ledger.other_event", member=CHECKPOINT)))
    return None if faults else seal, faults


def _read_event(content: bytes) -> _Event:
    document = parse_json(content, what=EVENT)
    body, previous = document["body"].encode(), document["previous"]
    stated = parse_json(body, what=EVENT)
    if set(document) != {"body", "previous", "schema"} or _whole(document["schema"]) != 1:
        raise ValueError("fields")
    if canonical_bytes(document) != content or canonical_bytes(stated) != body or not _DIGEST.fullmatch(previous):
        raise ValueError("form")
    digest = hashlib.sha256(bytes.fromhex(previous) + body).hexdigest()
    data = stated["data"]
    if not isinstance(data, dict):
        raise ValueError("data")
    return _Event(_whole(stated["sequence"]), digest, data.get("decision"))


def _read_checkpoint(content: bytes, keys: Mapping[str, PublicKey]) -> LedgerSeal:
    opened = open_envelope(content, what=CHECKPOINT, predicate_type=CHECKPOINT_TYPE, keys=keys, signatures=1)
    predicate = opened.predicate
    if set(predicate) != {"at", "digest", "sequence"} or not isinstance(predicate["at"], str):
        raise ValueError("fields")
    ((ledger, digest),) = opened.subjects
    if digest != predicate["digest"] or not _DIGEST.fullmatch(digest):
        raise ValueError("digest")
    return LedgerSeal(
        sequence=_whole(predicate["sequence"]),
        at=predicate["at"],
        digest=digest,
        ledger=ledger,
        key=opened.key_ids[0],
    )


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("a number from 1")
    return value
