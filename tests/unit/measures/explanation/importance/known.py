"""Models whose answers are known, and rows to ask them about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from hakari.measures.explanation import Asked, Features

Floats = npt.NDArray[np.float64]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def plain(n: int = 300, *, seed: int = 1) -> Features:
    """Three independent standard normal columns, a copy of the first, and a constant."""
    x = rng(seed).normal(size=(n, 3))
    return Features({"a": x[:, 0], "b": x[:, 1], "c": x[:, 2], "copy": x[:, 0].copy(), "same": np.ones(n)})


def awkward(n: int = 400, *, seed: int = 2) -> Features:
    """Columns as they come: gaps, a column that is all gaps, texts with None, ten thousand levels, whole numbers."""
    chance = rng(seed)
    number = chance.normal(size=n)
    number[::9] = np.nan
    sex = np.array(["f", "m", None], dtype=object)[chance.integers(0, 3, n)]
    town = np.array([f"t{code}" for code in chance.integers(0, 10_000, n)], dtype=object)
    return Features(
        {
            "number": number,
            "gone": np.full(n, np.nan),
            "sex": sex,
            "town": town,
            "count": chance.integers(0, 6, n),
            "same": np.full(n, 7),
        }
    )


def linear(features: Features) -> Floats:
    return np.asarray(2 * features.columns["a"] + features.columns["b"] - 1, dtype=np.float64)


def mixed(features: Features) -> Floats:
    """Uses every awkward column but the town; a missing number counts as 5."""
    number = np.where(np.isnan(features.columns["number"]), 5.0, features.columns["number"])
    women = np.array([value == "f" for value in features.columns["sex"].tolist()], dtype=np.float64)
    return np.asarray(number + 3 * women + features.columns["count"] ** 2, dtype=np.float64)


def xor(features: Features) -> Floats:
    different = (features.columns["a"] > 0) != (features.columns["b"] > 0)
    return np.asarray(different, dtype=np.float64)


def asked(function: Callable[[Features], Any], **options: Any) -> Asked:
    return Asked(function, **options)
