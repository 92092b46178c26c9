"""Directory: the signed list of whose key is whose, from when until when, and whether it was revoked."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hakari.standalone.python.reading.canonical import parse
from hakari.standalone.python.reading.envelope import key_id, open_envelope
from hakari.standalone.python.words import Refused, say

__all__ = ["Entry", "read_directory"]

_DIRECTORY_TYPE = "urn:hakari:predicate:key-directory:1"


@dataclass(frozen=True)
class Entry:
    """One key and whose it is."""

    key: str
    name: str
    since: str
    until: str | None
    revoked: str | None

    def standing(self, at: str) -> str:
        """Return how the key stood at a time that a record states: valid, not_yet, expired, revoked or no_time."""
        try:
            moment = _time(at)
            if self.revoked is not None and moment >= _time(self.revoked):
                return "revoked"
            if moment < _time(self.since):
                return "not_yet"
            return "expired" if self.until is not None and moment > _time(self.until) else "valid"
        except (ValueError, TypeError, OverflowError):
            return "no_time"


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text} has no zone")
    return moment


def read_directory(content: bytes, what: str) -> dict[str, Entry]:
    """Return the entries by key id, after checking the signature on the list with a key that it lists.

    Raises:
        Refused: malformed, changed, or signed by a key that it does not list.
    """
    try:
        statement = parse(base64.b64decode(parse(content, what)["payload"]), what)
        listed = [_entry(item) for item in statement["predicate"]["keys"]]
        str(statement["predicate"]["issued_at"])
        if statement["predicate"]["schema"] != 1:
            raise ValueError(f"schema {statement['predicate']['schema']}")
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Refused(say("evidence.directory.malformed", what=what, problem=str(error))) from None
    entries: dict[str, Entry] = {}
    for entry in listed:
        entries.setdefault(key_id(entry.key), entry)
    keys = {identifier: entry.key for identifier, entry in entries.items()}
    open_envelope(content, what, _DIRECTORY_TYPE, keys, signed=True)
    return entries


def _entry(item: Any) -> Entry:
    unknown = set(item) - {"key", "name", "from", "until", "revoked"}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)}")
    _time(item["from"])
    for end in ("until", "revoked"):
        if item.get(end) is not None:
            _time(item[end])
    key_id(item["key"])
    return Entry(str(item["key"]), str(item["name"]), item["from"], item.get("until"), item.get("revoked"))
