"""`explanation.tabular`: how much each feature moves a model's results, and whether that account of it is true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Interval, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, shortened, unmeasured
from hakari.measures.explanation._asked import Asked
from hakari.measures.explanation._asking import ask_inputs, read_features
from hakari.measures.explanation._explaining import Choice, Explainer, line_in, settled
from hakari.measures.explanation._features import Features, players_of
from hakari.measures.explanation._labels import binary_labels
from hakari.measures.explanation._together import columns_together
from hakari.measures.explanation.importance import importance_estimates, permutation_importance
from hakari.measures.explanation.surrogate import glass_box, lime
from hakari.measures.explanation.truth import (
    Trial,
    deletion_insertion,
    infidelity_of,
    max_sensitivity,
    method_agreement,
    randomisation_similarity,
    rank_stability,
    says_first,
)
from hakari.measures.explanation.truth._over_rows import mean_estimate
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.measures.explanation._attributions import Attributions

__all__ = ["TabularParameters", "measure_tabular"]

_STEPS = 8
_ASKED_TWICE = 200
"""Rows that the model is asked twice for, to see whether it answers alike."""
_ALIKE = 1e-9
_FEWEST_FOR_SURROGATE = 20
_MORE = 4
"""An exact method is tried under so many times more draws of noise: it is quick, and each draw is one way to fail."""
_SHARES = ("faithful_share", "stable_reasons_share")


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularParameters:
    """What `explanation.tabular` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    rows: int = 200
    """Rows of the tested data that are explained, drawn at random."""
    background: int = 100
    """Rows whose values stand in for a feature that is left out, drawn from the training data where it is known."""
    method: Choice = "auto"
    """How the contributions are found; `auto` takes an exact method where that is cheap."""
    quantity: Literal["auto", "score", "log_odds"] = "auto"
    """What is explained; `auto` takes what the model adds up itself, such as log-odds, else the score."""
    correlated: Literal["marginal", "conditional"] = "marginal"
    """What stands in for a feature that is left out: values of any row, or of rows that are alike in the rest."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that belong together and are explained as one: name → columns."""
    reasons: int = 4
    """How many main reasons a person would be told."""
    target_error: float = 0.02
    """Largest standard error of a contribution, as a share of the spread of the results."""
    most_model_rows: int = 2_000_000
    """Rows that the model is asked for at most, for one explanation of all rows."""
    noise: float = 0.05
    """Small change of a row, in robust spreads of each column."""
    repeats: int = 5
    """How often an explanation is made again with other chance, and how often under small noise."""
    confidence: float = 0.95
    """Of each interval; those of the features hold together."""


