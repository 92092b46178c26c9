"""The signed statement over the figures, and whether one that somebody holds is genuine."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from hakari.errors import HakariError, InputError, NotAllowedError, SignatureError
from hakari.evidence import PublicKey, digest_json, load_key, open_envelope, seal
from hakari.messages import say
from hakari.office.core.actions import SYSTEM
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.oversight.programme.counting import SCHEMA, figures
from hakari.office.oversight.programme.period import Period
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.people.permissions import Permission

__all__ = ["PREDICATE", "Signed", "may_programme", "open_statement", "require_programme", "sign"]

PREDICATE: Final = "urn:hakari:predicate:programme-report:1"
_SUBJECT: Final = "programme-report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Figures with their digest and the signed envelope around them."""

    figures: dict[str, Any]
    digest: str
    """SHA-256 of the canonical JSON of the figures."""
    envelope: bytes
    key: str
    """Id of the key that signed."""


def may_programme(access: Access) -> bool:
    """Return whether a person may read the report: restricted cases count in it, so they must see these everywhere."""
    return access.may(Permission.MEASURE_OFFICE) and access.everywhere(Permission.SEE_RESTRICTED)


def require_programme(by: Any) -> None:
    """Refuse whoever may not have the report made; the machine itself, asked on the command line, may.

    Raises:
        NotAllowedError: they may not.
    """
    if by is SYSTEM:
        return
    if not may_programme(access_of(by if isinstance(by, Person) else None)):
        raise NotAllowedError(say("office.oversight.programme.not_allowed"))


def sign(period: Period, now: datetime.datetime | None = None) -> Signed:
    """Count a period and sign the figures with the office's key."""
    counted, key = figures(period, now), office_key()
    digest = digest_json(counted)
    envelope = seal(PREDICATE, counted, [(_SUBJECT, digest)], [key])
    return Signed(figures=counted, digest=digest, envelope=envelope, key=key.public.id)


def open_statement(content: bytes, *, what: str, key: PublicKey | None = None) -> Signed:
    """Return what a signed report says, after checking form, signature and digest.

    Args:
        content: Bytes of `report.json`.
        what: Name of the file, for messages.
        key: The office's public key; that of this installation if none is named.

    Raises:
        SignatureError: it is not what the office signed.
        InputError: it is a later kind of report than this version reads.
    """
    public = key or load_key(Path(settings.ENVIRONMENT.key)).public
    try:
        opened = open_envelope(content, what=what, predicate_type=PREDICATE, keys={public.id: public}, signatures=1)
    except SignatureError:
        raise
    except HakariError as error:
        # Bytes that are not even JSON are no report of ours either.
        raise SignatureError(error.message) from error
    counted = opened.predicate
    try:
        digest = digest_json(counted)
    except (HakariError, ValueError, TypeError) as error:
        raise SignatureError(say("office.oversight.programme.other_digest", file=what)) from error
    if opened.subjects != ((_SUBJECT, digest),) or not isinstance(counted, dict):
        raise SignatureError(say("office.oversight.programme.other_digest", file=what))
    if counted.get("schema") != SCHEMA:
        raise InputError(say("office.oversight.programme.schema", file=what, found=str(counted.get("schema"))[:20]))
    return Signed(figures=counted, digest=digest, envelope=content, key=opened.key_ids[0])
