"""The second key of the office: what people answer on the site is signed with it.

The office accepts and decides with its first key (`core.ledger.checkpoints.office_key`). Were answers signed with that
one too, an acceptance would be signed by the key that signed the evidence, and would not count.
"""

from __future__ import annotations

from pathlib import Path

from hakari.errors import OfficeError
from hakari.evidence import PublicKey, SigningKey
from hakari.messages import say
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.custody import ROLES, SITE_KEY, Term, current_key, key_path, renewals, terms

__all__ = ["SITE_KEY", "own_publics", "own_terms", "site_key", "site_key_path"]


def site_key_path() -> Path:
    """Return where the site's key is kept.

    Raises:
        OfficeError: the office's own key has that name.
    """
    office = key_path("office")
    if office.name == SITE_KEY:
        raise OfficeError(say("office.keys.own.same_name", path=str(office)))
    return key_path("site")


def site_key() -> SigningKey:
    """Return the site's key; a new office makes its own."""
    site_key_path()
    return current_key("site")


def own_terms() -> tuple[Term, ...]:
    """Return every key that is or was the office's or the site's, of each role the oldest first.

    Raises:
        OfficeError: a renewal does not hold.
    """
    current = {"office": office_key().public, "site": site_key().public}
    chain = renewals(office=current["office"])
    return tuple(term for role in ROLES for term in terms(role, chain, current[role]))


def own_publics() -> list[PublicKey]:
    """Return the public halves of all those keys."""
    return [term.key for term in own_terms()]
