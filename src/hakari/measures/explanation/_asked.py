"""Asked: a model as a function from rows of features to one number per row, and what asking it cost."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from hakari.errors import HakariError, InputError
from hakari.messages import say

if TYPE_CHECKING:
    import numpy.typing as npt

    from hakari.measures.explanation._features import Features
    from hakari.statistics._arrays import FloatArray

__all__ = ["Asked", "Quantity"]

Quantity = Literal["score", "log_odds", "class"]
"""What is explained: the score of the positive class, its log-odds, or 1 for the positive class and 0 for another."""

_CHUNK: Final = 100_000
"""Rows that a model is given at once."""
_LEAST: Final = 1e-12
"""Scores are kept this far from 0 and 1 before their log-odds are taken."""


class Asked:
    """A model that is asked for numbers; it counts the rows that it was asked for.

    `predict` takes `Features` and returns one number per row. Whatever it raises becomes one clear line.
    """

    def __init__(
        self,
        predict: Callable[[Features], npt.ArrayLike],
        *,
        quantity: Quantity = "score",
        native: Any = None,
        name: str = "model",
        positive: str = "1",
        again: Callable[[Any], Callable[[Features], npt.ArrayLike]] | None = None,
        log_odds: Callable[[Any, Features], npt.NDArray[Any] | None] | None = None,
        coded: Callable[[Features], Features] | None = None,
    ) -> None:
        self._predict = predict
        self.quantity: Quantity = quantity
        self.native = native
        """The model itself, where methods that look inside it (trees, weights) can use it; else None."""
        self.name = name
        self.positive = positive
        """The class that scores are of."""
        self._asked_for = [0]
        self._again = again
        self._log_odds = log_odds
        self._coded = coded

    @property
    def rows(self) -> int:
        """Rows asked for so far, in whatever quantity."""
        return self._asked_for[0]

    def in_quantity(self, quantity: Quantity) -> Asked:
        """Return the same model asked for another quantity; both count their rows together: it is one price."""
        other = copy.copy(self)
        other.quantity = quantity
        return other

    def another(self, native: Any) -> Asked:
        """Return `native`, a model of the same kind, asked in the same way; its rows are counted apart.

        Raises:
            InputError: this model is a function, of which there is no other.
        """
        if self._again is None:
            raise InputError(say("measures.explanation.asked.closed", model=self.name))
        return Asked(
            self._again(native), quantity=self.quantity, native=native, name=self.name, positive=self.positive,
            again=self._again, log_odds=self._log_odds, coded=self._coded,
        )  # fmt: skip

    def coded(self, features: Features) -> Features:
        """Return rows as the model's own trees know them: with numbers for texts where it has such numbers."""
        return features if self._coded is None else self._coded(features)

    def __call__(self, features: Features) -> FloatArray:
        """Return one finite number per row.

        Raises:
            InputError: the model failed, gave another number of values, or something that is no finite number.
        """
        parts = [self._ask(features.take(slice(start, start + _CHUNK))) for start in range(0, features.rows, _CHUNK)]
        return np.concatenate(parts) if parts else np.empty(0)

    def repeat_difference(self, features: Features) -> float:
        """Ask twice for the same rows and return the largest difference: 0 for a model that is deterministic."""
        if not features.rows:
            return 0.0
        return float(np.abs(self(features) - self(features)).max())

    def _ask(self, features: Features) -> FloatArray:
        self._asked_for[0] += features.rows
        try:
            # Odds that the model adds up itself, where it has them: of a score of nearly 1 they are lost.
            own = self._log_odds(self.native, features) if self._log_odds and self.quantity == "log_odds" else None
            given = np.asarray(self._predict(features)) if own is None else np.asarray(own)
        except HakariError:
            raise
        except Exception as error:
            # Someone else's model may raise anything.
            problem = (f"{type(error).__name__}: {error}".splitlines() or [""])[0]
            raise InputError(say("measures.explanation.asked.failed", model=self.name, problem=problem)) from error
        if given.shape != (features.rows,):
            raise InputError(
                say("measures.explanation.asked.shape", model=self.name, shape=list(given.shape), rows=features.rows)
            )
        try:
            values = given.astype(np.float64)
        except (TypeError, ValueError):
            raise InputError(say("measures.explanation.asked.texts", model=self.name, value=str(given[0]))) from None
        wrong = int((~np.isfinite(values)).sum())
        if wrong:
            raise InputError(say("measures.explanation.asked.not_finite", model=self.name, count=wrong))
        if self.quantity == "log_odds" and own is None:
            inside = np.clip(values, _LEAST, 1 - _LEAST)
            return np.asarray(np.log(inside) - np.log1p(-inside), dtype=np.float64)
        return values
