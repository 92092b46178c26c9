"""Signed checkpoints: files outside the database that say where the chain stood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from django.utils import timezone

from hakari.errors import HakariError, OfficeError
from hakari.evidence import PublicKey, SigningKey, open_envelope, seal
from hakari.messages import say
from hakari.office.core.ledger.chain import Checked
from hakari.office.core.ledger.custody import (
    Term,
    checkpoint_folder,
    current_key,
    current_public,
    kept_key,
    renewals,
    statements,
    terms,
)

__all__ = [
    "EVERY",
    "TYPE",
    "after_event",
    "checkpoint_folder",
    "kept_key",
    "office_key",
    "read_checkpoints",
    "write_checkpoint",
]

EVERY = 100
"""Events after which a checkpoint is written; decisions write one at once."""
TYPE = "https://hakari.dev/ledger-checkpoint/v1"
"""What the envelope of a checkpoint carries."""


def office_key() -> SigningKey:
    """Return the office's key; a new office makes its own."""
    return current_key("office")


def after_event(sequence: int, digest: str, *, ledger: str, seal: bool = False) -> None:
    """Write a checkpoint if it is time, or if the event asks for one."""
    if seal or sequence % EVERY == 0:
        write_checkpoint(sequence, digest, ledger=ledger)


def write_checkpoint(sequence: int, digest: str, *, ledger: str) -> Path:
    """Sign that after `sequence` events the ledger's chain stood at `digest`, and return the file."""
    folder = checkpoint_folder()
    folder.mkdir(parents=True, exist_ok=True)
    predicate = {"at": timezone.now().isoformat(timespec="seconds"), "digest": digest, "sequence": sequence}
    content = seal(TYPE, predicate, [(ledger, digest)], [office_key()])
    path = folder / f"{sequence:012d}.json"
    if not path.exists():
        temporary = path.with_suffix(".tmp")
        temporary.write_bytes(content)
        temporary.replace(path)
    return path


def read_checkpoints(
    ledger: str | None, folder: Path | None = None, *, office: PublicKey | None = None
) -> list[Checked]:
    """Return what the checkpoints in the folder say, each signature checked; renewals of keys are checkpoints too.

    Args:
        ledger: Name of the ledger. Without it (its head is gone) they may be of any: an emptied database is found so.
        folder: Where they lie; that of this installation if none is named.
        office: The office's key that counts now; the one of this installation if none is named.

    Raises:
        OfficeError: a file is not a checkpoint of this ledger, by a key that was the office's when it was signed.
    """
    where = folder or checkpoint_folder()
    paths = sorted(where.glob("*.json")) if where.is_dir() else []
    if not paths and not statements(folder):
        return []
    current = office or current_public("office")
    chain = renewals(folder, office=current)
    keys = {term.key.id: term for term in terms("office", chain, current)}
    found = [_checked(path, keys, ledger) for path in paths]
    for item in chain:
        if ledger is not None and item.ledger != ledger:
            name = f"renewals/{item.sequence:012d}.json"
            raise OfficeError(say("office.core.checkpoint", file=name, problem="another ledger or number"))
        found.append(Checked(sequence=item.sequence, digest=item.digest))
    return found


def _checked(path: Path, keys: Mapping[str, Term], ledger: str | None) -> Checked:
    public = {identifier: term.key for identifier, term in keys.items()}
    try:
        opened = open_envelope(path.read_bytes(), what=path.name, predicate_type=TYPE, keys=public, signatures=1)
        sequence, digest = int(opened.predicate["sequence"]), str(opened.predicate["digest"])
        at = datetime.fromisoformat(str(opened.predicate["at"])).astimezone(UTC)
    except (HakariError, OSError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise OfficeError(say("office.core.checkpoint", file=path.name, problem=str(error))) from error
    name = opened.subjects[0][0] if ledger is None and opened.subjects else ledger
    if opened.subjects != ((name, digest),) or path.name != f"{sequence:012d}.json":
        raise OfficeError(say("office.core.checkpoint", file=path.name, problem="another ledger or number"))
    term = keys[opened.key_ids[0]]
    problem = term.problem(at, sequence)
    if problem is not None:
        raise OfficeError(say("office.core.checkpoint", file=path.name, problem=problem))
    return Checked(sequence=sequence, digest=digest, doubted=term.doubts(at))
