"""The record of a decision, its digest and its signed envelope."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from hakari.assessment.model import PackReference
from hakari.evidence import SigningKey, digest_json, encode, seal

__all__ = [
    "DECISION_SCHEMA",
    "DECISION_TYPE",
    "ChangeEnvelope",
    "Decision",
    "DecisionCondition",
    "Outcome",
    "digest_of_decision",
    "seal_decision",
]

DECISION_SCHEMA = 1
DECISION_TYPE = "urn:hakari:predicate:decision:1"

Outcome = Literal["approve", "approve_with_conditions", "defer", "reject"]

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCondition:
    """One condition of an approval, and what closes it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    number: int
    text: str
    """In the words of those who decided."""
    language: str
    """In which the text was written."""
    requirement: str
    """`urn@version`; empty if it is about no single requirement."""
    due: str
    """Last day, ISO date."""
    rule: Literal["check", "requirement", "document"]
    """What closes it: a check that is met, a requirement that is met, or a document that is accepted."""
    check: str = ""
    """Id of the planned check, if the rule is about one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEnvelope:
    """Changes that the decision carries over: to which subjects, with which checks met again, until when."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    roles: tuple[str, ...]
    """Subjects that may change, by role, such as `model` or `data.test`."""
    checks: tuple[str, ...]
    """Ids of planned checks that must be met again."""
    until: str
    """Last day, ISO date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided about one frozen assessment. Everything it is about is cited by digest."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    schema: int = DECISION_SCHEMA
    number: str
    """By which people cite it, such as `D-2026-0004`."""
    use_case: str
    stage: str
    round: int
    """1, 2, …: how often the assessment was submitted."""
    outcome: Outcome
    assessment: str
    """SHA-256 of the bytes of `assessment.json`."""
    plan: str
    """Digest of the plan."""
    scope: str
    """Scope digest of the plan: the system version that was decided about."""
    packs: tuple[PackReference, ...]
    evidence: tuple[str, ...]
    """Ids of the records that the findings rest on, sorted."""
    conditions: tuple[DecisionCondition, ...]
    envelope: ChangeEnvelope | None = None
    form: Literal["meeting", "circulation", "consent"]
    votes: Mapping[str, int]
    """Choice (approve, approve_with_conditions, defer, reject, abstain) → number of votes."""
    recused: int
    """Members who took no part."""
    decided_at: str
    """UTC, ISO 8601."""
    valid_until: str
    """Last day, ISO date."""


def digest_of_decision(decision: Decision) -> str:
    """Return the digest by which the ledger names the decision."""
    return digest_json(encode(decision))


def seal_decision(decision: Decision, key: SigningKey) -> bytes:
    """Return the signed decision."""
    return seal(DECISION_TYPE, encode(decision), [("assessment.json", decision.assessment)], [key])
