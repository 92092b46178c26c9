"""The second key of the office: what people answer on the site is signed with it.

The office accepts and decides with its first key (`core.ledger.checkpoints.office_key`). Were answers signed with that
one too, an acceptance would be signed by the key that signed the evidence, and would not count.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings

from hakari.errors import OfficeError
from hakari.evidence import SigningKey
from hakari.messages import say
from hakari.office.core.ledger.checkpoints import kept_key

__all__ = ["SITE_KEY", "site_key", "site_key_path"]

SITE_KEY: Final = "site.pem"
"""The name of its file, beside the office's key."""


def site_key_path() -> Path:
    """Return where the site's key is kept.

    Raises:
        OfficeError: the office's own key has that name.
    """
    office = Path(settings.ENVIRONMENT.key)
    if office.name == SITE_KEY:
        raise OfficeError(say("office.keys.own.same_name", path=str(office)))
    return office.with_name(SITE_KEY)


def site_key() -> SigningKey:
    """Return the site's key; a new office makes its own."""
    return kept_key(site_key_path())
