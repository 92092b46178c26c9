"""The shape of a policy pack, as frozen records. `loader` makes them from YAML; the engine only reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

__all__ = [
    "Aggregation",
    "Authority",
    "Check",
    "Choice",
    "Effect",
    "EvidenceRule",
    "FactDeclaration",
    "Mapping_",
    "NumberRange",
    "Pack",
    "Principle",
    "Question",
    "QuestionType",
    "Requirement",
    "Slice",
    "Source",
    "SourceReference",
    "Stage",
    "Text",
]

Text = Mapping[str, str]
"""Language → text; every language that the pack declares."""
Stage = Literal["plan", "design", "develop", "release", "operate"]
Authority = Literal["law", "standard", "company", "sample"]
Severity = Literal["minor", "major", "critical"]
Effect = Literal["meets", "fails", "neutral"]
QuestionType = Literal["yes_no", "single", "multi", "number", "date", "text", "file"]
Aggregation = Literal["overall", "difference", "ratio", "worst_group"]
Slice = Literal["overall", "each_sensitive", "intersection"]

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A published text that the pack follows in its own words."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    title: Text
    publisher: str = ""
    date: str = ""
    section: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReference:
    """The place in a source that one requirement follows."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    section: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One choice; what it does is a field, never hidden in its text."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    text: Text | None = None
    title: Text | None = None
    effect: Effect = "neutral"
    score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDeclaration:
    """A fact about a use case that `applies_when` may use."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    type: Literal["boolean", "number", "text", "choice", "date"]
    title: Text
    help: Text | None = None
    choices: tuple[Choice, ...] = ()
    evident_from: Literal["data", "label", "score", "sensitive"] | None = None
    """What in a manifest already shows that this boolean fact is true; a new manifest then states it by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principle:
    """A group of requirements: a principle of the source."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    title: Text
    summary: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """Accepted numbers, both ends included; outside, the answer fails."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person is asked. `unknown` is always accepted and leaves the requirement open."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    type: QuestionType
    text: Text
    help: Text | None = None
    """What good evidence looks like."""
    good: Text | None = None
    """An example of an answer that helps the reader."""
    poor: Text | None = None
    """An example of an answer that does not."""
    minutes: int = 2
    when: str | None = None
    effects: Mapping[Literal["yes", "no"], Effect] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    accept: NumberRange | None = None
    min_length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRule:
    """How old evidence may be, how independent its producer, and whether all parts are needed or any."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    max_age_days: int = 365
    least_assurance: Literal["self", "pipeline", "second_person", "independent"] = "self"
    rule: Literal["all", "any"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A measurement with a line: what is measured, where the line stands, who drew it and why."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    measure: str
    metric: str
    aggregation: Aggregation = "overall"
    slice: Slice = "overall"
    operator: Literal["<=", ">="]
    threshold: float
    margin: float = 0.0
    confidence: float = 0.95
    min_rows: int = 30
    coverage_min: float = 0.95
    severity: Severity = "major"
    reference: str | None = None
    method: Literal["mover", "box"] = "mover"
    family_met: Literal["none", "holm"] = "none"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    set_by: Text
    why: Text
    source: Text
    alternatives: tuple[Text, ...] = ()
    confirmed: bool = False
    planned: bool = False
    """True while no measure answers it: it is reported as missing, and a plan does not look the measure up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping_:
    """A pinned relation to a requirement of another pack: `pack@version:ref`.

    This requirement asks the same as the other (equal), a part of it (subset), more (superset), something that overlaps
    (intersects) or something that helps it (supports). With the first three, whatever answers the other requirement
    answers this one as well, by this one's own rule for evidence; the last two are for finding one's way only.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    to: str
    relation: Literal["equal", "subset", "superset", "intersects", "supports"]
    rationale: Text
    status: Literal["draft", "reviewed"] = "draft"

    @property
    def answers(self) -> bool:
        """True if what answers the other requirement counts here."""
        return self.relation in ("equal", "subset", "superset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Something that must be true of a use case, and how it is shown."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    urn: str
    version: int
    group: str
    title: Text
    text: Text
    stages: tuple[Stage, ...]
    applies_when: str | None = None
    roles: tuple[str, ...] = ("owner",)
    severity: Severity = "major"
    scope: Literal["use_case", "organisation"] = "use_case"
    """organisation: answered once for the company and not again for each use case."""
    effective: Mapping[Literal["from", "until"], str] = field(default_factory=dict)
    """First and last day on which it is in force, ISO dates; without them always."""
    unverified: Text | None = None
    """Why it could not be checked against its source."""
    sources: tuple[SourceReference, ...] = ()
    evidence: EvidenceRule = field(default_factory=EvidenceRule)
    questions: tuple[Question, ...] = ()
    checks: tuple[Check, ...] = ()
    mappings: tuple[Mapping_, ...] = ()

    @property
    def slug(self) -> str:
        """Last part of the urn, unique in its pack."""
        return self.urn.rsplit(":", 1)[-1]

    def in_force(self, day: str) -> bool:
        """Return whether `day` (ISO date) is within the effective period."""
        return self.effective.get("from", day) <= day <= self.effective.get("until", day)

    @property
    def reference(self) -> str:
        """`urn@version`."""
        return f"{self.urn}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy pack: principles, declared facts and requirements, in every language that it declares."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    urn: str
    version: str
    status: Literal["draft", "published", "withdrawn"]
    authority: Authority
    languages: tuple[str, ...]
    title: Text
    summary: Text
    unverified: Text | None = None
    """Why the pack could not be checked against its sources."""
    sources: tuple[Source, ...] = ()
    effective: Mapping[Literal["from", "until"], str] = field(default_factory=dict)
    facts: tuple[FactDeclaration, ...] = ()
    groups: tuple[Principle, ...]
    requirements: tuple[Requirement, ...]
    digest: str
    """SHA-256 over the sorted (file name, file digest) pairs of the pack's folder, set by the loader."""

    @property
    def name(self) -> str:
        """Last part of the urn: `ai-ethics-core`."""
        return self.urn.rsplit(":", 1)[-1]

    @property
    def reference(self) -> str:
        """`name@version`."""
        return f"{self.name}@{self.version}"
