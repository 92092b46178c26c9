"""Adjusted: p-values of many tests, made to be read against one level."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics._arrays import FloatArray

__all__ = ["benjamini_hochberg_adjusted", "holm_adjusted"]


def holm_adjusted(p_values: ArrayLike) -> FloatArray:
    """Adjusted p-values (K,) of Holm 1979: p ≤ α with at most the chance α of any false one, whatever the dependence.

    A test that could not be made (nan) keeps its place: it counts as p = 1.
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    out = np.empty(len(p))
    out[order] = np.minimum(stepped, 1.0)
    return out


def benjamini_hochberg_adjusted(p_values: ArrayLike) -> FloatArray:
    """Adjusted p-values (K,) of Benjamini & Hochberg 1995: of those ≤ α a share of at most α is expected to be false.

    Holds for independent tests, and for positively dependent ones (Benjamini & Yekutieli 2001). Where no test has a
    true finding it keeps the chance of any at α, as Holm does. nan counts as p = 1.
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out


def _checked(p_values: ArrayLike) -> FloatArray:
    p = np.array(p_values, dtype=float)
    p = np.where(np.isnan(p), 1.0, p)
    if p.ndim != 1 or np.any((p < 0) | (p > 1)):
        raise InputError(say("statistics.description.p_values"))
    return p
