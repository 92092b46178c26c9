"""Strata: the levels of control columns, within each of which groups are compared as they are on the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hakari.errors import InputError
from hakari.evidence import Estimate
from hakari.messages import Message, say
from hakari.statistics.tally import Value

__all__ = ["Stratum", "check_controls", "control_limits", "strata_of"]

_MOST_STRATA = 200


@dataclass(frozen=True, slots=True)
class Stratum:
    """The whole, or one combination of levels of the control columns."""

    levels: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    """Column → level; empty for the whole."""

    @property
    def name(self) -> str:
        """Its levels in words, which keep its random draws apart; empty for the whole."""
        return "/".join(f"{column}={level}" for column, level in self.levels.items())

    def stream(self, key: str) -> str:
        """The name of a stream of random numbers within this stratum."""
        return f"{self.name}/{key}" if self.levels else key

    def within(self, estimates: Iterable[Estimate]) -> Iterator[Estimate]:
        """Yield the estimates with the levels in their slices."""
        if not self.levels:
            yield from estimates
            return
        levels = {column: str(level) for column, level in self.levels.items()}
        yield from (replace(each, slice={**each.slice, **levels}) for each in estimates)


def check_controls(columns: Sequence[str], controls: Sequence[str]) -> None:
    """Raise InputError where a column is both a sensitive column and a control."""
    both = sorted(set(columns) & set(controls))
    if both:
        raise InputError(say("measures.fairness.decisions.both", columns=both))


def strata_of(controls: Sequence[str], combinations: Iterable[Sequence[Value]]) -> list[Stratum]:
    """Return the whole, and then a stratum for every combination of the controls' levels that occurs.

    Raises:
        InputError: more than 200 combinations.
    """
    if not controls:
        return [Stratum()]
    found = [Stratum(dict(zip(controls, levels, strict=True))) for levels in combinations]
    if len(found) > _MOST_STRATA:
        raise InputError(
            say("measures.fairness.decisions.strata", columns=list(controls), number=len(found), limit=_MOST_STRATA)
        )
    return [Stratum(), *found]


def control_limits(controls: Sequence[str]) -> Iterator[Message]:
    """Yield what a comparison within strata cannot say, where there are controls."""
    if controls:
        yield say("measures.fairness.decisions.limit.controls", columns=list(controls))
