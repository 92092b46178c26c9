"""Signed checkpoints: files outside the database that say where the chain stood."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hakari.errors import HakariError, OfficeError
from hakari.evidence import SigningKey, create_key, load_key, open_envelope, seal
from hakari.messages import say
from hakari.office.core.ledger.chain import Checked

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


def checkpoint_folder() -> Path:
    """Return the folder of the checkpoints."""
    return Path(settings.ENVIRONMENT.folder) / "checkpoints"


def office_key() -> SigningKey:
    """Return the office's key; a new office makes its own."""
    return kept_key(Path(settings.ENVIRONMENT.key))


def kept_key(path: Path) -> SigningKey:
    """Return the key at `path`, made if it is not there; of two processes that make it one is quicker."""
    if not path.exists():
        try:
            return create_key(path)
        except HakariError:
            if not path.exists():
                raise
    return load_key(path)


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


def read_checkpoints(ledger: str | None, folder: Path | None = None) -> list[Checked]:
    """Return what the checkpoints in the folder say, each signature checked.

    Without the name of the ledger (its head is gone) they may be of any: an emptied database is found by them.

    Raises:
        OfficeError: a file is not a checkpoint of this ledger signed by the office.
    """
    where = folder or checkpoint_folder()
    paths = sorted(where.glob("*.json")) if where.is_dir() else []
    if not paths:
        return []
    public = load_key(Path(settings.ENVIRONMENT.key)).public
    found = []
    for path in paths:
        try:
            opened = open_envelope(
                path.read_bytes(), what=path.name, predicate_type=TYPE, keys={public.id: public}, signatures=1
            )
            sequence, digest = int(opened.predicate["sequence"]), str(opened.predicate["digest"])
        except (HakariError, OSError, KeyError, TypeError, ValueError) as error:
            raise OfficeError(say("office.core.checkpoint", file=path.name, problem=str(error))) from error
        name = opened.subjects[0][0] if ledger is None and opened.subjects else ledger
        if opened.subjects != ((name, digest),) or path.name != f"{sequence:012d}.json":
            raise OfficeError(say("office.core.checkpoint", file=path.name, problem="another ledger or number"))
        found.append(Checked(sequence=sequence, digest=digest))
    return found
