"""Spec: which model, and how to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["Model", "ModelSpec", "Predictions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model in a file that cannot run code, or a function in the engineer's own repository."""

    adapter: Literal["onnx", "skops", "python", "xgboost", "lightgbm"]
    """How the model is asked."""
    path: str | None = None
    """File of an ONNX or skops model, relative to the manifest."""
    call: str | None = None
    """`package.module:function` of a Python model."""
    features: tuple[str, ...] = ()
    """Columns that the model is given, in its order."""
    threshold: float = 0.5
    """A score of at least this is the positive class."""
    trusted: tuple[str, ...] = ()
    """Types in a skops file that a person looked at and trusts, by full name."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """What a model said about some rows, as arrays of one value per row."""

    score: npt.NDArray[np.float64] | None
    """Score of the positive class, or None where the model gives classes only."""
    label: npt.NDArray[Any] | None
    """Class as the model writes it, or None where the model gives scores only."""


class Model(Protocol):
    """Something that can be asked for predictions."""

    def predict(self, features: Mapping[str, npt.NDArray[Any]], *, positive: str) -> Predictions:
        """Return the predictions for rows given as one array per column; `positive` names the class scores are of."""
