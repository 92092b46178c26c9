"""Renewals: how the key that signed a decision became the key that signs the bundle. Each step has both signatures."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hakari.standalone.python.reading.canonical import canonical, parse
from hakari.standalone.python.reading.envelope import key_id, open_envelope
from hakari.standalone.python.reading.ledger import EVENT_MEMBER, Seal
from hakari.standalone.python.words import Message, Refused, say

__all__ = ["RENEWAL_FOLDER", "Renewal", "broken_chain", "read_renewals"]

RENEWAL_FOLDER = "ledger/renewals/"
_RENEWAL_TYPE = "urn:hakari:predicate:key-renewal:1"
_RENEWAL_FIELDS = {"at", "digest", "lost_since", "new", "old", "role", "schema", "sequence"}


@dataclass(frozen=True)
class Renewal:
    """One key of the office took the place of another."""

    member: str
    old: str
    """Id of the key that ended."""
    new: str
    at: datetime
    sequence: int
    ledger: str
    lost: bool
    """Whether the new key had to sign alone."""


def read_renewals(files: Mapping[str, bytes]) -> tuple[list[Renewal], list[tuple[str, Message]]]:
    """Return the renewals of a bundle by number, and what is wrong with each by itself."""
    steps, faults = [], []
    for member in sorted(files):
        if not member.startswith(RENEWAL_FOLDER):
            continue
        try:
            step = _renewal(files[member], member)
        except (Refused, ValueError, TypeError, LookupError, AttributeError):
            faults.append((member, say("assessment.ledger.renewal_bent", member=member)))
            continue
        if step.lost:
            faults.append((member, say("assessment.ledger.renewal_lost", member=member)))
        steps.append(step)
    return steps, faults


def broken_chain(
    steps: list[Renewal], decided_by: str, signed_by: str, decided_at: str, seal: Seal | None
) -> list[tuple[str, Message]]:
    """Return where steps in order do not lead from the key of the decision to the key of the manifest.

    Nothing can be told of those behind the first break. Without a decision each step is one too many.
    """
    key, seen, before = decided_by, {decided_by}, None
    for step in steps:
        right = [key != signed_by, step.old == key, step.new not in seen, seal is None or seal.ledger == step.ledger]
        if before is not None:
            right += [before.sequence < step.sequence, before.at <= step.at, before.ledger == step.ledger]
        if not all(right):
            return [(step.member, say("assessment.ledger.renewal_strange", member=step.member))]
        key, before = step.new, step
        seen.add(key)
    if key != signed_by:
        return [("decision.json", say("assessment.ledger.renewal_missing", member="decision.json"))]
    if not steps:
        return []
    late = []
    if not _was_before(decided_at, steps[0].at):
        late.append("decision.json")
    if seal is not None and seal.sequence >= steps[0].sequence:
        late.append(EVENT_MEMBER)
    return [(member, say("assessment.ledger.renewal_late", member=member)) for member in late]


def _renewal(content: bytes, member: str) -> Renewal:
    """Return what a renewal says, once its form and exactly the signatures that it needs hold."""
    outer = parse(content, member)
    if canonical(outer) != content:
        raise ValueError(member)
    stated = parse(base64.b64decode(outer["payload"]), member)["predicate"]
    lost, at = stated["lost_since"], _with_zone(stated["at"])
    right = set(stated) == _RENEWAL_FIELDS and stated["schema"] == 1 and stated["role"] == "office"
    if not right or stated["old"] == stated["new"] or (lost is not None and _with_zone(lost) > at):
        raise ValueError(member)
    old, new = key_id(stated["old"]), key_id(stated["new"])
    keys = {new: stated["new"]} | ({old: stated["old"]} if lost is None else {})
    # An envelope of several signatures is so many envelopes of one.
    alone = [canonical({**outer, "signatures": [item]}) for item in outer["signatures"]]
    opened = [open_envelope(part, member, _RENEWAL_TYPE, keys, signed=True) for part in alone]
    if sorted(one.signers[0] for one in opened) != sorted(keys):
        raise ValueError(member)
    ((ledger, digest),) = opened[0].subjects
    sequence = _counted(stated["sequence"])
    named = member == f"{RENEWAL_FOLDER}{sequence:012d}.json"
    if not named or digest != stated["digest"] or not (_is_hex(digest) and _is_hex(ledger)):
        raise ValueError(member)
    return Renewal(member, old, new, at, sequence, ledger, lost is not None)


def _counted(value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("no number")
    return value


def _is_hex(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def _with_zone(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} has no zone")
    return moment


def _was_before(at: str, end: datetime) -> bool:
    """Whether a stated time is not past `end`; what is no time is not before anything."""
    try:
        return _with_zone(at) <= end
    except (ValueError, TypeError, OverflowError):
        return False
