"""Audit result: what an audit of one table found, for the terminal, for JSON and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hakari.evidence import Estimate, Subject
from hakari.inputs import Columns
from hakari.measures import Measured
from hakari.messages import Message

__all__ = ["AuditPart", "AuditResult", "LeftOut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPart:
    """One measure that ran."""

    measure: str
    """Id of the measure."""
    version: str
    distribution: str
    title: Message
    parameters: Mapping[str, Any]
    """All parameters, as they were used."""
    passed: Mapping[str, Any]
    """Those that a person passed."""
    measured: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A measure that did not run, and why."""

    measure: str
    title: Message
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditResult:
    """Everything that one audit found."""

    name: str
    """The data's name as a person knows it."""
    rows: int
    subject: Subject
    columns: Columns
    controls: tuple[str, ...]
    confidence: float
    parts: tuple[AuditPart, ...]
    left_out: tuple[LeftOut, ...]
    notices: tuple[Message, ...]
    """What a reader should know about how the data was read."""
    collected_at: str
    """UTC, ISO 8601."""
    seed: int

    def part(self, measure: str) -> AuditPart | None:
        """The part of one measure, if it ran."""
        return next((part for part in self.parts if part.measure == measure), None)

    def estimates(self, measure: str, metric: str) -> Iterator[Estimate]:
        """Every estimate of one metric by one measure."""
        part = self.part(measure)
        if part is not None:
            yield from (each for each in part.measured.estimates if each.metric == metric)