def measure_tabular(inputs: Inputs, parameters: TabularParameters, *, context: Context) -> Measured:
    """Explain a sample of rows, and try the explanation.

    Raises:
        InputError: no model that can be asked, a model that fails, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    _check(parameters)
    if inputs.model is None or not inputs.model.features:
        # Other measurements of the case can still be made: this one has no figure, and says why.
        return _nothing(say("measures.explanation.asking.no_model"))
    asked = ask_inputs(inputs)
    names = inputs.model.features
    players = players_of(names, parameters.groups)
    tested = read_features(inputs.data, names)
    drawn = _drawn(tested.rows, parameters.rows, context.rng("rows"))
    rows = tested.take(drawn)
    differs = asked.repeat_difference(rows.take(slice(0, _ASKED_TWICE)))
    if differs > _ALIKE:
        return _not_alike(differs, min(_ASKED_TWICE, rows.rows))
    others = tested if inputs.train is None else read_features(inputs.train, names)
    background = others.take(_drawn(others.rows, parameters.background, context.rng("background")))
    if parameters.quantity != "auto":
        asked = asked.in_quantity(parameters.quantity)
    else:
        asked = settled(
            asked, rows, background, players, context.rng("probe"),
            choice=parameters.method, correlated=parameters.correlated,
        )  # fmt: skip
    explainer = Explainer(
        asked,
        background,
        players,
        choice=parameters.method,
        correlated=parameters.correlated,
        target_error=parameters.target_error,
        most_model_rows=parameters.most_model_rows,
        cancelled=context.cancelled,
    )
    work = _Work(inputs, parameters, context, asked, explainer, tested, rows, background)
    return work.measure(differs)


@dataclass(slots=True)
class _Work:
    inputs: Inputs
    parameters: TabularParameters
    context: Context
    asked: Asked
    explainer: Explainer
    tested: Features
    rows: Features
    background: Features
    done: int = 0

    def measure(self, differs: float) -> Measured:
        shown = self.step(self.explainer(self.rows, self.context.rng("explanation")))
        importance = list(self.importance(shown))
        loss = list(self.loss())
        trials = list(self.trials(shown))
        tables = [_importance_table(shown, importance)]
        dependent = self.dependent()
        estimates = [
            self.agreement(),
            _exact("repeat_difference_max", differs, n=min(_ASKED_TWICE, self.rows.rows)),
            _exact("additivity_gap_max", float(np.abs(shown.gaps).max()), n=shown.rows),
            *importance,
            *loss,
            *(_alone(each, dependent) for trial in trials for each in trial.estimates),
            *self.surrogate(),
        ]
        if dependent is None:
            tables += [table for trial in trials for table in trial.tables]
        estimates.append(_exact("model_rows", float(self.asked.rows), n=shown.rows))
        first = says_first(trials)
        limits = [*([] if first is None else [first]), *self.limits(shown), *(x for t in trials for x in t.limits)]
        return Measured(estimates=tuple(estimates), tables=tuple(tables), limits=tuple(dict.fromkeys(limits)))

    def step(self, found: Any) -> Any:
        """Tell progress after each part, and stop where that was asked for."""
        if self.context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=self.context.measure))
        self.done += 1
        self.context.progress(min(self.done, _STEPS), _STEPS, say("measures.explanation.tabular.progress"))
        return found

    def dependent(self) -> Message | None:
        """Why shares over rows have no exact limits, if they have none."""
        columns = self.inputs.columns
        if columns.weight is None and columns.cluster is None:
            return None
        return say("measures.explanation.tabular.dependent")

    def agreement(self) -> Estimate:
        """How often the model that was asked decides as the file says."""
        column = self.inputs.columns.prediction
        if column is None or self.inputs.model is None:
            return unmeasured("model_agreement", say("measures.explanation.tabular.no_prediction"))
        said = binary_labels(self.inputs, column)
        scores = self.asked.in_quantity("score")(self.tested)
        alike = int(((scores >= self.inputs.model.spec.threshold) == (said == 1)).sum())
        return _exact("model_agreement", alike / len(said), n=len(said))

    def importance(self, shown: Attributions) -> Iterator[Estimate]:
        confidence = (1 - error_of(self.parameters.confidence)) ** (1 / len(shown.names))
        reason = say("measures.explanation.tabular.no_rows")
        for name, values in zip(shown.names, np.abs(shown.values).T, strict=True):
            yield mean_estimate(
                "importance", values, confidence=confidence, reason=reason, least=0.0, slice_={"feature": name}
            )

    def loss(self) -> Iterator[Estimate]:
        """How much worse the model predicts the labels when a feature is shuffled."""
        label = self.inputs.columns.label
        if label is None:
            return
        if self.tested.rows < 2:
            few = say("measures.explanation.tabular.few_rows", rows=self.tested.rows, least=2)
            yield unmeasured("permutation_importance", few)
            return
        chance = self.context.rng("permutation")
        # Scores and their threshold are of one unit: log-odds have another one.
        plain = self.asked.in_quantity("score")
        assert self.inputs.model is not None
        found = permutation_importance(
            plain,
            self.tested,
            binary_labels(self.inputs, label),
            self.explainer.players,
            chance,
            loss="zero_one",
            repeats=self.parameters.repeats,
            threshold=self.inputs.model.spec.threshold,
        )
        self.step(found)
        yield from importance_estimates(found, rows=self.tested.rows, confidence=self.parameters.confidence)

    def trials(self, shown: Attributions) -> Iterator[Trial]:
        """Put the explanation to each question."""
        asked, rows, background, parameters = self.asked, self.rows, self.background, self.parameters
        confidence, rng, repeats = parameters.confidence, self.context.rng, parameters.repeats
        # Other chance changes nothing where nothing is drawn; noise then has all the repeats.
        exact = shown.errors is not None and not shown.errors.any()
        yield self.step(deletion_insertion(asked, rows, shown, background, rng("deletion"), confidence=confidence))
        yield self.step(infidelity_of(asked, rows, shown, background, rng("infidelity"), confidence=confidence))
        yield self.step(
            randomisation_similarity(
                asked, rows, shown, rng("randomisation"), explain=self.explainer.of, models=min(3, repeats),
                positive=self.inputs.columns.positive, asked_of=asked.another, confidence=confidence,
            )
        )  # fmt: skip
        near = lime(asked, rows, background, self.explainer.players, rng("lime"))
        yield self.step(method_agreement(shown, near, top=parameters.reasons, confidence=confidence))
        yield self.step(
            rank_stability(
                self.explainer, rows, rng("stability"), seeds=0 if exact else repeats,
                draws=_MORE * repeats if exact else repeats, noise=parameters.noise,
                reasons=parameters.reasons, threshold=self.threshold(), background=background, shown=shown,
                confidence=confidence,
            )
        )  # fmt: skip
        yield self.step(
            max_sensitivity(
                self.explainer, rows, rng("sensitivity"), noise=parameters.noise, draws=repeats,
                background=background, confidence=confidence,
            )
        )  # fmt: skip

    def threshold(self) -> float:
        """The line of the decision, in the unit that is explained."""
        assert self.inputs.model is not None
        return line_in(self.asked.quantity, self.inputs.model.spec.threshold)

    def surrogate(self) -> Iterator[Estimate]:
        """How far a small tree can stand in for the model."""
        assert self.inputs.model is not None
        if find_spec("sklearn") is None:
            yield unmeasured("surrogate_fidelity", say("measures.explanation.tabular.no_sklearn"))
            return
        if self.tested.rows < _FEWEST_FOR_SURROGATE:
            few = say("measures.explanation.tabular.few_rows", rows=self.tested.rows, least=_FEWEST_FOR_SURROGATE)
            yield unmeasured("surrogate_fidelity", few)
            return
        plain = self.asked.in_quantity("score")
        found = glass_box(plain, self.tested, self.context.rng("surrogate"), confidence=self.parameters.confidence)
        yield from (item for item in found.fidelity if item.metric == "surrogate_fidelity")

    def limits(self, shown: Attributions) -> Iterator[Message]:
        yield shown.sums_to()
        yield say(
            "measures.explanation.tabular.limit.sample",
            rows=shown.rows,
            background=self.background.rows,
            method=say(f"measures.explanation.method.{shown.method}"),
        )
        pairs = columns_together(self.background, self.explainer.players)
        if pairs:
            names = [f"{first} – {second}" for first, second in pairs]
            yield say("measures.explanation.tabular.limit.together", pairs=shortened(names))
        yield say("measures.explanation.tabular.limit.model")
        yield from shown.limits


def _check(parameters: TabularParameters) -> None:
    error_of(parameters.confidence)
    for name, least in (("rows", 1), ("background", 1), ("reasons", 1), ("repeats", 1), ("most_model_rows", 1)):
        value = getattr(parameters, name)
        if value < least:
            raise InputError(say("measures.explanation.tabular.least", parameter=name, value=value, least=least))
    for name in ("target_error", "noise"):
        value = getattr(parameters, name)
        if not value > 0:
            raise InputError(say("measures.explanation.tabular.above_zero", parameter=name, value=value))


def _drawn(rows: int, wanted: int, rng: np.random.Generator) -> Any:
    """Indices of a sample without replacement, in the order of the table; all rows if there are no more."""
    if rows <= wanted:
        return np.arange(rows)
    return np.sort(rng.choice(rows, size=wanted, replace=False))


def _exact(metric: str, value: float, *, n: int) -> Estimate:
    """A figure of this run itself, which is not estimated."""
    return Estimate(
        metric=metric, value=value, interval=Interval(low=value, high=value, level=1.0, method="count"), n=n
    )


def _importance_table(shown: Attributions, importance: list[Estimate]) -> Table:
    rows = tuple(
        (name, float(value), item.n)
        for name, value, item in zip(shown.names, shown.importance(), importance, strict=True)
    )
    return Table(
        name="importance",
        columns=("feature", "mean_absolute", "rows"),
        rows=tuple(sorted(rows)),
        disclosure="public",
        details={"quantity": shown.quantity, "method": shown.method, "correlated": shown.correlated},
    )


def _alone(estimate: Estimate, dependent: Message | None) -> Estimate:
    """A share over rows that do not count alike has no exact limits."""
    if dependent is None or estimate.metric not in _SHARES:
        return estimate
    return unmeasured(estimate.metric, dependent)


def _not_alike(differs: float, rows: int) -> Measured:
    """What can be said of a model that gives other results for the same rows: that there is nothing to explain."""
    reason = say("measures.explanation.tabular.not_alike", difference=differs, rows=rows)
    nothing = _nothing(reason)
    return replace(nothing, estimates=(_exact("repeat_difference_max", differs, n=rows), *nothing.estimates))


def _nothing(reason: Message) -> Measured:
    estimates = tuple(unmeasured(metric, reason) for metric in ("importance", *_SHARES))
    return Measured(estimates=estimates, limits=(reason,))
