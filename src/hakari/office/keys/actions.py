"""Keys are asked for, confirmed by somebody else, declined, and revoked."""

from __future__ import annotations

import datetime
from typing import Final

from django.db import IntegrityError
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.evidence import PublicKey, digest_bytes
from hakari.messages import Message, say
from hakari.office.core.actions import Done, action
from hakari.office.core.conflicts import change
from hakari.office.core.models import FreeText
from hakari.office.keys import letters
from hakari.office.keys.access import may_ask, may_ask_for_unit, may_confirm, may_decline, may_revoke
from hakari.office.keys.models import Kind, RegisteredKey, State
from hakari.office.keys.own import own_publics
from hakari.office.keys.reading import public_key
from hakari.office.people.access import access_of
from hakari.office.people.models import Person, Unit

__all__ = ["LONGEST_REASON", "ask_for_key", "confirm_key", "decline_key", "revoke_key"]

LONGEST_REASON: Final = 2_000


def ask_for_key(
    public: str,
    *,
    kind: str,
    name: str = "",
    unit: Unit | None = None,
    valid_from: datetime.date | None = None,
    valid_until: datetime.date | None = None,
    by: Person,
) -> RegisteredKey:
    """Ask the office to register a key: one's own, or that of a pipeline in a unit; asking twice asks once.

    Args:
        public: 64 digits, what `hakari key show` prints, or PEM.
        kind: `person` or `pipeline`.
        name: The pipeline's name, which everybody may know.
        unit: Who answers for the pipeline.
        valid_from: The first day on which it signed; today if none is named. Days are those of UTC.
        valid_until: The last day on which it will sign; None for an open end.
        by: Whoever asks; a person's key is theirs.

    Raises:
        InputError: the key cannot be read or is registered already, or name, unit or days do not fit.
    """
    key = public_key(public)
    if key in own_publics():
        raise InputError(say("office.keys.taken_by_office"))
    found = _same(key, kind, name, unit, by)
    if found is None:
        try:
            found = _ask(key, kind=kind, name=name, unit=unit, days=(valid_from, valid_until), by=by)
        except IntegrityError:
            found = _same(key, kind, name, unit, by)
            if found is None:
                raise
    return found


@action("key.asked")
def _ask(
    key: PublicKey,
    *,
    kind: str,
    name: str,
    unit: Unit | None,
    days: tuple[datetime.date | None, datetime.date | None],
    by: Person,
) -> Done[RegisteredKey]:
    _check(kind, name, unit, by)
    start, end = _period(*days)
    pipeline = kind == Kind.PIPELINE
    row = RegisteredKey(
        public=key.hex,
        key_id=key.id,
        kind=kind,
        person=None if pipeline else by,
        name=name if pipeline else "",
        unit=unit if pipeline else None,
        valid_from=start,
        valid_until=end,
        asked_by=by,
    )
    row.save()
    data = {
        "from": start.isoformat(),
        "key_id": key.id,
        "kind": kind,
        "name": digest_bytes(name.encode()) if pipeline else None,
        "unit": unit.key if pipeline and unit else None,
        "until": end.isoformat() if end else None,
    }
    return Done(row, about=("key", row.key), data=data)


def confirm_key(row: RegisteredKey, *, seen: int | None = None, by: Person) -> RegisteredKey:
    """Register a key after its id was compared with the person; never by whoever asked for it.

    Raises:
        NotAllowedError: they may not, or asked for it themselves.
        InputError: the account of its person is closed.
        ConflictError: it was settled meanwhile.
    """
    row.refresh_from_db()
    if row.confirmed_by_id == by.pk and row.confirmed_at is not None:
        return row
    return _confirm(row, seen=seen, by=by)


@action("key.confirmed")
def _confirm(row: RegisteredKey, *, seen: int | None, by: Person) -> Done[RegisteredKey]:
    if not may_confirm(access_of(by)):
        raise NotAllowedError(say("office.keys.not_allowed"))
    if not may_confirm(access_of(by), row):
        raise NotAllowedError(say("office.keys.not_own"))
    _check_waits(row)
    if row.person is not None and (not row.person.is_active or row.person.erased_at is not None):
        raise InputError(say("office.keys.closed_account"))
    change(row, seen=seen, confirmed_by=by, confirmed_at=timezone.now())
    letters.confirmed(row)
    return Done(row, about=("key", row.key), data={"key_id": row.key_id})


