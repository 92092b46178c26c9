"""Tokens: keys for programs, shown once, kept as a digest, for some scopes, until a day."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import re
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hakari.office.people.models import Person, Token
from hakari.office.people.permissions import Permission

__all__ = ["LONGEST", "NEEDS", "Scope", "digest_of", "find_token", "note_use", "token_text"]

LONGEST: Final = 365
"""Days after which every token has ended."""
_SHAPE: Final = re.compile(r"hkr_[0-9a-f]{8}_[0-9a-f]{64}")


class Scope(StrEnum):
    """What a token may be used for; its person must be allowed the same."""

    USE_CASES = "use_cases"
    """Read the use cases that its person sees."""
    LEDGER = "ledger"
    """Read where the ledger stands."""


NEEDS: Final[dict[Scope, Permission | None]] = {Scope.USE_CASES: None, Scope.LEDGER: Permission.AUDIT}
"""The permission without which a scope is neither given nor honoured."""


def token_text(person: Person, seed: str) -> str:
    """Return the token that a form with this seed makes: the same again if the form is sent twice."""
    secret = salted_hmac("hakari.office.token", f"{person.key}\n{seed}", algorithm="sha256").hexdigest()
    return f"hkr_{digest_of(secret)[:8]}_{secret}"


def digest_of(text: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def find_token(text: str) -> Token | None:
    """Return the token that somebody shows, if it counts now."""
    if not _SHAPE.fullmatch(text):
        return None
    token = Token.objects.select_related("person").filter(prefix=text[:12]).first()
    if token is None or not hmac.compare_digest(token.digest, digest_of(text)):
        return None
    ended = token.revoked_at is not None or token.expires_at <= timezone.now()
    gone = not token.person.is_active or token.person.erased_at is not None
    return None if ended or gone else token


def note_use(token: Token) -> None:
    """Record that a token was used, at most once a minute."""
    now = timezone.now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=now - datetime.timedelta(minutes=1))
    if token.last_used_at is None or token.last_used_at < now - datetime.timedelta(minutes=1):
        Token.objects.filter(due, pk=token.pk).update(last_used_at=now)
