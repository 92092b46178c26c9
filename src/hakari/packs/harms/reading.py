"""Reading the harm library and incident records, and refusing what contradicts itself, with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from hakari.errors import PackError
from hakari.messages import say
from hakari.packs._files import read_file
from hakari.packs._loaded import digest_files
from hakari.packs._nodes import MapNode, read_yaml
from hakari.packs._records import Places, RecordReader
from hakari.packs.harms._rules import check_incidents, check_library
from hakari.packs.harms.model import Harm, HarmLibrary, Incident
from hakari.packs.loader import load_pack

__all__ = ["HEADER", "load_harms", "load_incidents", "read_harms", "read_incidents"]

HEADER = "library.yaml"
"""The file with exposures, kinds and motives; harms and incidents stand in the files beside it."""
_SET_HERE = ("harms", "incidents", "pack", "digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    harms: tuple[Harm, ...] = ()
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _IncidentFile:
    incidents: tuple[Incident, ...]


def load_harms(folder: Path | None = None) -> HarmLibrary:
    """Return the shipped harm library, or the one in a folder.

    Raises:
        PackError: as for `read_harms`.
    """
    if folder is None:
        return _shipped()
    if not folder.is_dir():
        raise PackError(say("packs.folder.missing", folder=str(folder)))
    return read_harms(_yaml_of(folder), name=folder.name)


def read_harms(files: Mapping[str, bytes], *, name: str = "harms") -> HarmLibrary:
    """Return the library in `files` (file name → bytes); `name` is how messages call it.

    Raises:
        PackError: there is no header, a file is malformed, or a record names what is not there; with file and line.
    """
    if HEADER not in files:
        raise PackError(say("harms.header.none", name=name, file=HEADER))
    places = Places()
    file = f"{name}/{HEADER}"
    root = read_yaml(files[HEADER], file=file)
    header = _header(root, file, places)
    reader_languages = header["languages"]
    harms: list[Harm] = []
    incidents: list[Incident] = []
    for part in sorted(set(files) - {HEADER}):
        reader = RecordReader(f"{name}/{part}", places, reader_languages)
        found = reader.record(_Part, read_yaml(files[part], file=f"{name}/{part}"))
        harms += found.harms
        incidents += found.incidents
    try:
        pack = load_pack(header["facts_of"])
    except PackError as error:
        assert isinstance(root, MapNode)
        raise PackError(say("packs.at", place=f"{file}:{root.line_of('facts_of')}", problem=error.message)) from None
    library = HarmLibrary(
        **header, harms=tuple(harms), incidents=tuple(incidents), pack=pack, digest=digest_files(files)
    )
    assert isinstance(root, MapNode)
    places.put(library, file, root)
    check_library(library, places)
    return library


def load_incidents(path: Path, library: HarmLibrary | None = None) -> tuple[Incident, ...]:
    """Return the incident records of a company's own file.

    Raises:
        PackError: there is no such file, or as for `read_incidents`.
    """
    if not path.is_file():
        raise PackError(say("harms.incidents.none", path=str(path)))
    return read_incidents(read_file(path, str(path)), library or load_harms(), file=str(path))


def read_incidents(content: bytes, library: HarmLibrary, *, file: str = "incidents.yaml") -> tuple[Incident, ...]:
    """Return the incident records in `content`, in the words of `library`.

    Raises:
        PackError: malformed, or a record names a harm, exposure, motive or fact that is not there; with file and line.
    """
    places = Places()
    found = RecordReader(file, places, library.languages).record(_IncidentFile, read_yaml(content, file=file))
    check_incidents(found.incidents, library, places)
    return found.incidents


@cache
def _shipped() -> HarmLibrary:
    return read_harms(_yaml_of(Path(str(package_files("hakari.packs"))) / "harms" / "library"))


def _yaml_of(folder: Path) -> dict[str, bytes]:
    return {item.name: read_file(item, item.name) for item in sorted(folder.glob("*.yaml"))}


def _header(root: Any, file: str, places: Places) -> dict[str, Any]:
    """Return the fields of the header; its languages are read first, because every text is checked against them."""
    plain = RecordReader(file, places)
    entry = plain.mapping(root).entries.get("languages")
    languages = () if entry is None else plain.value(tuple[str, ...], entry[1], "languages")
    reader = RecordReader(file, places, languages)
    return reader.arguments(HarmLibrary, root, without=_SET_HERE)
