"""What an overlay may change, and which of two values asks for more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from hakari.packs.model import Authority, FactDeclaration, Principle, Requirement, Severity, Source, Text

__all__ = ["CHECK_FIELDS", "EVIDENCE_FIELDS", "Change", "OverlayFile", "is_looser"]

EVIDENCE_FIELDS = ("max_age_days", "least_assurance", "rule")
CHECK_FIELDS = (
    "threshold", "margin", "confidence", "severity", "min_rows", "coverage_min", "method", "family_met", "reference",
    "confirmed", "set_by", "why", "source", "alternatives",
)  # fmt: skip
_RANKS: dict[str, tuple[str, ...]] = {
    "severity": ("minor", "major", "critical"),
    "method": ("mover", "box"),
    "family_met": ("none", "holm"),
    "least_assurance": ("self", "pipeline", "second_person", "independent"),
    "rule": ("any", "all"),
}
_MORE_IS_STRICTER = {"confidence", "coverage_min"}
_LESS_IS_STRICTER = {"margin", "max_age_days", "min_rows"}
"""`min_rows` too: raising it takes small groups out of what is assessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change to one requirement, or to one of its checks; what is absent stays as it is."""

    requirement: str
    check: str | None = None
    threshold: float | None = None
    margin: float | None = None
    confidence: float | None = None
    severity: Severity | None = None
    min_rows: int | None = None
    coverage_min: float | None = None
    method: Literal["mover", "box"] | None = None
    family_met: Literal["none", "holm"] | None = None
    reference: str | None = None
    confirmed: bool | None = None
    set_by: Text | None = None
    why: Text | None = None
    source: Text | None = None
    alternatives: tuple[Text, ...] | None = None
    max_age_days: int | None = None
    least_assurance: Literal["self", "pipeline", "second_person", "independent"] | None = None
    rule: Literal["all", "any"] | None = None

    def given(self, fields: Iterable[str]) -> dict[str, Any]:
        """Return those of `fields` that this change sets."""
        return {name: getattr(self, name) for name in fields if getattr(self, name) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayFile:
    """`overlay.yaml`."""

    overlay: str
    """URN of the pack that comes out."""
    of: str
    """`name@version` of the pack underneath."""
    version: str
    authority: Authority
    title: Text | None = None
    summary: Text | None = None
    changes: tuple[Change, ...] = ()
    remove: tuple[str, ...] = ()
    add: tuple[Requirement, ...] = ()
    facts: tuple[FactDeclaration, ...] = ()
    groups: tuple[Principle, ...] = ()
    sources: tuple[Source, ...] = ()


def is_looser(key: str, before: Any, after: Any, operator: str) -> bool:
    """Return whether `after` asks for less than `before`; a change of which neither can be said counts as looser.

    `operator` is the check's: with `<=` a lower threshold is stricter, with `>=` a higher one.
    """
    if before == after or key in ("set_by", "why", "source", "alternatives"):
        return False
    if key in _RANKS:
        return _RANKS[key].index(after) < _RANKS[key].index(before)
    if key == "confirmed":
        return bool(before)
    if key == "threshold":
        return bool(after > before) if operator == "<=" else bool(after < before)
    if key in _MORE_IS_STRICTER:
        return bool(after < before)
    if key in _LESS_IS_STRICTER:
        return bool(after > before)
    return True
