"""Renewing a key of the office: the next key, one event, and the statement that both keys sign."""

from __future__ import annotations

import datetime

from django.utils import timezone

from hakari.errors import HakariError, InputError, NotAllowedError, OfficeError
from hakari.evidence import PublicKey, create_key, load_key, parse_json
from hakari.evidence.renewal import KeyRenewal, Role
from hakari.messages import say
from hakari.office.core.actions import SYSTEM, Actor, Done, action
from hakari.office.core.ledger.custody import (
    RENEWED,
    checkpoint_folder,
    current_public,
    key_path,
    next_path,
    renewals,
    settle,
)
from hakari.office.core.ledger.store import ledger_name, time_text, verify
from hakari.office.core.models import Event
from hakari.office.desk.ledger_check import problem_text
from hakari.office.desk.start import Tell
from hakari.office.keys.own import site_key_path
from hakari.office.lifecycle.models import KnownKey

__all__ = ["record_renewal", "renew_key"]


def renew_key(
    role: Role, *, lost_since: datetime.datetime | None = None, public: PublicKey | None = None, tell: Tell
) -> KeyRenewal:
    """Put a new key in the place of the office's or the site's, and return the statement about it.

    A renewal that was begun and interrupted goes on with the key that it had made.

    Args:
        role: `office` or `site`.
        lost_since: Since when the old key is not to be trusted; it then does not sign.
        public: The old key's public half, if the key itself is gone.
        tell: Is told what is being done.

    Raises:
        InputError: the time lies ahead, or `public` is not the key that has signed so far.
        OfficeError: the ledger does not hold, or the old key is not there and was not said to be lost.
    """
    site_key_path()
    if lost_since is not None and lost_since > timezone.now():
        raise InputError(say("office.keys.renew.ahead", since=lost_since.isoformat(timespec="seconds")))
    settle(role)
    old = _old(role, public, lost=lost_since is not None)
    tell(say("office.desk.backup.verifying"))
    _require_ledger(old if role == "office" else current_public("office"))
    place = next_path(role)
    begun = place.exists()
    new = (load_key(place) if begun else create_key(place)).public
    tell(say("office.keys.renew.goes_on" if begun else "office.keys.renew.made", path=str(place)))
    sequence = record_renewal(role, old, new, lost_since, by=SYSTEM)
    settle(role)
    return next(item for item in renewals() if item.sequence == sequence)


@action(RENEWED)
def record_renewal(
    role: Role, old: PublicKey, new: PublicKey, lost_since: datetime.datetime | None, *, by: Actor
) -> Done[int]:
    """Write the event by which a new key counts; from the moment at which it is stored.

    Raises:
        NotAllowedError: it is not asked for on the machine itself, where the keys lie.
        OfficeError: somebody else has renewed the key meanwhile.
    """
    if by is not SYSTEM:
        raise NotAllowedError(say("office.keys.not_allowed"))
    ledger_name()  # waits for whoever else writes; what is read from here on stands
    done = Event.objects.filter(kind=RENEWED, object_key=new.id).exists()
    if done or old == new or old.hex in _olds(role):
        raise OfficeError(say("office.keys.renew.meanwhile"))
    # Bundles that are handed out later carry what the old key signed.
    KnownKey.objects.get_or_create(key_id=old.id, defaults={"public": old.hex})
    data = {
        "lost_since": None if lost_since is None else time_text(lost_since),
        "new": new.hex,
        "old": old.hex,
        "role": role,
    }
    last = Event.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return Done(last + 1, about=("own_key", new.id), data=data)


def _old(role: Role, public: PublicKey | None, *, lost: bool) -> PublicKey:
    """Return the key that ends."""
    path = key_path(role)
    if path.exists():
        found = load_key(path).public
        if public is not None and public != found:
            raise InputError(say("office.keys.renew.other_public", path=str(path), key=found.id[:16]))
        return found
    if not lost or public is None:
        raise OfficeError(say("office.keys.renew.no_key", path=str(path), role=role))
    if role == "office":
        signer = _last_signer()
        if signer is not None and signer != public.id:
            raise InputError(say("office.keys.renew.not_signer", key=public.id[:16], signer=signer[:16]))
    return public


def _last_signer() -> str | None:
    """Return the id of the key that signed the newest checkpoint."""
    for path in sorted(checkpoint_folder().glob("*.json"), reverse=True):
        try:
            return str(parse_json(path.read_bytes(), what=path.name)["signatures"][0]["keyid"])
        except (HakariError, OSError, KeyError, TypeError, IndexError):
            continue
    return None


def _require_ledger(office: PublicKey) -> None:
    """Refuse while the ledger does not hold: the statement vouches for where it stands."""
    report = verify(office=office)
    if not report.holds:
        raise OfficeError(say("office.desk.broken_ledger", problem=problem_text(report.problems[0])))


def _olds(role: Role) -> set[str]:
    """Return the public halves that earlier renewals of a role have ended."""
    found = set()
    for body in Event.objects.filter(kind=RENEWED).values_list("body", flat=True):
        data = parse_json(bytes(body), what=RENEWED)["data"]
        if data["role"] == role:
            found.add(str(data["old"]))
    return found
