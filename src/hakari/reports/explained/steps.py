"""Steps: the way from the base value to the output, one step a feature, the small ones joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from hakari.reports.explained.view import FeatureLine, RowView
from hakari.reports.words import Words

__all__ = ["MOST_STEPS", "Step", "split_features", "steps_of"]

MOST_STEPS: Final = 12
"""Features that have a step of their own; one more is no fewer lines than “1 other”."""
_NOTHING: Final = 1e-9
"""A contribution below this share of the largest is rounding."""
_ROUNDING: Final = 1e-6
"""What is left over below this share of the largest step is the last digits of a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the way."""

    kind: Literal["feature", "others", "rest"]
    name: str
    start: float
    by: float
    error: float
    """Standard error of the step; for joined features the sum of theirs, which it cannot exceed."""

    @property
    def end(self) -> float:
        """Where the step ends."""
        return self.start + self.by


def steps_of(view: RowView, words: Words) -> tuple[Step, ...]:
    """Return the steps from the base to the output of `view`, the largest first."""
    drawn, joined = split_features(view.features)
    found: list[Step] = []
    at = view.base
    for line in drawn:
        name = words.say("reports.explained.figure.label", name=line.name, value=line.brief)
        found.append(Step(kind="feature", name=name, start=at, by=line.contribution, error=line.error or 0.0))
        at = found[-1].end
    if joined:
        name = words.say("reports.explained.figure.others", n=len(joined))
        by, error = sum(line.contribution for line in joined), sum(line.error or 0.0 for line in joined)
        found.append(Step(kind="others", name=name, start=at, by=by, error=error))
        at = found[-1].end
    rest = view.output - at
    if abs(rest) > _ROUNDING * max((abs(step.by) for step in found), default=0.0):
        name = words.say("reports.explained.figure.rest")
        found.append(Step(kind="rest", name=name, start=at, by=rest, error=0.0))
    return tuple(found)


def split_features(features: Sequence[FeatureLine]) -> tuple[Sequence[FeatureLine], Sequence[FeatureLine]]:
    """Return the features that have a step of their own, strongest first as they came, and those that are joined.

    What adds nothing has no step; a single feature is never joined, because it would take the same line.
    """
    least = _NOTHING * max((abs(line.contribution) for line in features), default=0.0)
    moving = sum(abs(line.contribution) > least for line in features)
    drawn = moving if moving <= MOST_STEPS + 1 else MOST_STEPS
    if len(features) - drawn == 1:
        drawn += 1
    return features[:drawn], features[drawn:]
