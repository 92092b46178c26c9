"""A row explanation made by hand, so that every number on the page is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from hakari.measures.explanation import Attributions, Cost
from hakari.measures.explanation._reasons import Reason, Reasons
from hakari.reports.explained import Following, RowExplanation

__all__ = ["explanation"]


def explanation(
    contributions: dict[str, float], *, errors: float = 0.0, base: float = 1.0, line: float | None = 1.2, **changes: Any
) -> RowExplanation:
    """Return an explanation with these contributions; a name with a plus is a group of two columns."""
    names = list(contributions)
    values = np.array([list(contributions.values())])
    players = {name: tuple(name.split("+")) for name in names}
    shown = Attributions(
        method="sampled_shapley" if errors else "enumerated_shapley",
        players=players,
        values=values,
        errors=np.full(values.shape, errors),
        base=np.array([base]),
        outputs=np.array([base + values.sum()]),
        quantity="log_odds",
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=10),
        followed=np.array([True]),
        kept=np.ones(values.shape),
        near_line=np.array([False]),
    )
    columns = [column for name in names for column in players[name]]
    found = RowExplanation(
        title={"en": "Loans", "ja": "融資"},
        version="1",
        model="model.skops",
        row=18,
        rows=600,
        shown=shown,
        own={column: float(place) for place, column in enumerate(columns)},
        usual=dict.fromkeys(columns, 0.5),
        compared=100,
        compared_from="train",
        score=0.7,
        threshold=0.8,
        line=line,
        positive=False,
        positive_class="1",
        reasons=Reasons(stated=(Reason(player=names[0], pull="down", value=-1, share=1, kept=1),)),
        main=4,
        following=Following(orders=99, beaten=98, tied=1, infidelity=0.25),
        groups_from="nobody",
        warnings=(),
        repeats=40,
        seed=7,
        model_rows=1234,
        seconds=0.5,
    )
    return replace(found, **changes)
