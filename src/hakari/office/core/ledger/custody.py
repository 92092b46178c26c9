"""Custody: the office's own keys, which of them counts from when until when, and how one takes the place of another.

A renewal begins with a file beside the key (`office.next.pem`), happens with one event, and ends when the files have
changed places. The event decides: until it is stored the old key counts, from then on the new one. What is left to do
then needs no person, and is done by whoever asks for the key next.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from hakari.errors import HakariError, OfficeError
from hakari.evidence import PublicKey, SigningKey, create_key, load_key
from hakari.evidence.renewal import KeyRenewal, Role, open_renewal, seal_renewal
from hakari.messages import Message, say
from hakari.office.core.models import Event, Head

__all__ = [
    "GRACE",
    "RENEWED",
    "ROLES",
    "SITE_KEY",
    "Term",
    "checkpoint_folder",
    "current_key",
    "current_public",
    "former_path",
    "kept_key",
    "key_path",
    "next_path",
    "renewal_folder",
    "renewals",
    "settle",
    "statements",
    "terms",
    "unfinished",
]

RENEWED: Final = "office.key_renewed"
"""Kind of the event of a renewal."""
ROLES: Final[tuple[Role, ...]] = ("office", "site")
SITE_KEY: Final = "site.pem"
GRACE: Final = timedelta(minutes=1)
"""An act that was under way when the key changed may be signed with the other one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """For how long a key counts."""

    role: Role
    key: PublicKey
    began: KeyRenewal | None
    """None for the first key."""
    ended: KeyRenewal | None
    """None for the key that counts now."""

    @property
    def since(self) -> datetime | None:
        """From when its signatures count; None from the beginning."""
        return None if self.began is None else datetime.fromisoformat(self.began.at) - GRACE

    @property
    def until(self) -> datetime | None:
        """Until when its signatures count."""
        return None if self.ended is None else datetime.fromisoformat(self.ended.at)

    @property
    def lost_since(self) -> datetime | None:
        """Since when it is not to be trusted."""
        lost = None if self.ended is None else self.ended.lost_since
        return None if lost is None else datetime.fromisoformat(lost)

    def doubts(self, at: datetime) -> bool:
        """Return whether somebody else may have signed what says that it was signed at `at`."""
        return self.lost_since is not None and at >= self.lost_since

    def problem(self, at: datetime, sequence: int | None = None) -> Message | None:
        """Return why a signature that says `at` does not count; `sequence` if it is a checkpoint's."""
        late = self.until is not None and at > self.until + GRACE
        if self.ended is not None and (late or (sequence is not None and sequence >= self.ended.sequence)):
            return say("office.keys.renewal.ended", key=self.key.id[:16], sequence=self.ended.sequence)
        if self.since is not None and at < self.since:
            assert self.began is not None
            return say("office.keys.renewal.early", key=self.key.id[:16], sequence=self.began.sequence)
        return None


def checkpoint_folder() -> Path:
    """Return the folder of the checkpoints."""
    return Path(settings.ENVIRONMENT.folder) / "checkpoints"


def renewal_folder() -> Path:
    """Return the folder of the statements of renewals, inside that of the checkpoints."""
    return checkpoint_folder() / "renewals"


def key_path(role: Role) -> Path:
    """Return where a key of the office is kept."""
    office = Path(settings.ENVIRONMENT.key)
    return office if role == "office" else office.with_name(SITE_KEY)


def next_path(role: Role) -> Path:
    """Return where the next key lies until its renewal is finished."""
    path = key_path(role)
    return path.with_name(f"{path.stem}.next{path.suffix}")


def former_path(role: Role, at: str) -> Path:
    """Return where a key is kept after its end."""
    path = key_path(role)
    return path.with_name(f"{path.stem}-until-{datetime.fromisoformat(at):%Y%m%dT%H%M%SZ}{path.suffix}")


def kept_key(path: Path) -> SigningKey:
    """Return the key at `path`, made if it is not there; of two processes that make it one is quicker."""
    if not path.exists():
        try:
            return create_key(path)
        except HakariError:
            if not path.exists():
                raise
    return load_key(path)


def current_key(role: Role) -> SigningKey:
    """Return the key that signs now; a new office makes its own.

    Raises:
        OfficeError: the key is gone although it has signed: a new one would be a stranger to what it left.
    """
    return settle(role) or kept_key(_required(role))


def current_public(role: Role) -> PublicKey:
    """Return the public half of the key that signs now, without making one.

    Raises:
        OfficeError: the key is gone although it has signed.
        SignatureError: there is none, or it cannot be used.
    """
    return (settle(role) or load_key(_required(role))).public


def unfinished(role: Role) -> bool:
    """Return whether a next key was made and no event says that it counts: the renewal did not happen yet."""
    return settle(role) is None and next_path(role).exists()


def settle(role: Role) -> SigningKey | None:
    """Finish a renewal whose event is stored; a second time changes nothing.

    Returns:
        The new key if it counts and its file could not be put in place, as on a full disk.

    Raises:
        OfficeError: the old key is needed once more and is not there.
    """
    place = next_path(role)
    if not place.exists():
        return None
    try:
        new = load_key(place)
    except HakariError:
        if place.exists():
            raise
        return None  # another process has just finished it
    event = Event.objects.filter(kind=RENEWED, object_key=new.public.id).first()
    if event is None:
        return None
    try:
        renewal = _of_event(event)
        if not _statement_path(renewal.sequence).exists():
            _write(_statement_path(renewal.sequence), _sealed(renewal, new))
        _keep_former(renewal)
        place.replace(key_path(role))
    except FileNotFoundError:
        return None
    except OSError:
        return new
    return None


