"""`explanation.tabular`: how much each feature moves a model's results, and whether that account of it is true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hakari.errors import InterruptedRun
from hakari.evidence import Estimate, Interval, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, shortened, unmeasured
from hakari.measures.explanation._asked import Asked
from hakari.measures.explanation._asking import ask_inputs, read_features
from hakari.measures.explanation._explaining import Explainer, line_in, settled
from hakari.measures.explanation._features import Features, players_of
from hakari.measures.explanation._labels import binary_labels
from hakari.measures.explanation._together import columns_together
from hakari.measures.explanation.importance import (
    conditional_importance,
    importance_estimates,
    permutation_importance,
)
from hakari.measures.explanation.surrogate import glass_box
from hakari.measures.explanation.tabular.whole import Together, acting_together, effects_table, rules_table
from hakari.measures.explanation.truth._over_rows import mean_estimate
from hakari.measures.explanation.truth.trying import Trying, tried
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context
    from hakari.measures.explanation._attributions import Attributions
    from hakari.measures.explanation.tabular.parameters import TabularParameters
    from hakari.measures.explanation.truth.trial import Trial

__all__ = ["measure_tabular"]

_STEPS: Final = 11
_ASKED_TWICE: Final = 200
"""Rows that the model is asked twice for, to see whether it answers alike."""
_ALIKE: Final = 1e-9
_FEWEST_FOR_TREES: Final = 20
_SHARES: Final = ("faithful_share", "stable_reasons_share")


def measure_tabular(inputs: Inputs, parameters: TabularParameters, *, context: Context) -> Measured:
    """Explain a sample of rows, and try the explanation.

    Raises:
        InputError: no model that can be asked, a model that fails, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    parameters.check()
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
        made = self.step(self.explainer(self.rows, self.context.rng("explanation")))
        loss = list(self.loss())
        trials = [self.step(each) for each in self.trials(made)]
        shown = tried(made, trials)
        importance = list(self.importance(shown))
        dependent, whole = self.dependent(), self.whole(shown)
        estimates = [
            self.agreement(),
            _exact("repeat_difference_max", differs, n=min(_ASKED_TWICE, self.rows.rows)),
            _exact("additivity_gap_max", float(np.abs(shown.gaps).max()), n=shown.rows),
            *importance,
            *loss,
            *(_alone(each, dependent) for each in (*shown.faithfulness, *shown.stability)),
            *whole.estimates,
        ]
        tables = [_importance_table(shown, importance), *whole.tables]
        if dependent is None:
            tables += [table for trial in trials for table in trial.tables]
        estimates.append(_exact("model_rows", float(self.asked.rows), n=shown.rows))
        # What the trials found stands first.
        limits = [*shown.limits, *self.limits(shown), *whole.limits]
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
        # Scores and their threshold are of one unit: log-odds have another one.
        plain, labels = self.asked.in_quantity("score"), binary_labels(self.inputs, label)
        assert self.inputs.model is not None
        roads = [(permutation_importance, "permutation")]
        if self.no_trees() is None:
            roads.append((conditional_importance, "conditional"))
        for measured, chance in roads:
            found = measured(
                plain, self.tested, labels, self.explainer.players, self.context.rng(chance),
                loss="zero_one", repeats=self.parameters.repeats, threshold=self.inputs.model.spec.threshold,
            )  # fmt: skip
            self.step(found)
            yield from importance_estimates(found, rows=self.tested.rows, confidence=self.parameters.confidence)

    def trials(self, shown: Attributions) -> Iterator[Trial]:
        """Put the explanation to each question."""
        parameters = self.parameters
        trying = Trying(
            reasons=parameters.reasons, noise=parameters.noise, repeats=parameters.repeats,
            threshold=self.threshold(), positive=self.inputs.columns.positive, confidence=parameters.confidence,
        )  # fmt: skip
        yield from trying.trials(self.explainer, self.rows, shown, self.context.rng)

    def threshold(self) -> float:
        """The line of the decision, in the unit that is explained."""
        assert self.inputs.model is not None
        return line_in(self.asked.quantity, self.inputs.model.spec.threshold)

    def whole(self, shown: Attributions) -> Measured:
        """What the model does over all rows: effects, features that act together, a tree that imitates it."""
        parameters, chance = self.parameters, self.context.rng
        tables: list[Table] = []
        effects = effects_table(self.asked, self.tested, shown, most=parameters.effects)
        if effects is not None:
            tables.append(self.step(effects))
        together = Together(estimates=(), limits=())
        if shown.method == "additive_shapley":
            unit = say(f"measures.explanation.quantity.{shown.quantity}")
            together = replace(together, limits=(say("measures.explanation.tabular.interactions.none", quantity=unit),))
        elif parameters.interaction_rows:
            few = self.rows.take(slice(0, parameters.interaction_rows))
            together = acting_together(
                self.asked, few, self.background, self.explainer.players, chance("interactions"),
                most_model_rows=parameters.most_model_rows, confidence=parameters.confidence,
            )  # fmt: skip
        self.step(together)
        reason = self.no_trees()
        estimates, limits = list(together.estimates), list(together.limits)
        if reason is not None:
            estimates += [unmeasured(name, reason) for name in ("surrogate_fidelity", "decision_agreement")]
        else:
            assert self.inputs.model is not None
            found = glass_box(
                self.asked.in_quantity("score"), self.tested, chance("surrogate"), confidence=parameters.confidence,
                threshold=self.inputs.model.spec.threshold,
            )  # fmt: skip
            estimates += found.fidelity
            tables.append(rules_table(found, self.tested))
            limits += found.limits
        return Measured(estimates=tuple(estimates), tables=tuple(tables), limits=tuple(limits))

    def no_trees(self) -> Message | None:
        """Why no tree can be grown, if none can."""
        if find_spec("sklearn") is None:
            return say("measures.explanation.tabular.no_sklearn")
        if self.tested.rows < _FEWEST_FOR_TREES:
            return say("measures.explanation.tabular.few_rows", rows=self.tested.rows, least=_FEWEST_FOR_TREES)
        return None

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
