"""The evidence record and its parts. Schema version 1; readers for old versions stay for ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.evidence.subject import Subject
from hakari.messages import Message

__all__ = [
    "EVIDENCE_SCHEMA",
    "Answer",
    "Assurance",
    "Cell",
    "Disclosure",
    "Estimate",
    "Evidence",
    "EvidenceKind",
    "Interval",
    "MeasureReference",
    "PlanReference",
    "Producer",
    "Table",
    "Unmeasured",
]

EVIDENCE_SCHEMA = 1

EvidenceKind = Literal["measurement", "answer", "statement", "document", "import"]
Assurance = Literal["self", "pipeline", "second_person", "independent"]
Disclosure = Literal["public", "counts", "rows"]
Cell = None | bool | int | float | str

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Where the true value may lie, and how sure the method is."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    low: float
    """Lower limit, in the unit of the value."""
    high: float
    """Upper limit, in the unit of the value."""
    level: float
    """Confidence of the whole interval, such as 0.95."""
    method: str
    """Method by name, such as `clopper-pearson, šidák over 3 groups`; `count` where nothing is estimated."""
    monte_carlo_error: tuple[float, float] | None = None
    """Standard errors of `low` and `high` from a finite number of replicates; None where nothing is drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """Why there is no number. Never written as 0, null or NaN."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    unmeasured: Message
    """The reason, as a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number: metric, slice, value, interval and the rows behind it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    metric: str
    """Name of the metric, statistic first, aggregation second: `selection_rate_difference`."""
    slice: Mapping[str, str] = field(default_factory=dict)
    """Column → level for one group; column → `*` for an aggregate over a column; empty for all rows."""
    value: float | Unmeasured
    """The plain plug-in value, or why there is none."""
    interval: Interval | Unmeasured
    """The interval, or why there is none."""
    n: int
    """Rows in the metric's own denominator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Counts or rows from which estimates can be derived again."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name in the record: `tally`, `scores`, `columns`, …"""
    columns: tuple[str, ...]
    """Column names; a tally ends in `n` or in `n`, `w`, `w2`."""
    rows: tuple[tuple[Cell, ...], ...]
    """Cells in canonical order."""
    disclosure: Disclosure = "counts"
    """Who may see it: `public` always, `counts` with small cells suppressed, `rows` never leaves by default."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Plain facts such as the fixed scale of weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureReference:
    """The exact method: `id@version` from one distribution."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    """`room.name`, or `distribution/room.name` from an outside package."""
    version: str
    """Version of the measure; a changed estimate for equal input bumps its major part."""
    distribution: str
    """Package and version that it came from: `hakari 0.1.0`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReference:
    """The plan that was fixed before the number was seen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    digest: str
    """SHA-256 of the plan."""
    measurement: str
    """Id of the planned measurement that this record answers."""
    registered: bool = False
    """True only if the office's ledger saw the plan before the measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Producer:
    """Who made the record, in words; the signature proves the key."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Person or pipeline."""
    kind: Literal["person", "pipeline"] = "person"
    """What the name stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person answered to one question."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    requirement: str
    """`urn@version` of the requirement."""
    question: str
    """Id of the question within the requirement."""
    value: Any
    """JSON value by question type; the string `unknown` is always accepted."""
    attachment: str | None = None
    """Digest of the attached file, for file questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The frozen record of one measurement, answer, statement, document or import."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    schema: int = EVIDENCE_SCHEMA
    """Version of this record's shape."""
    kind: EvidenceKind
    """What the record is of."""
    measure: MeasureReference | None = None
    """The method, for measurements."""
    answer: Answer | None = None
    """Question and answer, for answers."""
    plan: PlanReference | None = None
    """The plan that it answers, if there was one."""
    subjects: tuple[Subject, ...] = ()
    """Everything that this record consumed; it goes stale when one of these changes."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Declared facts that it depended on, with their values."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """All parameters of the run, defaults included."""
    parameters_passed: Mapping[str, Any] = field(default_factory=dict)
    """The parameters that a person or pack passed."""
    seed: int = 0
    """Seed of the run, below 2**53."""
    estimates: tuple[Estimate, ...] = ()
    """Every number, with its interval."""
    tables: tuple[Table, ...] = ()
    """Counts from which the numbers can be derived again."""
    limits: tuple[Message, ...] = ()
    """What these numbers cannot say."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Versions of Python and of the packages that computed."""
    collected_at: str
    """When the record was made, UTC, ISO 8601."""
    effective_at: str
    """The time that the facts in it are about, UTC, ISO 8601."""
    producer: Producer
    """Who made it."""
    assurance: Assurance = "self"
    """How independent the producer is of the use case."""
