"""Explainers with known conduct: exact, noisy, deaf to the model."""

from __future__ import annotations

import numpy as np

from hakari.measures.explanation import Asked, Attributions, Features
from hakari.measures.explanation.truth import Explain, ExplainModel
from tests.unit.measures.explanation.truth.known import WEIGHTS, attributions, exact


def linear_explainer(error: float = 0.0) -> Explain:
    """w_j x_j, with a random error of that standard deviation."""

    def explain(rows: Features, rng: np.random.Generator) -> Attributions:
        matrix = rows.matrix()
        values = matrix * WEIGHTS[: matrix.shape[1]]
        return attributions(rows, values + rng.normal(0, error, values.shape) if error else values)

    return explain


def random_explainer(rows: Features, rng: np.random.Generator) -> Attributions:
    return attributions(rows, rng.normal(size=(rows.rows, len(rows.names))))


def exact_explainer(background: Features) -> ExplainModel:
    def explain(model: Asked, rows: Features, rng: np.random.Generator) -> Attributions:
        return exact(model, rows, background)

    return explain
