"""The manifest: `hakari.yaml` in an engineer's repository, which says what the use case is and where its parts are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from hakari.assessment.model import GateMode
from hakari.errors import ManifestError, PackError
from hakari.messages import say
from hakari.packs import read_record
from hakari.packs.model import Stage

__all__ = ["MANIFEST_NAME", "Manifest", "load_manifest", "read_manifest"]

MANIFEST_NAME = "hakari.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCaseEntry:
    """What AI is used for."""

    id: str
    title: Any
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemEntry:
    """The release that is assessed."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectEntry:
    """Where one subject is, and how to read or call it."""

    path: str | None = None
    query: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    adapter: Literal["onnx", "skops", "python"] | None = None
    call: str | None = None
    features: tuple[str, ...] = ()
    threshold: float = 0.5
    trusted: tuple[str, ...] = ()
    provider: str | None = None
    model_id: str | None = None
    model_returned: str | None = None
    region: str | None = None
    pinning: Literal["pinned", "alias", "unknown"] = "unknown"
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsEntry:
    """Which column of the data is what."""

    label: str | None = None
    prediction: str | None = None
    score: str | None = None
    sensitive: tuple[str, ...] = ()
    weight: str | None = None
    cluster: str | None = None
    positive: str = "1"
    negative: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEntry:
    """Another line for one check, with who drew it and why."""

    threshold: float | None = None
    margin: float | None = None
    confidence: float | None = None
    min_rows: int | None = None
    coverage_min: float | None = None
    reference: str | None = None
    set_by: str | None = None
    why: str | None = None
    source: str | None = None
    alternatives: tuple[str, ...] = ()
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLog:
    """Rows that a search (mitigation, cleansing, tuning) has seen: a verdict on them is not independent of it."""

    digest: str
    candidates: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """One use case at one stage, as its engineer describes it."""

    hakari: int
    use_case: UseCaseEntry
    system: SystemEntry
    stage: Stage
    packs: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    subjects: Mapping[str, SubjectEntry] = field(default_factory=dict)
    columns: ColumnsEntry = field(default_factory=ColumnsEntry)
    label_source: Literal["outcome", "human_decision", "proxy"] | None = None
    selective_labels: bool | None = None
    people: Mapping[str, Any] = field(default_factory=dict)
    answers: str | None = None
    overrides: Mapping[str, OverrideEntry] = field(default_factory=dict)
    searched: tuple[SearchLog, ...] = ()
    gate: GateMode = "advisory"
    seed: int = 0
    office: str | None = None

    def title(self, language: str = "en") -> str:
        """Return the use case's title in `language`, or in whatever language there is."""
        title = self.use_case.title
        if isinstance(title, Mapping):
            return str(title.get(language) or next(iter(title.values())))
        return str(title)


def load_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder (or of a manifest file).

    Raises:
        ManifestError: there is none, or it is malformed; the message names file and line.
    """
    path = folder if folder.is_file() else folder / MANIFEST_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ManifestError(say("assessment.manifest.none", path=str(path))) from None
    except OSError as error:
        raise ManifestError(
            say("assessment.manifest.unreadable", path=str(path), problem=error.strerror or str(error))
        ) from None
    return read_manifest(content, file=path.name)


def read_manifest(content: bytes, *, file: str = MANIFEST_NAME) -> Manifest:
    """Return the manifest in `content`."""
    try:
        manifest = read_record(Manifest, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None
    if manifest.hakari != 1:
        raise ManifestError(say("assessment.manifest.version", file=file, version=manifest.hakari))
    if not manifest.packs:
        raise ManifestError(say("assessment.manifest.no_packs", file=file))
    if not 0 <= manifest.seed < 2**53:
        raise ManifestError(say("assessment.manifest.seed", file=file, seed=manifest.seed))
    _check_sensitive(manifest, file)
    return manifest


def _check_sensitive(manifest: Manifest, file: str) -> None:
    columns = manifest.columns
    repeated = [name for name in columns.sensitive if columns.sensitive.count(name) > 1]
    if repeated:
        raise ManifestError(say("assessment.manifest.sensitive_twice", file=file, column=repeated[0]))
    for role in ("label", "prediction", "score"):
        if getattr(columns, role) in columns.sensitive:
            raise ManifestError(
                say("assessment.manifest.sensitive_role", file=file, column=getattr(columns, role), role=role)
            )


def nearest(name: str, known: list[str]) -> list[str]:
    """Return the known names that look like `name`, or all of them if none does."""
    return get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)
