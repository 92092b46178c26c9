"""The records of a notice: what the person is told, as data in every language of the wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.assessment.notice.wording import Contest, NoticeLanguage
from hakari.packs.model import Text

__all__ = ["ChangeLine", "ChangeState", "DecisionNotice", "Model", "ReasonLine", "ReasonSide"]

ReasonSide = Literal["high", "low", "level", "missing", "group", "plain"]
"""How the value stands to the middle of the other cases; `plain` where nothing can be said of that."""
ChangeState = Literal["found", "none_found", "none_exists", "not_looked", "not_needed"]
"""not_looked: nobody wrote down what people can change. not_needed: the decision is the favourable one."""

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLine:
    """One main reason."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    player: str
    """Column or group."""
    code: str
    name: Text
    value: Text
    """The person's own value in words; empty where it is missing."""
    side: ReasonSide
    sentence: Text
    """The company's sentence; empty where ours is used."""
    correct: Text
    """What to send if the value is wrong."""
    share: float
    """Share of the total pull on its side."""
    kept: float
    """Share of repeats in which the reason kept its sign and its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One value that would have had to be another, beside the others of the same alternative."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    column: str
    name: Text
    before: Text
    after: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Which model spoke, and how it was asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    version: str
    """Version of the system."""
    digest: str
    """SHA-256 of the model, or empty where it is not held."""
    score: float | None = None
    """Score of the favourable class; None where the model gives classes only or the score is not shown."""
    line: float | None = None
    """Score from which the decision is favourable."""
    rows: int
    """Rows that the model was asked for."""
    compared: int
    """Other cases that the row was compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionNotice:
    """What one person is told about one decision."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    schema: int = 1
    reference: str
    """Reference number: derived from everything else in the notice, or given by the company."""
    reference_given: bool = False
    """True if the company gave the reference number."""
    date: str
    """Day of the notice, ISO 8601."""
    languages: tuple[NoticeLanguage, ...]
    organisation: Text
    applied_for: Text
    outcome: Literal["favourable", "unfavourable"]
    decision: Text
    next: Text
    decided_by: Text
    ai_part: Text
    lead: Text
    """The company's sentence before the reasons; empty where ours is used."""
    reasons: tuple[ReasonLine, ...]
    unstable: int
    """Main reasons that are left out because they do not hold when the explanation is repeated."""
    unnamed: int
    """Main reasons that hold but may not be named."""
    reliable: bool
    """False if no single reason can be stated reliably."""
    near_line: bool
    """True if small changes of the row changed the decision itself."""
    changes: tuple[tuple[ChangeLine, ...], ...]
    """Alternatives; each would have led to the other decision, all its lines together."""
    change_state: ChangeState
    not_used: tuple[Text, ...]
    """Names of what the model is not given, checked against its columns."""
    contest: Contest | None = None
    model: Model
    method: Mapping[str, Any] = field(default_factory=dict)
    """How the reasons were found and tested: method, repeats, noise, seed."""
