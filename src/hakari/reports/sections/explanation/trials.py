"""Trials: what was tried on the explanation, by what it would show: that it is untrue, or that it does not hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hakari.evidence import Estimate, Evidence, Unmeasured
from hakari.reports.sections.explanation.reading import decimals, ends_of, span
from hakari.reports.words import Words

__all__ = ["TrialGroup", "TrialView", "trial_groups"]

_GROUPS: Final = {
    "faithfulness": (
        "faithful_share",
        "deletion_gain",
        "insertion_gain",
        "infidelity",
        "randomisation_similarity",
        "method_agreement",
        "top_overlap",
        "sign_agreement",
    ),
    "stability": ("stable_reasons_share", "rank_correlation", "max_sensitivity"),
}
_MOST_DECIMALS: Final = 4
"""More digits of a trial nobody reads, however narrow its interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialView:
    """One test of the explanation, all text rendered."""

    name: str
    value: str
    measured: bool
    """False where the value is a reason why there is none."""
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGroup:
    """Trials that ask the same question."""

    title: str
    trials: tuple[TrialView, ...]


def trial_groups(record: Evidence, words: Words) -> tuple[TrialGroup, ...]:
    """Return the trials of the record by their question; a question that was not asked is left out."""
    found = []
    for group, metrics in _GROUPS.items():
        trials = tuple(_trial(item, words) for metric in metrics for item in record.estimates if item.metric == metric)
        if trials:
            found.append(TrialGroup(title=words.say(f"reports.explanation.group.{group}"), trials=trials))
    return tuple(found)


def _trial(item: Estimate, words: Words) -> TrialView:
    measured = not isinstance(item.value, Unmeasured)
    return TrialView(
        name=words.say(f"reports.explanation.trial.{item.metric}"),
        value=words(item.value.unmeasured) if isinstance(item.value, Unmeasured) else _figure(item, words),
        measured=measured,
        meaning=words.say(f"reports.explanation.meaning.{item.metric}"),
    )


def _figure(item: Estimate, words: Words) -> str:
    low, high = ends_of(item)
    places = decimals(high - low)
    return span(item, words, places=None if places is None else min(places, _MOST_DECIMALS))
