"""Restoring a backup into an empty installation: nothing is taken over that does not verify, before and after."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction

from hakari.errors import HakariError, InputError, OfficeError
from hakari.evidence import PublicKey, load_key, open_envelope
from hakari.evidence.renewal import Role
from hakari.messages import Message, say
from hakari.office.committee.votes.key import votes_key_path
from hakari.office.core.ledger.chain import ChainReport
from hakari.office.core.ledger.custody import ROLES, key_path
from hakari.office.core.ledger.store import verify
from hakari.office.desk.rows import Tally, load_table, not_empty, saved_models, tally_of
from hakari.office.desk.saving import FORMAT, LIST, PREDICATE, SECRET, SITE, VOTES, applied_migrations
from hakari.office.desk.start import Tell
from hakari.office.keys.own import site_key_path

__all__ = ["Restored", "restore"]

_PIECE: Final = 1 << 20
_LIST_LIMIT: Final = 64 << 20
_KEY: Final = "keys/office.pem"
_BENT: Final = (
    zipfile.BadZipFile, zlib.error, DatabaseError, OSError, ValueError, KeyError, TypeError, AttributeError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was brought back."""

    rows: int
    files: int
    events: int
    sealed: int
    tables: int | None
    """Tables whose rows were compared with what the signed list says of them; None if it says nothing of them."""
    lost: dict[str, str]
    """Role → public half of each key that what was restored needs and that is not here."""


def restore(path: Path, *, public: PublicKey | None = None, tell: Tell) -> Restored:
    """Bring back a backup into this installation, which must be migrated and empty.

    Args:
        path: The backup.
        public: The public half of the office's key of that time, if the key itself is lost.
        tell: Is told what is being done.

    Raises:
        InputError: `public` is named although there is a key here.
        OfficeError: the installation holds something, the backup is of another version, its key is not here, or
            anything in it is not what its signed list says.
    """
    filled = not_empty()
    if filled is not None:
        raise OfficeError(say("office.desk.restore.not_empty", table=filled))
    if public is not None and key_path("office").exists():
        raise InputError(say("office.keys.restore.key_there", path=str(key_path("office"))))
    written: list[Path] = []
    whole = False
    try:
        with zipfile.ZipFile(path) as archive:
            tell(say("office.desk.restore.checking"))
            stated = _stated(archive, path.name, written, public)
            _check_members(archive, stated["members"])
            for name in stated["members"]:
                if not name.startswith(("rows/", "keys/")):
                    _take_out(archive, name, _folder() / PurePosixPath(name), written)
            with transaction.atomic():
                rows = _load(archive, stated["members"], tell)
                tell(say("office.desk.restore.verifying"))
                report = _verified(stated, public)
                tables = _compared(stated)
        whole = True
    except FileNotFoundError:
        raise OfficeError(say("office.desk.restore.missing", path=str(path))) from None
    except HakariError:
        raise
    except _BENT as error:
        raise _bent(say("text", text=f"{type(error).__name__}: {error}"[:200])) from None
    finally:
        for item in () if whole else written:
            item.unlink(missing_ok=True)
    files = sum(not name.startswith("rows/") for name in stated["members"])
    halves = {"office": stated["public_key"], "site": stated.get("site_key")}
    lost: dict[str, str] = {
        role: str(halves[role]) for role in ROLES if halves[role] is not None and not key_path(role).exists()
    }
    return Restored(rows=rows, files=files, events=report.events, sealed=report.sealed, tables=tables, lost=lost)


def _bent(problem: Message) -> OfficeError:
    return OfficeError(say("office.desk.restore.bent", problem=problem))


def _stated(archive: zipfile.ZipFile, name: str, written: list[Path], public: PublicKey | None) -> dict[str, Any]:
    """Return the list, once the office's own key has been seen to have signed it."""
    info = archive.getinfo(LIST)
    if info.file_size > _LIST_LIMIT:
        raise _bent(say("office.desk.restore.member", name=LIST))
    key = key_path("office")
    if public is None and not key.exists():
        if _KEY not in archive.namelist():
            raise OfficeError(say("office.desk.restore.no_key", path=str(key)))
        if archive.getinfo(_KEY).file_size > _PIECE:
            raise _bent(say("office.desk.restore.member", name=_KEY))
        _take_out(archive, _KEY, key, written, mode=0o600)
    signing = load_key(key).public if public is None else public
    content = archive.read(LIST)
    try:
        opened = open_envelope(content, what=name, predicate_type=PREDICATE, keys={signing.id: signing}, signatures=1)
    except HakariError:
        former = _former("office", _signer(content))
        if former is not None:
            raise OfficeError(say("office.keys.restore.former", former=str(former), path=str(key))) from None
        raise _bent(say("office.desk.restore.signature", key=signing.id[:16])) from None
    stated: dict[str, Any] = opened.predicate
    if stated["format"] != FORMAT or [list(item) for item in stated["migrations"]] != applied_migrations():
        raise OfficeError(say("office.desk.restore.version", version=str(stated["hakari"])))
    if SECRET in stated["members"] and not (_folder() / "secret").exists():
        _take_out(archive, SECRET, _folder() / "secret", written, mode=0o600)
    if VOTES in stated["members"] and not votes_key_path().exists():
        if archive.getinfo(VOTES).file_size > _PIECE:
            raise _bent(say("office.desk.restore.member", name=VOTES))
        _take_out(archive, VOTES, votes_key_path(), written, mode=0o600)
    _bring_site_key(archive, stated, written, lost=public is not None)
    return stated


