"""A backup: one ZIP of all rows, uploads and checkpoints, with a signed list of what it must hold."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from hakari.errors import OfficeError
from hakari.evidence import seal
from hakari.messages import say
from hakari.office.committee.votes.key import VOTES_KEY, votes_key_path
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.ledger.store import snapshot
from hakari.office.core.models import Head
from hakari.office.desk.ledger_check import first_problem, seal_ledger, verify_ledger
from hakari.office.desk.rows import row_lines, saved_models, tally_of
from hakari.office.desk.start import Tell
from hakari.office.keys.own import SITE_KEY, site_key, site_key_path

__all__ = [
    "FORMAT",
    "LIST",
    "PREDICATE",
    "SECRET",
    "SITE",
    "VOTES",
    "Saved",
    "applied_migrations",
    "last_backup",
    "save",
]

FORMAT: Final = 1
LIST: Final = "list.json"
PREDICATE: Final = "https://hakari.dev/office-backup/v1"
SECRET: Final = "keys/secret"  # noqa: S105  # the name of a member
SITE: Final = f"keys/{SITE_KEY}"
VOTES: Final = f"keys/{VOTES_KEY}"
_NOTE: Final = "last-backup.json"
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a backup holds."""

    path: Path
    rows: int
    files: int
    events: int
    keys: bool


def save(path: Path, *, with_keys: bool, tell: Tell) -> Saved:
    """Write a backup to `path`; without the signing keys and the secret unless `with_keys`.

    Raises:
        OfficeError: `path` exists, cannot be written, or the ledger does not hold.
    """
    if path.exists():
        raise OfficeError(say("office.desk.backup.exists", path=str(path)))
    tell(say("office.desk.backup.verifying"))
    answer = verify_ledger()
    if not answer.holds:
        raise OfficeError(say("office.desk.broken_ledger", problem=first_problem(answer)))
    seal_ledger()
    temporary = path.with_name(f".{path.name}.part")
    try:
        saved = _write(temporary, path, with_keys=with_keys, tell=tell)
        temporary.chmod(0o600)
        temporary.replace(path)
    except OSError as error:
        raise OfficeError(
            say("office.desk.backup.unwritable", path=str(path), problem=error.strerror or str(error))
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    note = {"at": timezone.now().isoformat(timespec="seconds"), "events": saved.events, "file": path.name}
    (_folder() / _NOTE).write_text(json.dumps(note), "utf-8")
    return saved


def last_backup() -> datetime | None:
    """Return when the last backup of this installation was made."""
    try:
        return datetime.fromisoformat(json.loads((_folder() / _NOTE).read_text("utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def applied_migrations() -> list[list[str]]:
    """Return which migrations this database has."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def _write(temporary: Path, path: Path, *, with_keys: bool, tell: Tell) -> Saved:
    members: dict[str, dict[str, Any]] = {}
    key = office_key()
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive, snapshot():
        tables = saved_models()
        tell(say("office.desk.backup.tables", n=len(tables)))
        for model in tables:
            _add(archive, f"rows/{model._meta.db_table}.jsonl", row_lines(model), members)
        tallies = {model._meta.db_table: tally_of(model) for model in tables}
        for name, file in _files(with_keys):
            _add(archive, name, _pieces(file), members)
        head = Head.objects.filter(id=1).first()
        stated = {
            "format": FORMAT,
            "hakari": version("hakari"),
            "head": None if head is None else {"digest": head.digest, "ledger": head.ledger, "sequence": head.sequence},
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "members": members,
            "migrations": applied_migrations(),
            "public_key": key.public.hex,
            # A site that has signed nothing so far has no key of its own, and need not get one by being saved.
            "site_key": site_key().public.hex if site_key_path().is_file() else None,
            "tables": {name: {"rows": item.rows, "sha256": item.sha256} for name, item in tallies.items()},
        }
        digest = hashlib.sha256(json.dumps(members, sort_keys=True).encode()).hexdigest()
        archive.writestr(LIST, seal(PREDICATE, stated, [("office", digest)], [key]))
    rows = [item for name, item in members.items() if name.startswith("rows/")]
    return Saved(
        path=path,
        rows=sum(item["lines"] for item in rows),
        files=len(members) - len(rows),
        events=0 if head is None else head.sequence,
        keys=with_keys,
    )


def _files(with_keys: bool) -> Iterator[tuple[str, Path]]:
    folder = _folder()
    for top in ("checkpoints", "uploads"):
        for path in sorted((folder / top).rglob("*")):
            if path.is_file() and not path.is_symlink() and path.suffix != ".tmp":
                yield path.relative_to(folder).as_posix(), path
    if with_keys:
        yield "keys/office.pem", Path(settings.ENVIRONMENT.key)
        if site_key_path().is_file():
            yield SITE, site_key_path()
        if votes_key_path().is_file():
            yield VOTES, votes_key_path()
        if (folder / "secret").is_file():
            yield SECRET, folder / "secret"


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes], members: dict[str, dict[str, Any]]) -> None:
    digest, size, lines = hashlib.sha256(), 0, 0
    with archive.open(name, "w", force_zip64=True) as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
            lines += 1
    members[name] = {"bytes": size, "lines": lines, "sha256": digest.hexdigest()}


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.folder)
