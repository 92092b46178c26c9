"""Options: how one row is explained, from what the manifest says of `explanation.tabular`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from hakari.measures.explanation._explaining import Choice

__all__ = ["RowOptions"]

_MEASURE: Final = "explanation.tabular"
_BACKGROUND: Final = 1_000
"""Other cases that a row is compared with, at most, unless the manifest says how many: one row is soon explained."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOptions:
    """How one row is explained; the notice and the engineer's view take the same."""

    background: int = _BACKGROUND
    """Rows that it is compared with, at most."""
    method: Choice = "auto"
    quantity: Literal["auto", "score", "log_odds"] = "auto"
    correlated: Literal["marginal", "conditional"] = "marginal"
    groups: Mapping[str, tuple[str, ...]] | None = None
    """Columns that are explained as one; None where the manifest does not say."""

    @classmethod
    def of(cls, parameters: Mapping[str, Mapping[str, Any]]) -> RowOptions:
        """Return what the parameters of a project (measure → name → value) say; ours where they say nothing.

        Raises:
            EvidenceError, InputError: a parameter of the measure that is unknown or out of its range.
        """
        stated = parameters.get(_MEASURE, {})
        if not stated:
            return cls()
        from hakari.evidence import decode
        from hakari.measures.explanation.tabular import TabularParameters

        read = decode(TabularParameters, dict(stated), what=_MEASURE)
        read.check()
        return cls(
            background=read.background if "background" in stated else _BACKGROUND,
            method=read.method,
            quantity=read.quantity,
            correlated=read.correlated,
            groups=read.groups if "groups" in stated else None,
        )
