"""ONNX: a model as a graph of arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.errors import InputError
from hakari.inputs.models.outputs import positive_column
from hakari.inputs.models.spec import ModelSpec, Predictions
from hakari.inputs.optional import need
from hakari.messages import say

__all__ = ["OnnxModel"]

_TYPES: dict[str, Any] = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64}
_TYPES |= {"tensor(int32)": np.int32, "tensor(bool)": np.bool_, "tensor(string)": np.object_}


class OnnxModel:
    """An ONNX model with one input for all features, or one per feature."""

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        runtime = need("onnxruntime", package="onnxruntime", extra="ml", what=f"“{path.name}”")
        try:
            self._session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        except Exception as error:
            # The runtime's errors have no common class.
            problem = str(error).splitlines()[0]
            raise InputError(say("inputs.model.unreadable", path=path.name, problem=problem)) from error
        self._features = spec.features
        self._inputs = {entry.name: entry.type for entry in self._session.get_inputs()}
        if len(self._inputs) > 1 and set(self._inputs) != set(spec.features):
            raise InputError(say("inputs.model.features", model=list(self._inputs), features=list(spec.features)))

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return classes and scores, whichever of the two the graph gives."""
        outputs = self._session.run(None, self._feed(features))
        label: npt.NDArray[Any] | None = None
        score: npt.NDArray[np.float64] | None = None
        for output in outputs:
            if isinstance(output, list):
                names = list(output[0])
                score = np.array([row[names[positive_column(names, positive)]] for row in output], dtype=np.float64)
                continue
            flat = output[:, 0] if output.ndim == 2 and output.shape[1] == 1 else output
            if flat.ndim == 2 and flat.shape[1] == 2:
                score = flat[:, 1].astype(np.float64)
            elif flat.ndim == 1 and flat.dtype.kind == "f":
                score = flat.astype(np.float64)
            elif flat.ndim == 1:
                label = flat
        if score is None and label is None:
            raise InputError(say("inputs.model.shape", shape=[list(np.shape(output)) for output in outputs]))
        return Predictions(score, label)

    def _feed(self, features: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        try:
            if len(self._inputs) == 1:
                name, kind = next(iter(self._inputs.items()))
                columns = [features[feature] for feature in self._features]
                return {name: np.column_stack(columns).astype(_TYPES[kind])}
            return {name: features[name].astype(_TYPES[kind]).reshape(-1, 1) for name, kind in self._inputs.items()}
        except (ValueError, TypeError) as error:
            raise InputError(say("inputs.model.values", problem=str(error))) from error
        except KeyError as error:
            raise InputError(say("inputs.model.input_type", kind=str(error))) from error
