"""Ledger: the event that names a decision and the checkpoint after it. Each is worth something only with the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hakari.standalone.python.reading.canonical import canonical, parse, sha256
from hakari.standalone.python.reading.envelope import open_envelope
from hakari.standalone.python.words import Message, Refused, say

__all__ = ["CHECKPOINT_MEMBER", "EVENT_MEMBER", "Seal", "read_seal"]

CHECKPOINT_MEMBER, EVENT_MEMBER = "ledger/checkpoint.json", "ledger/event.json"
_CHECKPOINT_TYPE = "https://hakari.dev/ledger-checkpoint/v1"
_HEX = set("0123456789abcdef")


@dataclass(frozen=True)
class Seal:
    """Where a ledger stood when it held the decision."""

    sequence: int
    digest: str
    ledger: str = ""
    at: str = ""
    key: str = ""


def read_seal(
    files: Mapping[str, bytes], decision: str, keys: Mapping[str, str]
) -> tuple[Seal | None, list[tuple[str, Message]]]:
    """Return what both files prove of the decision with this digest, and what is wrong with them."""
    here = [name for name in (EVENT_MEMBER, CHECKPOINT_MEMBER) if name in files]
    if len(here) == 1:
        other = CHECKPOINT_MEMBER if here == [EVENT_MEMBER] else EVENT_MEMBER
        faults = [(here[0], say("assessment.ledger.alone", member=here[0], other=other))]
    else:
        faults = []
    event = checkpoint = None
    for name in here:
        try:
            if name == EVENT_MEMBER:
                event, named = _event(files[name])
                if named != decision or not decision:
                    faults.append((name, say("assessment.ledger.other_decision", member=name)))
            else:
                checkpoint = _checkpoint(files[name], keys)
        except Refused as error:
            malformed = say("assessment.ledger.malformed", member=name)
            faults.append((name, malformed if name == EVENT_MEMBER else error.message))
        except (ValueError, TypeError, LookupError, AttributeError):
            faults.append((name, say("assessment.ledger.malformed", member=name)))
    if event and checkpoint and (event.sequence, event.digest) != (checkpoint.sequence, checkpoint.digest):
        faults.append((CHECKPOINT_MEMBER, say("assessment.ledger.other_event", member=CHECKPOINT_MEMBER)))
    return (checkpoint if not faults else None), faults


def _event(content: bytes) -> tuple[Seal, Any]:
    """Return number and digest of an event, and the decision that it names."""
    document = parse(content, EVENT_MEMBER)
    body = document["body"].encode("utf-8")
    stated = parse(body, EVENT_MEMBER)
    right = sorted(document) == ["body", "previous", "schema"] and _number(document["schema"]) == 1
    if not right or canonical(document) != content or canonical(stated) != body:
        raise ValueError(EVENT_MEMBER)
    digest = sha256(bytes.fromhex(_digest_text(document["previous"])) + body)
    if not isinstance(stated["data"], dict):
        raise ValueError(EVENT_MEMBER)
    return Seal(_number(stated["sequence"]), digest), stated["data"].get("decision")


def _checkpoint(content: bytes, keys: Mapping[str, str]) -> Seal:
    opened = open_envelope(content, CHECKPOINT_MEMBER, _CHECKPOINT_TYPE, keys, signed=True)
    stated = opened.predicate
    if sorted(stated) != ["at", "digest", "sequence"] or not isinstance(stated["at"], str):
        raise ValueError(CHECKPOINT_MEMBER)
    digest = _digest_text(stated["digest"])
    ((ledger, about),) = opened.subjects
    if about != digest:
        raise ValueError(CHECKPOINT_MEMBER)
    return Seal(_number(stated["sequence"]), digest, ledger, stated["at"], opened.signers[0])


def _digest_text(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64 or set(value) - _HEX:
        raise ValueError("no digest")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("no number")
    return value
