"""Trying: every trial of one explanation, and the explanation with what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from hakari.measures.explanation.surrogate import lime
from hakari.measures.explanation.truth.agreement import method_agreement
from hakari.measures.explanation.truth.deletion import deletion_insertion
from hakari.measures.explanation.truth.first_sentence import says_first
from hakari.measures.explanation.truth.infidelity import infidelity_of
from hakari.measures.explanation.truth.randomisation import randomisation_similarity
from hakari.measures.explanation.truth.ranks import RankStability, rank_stability
from hakari.measures.explanation.truth.sensitivity import max_sensitivity

if TYPE_CHECKING:
    import numpy as np

    from hakari.evidence import Estimate
    from hakari.measures.explanation._asked import Asked
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation._explaining import Explainer
    from hakari.measures.explanation._features import Features
    from hakari.measures.explanation.truth.trial import Trial

__all__ = ["MORE", "Trying", "tried"]

MORE = 4
"""An exact method is tried under so many times more draws of noise: it is quick, and each draw is one way to fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """How explanations are put to the test."""

    reasons: int = 4
    """How many main reasons a person would be told."""
    noise: float = 0.05
    """Small change of a row, in robust spreads of each column."""
    repeats: int = 5
    """How often an explanation is made again with other chance, and how often under small noise."""
    threshold: float | None = None
    """The line of the decision in the unit that is explained; without one, rows are told apart by the base."""
    positive: str = "1"
    """Class that scores are of."""
    confidence: float = 0.95
    """Of each interval."""

    def trials(
        self,
        explainer: Explainer,
        rows: Features,
        shown: Attributions,
        chance: Callable[[str], np.random.Generator],
        *,
        asked_of: Callable[[object], Asked] | None = None,
    ) -> Iterator[Trial]:
        """Put the explanation `shown` of `rows` to each question, one after another.

        Args:
            explainer: what made `shown`; it is asked again.
            rows: what was explained.
            shown: the explanation.
            chance: a generator for each named purpose; the same names give the same draws.
            asked_of: how a copy of the model is asked that forgot what it learnt; the model's own way without it.

        Raises:
            InputError: the explanation is of other rows or of another quantity, or the model failed.
        """
        asked, background, confidence = explainer.asked, explainer.background, self.confidence
        yield deletion_insertion(asked, rows, shown, background, chance("deletion"), confidence=confidence)
        yield infidelity_of(asked, rows, shown, background, chance("infidelity"), confidence=confidence)
        yield randomisation_similarity(
            asked, rows, shown, chance("randomisation"), explain=explainer.of, models=min(3, self.repeats),
            positive=self.positive, asked_of=asked_of or asked.another, confidence=confidence,
        )  # fmt: skip
        near = lime(asked, rows, background, explainer.players, chance("lime"))
        yield method_agreement(shown, near, top=self.reasons, confidence=confidence)
        yield rank_stability(
            explainer, rows, chance("stability"),
            # Other chance changes nothing where nothing is drawn; noise then has all the repeats.
            seeds=0 if shown.exact else self.repeats, draws=MORE * self.repeats if shown.exact else self.repeats,
            noise=self.noise, reasons=self.reasons, threshold=self.threshold, background=background, shown=shown,
            confidence=confidence,
        )  # fmt: skip
        yield max_sensitivity(
            explainer, rows, chance("sensitivity"), noise=self.noise, draws=self.repeats, background=background,
            confidence=confidence,
        )  # fmt: skip


def tried(shown: Attributions, trials: Sequence[Trial]) -> Attributions:
    """Return the attributions with the figures of their trials, row by row where there are any.

    If a trial shows that they fail on this model, `limits` says so first.
    """
    first = says_first(trials)
    followed = next((each.passed for each in trials if each.estimates[0].metric == "faithful_share"), shown.followed)
    ranks = next((each for each in trials if isinstance(each, RankStability)), None)
    limits = [*([] if first is None else [first]), *shown.limits, *(limit for each in trials for limit in each.limits)]
    return replace(
        shown,
        faithfulness=(*shown.faithfulness, *_figures(trials, "faithfulness")),
        stability=(*shown.stability, *_figures(trials, "stability")),
        followed=followed,
        kept=shown.kept if ranks is None else ranks.kept,
        near_line=shown.near_line if ranks is None else ranks.near_line,
        limits=tuple(dict.fromkeys(limits)),
    )


def _figures(trials: Sequence[Trial], about: Literal["faithfulness", "stability"]) -> Iterator[Estimate]:
    return (estimate for trial in trials if trial.about == about for estimate in trial.estimates)