def _bring_site_key(archive: zipfile.ZipFile, stated: dict[str, Any], written: list[Path], *, lost: bool) -> None:
    """Take the site's key out, or see that the one which is here already is the one that signed what is restored.

    Where the office's key is lost, the site's may be as well: both are renewed afterwards.
    """
    public, path = stated.get("site_key"), site_key_path()
    if public is None:
        return
    if not path.exists():
        if SITE not in stated["members"] and lost:
            return
        if SITE not in stated["members"]:
            raise OfficeError(say("office.keys.own.missing", path=str(path)))
        if archive.getinfo(SITE).file_size > _PIECE:
            raise _bent(say("office.desk.restore.member", name=SITE))
        _take_out(archive, SITE, path, written, mode=0o600)
        try:
            load_key(path)
        except HakariError:
            raise _bent(say("office.desk.restore.member", name=SITE)) from None
    if load_key(path).public.hex != public:
        former = _former("site", PublicKey(str(public)).id)
        if former is not None:
            raise OfficeError(say("office.keys.restore.former", former=str(former), path=str(path)))
        raise OfficeError(say("office.keys.own.other", path=str(path)))


def _signer(content: bytes) -> str:
    """Return the id of the key that is said to have signed an envelope."""
    try:
        return str(json.loads(content)["signatures"][0]["keyid"])
    except (ValueError, KeyError, TypeError, IndexError):
        return ""


def _former(role: Role, key_id: str) -> Path | None:
    """Return where a former key of the office lies beside the present one, if it is there."""
    path = key_path(role)
    for other in sorted(path.parent.glob(f"{path.stem}-until-*{path.suffix}")):
        try:
            if load_key(other).public.id == key_id:
                return other
        except HakariError:
            continue
    return None


def _check_members(archive: zipfile.ZipFile, members: dict[str, Any]) -> None:
    """Compare every member with the list: none more, none less, no name that leads elsewhere, every digest."""
    if sorted(archive.namelist()) != sorted([*members, LIST]):
        raise _bent(say("office.desk.restore.members"))
    tables = {f"rows/{model._meta.db_table}.jsonl" for model in saved_models()}
    if {name for name in members if name.startswith("rows/")} != tables:
        raise _bent(say("office.desk.restore.members"))
    for name, item in members.items():
        safe = name in tables or name in (_KEY, SECRET, SITE, VOTES) or name.startswith(("checkpoints/", "uploads/"))
        if not safe or ".." in PurePosixPath(name).parts or "\\" in name or name.endswith("/"):
            raise _bent(say("office.desk.restore.member", name=name[:80]))
        digest, size = hashlib.sha256(), 0
        for piece in _pieces(archive, name, int(item["bytes"])):
            digest.update(piece)
            size += len(piece)
        if digest.hexdigest() != item["sha256"] or size != item["bytes"]:
            raise _bent(say("office.desk.restore.member", name=name[:80]))


def _pieces(archive: zipfile.ZipFile, name: str, most: int) -> Iterator[bytes]:
    """Yield a member in pieces, and stop beyond the size that the list states: small files can unpack to huge ones."""
    with archive.open(name) as file:
        while most >= 0 and (piece := file.read(_PIECE)):
            most -= len(piece)
            yield piece


def _take_out(archive: zipfile.ZipFile, name: str, to: Path, written: list[Path], mode: int = 0o644) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    written.append(to)
    with os.fdopen(handle, "wb") as file, archive.open(name) as source:
        shutil.copyfileobj(source, file)


def _load(archive: zipfile.ZipFile, members: dict[str, Any], tell: Tell) -> int:
    rows, tables = 0, saved_models()
    tell(say("office.desk.restore.tables", n=len(tables)))
    for model in tables:
        name = f"rows/{model._meta.db_table}.jsonl"
        with archive.open(name) as file:
            count = load_table(model, file)
        if count != members[name]["lines"]:
            raise _bent(say("office.desk.restore.member", name=name))
        rows += count
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
    return rows


def _compared(stated: dict[str, Any]) -> int | None:
    """Compare the rows of every table with what the signed list says of them, and return how many tables were.

    What stood in the file was compared before; this finds what the way into the database made of it.
    """
    said = stated.get("tables")
    if said is None:
        return None
    found = {model._meta.db_table: tally_of(model) for model in saved_models()}
    wanted = {str(name): Tally(int(item["rows"]), str(item["sha256"])) for name, item in said.items()}
    others = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if others:
        raise OfficeError(say("office.keys.restore.tables", n=len(others), tables=others))
    return len(found)


def _verified(stated: dict[str, Any], public: PublicKey | None) -> ChainReport:
    """Return what verification of the restored ledger found, which must be nothing, at the head that was saved."""
    from hakari.office.core.models import FreeText, Head
    from hakari.office.desk.ledger_check import problem_text

    report = verify(office=public)
    if not report.holds:
        raise _bent(problem_text(report.problems[0]))
    head = Head.objects.filter(id=1).first()
    now = None if head is None else {"digest": head.digest, "ledger": head.ledger, "sequence": head.sequence}
    if json.dumps(now, sort_keys=True) != json.dumps(stated["head"], sort_keys=True):
        raise _bent(say("office.desk.problem.head", sequence=report.events))
    for text in FreeText.objects.iterator(chunk_size=1000):
        if not text.holds:
            raise _bent(say("office.desk.restore.text", digest=text.digest[:16]))
    return report


def _folder() -> Path:
    return Path(settings.ENVIRONMENT.folder)
