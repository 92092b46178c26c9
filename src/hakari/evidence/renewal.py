"""Renewal: a statement signed by an old key and by its successor, by which trust in the first reaches the second.

A key that was lost or leaked cannot vouch for its successor: then the new key signs alone, and says so. Whoever trusted
the old one has to compare the new one by another way.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hakari.errors import EvidenceError, HakariError, SignatureError
from hakari.evidence.codec import parse_json
from hakari.evidence.envelope import open_envelope, seal
from hakari.evidence.keys import PublicKey, SigningKey
from hakari.messages import say

__all__ = ["RENEWAL_TYPE", "KeyRenewal", "Role", "followed", "open_renewal", "seal_renewal"]

RENEWAL_TYPE = "urn:hakari:predicate:key-renewal:1"
Role = Literal["office", "site"]
_FIELDS = {"at", "digest", "lost_since", "new", "old", "role", "schema", "sequence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRenewal:
    """One key took the place of another, and where the ledger stood then."""

    role: Role
    """`office`: decisions, checkpoints, lists and backups; `site`: what people answer on the site."""
    old: PublicKey
    new: PublicKey
    at: str
    """ISO time at which the old key ended and the new one began."""
    lost_since: str | None = None
    """ISO time since which the old key is not to be trusted; None if it signed its own end."""
    ledger: str
    """Digest before the first event, by which a ledger is told from others."""
    sequence: int
    """Number of the event that says the same."""
    digest: str
    """Where the chain stood after it: the statement is a checkpoint too."""


def seal_renewal(renewal: KeyRenewal, keys: Sequence[SigningKey]) -> bytes:
    """Return the signed statement."""
    predicate = {
        "at": renewal.at,
        "digest": renewal.digest,
        "lost_since": renewal.lost_since,
        "new": renewal.new.hex,
        "old": renewal.old.hex,
        "role": renewal.role,
        "schema": 1,
        "sequence": renewal.sequence,
    }
    return seal(RENEWAL_TYPE, predicate, [(renewal.ledger, renewal.digest)], keys)


def open_renewal(content: bytes, *, what: str, office: PublicKey | None = None) -> KeyRenewal:
    """Return what a renewal says, once it carries exactly the signatures that it needs.

    Those are the new key's; the old key's, unless it was lost; and for the site's key also `office`, which keeps it.

    Raises:
        SignatureError: malformed, changed, or a signature is missing, wrong, or one too many.
    """
    try:
        statement = parse_json(base64.b64decode(parse_json(content, what=what)["payload"]), what=what)
        ((ledger, digest),) = [(item["name"], item["digest"]["sha256"]) for item in statement["subject"]]
        found = _from_json(statement["predicate"], str(ledger))
        if digest != found.digest:
            raise ValueError("another digest than its subject's")
        if found.role == "site" and office is None:
            raise ValueError("a renewal of the site's key, which the office's key must sign too")
    except EvidenceError:
        raise
    except (HakariError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise SignatureError(say("evidence.envelope.malformed", what=what, problem=str(error))) from error
    signers = [found.new] + ([found.old] if found.lost_since is None else [])
    signers += [office] if office is not None and found.role == "site" else []
    keys = {key.id: key for key in signers}
    open_envelope(content, what=what, predicate_type=RENEWAL_TYPE, keys=keys, signatures=len(keys))
    return found


def followed(trusted: str, current: str, renewals: Iterable[bytes]) -> tuple[KeyRenewal, ...] | None:
    """Return the renewals by which trust in one key of an office reaches another; None if nothing leads there.

    Args:
        trusted: Id of the key that the reader knows to be the office's.
        current: Id of the key that signs now.
        renewals: Signed statements, in any order. One that the old key did not sign leads nowhere.
    """
    steps: dict[str, KeyRenewal] = {}
    for content in renewals:
        try:
            found = open_renewal(content, what="renewal")
        except HakariError:
            continue
        if found.role != "office" or found.lost_since is not None:
            continue
        # Two successors of one key: somebody else has it as well, and nobody can tell which of them is the office.
        if steps.setdefault(found.old.id, found).new != found.new:
            return None
    path: list[KeyRenewal] = []
    while trusted != current:
        step = steps.pop(trusted, None)
        if step is None:
            return None
        path.append(step)
        trusted = step.new.id
    return tuple(path)


def _from_json(predicate: Any, ledger: str) -> KeyRenewal:
    if set(predicate) != _FIELDS or predicate["schema"] != 1 or predicate["role"] not in ("office", "site"):
        raise ValueError("fields are not those of a renewal")
    number, since = predicate["sequence"], predicate["lost_since"]
    if type(number) is not int or number < 1:
        raise ValueError("no number")
    old, new = PublicKey(str(predicate["old"])), PublicKey(str(predicate["new"]))
    at = _time(predicate["at"])
    if old == new or (since is not None and _time(since) > at):
        raise ValueError("keys or times do not fit")
    return KeyRenewal(
        role=predicate["role"],
        old=old,
        new=new,
        at=str(predicate["at"]),
        lost_since=since,
        ledger=ledger,
        sequence=number,
        digest=str(predicate["digest"]),
    )


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} has no zone")
    return moment
