"""The shape of `triage.yaml`: tiers, the rules that lead to them, roles, the pre-scan and worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.packs.model import SourceReference, Text

__all__ = ["LEVELS", "Example", "Level", "PreScanChoice", "PreScanQuestion", "Role", "Tier", "TierRule", "TriageRules"]

Level = Literal["low", "middle", "high", "stop"]
LEVELS: tuple[Level, ...] = ("low", "middle", "high", "stop")
"""The office's own scale, by which the tiers of different frameworks compare."""

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A tier of one framework and where it stands on the office's scale."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    level: Level
    title: Text
    summary: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    """A use case with these facts is at least in this tier."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    tier: str
    when: str
    because: Text
    source: SourceReference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that the framework gives to the company in this use case."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    when: str
    title: Text
    because: Text
    source: SourceReference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreScanChoice:
    """A choice and the facts that it states."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    text: Text
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreScanQuestion:
    """A question of the pre-scan. `unknown` is always accepted and leaves its facts unstated.

    Once it is answered, boolean facts of choices that were not taken are false; where it is not asked, all of its
    boolean facts are false and `otherwise` states the rest.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    type: Literal["single", "multi"]
    text: Text
    help: Text
    minutes: int = 1
    when: str | None = None
    choices: tuple[PreScanChoice, ...]
    otherwise: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked use case: what the rules must say about it, written before the rules."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    id: str
    title: Text
    answers: Mapping[str, Any] = field(default_factory=dict)
    """Pre-scan question → choice, or list of choices."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Facts beside those that the answers state."""
    tier: str
    rules: tuple[str, ...] = ()
    """The rules that lead to the tier; others may hold as well."""
    roles: tuple[str, ...] = ()
    """All roles."""
    why: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageRules:
    """One `triage.yaml`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    applies_when: str | None = None
    """Where the pack is to be used at all, such as a market; None: everywhere."""
    tiers: tuple[Tier, ...]
    """Lowest first. The first one holds where no rule does."""
    rules: tuple[TierRule, ...] = ()
    roles: tuple[Role, ...] = ()
    prescan: tuple[PreScanQuestion, ...] = ()
    examples: tuple[Example, ...] = ()
