"""The records of an assessment: plan, checks, findings and the gate. All plain data with messages, no prose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.evidence import Subject, Unmeasured, digest_json, encode
from hakari.messages import Message

__all__ = [
    "ASSESSMENT_SCHEMA",
    "PLAN_SCHEMA",
    "AnswerResult",
    "Assessment",
    "CheckResult",
    "CheckStatus",
    "Exception_",
    "Finding",
    "GateMode",
    "GateResult",
    "GroupLine",
    "PackReference",
    "Plan",
    "PlannedCheck",
    "PlannedMeasurement",
    "RowsNeededLine",
    "Status",
    "digest_of_plan",
]

PLAN_SCHEMA = 1
ASSESSMENT_SCHEMA = 1

Status = Literal["met", "not_met", "inconclusive", "missing", "stale", "excepted", "not_applicable"]
CheckStatus = Literal["met", "not_met", "inconclusive", "missing", "stale"]
GateMode = Literal["advisory", "regression", "full"]

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackReference:
    """A pinned pack."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeasurement:
    """One run of one measure: what will be computed, on what, with which parameters."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    """Digest over everything below: the same id means the same measurement."""
    measure: str
    """Measure id without version."""
    version: str
    distribution: str
    parameters: Mapping[str, Any]
    """All parameters, defaults included."""
    parameters_passed: Mapping[str, Any]
    subjects: tuple[Subject, ...]
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCheck:
    """One line of the family: threshold, margin, level, groups and look, fixed before the number is seen."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    """`requirement-slug/check-id` or `requirement-slug/check-id[column+column]`."""
    requirement: str
    """`urn@version`."""
    measurement: str
    """Id of the planned measurement that answers it; empty when it cannot be measured (see `impossible`)."""
    measure: str
    """`id@major`."""
    metric: str
    basis: Literal["rate", "smooth", "count"]
    table: str
    aggregation: Literal["overall", "difference", "ratio", "worst_group"]
    columns: tuple[str, ...]
    """Sensitive columns that form the groups; empty for the whole."""
    operator: Literal["<=", ">="]
    threshold: float
    margin: float
    confidence: float
    method: Literal["mover", "box"]
    reference: str | None = None
    family_met: Literal["none", "holm"]
    min_rows: int
    coverage_min: float
    severity: Literal["minor", "major", "critical"]
    look: int
    """k = 1, 2, …: how many samples of this system version this check has been measured on, this one included."""
    reused: bool = False
    """True if the rows stand in a search log: the verdict can only be inconclusive (reused)."""
    candidates: int = 1
    """Number of candidates that the level is divided by, when rows were reused and a division was chosen."""
    set_by: Mapping[str, str]
    why: Mapping[str, str]
    source: Mapping[str, str]
    alternatives: tuple[Mapping[str, str], ...]
    confirmed: bool
    impossible: Message | None = None
    """Why this check cannot be measured (no score column, selective labels, …); it keeps its place with p = 1."""

    @property
    def unacceptable(self) -> float:
        """b: the threshold moved by the margin to the bad side."""
        # Twelve places: 0.1 + 0.05 must not become 0.15000000000000002.
        return round(self.threshold + (self.margin if self.operator == "<=" else -self.margin), 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is fixed before any number is seen; its digest is cited by the evidence."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    schema: int = PLAN_SCHEMA
    use_case: str
    system_version: str
    stage: str
    packs: tuple[PackReference, ...]
    facts: Mapping[str, Any]
    label_source: Literal["outcome", "human_decision", "proxy"]
    selective_labels: bool
    subjects: tuple[Subject, ...]
    use: Mapping[str, Any]
    """How the subjects are read: what the columns mean, and how a model is called (features, decision threshold)."""
    scope: str
    """Digest over the subjects and their use: the system version that the decision will be about."""
    groups: Mapping[str, Mapping[str, int]]
    """Sensitive column → level → rows of the hold-out data, counted without looking at labels or predictions."""
    measurements: tuple[PlannedMeasurement, ...]
    checks: tuple[PlannedCheck, ...]
    family: int
    """K: number of checks in the family of verdicts (exact counts are not in it, they have no error rate)."""
    warnings: tuple[Message, ...] = ()


def digest_of_plan(plan: Plan) -> str:
    """Return the digest that evidence cites."""
    return digest_json(encode(plan))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One group in a check: its counts, rate and simultaneous interval."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Levels of the group's columns joined by ` × `."""
    rows: int
    """All rows of the group."""
    successes: float | None = None
    """The metric's own numerator; absent where the metric is no proportion."""
    trials: float
    """The metric's own denominator."""
    value: float | Unmeasured
    low: float | Unmeasured
    high: float | Unmeasured
    monte_carlo_error: tuple[float, float] | None = None
    """Standard errors of `low` and `high` from a finite number of replicates; None where nothing is drawn."""
    in_scope: bool
    """False if the denominator is below min_rows."""
    extreme: bool
    """True if the simultaneous intervals do not exclude that this is the highest or lowest group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsNeededLine:
    """What would settle an inconclusive check."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    groups: tuple[str, ...]
    """The limiting groups."""
    sure: int | None = None
    """N_sure: rows in each that settle it for any rates inside the present intervals; absent if there is none."""
    likely: int | None = None
    """N_likely: rows in each that give an 80 % chance of a verdict at the next look; absent if beyond reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The verdict of one check, with everything that is needed to draw it and to say it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    check: str
    """Id of the planned check."""
    status: CheckStatus
    reasons: tuple[Message, ...] = ()
    evidence: str | None = None
    """Id of the evidence record."""
    value: float | Unmeasured
    low: float | Unmeasured
    high: float | Unmeasured
    """Interval at the levels used: it faces the lines exactly as the verdict does."""
    threshold: float
    """a: acceptable up to and including."""
    unacceptable: float
    """b: unacceptable from here."""
    error_met: float | None = None
    """One-sided error at which the limit facing b was computed."""
    error_not_met: float | None = None
    """One-sided error at which the limit facing a was computed (after Holm and looks)."""
    monte_carlo_error: tuple[float, float] | None = None
    """Standard errors of `low` and `high` from a finite number of replicates; None where nothing is drawn."""
    method: str = ""
    rows: int = 0
    trials: int = 0
    """Sum of the denominators in scope."""
    coverage: float = 1.0
    """Share of rows in the assessed groups."""
    groups: tuple[GroupLine, ...] = ()
    noise_floor: float | None = None
    """Mean of the aggregate if all groups had the pooled rate."""
    rows_needed: RowsNeededLine | None = None
    worst_case: float | None = None
    """The bound that the data allow: the interval's bad end. What an office may accept until a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerResult:
    """One question and what its answer does."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    question: str
    status: Literal["met", "not_met", "missing", "stale", "not_asked", "neutral"]
    value: Any = None
    evidence: str | None = None
    reasons: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exception_:
    """What was accepted until when by whom: an exception, or the acceptance of a stated bound."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    requirement: str
    """`urn@version`."""
    reason: str
    """In the accepting person's words."""
    by: str
    until: str
    """Last day, ISO date."""
    condition: str
    """How it is watched meanwhile."""
    bounds: Mapping[str, float] = field(default_factory=dict)
    """Check id → accepted worst case; a worse bound voids the acceptance."""
    scope: str
    """Scope digest that it was given for."""
    created_at: str
    key: str
    """Id of the key that signed it; void if that key also signed the evidence it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Requirement + evidence → status with reasons."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    requirement: str
    """`urn@version`."""
    pack: str
    """`name@version`."""
    group: str
    severity: Literal["minor", "major", "critical"]
    roles: tuple[str, ...]
    stages: tuple[str, ...]
    status: Status
    reasons: tuple[Message, ...]
    checks: tuple[CheckResult, ...] = ()
    answers: tuple[AnswerResult, ...] = ()
    evidence: tuple[str, ...] = ()
    stale_from: str | None = None
    """First day on which this finding is stale by age alone."""
    via: tuple[str, ...] | None = None
    """Requirements of other packs whose answers and checks count here as well, as `urn@version`; None if there is none.
    Those parts stand in their own findings and are not repeated."""
    exception: Exception_ | None = None
    """The acceptance in force, if any."""

    @property
    def rests_on_others(self) -> bool:
        """True if it rests on requirements of other packs, and nothing of its own is open."""
        own = [*(check.status for check in self.checks), *(answer.status for answer in self.answers)]
        return bool(self.via) and all(status in ("met", "neutral", "not_asked") for status in own)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """Whether the stage may close, and what stands in the way."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    mode: GateMode
    holds: bool
    """By the mode's own rule; always true under `advisory`."""
    closes: bool
    """By the whole rule: each applicable requirement met, not applicable or excepted."""
    counts: Mapping[str, int]
    blocking: tuple[str, ...]
    """Requirements that stand in the way, by reference."""
    only_open: bool
    """True if nothing is not_met: only missing, stale or inconclusive ones are left."""
    worse: tuple[str, ...] = ()
    """Requirements that got worse than in the last accepted assessment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All findings of one use case at one stage against pinned packs."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    schema: int = ASSESSMENT_SCHEMA
    use_case: str
    title: str
    system_version: str
    stage: str
    as_of: str
    """The day by which age and law are judged, ISO date."""
    packs: tuple[PackReference, ...]
    facts: Mapping[str, Any]
    plan: str
    """Digest of the plan."""
    plan_registered: bool
    scope: str
    label_source: Literal["outcome", "human_decision", "proxy"]
    selective_labels: bool
    findings: tuple[Finding, ...]
    gate: GateResult
    notices: tuple[Message, ...] = ()
    """What every page must say: plan not registered, example thresholds, agreement with past decisions, …"""
