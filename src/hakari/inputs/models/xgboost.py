"""XGBoost: a model as the JSON or UBJSON file that XGBoost itself writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.booster_files import in_order, matrix_of, open_checked, score_of
from hakari.inputs.models.categories import Codes, coded, xgboost_codes
from hakari.inputs.models.spec import ModelSpec, Predictions
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["XgboostModel"]


class XgboostModel:
    """A booster. Its scores are of the class that was 1 in training, whatever it is called in the data.

    Columns of texts are given to it by the categories that stand in its file (XGBoost 3.1 or later).
    """

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        package = need("xgboost", package="xgboost", extra="ml", what=f"“{path.name}”")
        content = open_checked(path, start=b"{")
        self.native: Any = package.Booster({"nthread": 1})
        """The booster itself, for methods that look inside it."""
        try:
            self.native.load_model(bytearray(content))
            columns = int(self.native.num_features())
            self._features = in_order(spec.features, self.native.feature_names, columns)
            self._codes: dict[str, Codes] = xgboost_codes(self.native, self._features)
        except (package.core.XGBoostError, ValueError, TypeError, KeyError, IndexError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(say("inputs.model.unreadable", path=path.name, problem=_line(error))) from error
        self._error = package.core.XGBoostError

    def coded(self, features: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """Return the columns with numbers for texts, as the trees know them."""
        return coded(features, self._codes)

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return the scores of the positive class; for a regression its output."""
        table = matrix_of(self.coded(features), self._features)
        try:
            output = np.asarray(self.native.inplace_predict(table), dtype=np.float64)
        except (self._error, ValueError) as error:
            raise InputError(say("inputs.model.values", problem=_line(error))) from error
        return score_of(output, len(table), positive)


def _line(error: Exception) -> str:
    """The part of a message of XGBoost's that says what was wrong: it begins with a time and a place in its code."""
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return first.rsplit(": ", 1)[-1]
