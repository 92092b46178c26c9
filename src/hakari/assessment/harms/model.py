"""The records of a harm mapping: what people answered, and the statement that travels as evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.packs.harms.model import EXPOSURES, Exposure, Holder, Severity
from hakari.packs.model import Text

__all__ = [
    "UNKNOWN",
    "Applies",
    "ExposureAnswer",
    "HarmAnswer",
    "HarmLine",
    "HarmMap",
    "HarmMotive",
    "HarmState",
    "HarmStatement",
    "IncidentLine",
]

UNKNOWN = "unknown"
"""What a person says who does not know; it leaves the question open."""
Applies = Literal["yes", "no", "unknown"]
HarmState = Literal["against", "nothing", "ruled_out", "unknown", "unanswered"]
"""against: applies, and something is done. nothing: applies, and nothing is said to be done. The last two are open."""

_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureAnswer:
    """Who comes to be exposed in one of the four ways, in a person's own words."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    who: str
    """Own words, or `unknown`."""
    by: str = ""
    at: str | None = None
    """ISO time of the answer."""

    @property
    def known(self) -> bool:
        """False if somebody said that they do not know."""
        return self.who != UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmMotive:
    """Whose motive it is, and which: one of the library by its id, or another in own words. An open list."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    held_by: Holder
    motive: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmAnswer:
    """What people say about one harm in this use case."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    title: str | None = None
    """Name in own words, for a harm that the library does not have."""
    applies: Applies
    exposures: tuple[Exposure, ...] = ()
    """How people come to be harmed here; those of the library if nobody says."""
    motives: tuple[HarmMotive, ...] = ()
    against: str = ""
    """What is done against it."""
    because: str = ""
    """Why it does not apply."""
    by: str = ""
    at: str | None = None
    """ISO time of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmMap:
    """The file: exposure → who they are, harm → what is said about it."""

    exposures: Mapping[Exposure, ExposureAnswer] = field(default_factory=dict)
    harms: Mapping[str, HarmAnswer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmLine:
    """One harm of a statement, in the words that the library had when it was made."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    harm: str
    title: Text = field(default_factory=dict)
    """Title of the library; empty for a harm in own words, whose title stands in its answer."""
    who: Text = field(default_factory=dict)
    """Who typically bears it; empty for a harm in own words."""
    severity: Severity | None = None
    exposures: tuple[Exposure, ...]
    requirements: tuple[str, ...] = ()
    """`pack@version:slug` of what is asked against it."""
    called: bool
    """True if the facts call it up, certainly or perhaps."""
    certain: bool
    unstated: tuple[str, ...] = ()
    """Facts on which it hangs while it is not certain."""
    answer: HarmAnswer | None = None

    @property
    def own_title(self) -> str:
        """What somebody called it, or nothing for a harm of the library."""
        return "" if self.answer is None else self.answer.title or ""

    @property
    def state(self) -> HarmState:
        """What is known about it; a harm without an answer is unanswered, never ruled out."""
        if self.answer is None:
            return "unanswered"
        if self.answer.applies == "unknown":
            return "unknown"
        if self.answer.applies == "no":
            return "ruled_out"
        return "against" if self.answer.against else "nothing"

    @property
    def open(self) -> bool:
        """True unless it is ruled out with a reason or something is done against it."""
        return self.state not in ("against", "ruled_out")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """An incident whose facts are those of the use case, or may be."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    incident: str
    harm: str
    exposure: Exposure
    title: Text
    text: Text
    date: str
    dated: Literal["happened", "told"]
    source: str
    own: bool
    """True if it is from a file of the company, not from the library."""
    certain: bool
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmStatement:
    """The harm mapping of one use case as it was stated: complete in itself, so that it can be read without us."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    library: str
    """`name@version` of the harm library."""
    digest: str
    """SHA-256 of the library's files."""
    exposures: Mapping[Exposure, ExposureAnswer] = field(default_factory=dict)
    asked: Mapping[Exposure, tuple[str, ...]] = field(default_factory=dict)
    """Exposure → `pack@version:slug` of requirements that ask about the same people."""
    asked_by: tuple[str, ...] = ()
    """`pack@version:slug` of requirements that ask for all four."""
    harms: tuple[HarmLine, ...] = ()
    incidents: tuple[IncidentLine, ...] = ()

    @property
    def mapped(self) -> bool:
        """True if anybody has answered anything."""
        return bool(self.exposures) or any(line.answer is not None for line in self.harms)

    @property
    def open_exposures(self) -> tuple[Exposure, ...]:
        """The exposures that nobody has answered, or answered with `unknown`."""
        known = {exposure for exposure, answer in self.exposures.items() if answer.known}
        return tuple(exposure for exposure in EXPOSURES if exposure not in known)

    @property
    def open_harms(self) -> tuple[HarmLine, ...]:
        """The harms that wait for an answer, or against which nothing is said to be done."""
        return tuple(line for line in self.harms if line.open)

    @property
    def complete(self) -> bool:
        """True if all four exposures are answered and no harm is open."""
        return not self.open_exposures and not self.open_harms