def decline_key(row: RegisteredKey, reason: str = "", *, seen: int | None = None, by: Person) -> RegisteredKey:
    """Refuse a key that waits, or take back one's own wish; it may be asked for again.

    Raises:
        NotAllowedError: neither asked by them nor theirs to confirm.
        ConflictError: it was settled meanwhile.
    """
    row.refresh_from_db()
    if row.declined_at is not None and row.declined_by == by.key:
        return row
    return _decline(row, reason, seen=seen, by=by)


@action("key.declined")
def _decline(row: RegisteredKey, reason: str, *, seen: int | None, by: Person) -> Done[RegisteredKey]:
    if not may_decline(access_of(by), row):
        raise NotAllowedError(say("office.keys.not_allowed"))
    _check_waits(row)
    kept = _reason(reason)
    change(row, seen=seen, declined_at=timezone.now(), declined_by=by.key, reason=kept)
    if row.asked_by_id != by.pk:
        letters.declined(row)
    return Done(row, about=("key", row.key), data=_ended(row, kept))


def revoke_key(row: RegisteredKey, reason: str = "", *, by: Person) -> RegisteredKey:
    """Say that signatures of a key do not count from now on; the first time it was said stands.

    Raises:
        NotAllowedError: it is not theirs, they did not ask for it, and they do not keep keys.
        InputError: it was never registered.
    """
    row.refresh_from_db()
    if row.revoked_at is not None and may_revoke(access_of(by), row):
        return row
    return _revoke(row, reason, by=by)


@action("key.revoked")
def _revoke(row: RegisteredKey, reason: str, *, by: Person) -> Done[RegisteredKey]:
    if not may_revoke(access_of(by), row):
        raise NotAllowedError(say("office.keys.not_allowed"))
    if row.confirmed_at is None:
        raise InputError(say("office.keys.not_registered"))
    kept = _reason(reason)
    change(row, revoked_at=timezone.now(), revoked_by=by.key, reason=kept)
    letters.revoked(row, by)
    return Done(row, about=("key", row.key), data=_ended(row, kept))


def _same(key: PublicKey, kind: str, name: str, unit: Unit | None, by: Person) -> RegisteredKey | None:
    """Return the same wish of the same person if it stands already, and refuse a key that is somebody else's."""
    found = RegisteredKey.objects.filter(public=key.hex, declined_at=None).first()
    if found is None:
        return None
    wish = (by.pk, kind, name, unit.pk if unit else None) if kind == Kind.PIPELINE else (by.pk, kind, "", None)
    if found.state() != State.WAITING or (found.asked_by_id, found.kind, found.name, found.unit_id) != wish:
        raise InputError(say("office.keys.taken", key=key.id[:16]))
    return found


def _check(kind: str, name: str, unit: Unit | None, by: Person) -> None:
    access = access_of(by)
    if not may_ask(access):
        raise NotAllowedError(say("office.keys.not_allowed"))
    if kind not in Kind.values:
        raise InputError(say("office.keys.kind_unknown"))
    if kind == Kind.PIPELINE:
        if not name.strip() or len(name) > 120:
            raise InputError(say("office.keys.name_missing"))
        if unit is None:
            raise InputError(say("office.keys.unit_missing"))
        if not may_ask_for_unit(access, unit):
            raise NotAllowedError(say("office.keys.not_in_unit"))


def _period(
    first: datetime.date | None, last: datetime.date | None
) -> tuple[datetime.datetime, datetime.datetime | None]:
    """Return the whole days: evidence signed earlier on the day on which its key was asked for counts too."""
    day = first or timezone.now().astimezone(datetime.UTC).date()
    if last is not None and last < day:
        raise InputError(say("office.keys.until_before_from"))
    start = datetime.datetime.combine(day, datetime.time.min, datetime.UTC)
    end = datetime.datetime.combine(last, datetime.time(23, 59, 59), datetime.UTC) if last else None
    return start, end


def _check_waits(row: RegisteredKey) -> None:
    if row.state() != State.WAITING:
        raise ConflictError(say("office.keys.settled"))


def _reason(reason: str) -> FreeText | None:
    if len(reason) > LONGEST_REASON:
        told: Message = say("office.keys.reason_long", most=LONGEST_REASON)
        raise InputError(told)
    return FreeText.keep(reason.strip()) if reason.strip() else None


def _ended(row: RegisteredKey, reason: FreeText | None) -> dict[str, str | None]:
    return {"key_id": row.key_id, "reason": reason.digest if reason else None}
