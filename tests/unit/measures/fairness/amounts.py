"""Salaries, lists, pictures and pairs with known structure, and a short way to run a measure that is not registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.individual import IndividualParameters, measure_individual
from hakari.measures.fairness.items import ItemsParameters, measure_items
from hakari.measures.fairness.ranking import RankingParameters, measure_ranking
from hakari.measures.fairness.regression import RegressionParameters, measure_regression

ROOMS: dict[str, tuple[Callable[..., Measured], type[Any]]] = {
    "fairness.regression": (measure_regression, RegressionParameters),
    "fairness.ranking": (measure_ranking, RankingParameters),
    "fairness.individual": (measure_individual, IndividualParameters),
    "fairness.items": (measure_items, ItemsParameters),
}


def run(identifier: str, frame: Any, *, seed: int = 7, meaning: dict[str, Any], **parameters: Any) -> Measured:
    """Run a measure on a frame."""
    function, kind = ROOMS[identifier]
    inputs = Inputs(open_data(frame, role="data.test"), None, Columns(**meaning))
    return function(inputs, kind(**parameters), context=Context(seed=seed, measure=identifier))


def salaries(rows: int = 600, *, seed: int = 1) -> pd.DataFrame:
    """Amounts, predicted too low for group b, with skewed errors."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], rows, p=[0.5, 0.3, 0.2])
    salary = rng.gamma(4, 10, rows)
    error = rng.exponential(3, rows) - 3 + np.where(group == "b", 2.0, 0.0)
    return pd.DataFrame(
        {"group": group, "sex": rng.choice(["m", "f"], rows), "salary": salary, "predicted": salary - error}
    )


def searches(lists: int = 60, *, seed: int = 2) -> pd.DataFrame:
    """Lists of 8 to 29 candidates, of whom those of group b score lower."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(8, 30, lists)
    query = np.repeat(np.arange(lists), sizes)
    group = rng.choice(["a", "b"], len(query), p=[0.6, 0.4])
    score = rng.random(len(query)) - 0.15 * (group == "b")
    return pd.DataFrame({"search": query, "group": group, "match": score, "merit": rng.integers(0, 5, len(query))})


def pictures(persons: int = 80, *, seed: int = 3) -> pd.DataFrame:
    """One to nine pictures of each person, alike in their score."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), rng.integers(1, 10, persons))
    group = np.where(person % 2 == 0, "x", "y")
    level = rng.beta(8, 3, persons)
    overlap = np.clip(level[person] + rng.normal(0, 0.02, len(person)), 0, 1)
    return pd.DataFrame({"group": group, "overlap": overlap, "person": person})
