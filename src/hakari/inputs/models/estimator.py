"""Estimator: an object with `predict_proba` or `predict`, as scikit-learn, XGBoost and LightGBM make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import read_output
from hakari.inputs.models.spec import Predictions
from hakari.inputs.optional import need
from hakari.inputs.values import class_text
from hakari.messages import say

__all__ = ["EstimatorModel"]

_TRIED: Final = 50
"""Rows on which it is tried whether scores follow from what an estimator adds up."""


class EstimatorModel:
    """A fitted estimator that is in memory already."""

    def __init__(self, estimator: Any, features: Sequence[str]) -> None:
        self.native = estimator
        """The estimator itself, for methods that look inside it."""
        self._features = tuple(features)

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return scores from `predict_proba`, or what `predict` says where there is none."""
        table = self._table(features)
        rows = len(features[self._features[0]])
        try:
            if hasattr(self.native, "predict_proba"):
                output = self.native.predict_proba(table)
                return read_output(output, rows, positive=positive, classes=list(self.native.classes_))
            return read_output(self.native.predict(table), rows, positive=positive)
        except InputError:
            raise
        except (ValueError, TypeError) as error:
            raise InputError(say("inputs.model.values", problem=str(error).splitlines()[0])) from error

    def log_odds(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> npt.NDArray[np.float64] | None:
        """Return the log-odds of the score as the estimator adds them up itself, or None where it gives none.

        A score of nearly 1 has lost the digits from which its odds could be found again. What `decision_function` gives
        are odds only if the scores follow from it, which is tried on the first rows.
        """
        native = self.native
        classes = [class_text(name) for name in getattr(native, "classes_", ())]
        known = hasattr(native, "decision_function") and hasattr(native, "predict_proba")
        if not known or len(classes) != 2 or class_text(positive) not in classes:
            return None
        table = self._table(features)
        try:
            found = np.asarray(native.decision_function(table), dtype=np.float64)
            scores = np.asarray(native.predict_proba(table[:_TRIED]))[:, 1]
        except (ValueError, TypeError, AttributeError):
            # The same rows are asked for scores then, and what is wrong with them is said there.
            return None
        # tanh has no overflow, other than the exponential function.
        if found.ndim != 1 or not np.allclose((1 + np.tanh(found[:_TRIED] / 2)) / 2, scores, rtol=0, atol=1e-9):
            return None
        return found if class_text(positive) == classes[1] else -found

    def _table(self, features: Mapping[str, npt.NDArray[Any]]) -> Any:
        """A frame where the model was fitted on one (it looks columns up by name), else an array."""
        columns = {name: features[name] for name in self._features}
        if hasattr(self.native, "feature_names_in_"):
            pandas = need("pandas", package="pandas", extra="data", what="skops")
            # A frame from a file has nan where a text is missing; to an encoder None would be another category.
            return pandas.DataFrame({name: _with_nan(values) for name, values in columns.items()})
        return np.column_stack(list(columns.values()))


def _with_nan(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if values.dtype.kind != "O":
        return values
    found = values.copy()
    found[[value is None for value in values.tolist()]] = np.nan
    return found
