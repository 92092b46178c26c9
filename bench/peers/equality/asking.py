"""Asking: how one library's answers are collected. Known to every environment."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

Answers = dict[str, dict[str, float | str]]
"""A library's own name of a metric → group ("" for one number of all rows) → value, or "nan", "inf", "error: …"."""

WHOLE = ""
"""The slot of a number that belongs to no single group."""


class Asked:
    """The answers of one library on one data set."""

    def __init__(self) -> None:
        self.answers: Answers = {}

    def put(self, name: str, slot: str, value: Any) -> None:
        """Keep a number that is there already."""
        self.answers.setdefault(name, {})[slot] = plain(value)

    def number(self, name: str, slot: str, answer: Callable[[], Any]) -> None:
        """Keep what the call gives; an exception is an answer too."""
        try:
            value: float | str = plain(answer())
        except Exception as error:  # noqa: BLE001 - whatever a library raises is what its user sees
            value = f"error: {type(error).__name__}"
        self.answers.setdefault(name, {})[slot] = value


def plain(value: Any) -> float | str:
    """A number that JSON holds; nan and inf as words."""
    number = float(value)
    if math.isnan(number):
        return "nan"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return number


def number(value: float | str | None) -> float:
    """The number again; an error is nan."""
    if value is None:
        return math.nan
    if isinstance(value, str):
        return float(value) if value in ("nan", "inf", "-inf") else math.nan
    return value
