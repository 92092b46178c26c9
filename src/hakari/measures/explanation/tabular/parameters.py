"""Parameters: what `explanation.tabular` can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from hakari.errors import InputError
from hakari.measures._estimates import error_of
from hakari.measures.explanation._explaining import Choice
from hakari.messages import say

__all__ = ["TabularParameters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TabularParameters:
    """What `explanation.tabular` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    rows: int = 200
    """Rows of the tested data that are explained, drawn at random."""
    background: int = 100
    """Rows whose values stand in for a feature that is left out, drawn from the training data where it is known."""
    method: Choice = "auto"
    """How the contributions are found; `auto` takes an exact method where that is cheap."""
    quantity: Literal["auto", "score", "log_odds"] = "auto"
    """What is explained; `auto` takes what the model adds up itself, such as log-odds, else the score."""
    correlated: Literal["marginal", "conditional"] = "marginal"
    """What stands in for a feature that is left out: values of any row, or of rows that are alike in the rest."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns that belong together and are explained as one: name → columns."""
    reasons: int = 4
    """How many main reasons a person would be told."""
    target_error: float = 0.02
    """Largest standard error of a contribution, as a share of the spread of the results."""
    most_model_rows: int = 2_000_000
    """Rows that the model is asked for at most, for one explanation of all rows."""
    noise: float = 0.05
    """Small change of a row, in robust spreads of each column."""
    repeats: int = 5
    """How often an explanation is made again with other chance, and how often under small noise."""
    effects: int = 6
    """Columns along which the score is followed, the most important ones first; 0 for none."""
    interaction_rows: int = 50
    """Rows in which it is looked for features that act together; 0 for none."""
    confidence: float = 0.95
    """Of each interval; those of the features hold together."""

    def check(self) -> None:
        """Refuse what is out of range.

        Raises:
            InputError: with the parameter and its value.
        """
        error_of(self.confidence)
        for name, least in _LEAST:
            value = getattr(self, name)
            if value < least:
                raise InputError(say("measures.explanation.tabular.least", parameter=name, value=value, least=least))
        for name in ("target_error", "noise"):
            value = getattr(self, name)
            if not value > 0:
                raise InputError(say("measures.explanation.tabular.above_zero", parameter=name, value=value))


_LEAST = (
    ("rows", 1),
    ("background", 1),
    ("reasons", 1),
    ("repeats", 1),
    ("most_model_rows", 1),
    ("effects", 0),
    ("interaction_rows", 0),
)
