"""Estimator: an object with `predict_proba` or `predict`, as scikit-learn, XGBoost and LightGBM make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import read_output
from hakari.inputs.models.spec import Predictions
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["EstimatorModel"]


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
