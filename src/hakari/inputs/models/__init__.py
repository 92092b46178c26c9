"""Models: asked for predictions and never built from a file that could run code.

Four formats are read: ONNX, skops and the own files of XGBoost and LightGBM. A function in the engineer's own
repository is their code on their machine.
"""

from __future__ import annotations

from hakari.inputs.models.adding import add_predictions, load_model, model_subject
from hakari.inputs.models.at_hand import ModelAtHand
from hakari.inputs.models.estimator import EstimatorModel
from hakari.inputs.models.spec import Model, ModelSpec, Predictions

__all__ = [
    "EstimatorModel",
    "Model",
    "ModelAtHand",
    "ModelSpec",
    "Predictions",
    "add_predictions",
    "load_model",
    "model_subject",
]
