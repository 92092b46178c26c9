"""The manifest: `hakari.yaml` in an engineer's repository, which says what the use case is and where its parts are."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from hakari.assessment.model import GateMode
from hakari.errors import ManifestError, PackError
from hakari.inputs.columns import Columns
from hakari.messages import say
from hakari.packs import Places, located_record
from hakari.packs.model import Stage

__all__ = ["MANIFEST_NAME", "Manifest", "load_manifest", "read_manifest"]

MANIFEST_NAME = "hakari.yaml"

_ID = re.compile(r"\w[\w.-]{0,79}")
_RANGES = {
    "confidence": (0.501, 0.999999, "0.501 … 0.999999"),
    "threshold": (0.0, math.inf, "≥ 0"),
    "margin": (0.0, math.inf, "≥ 0"),
    "min_rows": (1, math.inf, "≥ 1"),
    "coverage_min": (0.0, 1.0, "0 … 1"),
}
_LOG_RANGES = {"candidates": (1, 2**31, "≥ 1")}


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
    adapter: Literal["onnx", "skops", "python", "xgboost", "lightgbm"] | None = None
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
    columns: Columns = field(default_factory=Columns)
    label_source: Literal["outcome", "human_decision", "proxy"] | None = None
    selective_labels: bool | None = None
    people: Mapping[str, Any] = field(default_factory=dict)
    answers: str | None = None
    organisation: str | None = None
    """Another answers file, which holds what the company answers once for all of its use cases."""
    harms: str | None = None
    """The file of the harm mapping: who can be harmed, and what is done about it."""
    incidents: str | None = None
    """A file of incident records, in the words of the harm library; it may be the company's, outside the folder."""
    fairness: str | None = None
    """The register of where protected attributes are used, with sign-offs and the alternatives considered."""
    notice: str | None = None
    """The wording of notices to the people affected; an example that it names goes into the record."""
    constraints: str | None = None
    """The file that says which changes a person can make; measures that look for other results take it."""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Measure id → parameters of that measure, for what a pack leaves to the project."""
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
        manifest, places = located_record(Manifest, content, file=file)
    except PackError as error:
        raise ManifestError(error.message) from None
    _check_head(manifest, places, file)
    _check_sensitive(manifest.columns, places, file)
    for override in manifest.overrides.values():
        _check_ranges(override, _RANGES, places, file)
    for log in manifest.searched:
        _check_ranges(log, _LOG_RANGES, places, file)
    return manifest


def _check_head(manifest: Manifest, places: Places, file: str) -> None:
    def at(key: str, record: object = manifest) -> str:
        return places.at(record, key) or file

    if manifest.hakari != 1:
        raise ManifestError(say("assessment.manifest.version", file=at("hakari"), version=manifest.hakari))
    if not manifest.packs:
        raise ManifestError(say("assessment.manifest.no_packs", file=at("packs")))
    if not 0 <= manifest.seed < 2**53:
        raise ManifestError(say("assessment.manifest.seed", file=at("seed"), seed=manifest.seed))
    if _ID.fullmatch(manifest.use_case.id) is None:
        place, shown = at("id", manifest.use_case), " ".join(manifest.use_case.id.split())[:80]
        raise ManifestError(say("assessment.manifest.id", place=place, id=shown))


def _check_sensitive(columns: Columns, places: Places, file: str) -> None:
    place = places.at(columns, "sensitive") or file
    repeated = [name for name in columns.sensitive if columns.sensitive.count(name) > 1]
    if repeated:
        problem = say("assessment.manifest.sensitive_twice", file=place, column=repeated[0])
        raise ManifestError(problem)
    for role in ("label", "prediction", "score"):
        if getattr(columns, role) in columns.sensitive:
            problem = say("assessment.manifest.sensitive_role", file=place, column=getattr(columns, role), role=role)
            raise ManifestError(problem)


def _check_ranges(record: object, ranges: Mapping[str, tuple[float, float, str]], places: Places, file: str) -> None:
    for name, (low, high, expected) in ranges.items():
        value = getattr(record, name)
        if value is not None and not low <= value <= high:
            place = places.at(record, name) or file
            raise ManifestError(
                say("assessment.manifest.range", place=place, field=name, value=value, expected=expected)
            )


def nearest(name: str, known: list[str]) -> list[str]:
    """Return the known names that look like `name`, or all of them if none does."""
    return get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)
