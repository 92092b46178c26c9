"""At hand: the model behind the predictions, where a measure may ask it for more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy.typing as npt

from hakari.inputs.models.adding import load_model
from hakari.inputs.models.spec import Model, ModelSpec, Predictions

__all__ = ["ModelAtHand"]


@dataclass(frozen=True, slots=True)
class ModelAtHand:
    """A model that is loaded when it is first asked, because most measures never ask it."""

    spec: ModelSpec
    base: Path | None = None
    """Folder that its path or module is relative to."""
    positive: str = "1"
    """The class that scores are of."""
    _loaded: dict[str, Model] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def features(self) -> tuple[str, ...]:
        """Columns that the model is given, in its order."""
        return self.spec.features

    def load(self) -> Model:
        """Return the model.

        Raises:
            InputError: no file, a pickle, untrusted types, a missing package, or nothing to import.
        """
        if "model" not in self._loaded:
            self._loaded["model"] = load_model(self.spec, self.base)
        return self._loaded["model"]

    def predict(self, features: Mapping[str, npt.NDArray[Any]]) -> Predictions:
        """Return what the model says about rows given as one array per column.

        Raises:
            InputError: as `load`, or a model that does not give one value per row.
        """
        return self.load().predict(features, positive=self.positive)
