"""The measure contract: `measure(inputs, parameters, *, context) -> Measured`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hakari.evidence import Estimate, Table
from hakari.messages import Message

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["CheckMetric", "Measure", "MeasureFunction", "Measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a measure returns: data and message keys, never figures or prose."""

    estimates: tuple[Estimate, ...]
    """Every number with its interval; `Unmeasured` where there is none."""
    tables: tuple[Table, ...] = ()
    """Counts from which the numbers can be derived again."""
    limits: tuple[Message, ...] = ()
    """What these numbers cannot say."""


class MeasureFunction(Protocol):
    """The callable behind a measure."""

    def __call__(self, inputs: Inputs, parameters: Any, *, context: Context) -> Measured: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckMetric:
    """One metric that a check may cite, and how its verdict is reached from the record."""

    name: str
    """Name as written in a pack's check."""
    basis: Literal["rate", "smooth", "count"]
    """rate: successes of trials from the tally; smooth: studentised bootstrap; count: an exact figure of the file."""
    high_is: Literal["good", "bad", "neutral"] = "neutral"
    """Which direction is better, for words and charts."""
    table: str = "tally"
    """Table in the record from which the metric is recomputed (`tally`, `scores`, …); unused for counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A registered, versioned method."""

    id: str
    """`room.name`."""
    version: str
    """Semantic version; a changed estimate for equal input bumps the major part."""
    title: Message
    """Name that a person reads."""
    summary: Message
    """What it measures, in one or two sentences."""
    function: Callable[[], MeasureFunction]
    """Returns the callable; imports its module only then."""
    parameters: Callable[[], type[Any]]
    """Returns the frozen dataclass of parameters (its JSON schema is published)."""
    metrics: Mapping[str, CheckMetric] = field(default_factory=dict)
    """The metrics that checks may cite, by name."""
    needs: tuple[str, ...] = ()
    """Columns the manifest must name: `label`, `prediction`, `score`, `sensitive`."""
    reads: tuple[str, ...] = ("data.test",)
    """Roles of the data it consumes, where at hand; a measure that needs predictions also rests on the model."""
    status: Literal["vetted", "experimental"] = "vetted"
    """Experimental measures need an explicit opt-in."""

    @property
    def major(self) -> int:
        """The number that a check pins with `id@major`."""
        return int(self.version.split(".", 1)[0])
