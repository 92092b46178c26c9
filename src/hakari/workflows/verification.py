"""What a verification found: three answers to three questions, each with its problems and what rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hakari.assessment.decision import LedgerSeal
from hakari.assessment.model import Assessment
from hakari.messages import Message

__all__ = [
    "CarriedDecision",
    "Level",
    "LevelName",
    "LevelStatus",
    "Problem",
    "ReadFigure",
    "Verdicts",
    "Verification",
]

LevelName = Literal["genuine", "recomputed", "re-run"]
LevelStatus = Literal["yes", "no", "partly", "not_done"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong, and what rests on it."""

    member: str
    """Name of the file in the bundle; empty for the bundle itself."""
    problem: Message
    rests: tuple[Message, ...] = ()
    """Requirements and verdicts that rest on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The answer at one level."""

    name: LevelName
    status: LevelStatus
    summary: Message
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFigure:
    """A figure that a verdict rests on as it stands in a record: nothing derived it again."""

    requirement: str
    """The requirement's short name."""
    check: str
    metric: str
    figure: float
    status: str
    """The verdict that rests on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What the verdicts of an assessment rest on."""

    all: int = 0
    derived: int = 0
    """Verdicts that were derived again from dates and the cells of tables, whether they came out alike or not."""
    read: tuple[ReadFigure, ...] = ()
    """The others: a figure of the record was compared with the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedDecision:
    """The decision that a bundle carries, and whether everything that it rests on is as it was."""

    number: str
    use_case: str
    stage: str
    round: int
    outcome: str
    conditions: int
    decided_at: str
    valid_until: str
    digest: str
    """By which a ledger names it."""
    intact: bool
    """False if anything that it rests on was changed: then nobody decided on what is in the bundle."""
    run_out: bool | None = None
    """Whether its last day is past; None if no day was given to compare with, or it states none."""
    seal: LedgerSeal | None = None
    """Where the office's ledger holds it; None if the bundle does not show it."""
    told: tuple[Message, ...] = ()
    """All of this in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a stranger finds out about a bundle."""

    levels: tuple[Level, ...]
    """genuine, recomputed, re-run: always all three."""
    signed: Message
    """unsigned, signed by an unknown key, or signed by a name, with the key's standing at the time."""
    assessment: Assessment | None
    verdicts: Verdicts = Verdicts()
    """Which verdicts were derived again, and which rest on a figure that was only read."""
    decision: CarriedDecision | None = None
    """The decision in the bundle, if there is one that can be read."""

    @property
    def ok(self) -> bool:
        """True if no level failed; a level that was not done did not fail."""
        return all(level.status in ("yes", "not_done") for level in self.levels)