def statements(folder: Path | None = None) -> list[tuple[str, bytes]]:
    """Return the signed statements of renewals with the names of their files, the oldest first."""
    where = (folder or checkpoint_folder()) / "renewals"
    found = [(path.name, path.read_bytes()) for path in sorted(where.glob("*.json"))] if where.is_dir() else []
    if folder is None:
        found += [item for item in _unwritten() if item[0] not in dict(found)]
    return sorted(found)


def renewals(folder: Path | None = None, *, office: PublicKey | None = None) -> tuple[KeyRenewal, ...]:
    """Return all renewals, the oldest first, each found to lead from one key of the office to the next.

    They are read backwards from the key that counts now, which is the one that this machine trusts.

    Args:
        folder: The folder of the checkpoints.
        office: The office's key that counts now; the one of this installation if none is named.

    Raises:
        OfficeError: a statement is not signed as it must be, or does not lead to the next key.
    """
    stated = statements(folder)
    if not stated:
        return ()
    expected: dict[str, PublicKey | None] = {"office": office or current_public("office"), "site": _site_public()}
    found: list[KeyRenewal] = []
    for name, content in reversed(stated):
        try:
            item = open_renewal(content, what=name, office=expected["office"])
        except HakariError as error:
            raise OfficeError(say("office.keys.renewal.bent", file=name, problem=error.message)) from error
        known = expected[item.role]
        if known is not None and item.new != known:
            later = any(other.role == item.role for other in found)
            raise OfficeError(_strange(item) if later else _other(item))
        if name != f"{item.sequence:012d}.json" or (found and not _before(item, found[-1])):
            raise OfficeError(_strange(item))
        expected[item.role] = item.old
        found.append(item)
    return tuple(reversed(found))


def terms(role: Role, chain: Sequence[KeyRenewal], current: PublicKey) -> tuple[Term, ...]:
    """Return the keys of a role, the oldest first, each with what began and ended it."""
    steps: list[KeyRenewal | None] = [None, *(item for item in chain if item.role == role), None]
    found = []
    for began, ended in pairwise(steps):
        key = current if ended is None else ended.old
        found.append(Term(role=role, key=key, began=began, ended=ended))
    return tuple(found)


def _required(role: Role) -> Path:
    """Return where a key is kept, once it is sure that it may be made if it is not there."""
    path = key_path(role)
    if not path.exists() and _has_signed(role):
        raise OfficeError(say("office.keys.renewal.gone", path=str(path), role=role))
    return path


def _has_signed(role: Role) -> bool:
    """Return whether something that lies outside the database shows that there was a key before."""
    if role == "office":
        return any(checkpoint_folder().glob("*.json")) or any(renewal_folder().glob("*.json"))
    return any(item.role == role for item in renewals())


def _site_public() -> PublicKey | None:
    path = key_path("site")
    return current_public("site") if path.exists() or next_path("site").exists() else None


def _before(earlier: KeyRenewal, later: KeyRenewal) -> bool:
    """Dates that were turned back show: numbers and times rise together, in one ledger."""
    (first, one), (second, two) = ((item.sequence, datetime.fromisoformat(item.at)) for item in (earlier, later))
    return first < second and one <= two and earlier.ledger == later.ledger


def _strange(item: KeyRenewal) -> Message:
    return say("office.keys.renewal.strange", sequence=item.sequence)


def _other(item: KeyRenewal) -> Message:
    path, key = str(key_path(item.role)), item.new.id[:16]
    return say("office.keys.renewal.other", path=path, key=key, sequence=item.sequence)


def _of_event(event: Event) -> KeyRenewal:
    """Return what a stored event says of a renewal."""
    stated: Any = json.loads(bytes(event.body))
    data = stated["data"]
    return KeyRenewal(
        role=data["role"],
        old=PublicKey(data["old"]),
        new=PublicKey(data["new"]),
        at=stated["at"],
        lost_since=data["lost_since"],
        ledger=Head.objects.get(id=1).ledger,
        sequence=event.sequence,
        digest=event.digest,
    )


def _sealed(renewal: KeyRenewal, new: SigningKey) -> bytes:
    """Return the statement with the signatures that it needs; the same bytes from whoever makes it."""
    keys = [new]
    if renewal.lost_since is None:
        path = key_path(renewal.role)
        old = load_key(path) if path.exists() else None
        if old is None or old.public != renewal.old:
            words = {"path": str(path), "sequence": renewal.sequence, "key": renewal.old.id[:16]}
            raise OfficeError(say("office.keys.renewal.old_gone", **words))
        keys.append(old)
    if renewal.role == "site":
        keys.append(current_key("office"))
    return seal_renewal(renewal, keys)


def _unwritten() -> list[tuple[str, bytes]]:
    """Return statements whose file could not be written so far."""
    found = []
    for role in ROLES:
        new = settle(role)
        if new is not None:
            event = Event.objects.filter(kind=RENEWED, object_key=new.public.id).get()
            found.append((f"{event.sequence:012d}.json", _sealed(_of_event(event), new)))
    return found


def _statement_path(sequence: int) -> Path:
    return renewal_folder() / f"{sequence:012d}.json"


def _keep_former(renewal: KeyRenewal) -> None:
    """Keep the old key under the name of its end, unless it is gone or the new one stands in its place already."""
    path, former = key_path(renewal.role), former_path(renewal.role, renewal.at)
    if former.exists() or not path.exists():
        return
    content, public = path.read_bytes(), load_key(path).public
    if public == renewal.old:
        _write(former, content, mode=0o600)


def _write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that is there in full or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
