"""Asking: one function from rows of features to numbers, made of whatever model there is."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.errors import InputError
from hakari.inputs.models import EstimatorModel
from hakari.inputs.models.outputs import read_output
from hakari.inputs.values import class_text
from hakari.measures.explanation._asked import Asked, Quantity
from hakari.measures.explanation._features import Features
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.inputs import Data, Inputs, Model, Predictions

__all__ = ["ask", "ask_inputs", "read_features"]


def ask(model: Any, *, names: Sequence[str], positive: str = "1", quantity: Quantity = "score") -> Asked:
    """Return a model as `Asked`: an estimator with `predict_proba` or `predict`, or a function.

    A function takes a dictionary of arrays, one per feature, and returns scores or classes, one per row.
    `positive` names the class that scores are of.

    Raises:
        InputError: neither an estimator nor a function.
    """
    if hasattr(model, "predict_proba") or hasattr(model, "predict"):

        def again(native: Any) -> Callable[[Features], npt.NDArray[Any]]:
            if hasattr(native, "inplace_predict"):
                # A booster of XGBoost takes its own kind of table in `predict`, and any array here.
                return lambda features: np.asarray(native.inplace_predict(features.matrix()), dtype=np.float64)
            return _predictor(EstimatorModel(native, names), positive)

        def log_odds(native: Any, features: Features) -> npt.NDArray[Any] | None:
            return EstimatorModel(native, names).log_odds(features.columns, positive=positive)

        return Asked(again(model), quantity=quantity, native=model, positive=positive, again=again, log_odds=log_odds)
    if not callable(model):
        raise InputError(say("measures.explanation.asking.kind", kind=type(model).__name__))
    return Asked(_function(model, positive), quantity=quantity, positive=positive)


def ask_inputs(inputs: Inputs, quantity: Quantity = "score") -> Asked:
    """Return the model of the manifest as `Asked`.

    Raises:
        InputError: the manifest does not say how the model is asked, or which columns it is given.
    """
    at_hand = inputs.model
    if at_hand is None or not at_hand.features:
        raise InputError(say("measures.explanation.asking.no_model"))
    inputs.data.require(at_hand.features)
    model, positive = at_hand.load(), inputs.columns.positive

    codes: Callable[..., Any] | None = getattr(model, "coded", None)

    def another(native: Any) -> Any:
        other: Any = copy.copy(model)
        other.native = native
        return other

    return Asked(
        _predictor(model, positive),
        quantity=quantity,
        native=getattr(model, "native", None),
        name=at_hand.spec.path or at_hand.spec.call or "model",
        positive=positive,
        again=(lambda native: _predictor(another(native), positive)) if hasattr(model, "native") else None,
        log_odds=(lambda native, features: another(native).log_odds(features.columns, positive=positive))
        if hasattr(model, "log_odds")
        else None,
        coded=None if codes is None else lambda features: Features(codes(features.columns)),
    )


def read_features(data: Data, names: Sequence[str]) -> Features:
    """Return the columns that a model is given, all rows of a table.

    Raises:
        InputError: a column that is not there.
    """
    data.require(names)
    found = data.read(names)
    return Features({name: found[name] for name in names})


def _predictor(model: Model, positive: str) -> Callable[[Features], npt.NDArray[Any]]:
    return lambda features: _numbers(model.predict(features.columns, positive=positive), positive)


def _function(function: Callable[..., Any], positive: str) -> Callable[[Features], npt.NDArray[Any]]:
    def predict(features: Features) -> npt.NDArray[Any]:
        output = function(dict(features.columns))
        return _numbers(read_output(output, features.rows, positive=positive), positive)

    return predict


def _numbers(predictions: Predictions, positive: str) -> npt.NDArray[Any]:
    """Scores, or 1 for the positive class and 0 for another where the model gives classes only."""
    if predictions.score is not None:
        return predictions.score
    assert predictions.label is not None
    wanted = class_text(positive)
    return np.array([float(class_text(value) == wanted) for value in predictions.label.tolist()])
