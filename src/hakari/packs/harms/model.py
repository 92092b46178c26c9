"""The shape of the harm library and of incident records, as frozen records. `reading` makes them from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from hakari.packs.model import Pack, Source, SourceReference, Text

__all__ = [
    "EXPOSURES",
    "MODALITIES",
    "Exposure",
    "ExposureKind",
    "Harm",
    "HarmKind",
    "HarmLibrary",
    "Holder",
    "Incident",
    "IncidentMotive",
    "IncidentSource",
    "Modality",
    "Motive",
    "Severity",
]

Exposure = Literal["subject_of", "interacts_with", "suffers_due_to", "excluded_from"]
EXPOSURES: tuple[Exposure, ...] = get_args(Exposure)
"""How a person comes to be harmed. A closed list: it is that of the published taxonomy."""
Modality = Literal["speech", "image", "text", "recommendation", "scoring", "robotics", "games"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)
"""What kind of system does it."""
Severity = Literal["minor", "serious", "grave"]
"""minor: annoying and soon over. serious: money, a chance, health or standing. grave: life, limb or a life's course."""
Holder = Literal["creator", "deployer"]
"""Who has a motive: those who make a system, and those who put it to use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureKind:
    """One way of being exposed, with the question that a release is asked about it."""

    id: Exposure
    title: Text
    question: Text
    help: Text
    sources: tuple[SourceReference, ...]
    requirements: tuple[str, ...] = ()
    """`pack@version:slug` of requirements that ask about the same people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmKind:
    """What a harm takes from a person. An open list of our own."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Motive:
    """Why people make or use a system in a way that harms. An open list: a record may add its own."""

    id: str
    held_by: tuple[Holder, ...]
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """One harm: what happens, to whom, how they came to be exposed, and where it must be thought of."""

    id: str
    modality: Modality
    kind: str
    exposures: tuple[Exposure, ...]
    title: Text
    text: Text
    who: Text
    """Who bears it."""
    severity: Severity
    reversible: Literal["yes", "partly", "no"]
    motives: tuple[str, ...] = ()
    """Motives from which it typically follows; none where it follows from carelessness alone."""
    applies_when: str
    """CEL over the facts of a use case."""
    requirements: tuple[str, ...] = ()
    """`pack@version:slug` of what is asked against it."""
    sources: tuple[SourceReference, ...] = ()
    """Where it was published; without one it is our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentMotive:
    """Whose motive it was: one of the library, or another in words."""

    held_by: Holder
    motive: str
    text: Text | None = None
    """Needed for a motive that the library does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSource:
    """Where an incident was told."""

    title: str
    publisher: str = ""
    date: str = ""
    """Year, month or day on which it was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A harm that happened, in the words of the library."""

    id: str
    harm: str
    exposure: Exposure
    title: Text
    text: Text
    who: Text
    severity: Severity
    date: str
    """Year, month or day on which it happened; where nobody says, on which it was told (see `dated`)."""
    dated: Literal["happened", "told"] = "happened"
    motives: tuple[IncidentMotive, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was true of the system and mattered. A use case with the same facts should know of it."""
    source: IncidentSource


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmLibrary:
    """Exposures, kinds, motives and harms of one version."""

    urn: str
    version: str
    languages: tuple[str, ...]
    title: Text
    summary: Text
    facts_of: str
    """`name@version` of the pack whose facts the conditions read."""
    sources: tuple[Source, ...]
    exposures: tuple[ExposureKind, ...]
    kinds: tuple[HarmKind, ...]
    motives: tuple[Motive, ...]
    harms: tuple[Harm, ...]
    incidents: tuple[Incident, ...]
    asked_by: tuple[str, ...] = ()
    """`pack@version:slug` of requirements that ask for all four questions."""
    pack: Pack
    """The pack that `facts_of` names, set by the reader."""
    digest: str
    """SHA-256 over the sorted (file name, file digest) pairs of the folder, set by the reader."""

    @property
    def reference(self) -> str:
        """`harms@1.0.0`."""
        return f"{self.urn.rsplit(':', 1)[-1]}@{self.version}"

    def exposure(self, identifier: str) -> ExposureKind:
        """Return one of the four."""
        return next(kind for kind in self.exposures if kind.id == identifier)

    def harm(self, identifier: str) -> Harm | None:
        """Return the harm of that id."""
        return next((harm for harm in self.harms if harm.id == identifier), None)
