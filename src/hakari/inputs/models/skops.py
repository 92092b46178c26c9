"""skops: a scikit-learn model in a file whose types are looked at before anything is built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import read_output
from hakari.inputs.models.spec import ModelSpec, Predictions
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["SkopsModel"]


class SkopsModel:
    """A scikit-learn estimator with `predict_proba` or `predict`."""

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        skops = need("skops.io", package="skops", extra="ml", what=f"“{path.name}”")
        try:
            untrusted = sorted(set(skops.get_untrusted_types(file=path)) - set(spec.trusted))
            if untrusted:
                raise InputError(say("inputs.model.untrusted", path=path.name, types=untrusted))
            self._model: Any = skops.load(path, trusted=list(spec.trusted))
        except InputError:
            raise
        except Exception as error:
            # A damaged file fails in as many ways as it has parts.
            problem = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise InputError(say("inputs.model.unreadable", path=path.name, problem=problem)) from error
        self._features = spec.features

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return scores from `predict_proba`, or classes from `predict` where there is none."""
        table = self._table(features)
        rows = len(features[self._features[0]])
        try:
            if hasattr(self._model, "predict_proba"):
                output = self._model.predict_proba(table)
                return read_output(output, rows, positive=positive, classes=list(self._model.classes_))
            return read_output(self._model.predict(table), rows, positive=positive)
        except InputError:
            raise
        except (ValueError, TypeError) as error:
            raise InputError(say("inputs.model.values", problem=str(error).splitlines()[0])) from error

    def _table(self, features: Mapping[str, npt.NDArray[Any]]) -> Any:
        """A frame where the model was fitted on one (it looks columns up by name), else an array."""
        columns = {name: features[name] for name in self._features}
        if hasattr(self._model, "feature_names_in_"):
            pandas = need("pandas", package="pandas", extra="data", what="skops")
            return pandas.DataFrame(columns)
        return np.column_stack(list(columns.values()))
