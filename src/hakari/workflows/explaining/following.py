"""Following: does the model follow the explanation of one row, as far as one row can show?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from hakari.reports.explained.result import Following
from hakari.statistics.streams import stream

if TYPE_CHECKING:
    from hakari.measures.explanation import Asked, Attributions
    from hakari.workflows.explaining.question import Question

__all__ = ["follow"]

_ORDERS: Final = 99
"""Random orders that the explained one is compared with: a row passes by chance in at most 5 of 100."""


def follow(question: Question, asked: Asked, shown: Attributions, *, seed: int) -> Following:
    """Return how the explained order of one row fares against random orders, and how well its values foretell.

    The report asks of each row whether its order beats more than half of seven random ones. That is a coin that is
    tossed for many rows; for a single one it would say nothing, since an explanation that knows nothing passes half of
    the time. So one row is compared with 99 orders, and the share that it beats is told.

    Raises:
        InputError: the model failed.
    """
    from hakari.measures.explanation.truth import deletion_insertion, infidelity_of

    # One order for each copy of the row: what a copy passes is one comparison.
    trial = deletion_insertion(
        asked,
        question.row.repeated(_ORDERS),
        shown.take(np.zeros(_ORDERS, dtype=np.int64)),
        question.background,
        stream(seed, "explain", "deletion"),
        orders=1,
    )
    values = infidelity_of(
        asked, question.row, shown, question.background, stream(seed, "explain", "infidelity"), subsets=100
    )
    infidelity = float(values.per_row[0])
    beaten = 0 if trial.passed is None else int(trial.passed.sum())
    return Following(
        orders=_ORDERS,
        beaten=beaten,
        tied=trial.left_out,
        infidelity=None if np.isnan(infidelity) else infidelity,
    )
