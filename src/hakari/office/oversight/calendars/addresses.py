"""The secret part of a calendar's address: shown once, kept as a digest, guessed by nobody."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from hakari.office.oversight.models import CalendarFeed
from hakari.office.people.models import Person

__all__ = ["digest_of", "find_feed", "secret_of", "too_often"]

_SHAPE: Final = re.compile(r"[0-9a-f]{64}")
_MINUTES: Final = 10
_MOST: Final = 60
"""Times in ten minutes that one feed is read, or that one place asks for feeds which are not there."""


def secret_of(person: Person, seed: str) -> str:
    """Return the secret that a form with this seed makes: the same again if the form is sent twice."""
    return salted_hmac("hakari.office.calendar", f"{person.key}\n{seed}", algorithm="sha256").hexdigest()


def digest_of(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_feed(secret: str) -> CalendarFeed | None:
    """Return the feed of a secret if it counts now and its person's account is open."""
    if not _SHAPE.fullmatch(secret):
        return None
    # Looked up by its digest: how long that takes tells nothing of the secret.
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest_of(secret), revoked_at=None).first()
    gone = feed is None or not feed.person.is_active or feed.person.erased_at is not None
    return None if gone else feed


def too_often(what: str) -> bool:
    """Count one more request for something and return whether there were too many of late."""
    place = f"oversight-calendar:{hashlib.sha256(what.encode()).hexdigest()[:32]}"
    if cache.add(place, 1, _MINUTES * 60):
        return False
    try:
        return int(cache.incr(place)) > _MOST
    except ValueError:  # it ended between the two
        return False
