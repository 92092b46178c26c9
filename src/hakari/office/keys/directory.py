"""The office's signed list of whose keys are whose, and the names behind signatures for the site's own pages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final

from django.utils import timezone

from hakari.errors import HakariError
from hakari.evidence import DirectoryEntry, PublicKey, write_directory
from hakari.messages import Language, Message, render, say
from hakari.office.core.language import reader_language
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.custody import ROLES, renewals, statements
from hakari.office.core.models import Event
from hakari.office.keys.models import RegisteredKey
from hakari.office.keys.own import own_terms
from hakari.office.people.models import Unit

__all__ = ["FILE", "directory_bytes", "entries_of", "name_of", "own_entries", "signed_by"]

FILE: Final = "directory.json"


def directory_bytes(now: datetime.datetime) -> bytes:
    """Return the list of all keys that were ever registered, signed with the office's key; names are in English."""
    rows = RegisteredKey.objects.filter(confirmed_at__isnull=False).select_related("person")
    own = own_entries("en")
    known = {entry.key.id for entry in own}
    entries = [*own, *(_entry(row) for row in rows if row.key_id not in known)]
    # The site's renewals are the office's own business: nobody outside trusts the site's key by itself.
    renewed = [content for name, content in statements() if name in _names("office")]
    return write_directory(entries, issued_at=_text(now), key=office_key(), renewals=renewed)


def own_entries(language: Language) -> tuple[DirectoryEntry, ...]:
    """Return the keys of the office and of the site, of each the one that counts now first, then those before it.

    The first ones count from the day of the ledger's first event.
    """
    first = Event.objects.order_by("sequence").values_list("at", flat=True).first() or timezone.now()
    since = first.astimezone(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    company = _company(language)
    names = {role: say(f"office.keys.own.{role}{'_of' if company else ''}", company=company) for role in ROLES}
    held = own_terms()
    ordered = [term for term in held if term.ended is None] + [
        term for term in reversed(held) if term.ended is not None
    ]
    return tuple(
        DirectoryEntry(
            key=term.key,
            name=render(names[term.role], language),
            valid_from=_text(term.since or since),
            valid_until=_text(term.until) if term.until else None,
            revoked=_text(term.lost_since) if term.lost_since else None,
        )
        for term in ordered
    )


def entries_of(key_ids: Iterable[str]) -> dict[str, DirectoryEntry]:
    """Return whose these keys are, by key id, with one query; ids that the office does not know are left out."""
    asked = set(key_ids)
    try:
        own = {entry.key.id: entry for entry in own_entries(reader_language()) if entry.key.id in asked}
    except HakariError:
        own = {}  # pages stay readable and show unknown keys; what is wrong is said by `hakari office check`
    rows = RegisteredKey.objects.filter(confirmed_at__isnull=False, key_id__in=asked - set(own))
    return own | {row.key_id: _entry(row) for row in rows.select_related("person")}


def name_of(key_id: str, at: datetime.datetime) -> tuple[str, str]:
    """Return whose a key is and how it stood at a time: (name, standing); ("", "unknown") if nobody knows it."""
    entry = entries_of([key_id]).get(key_id)
    return ("", "unknown") if entry is None else (entry.name, entry.standing(_text(at)))


def signed_by(key_id: str, at: datetime.datetime, entries: dict[str, DirectoryEntry] | None = None) -> Message:
    """Return by whom something was signed, as pages say it; `entries` saves a query where many are shown."""
    entry = (entries_of([key_id]) if entries is None else entries).get(key_id)
    if entry is None:
        return say("office.keys.signed.unknown", key=key_id[:16])
    return say(f"office.keys.signed.{entry.standing(_text(at))}", name=entry.name)


def _names(role: str) -> set[str]:
    return {f"{item.sequence:012d}.json" for item in renewals() if item.role == role}


def _entry(row: RegisteredKey) -> DirectoryEntry:
    return DirectoryEntry(
        key=PublicKey(row.public),
        name=row.label,
        valid_from=_text(row.valid_from),
        valid_until=_text(row.until) if row.until else None,
        revoked=_text(row.revoked_at) if row.revoked_at else None,
    )


def _company(language: Language) -> str:
    """Return the name of the one unit above all others; without such a unit nobody knows what the company is called."""
    tops = list(Unit.objects.filter(parent=None)[:2])
    return tops[0].names[language] if len(tops) == 1 else ""


def _text(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat()
