"""Together: columns that go so closely together that leaving one of them out asks about rows that do not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import rankdata

if TYPE_CHECKING:
    from hakari.measures.explanation._features import Features, Players
    from hakari.statistics._arrays import FloatArray

__all__ = ["CLOSE", "columns_together"]

CLOSE: Final = 0.7
"""From this rank correlation on, half of the variation of one column's ranks is in the other's (ρ² ≈ .5)."""
_MOST = 400
"""Columns that are compared pair by pair."""
_LEAST_ROWS = 10


def columns_together(rows: Features, players: Players) -> tuple[tuple[str, str], ...]:
    """Return the pairs of numeric columns of different players with |Spearman| of at least `CLOSE`, closest first.

    A missing value takes the median of its column: two columns that are missing together are no pair for that alone.
    """
    if rows.rows < _LEAST_ROWS:
        return ()
    owner = {column: player for player, columns in players.items() for column in columns}
    ranks: dict[str, FloatArray] = {}
    for name in rows.numeric[:_MOST]:
        values = rows.columns[name].astype(np.float64)
        known = ~np.isnan(values)
        if known.sum() >= _LEAST_ROWS and np.ptp(values[known]) > 0:
            filled = np.where(known, values, np.median(values[known]))
            if np.ptp(filled) > 0:
                ranks[name] = np.asarray(rankdata(filled), dtype=np.float64)
    if len(ranks) < 2:
        return ()
    names = list(ranks)
    size = np.abs(np.corrcoef(np.array([ranks[name] for name in names])))
    found = [
        (-float(size[i, j]), names[i], names[j])
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if size[i, j] >= CLOSE and owner[names[i]] != owner[names[j]]
    ]
    return tuple((first, second) for _, first, second in sorted(found))
