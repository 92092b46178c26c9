"""The key directory: which key belongs to whom, from when until when, and whether it was revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from hakari.errors import EvidenceError, HakariError, SignatureError
from hakari.evidence.canonical import digest_json
from hakari.evidence.codec import parse_json
from hakari.evidence.envelope import open_envelope, seal
from hakari.evidence.keys import PublicKey, SigningKey
from hakari.evidence.renewal import KeyRenewal, followed
from hakari.messages import say

__all__ = ["DIRECTORY_TYPE", "DirectoryEntry", "KeyDirectory", "KeyStanding", "read_directory", "write_directory"]

DIRECTORY_TYPE = "urn:hakari:predicate:key-directory:1"
KeyStanding = Literal["valid", "not_yet", "expired", "revoked", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """One key and whose it is."""

    key: PublicKey
    name: str
    """Person or pipeline that the office registered it to."""
    valid_from: str
    """ISO time from which its signatures count."""
    valid_until: str | None = None
    """ISO time until which they count, or open."""
    revoked: str | None = None
    """ISO time of revocation, or never."""

    def standing(self, at: str) -> KeyStanding:
        """Return how this key stood at the ISO time `at`."""
        moment = _time(at)
        if self.revoked is not None and moment >= _time(self.revoked):
            return "revoked"
        if moment < _time(self.valid_from):
            return "not_yet"
        if self.valid_until is not None and moment > _time(self.valid_until):
            return "expired"
        return "valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDirectory:
    """The office's list of keys, and the key that signed the list."""

    entries: tuple[DirectoryEntry, ...]
    issued_at: str
    signed_by: str | None
    """Key id of the signature on the list itself."""
    renewals: tuple[bytes, ...] = ()
    """Signed statements by which keys of the office took each other's place; checked when they are followed."""

    def follow(self, trusted: str) -> tuple[KeyRenewal, ...] | None:
        """Return the renewals that lead from a key whose id the reader trusts to the one that signed this list.

        Empty if it is that key itself; None if no unbroken chain of renewals, each signed by both keys, leads there.
        """
        return None if self.signed_by is None else followed(trusted, self.signed_by, self.renewals)

    def find(self, key_id: str) -> DirectoryEntry | None:
        """Return the entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key.id == key_id), None)


def write_directory(
    entries: Sequence[DirectoryEntry], *, issued_at: str, key: SigningKey, renewals: Sequence[bytes] = ()
) -> bytes:
    """Return the signed directory file; `renewals` say how the signing key came to be the office's.

    The signing key must itself be in the list, so that a reader can check the signature with the file alone and then
    compare one key id with what the office publishes.
    """
    if all(entry.key.id != key.public.id for entry in entries):
        raise SignatureError(
            say("evidence.directory.malformed", what="", problem=f"the signing key {key.public.id} is not in the list")
        )
    listed = [_to_json(entry) for entry in sorted(entries, key=lambda item: item.key.id)]
    predicate: dict[str, Any] = {"issued_at": issued_at, "keys": listed, "schema": 1}
    if renewals:
        # Readers that do not know renewals pass over them: dates and names stand in the list.
        predicate["renewals"] = [content.decode() for content in renewals]
    return seal(DIRECTORY_TYPE, predicate, [("keys", digest_json(listed))], [key])


def read_directory(content: bytes, *, what: str) -> KeyDirectory:
    """Return the directory in `content` after checking its signature against the keys that it lists.

    Raises:
        SignatureError: malformed, changed, or signed by a key that it does not list.
    """
    import base64

    try:
        outer = parse_json(content, what=what)
        statement = parse_json(base64.b64decode(outer["payload"]), what=what)
        predicate = statement["predicate"]
        entries = tuple(_from_json(item) for item in predicate["keys"])
        issued_at = str(predicate["issued_at"])
        if predicate["schema"] != 1:
            raise ValueError(f"schema {predicate['schema']}")
    except EvidenceError:
        raise
    except (HakariError, ValueError, TypeError, KeyError, AttributeError) as error:
        problem = say("evidence.directory.malformed", what=what, problem=str(error))
        raise SignatureError(problem) from error
    keys = {entry.key.id: entry.key for entry in entries}
    opened = open_envelope(content, what=what, predicate_type=DIRECTORY_TYPE, keys=keys, signatures=1)
    return KeyDirectory(
        entries=entries, issued_at=issued_at, signed_by=opened.key_ids[0], renewals=_renewals(opened.predicate)
    )


def _renewals(predicate: dict[str, Any]) -> tuple[bytes, ...]:
    stated = predicate.get("renewals")
    listed = stated if isinstance(stated, list) else []
    return tuple(item.encode(errors="replace") for item in listed if isinstance(item, str))


def _to_json(entry: DirectoryEntry) -> dict[str, Any]:
    document: dict[str, Any] = {"from": entry.valid_from, "key": entry.key.hex, "name": entry.name}
    if entry.valid_until is not None:
        document["until"] = entry.valid_until
    if entry.revoked is not None:
        document["revoked"] = entry.revoked
    return document


def _from_json(item: dict[str, Any]) -> DirectoryEntry:
    unknown = set(item) - {"key", "name", "from", "until", "revoked"}
    if unknown:
        raise ValueError(f"unknown field {sorted(unknown)[0]}")
    _time(item["from"])
    for field in ("until", "revoked"):
        if item.get(field) is not None:
            _time(item[field])
    return DirectoryEntry(
        key=PublicKey(str(item["key"])),
        name=str(item["name"]),
        valid_from=item["from"],
        valid_until=item.get("until"),
        revoked=item.get("revoked"),
    )


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} has no zone; write it in UTC, such as 2026-11-22T00:00:00+00:00")
    return moment
