"""Which files make a pack, and where the shipped packs are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

from hakari.errors import PackError
from hakari.messages import say
from hakari.packs._nodes import LARGEST_FILE

__all__ = [
    "LARGEST_PACK",
    "OVERLAY",
    "PACK",
    "TRIAGE",
    "check_names",
    "library_folder",
    "library_names",
    "read_file",
    "read_folder",
]

PACK = "pack.yaml"
OVERLAY = "overlay.yaml"
TRIAGE = "triage.yaml"
"""Tiers and their rules; read by triage only."""
LARGEST_PACK = 50 * 2**20
"""Bytes in all files of a pack together."""
_MOST_FILES = 500


def check_names(content: Mapping[str, bytes], name: str) -> None:
    """Refuse named bytes that are not the files of a pack.

    Raises:
        PackError: no `pack.yaml`, a file that would not be read, too many files or bytes.
    """
    if PACK not in content:
        raise PackError(say("packs.folder.no_pack_yaml", folder=name))
    for file in content:
        if not _expected(file):
            raise PackError(say("packs.folder.unexpected_file", place=f"{name}/{file}"))
    _check_count(len(content), name)
    _check_size(sum(len(part) for part in content.values()), name)


def read_folder(folder: Path, shown: str) -> dict[str, bytes]:
    """Return every YAML file of a folder by relative posix name; `shown` is how messages call the folder.

    A YAML file in a place where it would not be read is refused, because its rules would silently not count.
    """
    found = sorted(item for item in folder.rglob("*") if item.suffix in (".yaml", ".yml") and item.is_file())
    _check_count(len(found), shown)
    for item in found:
        _check_file(item, f"{shown}/{item.relative_to(folder).as_posix()}")
    _check_size(sum(item.stat().st_size for item in found), shown)
    return dict(_read(found, folder, shown))


def read_file(file: Path, shown: str) -> bytes:
    """Return the bytes of one YAML file, or refuse it before reading if it is too large."""
    _check_file(file, shown)
    return file.read_bytes()


def library_folder(reference: str) -> Path:
    """Return the folder of the shipped pack `name` or `name@version`.

    A version beside the usual one stands in a folder of its own, `name@version`; whether the version is the one asked
    for is not looked at here.

    Raises:
        PackError: there is no such pack; the message offers the nearest.
    """
    name = reference.partition("@")[0]
    known = library_names()
    if reference in known:
        return _library() / reference
    if name not in known:
        from difflib import get_close_matches

        nearest = get_close_matches(name, known, n=1) or known
        raise PackError(say("packs.library.unknown", name=reference, nearest=nearest))
    return _library() / name


def library_names() -> list[str]:
    """Return the names of the shipped packs; `name@version` where a version stands beside the usual one."""
    return sorted(item.name for item in _library().glob("*") if (item / PACK).is_file())


def _library() -> Path:
    return Path(str(files("hakari.packs"))) / "library"


def _read(found: list[Path], folder: Path, shown: str) -> Iterator[tuple[str, bytes]]:
    for file in found:
        name = file.relative_to(folder).as_posix()
        if not _expected(name):
            raise PackError(say("packs.folder.unexpected_file", place=f"{shown}/{name}"))
        yield name, read_file(file, f"{shown}/{name}")


def _expected(file: str) -> bool:
    folder, _, last = file.rpartition("/")
    return file in (PACK, OVERLAY, TRIAGE) or (folder == "requirements" and last.endswith(".yaml") and last != ".yaml")


def _check_file(file: Path, shown: str) -> None:
    size = file.stat().st_size
    if size > LARGEST_FILE:
        problem = say("packs.yaml.too_large", size=size, limit=LARGEST_FILE)
        raise PackError(say("packs.at", place=f"{shown}:1", problem=problem))


def _check_count(count: int, shown: str) -> None:
    if count > _MOST_FILES:
        raise PackError(say("packs.folder.too_many_files", folder=shown, count=count, limit=_MOST_FILES))


def _check_size(size: int, shown: str) -> None:
    if size > LARGEST_PACK:
        raise PackError(say("packs.folder.too_large", folder=shown, size=size, limit=LARGEST_PACK))
