"""The room: where the harm mapping of one project is kept, and what it is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hakari.assessment.harms import (
    ExposureAnswer,
    HarmAnswer,
    HarmMap,
    HarmStatement,
    make_statement,
    read_map,
    with_exposure,
    with_harm,
)
from hakari.assessment.manifest import Manifest
from hakari.errors import InputError
from hakari.messages import say
from hakari.packs.harms import Exposure, HarmLibrary, Incident, load_harms, load_incidents
from hakari.workflows.store import write_file

__all__ = ["HARMS_FILE", "HarmRoom"]

HARMS_FILE = "harms.yaml"
LARGEST_HARMS = 10 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmRoom:
    """Where one project keeps its mapping, and what it is judged by. Neither data nor packs are needed."""

    folder: Path
    manifest: Manifest
    library: HarmLibrary
    incidents: tuple[Incident, ...]
    """The company's own incident records."""

    @classmethod
    def of(cls, folder: Path, manifest: Manifest, *, incidents: Path | None = None) -> HarmRoom:
        """Return the room of the project in `folder`; `incidents` names a file instead of the manifest's.

        Raises:
            PackError: the file of incidents is not there or malformed; with file and line.
        """
        library = load_harms()
        base = (folder.parent if folder.is_file() else folder).resolve()
        named = (base / manifest.incidents).resolve() if manifest.incidents is not None else None
        path = incidents or named
        own = load_incidents(path, library) if path is not None else ()
        return cls(folder=base, manifest=manifest, library=library, incidents=own)

    @property
    def path(self) -> Path:
        """Where the mapping stands, or will stand."""
        name = self.manifest.harms or HARMS_FILE
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder):
            raise InputError(say("workflows.subject.outside", role="harms", path=name))
        return path

    def load(self) -> HarmMap:
        """Return what was answered so far; a file that the manifest names must exist.

        Raises:
            InputError, ManifestError: missing, too large or malformed.
        """
        content = self._content()
        if content is None:
            if self.manifest.harms is not None:
                raise InputError(say("workflows.harms.missing", path=self.manifest.harms))
            return HarmMap()
        return read_map(content, self.library, file=self.path.name)

    def statement(self, facts: Mapping[str, Any] | None = None) -> HarmStatement:
        """Return what is known about who can be harmed; without `facts` by those of the manifest."""
        found = _named(self.load(), self.manifest.people)
        given = self.manifest.facts if facts is None else facts
        return make_statement(found, given, self.library, incidents=self.incidents)

    def record_exposure(self, exposure: Exposure, answer: ExposureAnswer) -> None:
        """Write the answer to one of the four questions into the file.

        Raises:
            ManifestError: the file is malformed.
        """
        self.load_for_writing()
        write_file(self.path, with_exposure(self._content() or b"", self.library, exposure, answer))

    def record_harm(self, harm: str, answer: HarmAnswer) -> None:
        """Write what is said about one harm into the file.

        Raises:
            ManifestError: the file is malformed, or the answer does not fit.
        """
        self.load_for_writing()
        write_file(self.path, with_harm(self._content() or b"", self.library, harm, answer))

    def load_for_writing(self) -> HarmMap:
        """Return what was answered so far; a file that is not there yet is empty."""
        content = self._content()
        return HarmMap() if content is None else read_map(content, self.library, file=self.path.name)

    def _content(self) -> bytes | None:
        path = self.path
        if not path.is_file():
            return None
        size = path.stat().st_size
        if size > LARGEST_HARMS:
            raise InputError(say("workflows.answers.too_large", path=path.name, size=size, limit=LARGEST_HARMS))
        content = path.read_bytes()
        return content if content.strip() else None


def _named(found: HarmMap, people: Mapping[str, Any]) -> HarmMap:
    """Return the mapping with roles in `by` replaced by the names that the manifest gives them."""

    def name(by: str) -> str:
        return str(people.get(by, by)) if by else ""

    return HarmMap(
        exposures={key: replace(entry, by=name(entry.by)) for key, entry in found.exposures.items()},
        harms={key: replace(entry, by=name(entry.by)) for key, entry in found.harms.items()},
    )
