"""Definition: what a metric of fairness is, in one record; the functions, the documentation and the checks read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hakari.statistics.rates import HighIs

Family = Literal["decisions", "scores", "classes", "regression", "ranking", "individual", "items"]
"""What is judged: yes/no decisions, scores, one of several classes, amounts, places in a list, single persons with
their neighbours, or single items (pictures, recordings) of which a person may have several."""

Over = Literal["group", "groups", "rows"]
"""What one value belongs to: each group, all groups together, or all rows without regard to groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDefinition:
    """One metric: its name in the field's words, and all that must be known to compute, read and cite it."""

    name: str
    """Statistic first, then what is done with it over the groups: `true_positive_rate`, `selection_rate_difference`."""
    family: Family
    over: Over
    formula: str
    """In plain signs: ŷ the decision, y the label, s the score, g a group; TP, FP, TN, FN counts."""
    high_is: HighIs
    """What a high value means to the people in the group; for a value over groups, whether more of it is worse."""
    equal_at: float | None = None
    """The value of groups that are treated alike, where the metric compares groups."""
    bounds: tuple[float | None, float | None] = (0.0, 1.0)
    """Smallest and largest possible value; None is endless."""
    source: str
    """Where the definition is from: a paper with its year, or "common" for what every textbook has."""
    also: tuple[str, ...] = ()
    """Other names of the same number, here and in other libraries."""
    needs: tuple[str, ...] = ("label", "prediction")
    """Columns beside the groups: label, prediction, score."""
    verdict: Literal["rate", "smooth"] | None = None
    """How a check of it reaches a verdict; None: described with its uncertainty, not decided on."""
    caution: str = ""
    """What people get wrong with it, in one sentence; empty where nothing stands out."""
