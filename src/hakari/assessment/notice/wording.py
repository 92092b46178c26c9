"""The wording: what a company says in its notices, and whom a person can turn to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.packs.model import Text

__all__ = ["Contest", "Example", "NotUsed", "NoticeLanguage", "Outcome", "Wording"]

NoticeLanguage = Literal["en", "ja"]

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One of the two decisions, in words."""

    decision: Text
    """The decision in one sentence."""
    next: Text = field(default_factory=dict)
    """What happens next."""
    reasons: Text = field(default_factory=dict)
    """The sentence before the reasons; ours without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUsed:
    """Something that the model is not given."""

    name: Text
    columns: tuple[str, ...]
    """Columns that would hold it; none of them may be among the model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """How a decision is contested."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    contact: Text
    """Who it is, and how they are reached."""
    days: int | None = None
    """Days from the date of the notice."""
    person: Text = field(default_factory=dict)
    """That a person looks at it again, and who."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The one row whose notice goes into the record. Without it no row leaves."""

    row: int
    """1 is the first row of the tested data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The file `notice.yaml`."""

    notice: int
    """Version of this file's shape."""
    languages: tuple[NoticeLanguage, ...] = ("en", "ja")
    """Languages of the notices; every text stands in each."""
    organisation: Text
    applied_for: Text
    """What the person applied for, as a noun."""
    favourable: Outcome
    unfavourable: Outcome
    favourable_class: Literal["positive", "negative"] = "positive"
    """Which class of the model is the favourable one."""
    decided_by: Text
    """Who decides, in one sentence."""
    ai_part: Text
    """That a program took part, and how, in one sentence."""
    not_used: tuple[NotUsed, ...] = ()
    contest: Contest | None = None
    show_score: bool = True
    """Whether the person is told the score and the line."""
    glossary: str = "glossary.yaml"
    """The file of the column glossary."""
    constraints: str | None = None
    """The file that says what people can change; that of the manifest without it."""
    example: Example | None = None
