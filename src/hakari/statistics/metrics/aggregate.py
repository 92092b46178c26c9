"""Aggregates: how one number is made of a rate's values in the groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["AGGREGATES", "FAMILIAR", "AggregateDefinition", "Familiar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateDefinition:
    """One way to put the groups' values into one number."""

    name: str
    """Suffix of the metric's name: `selection_rate_difference`."""
    formula: str
    """Of the groups' values v_g, with n_g rows each."""
    equal_at: float | None
    """Its value where all groups are alike; None where that depends on the rate."""
    verdict: bool
    """Whether a check may decide on it."""
    interval: str
    """How its uncertainty is stated, in words."""


AGGREGATES: Mapping[str, AggregateDefinition] = MappingProxyType(
    {
        each.name: each
        for each in (
            AggregateDefinition(
                name="difference", formula="max v − min v", equal_at=0.0, verdict=True,
                interval="limits of the verdict rule: intersection–union above, union–intersection below",
            ),
            AggregateDefinition(
                name="ratio", formula="min v / max v", equal_at=1.0, verdict=True,
                interval="limits of the verdict rule, inverted in the line",
            ),
            AggregateDefinition(
                name="worst_group", formula="the worst v, by the metric's direction", equal_at=None, verdict=True,
                interval="Clopper–Pearson, every group on the one side, divided over the groups on the other",
            ),
            AggregateDefinition(
                name="deviation", formula="standard deviation of v beyond what chance alone would show", equal_at=0.0,
                verdict=False, interval="noise-corrected moments; test inversion and MOVER",
            ),
        )
    }
)  # fmt: skip
"""Every aggregate by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Familiar:
    """A name that people know for a rate and its aggregate."""

    name: str
    rate: str
    aggregate: str
    factor: float = 1.0
    """What the aggregate is multiplied by."""
    source: str = "common"


FAMILIAR: Mapping[str, Familiar] = MappingProxyType(
    {
        each.name: each
        for each in (
            Familiar(name="demographic_parity_difference", rate="selection_rate", aggregate="difference"),
            Familiar(name="demographic_parity_ratio", rate="selection_rate", aggregate="ratio"),
            Familiar(name="statistical_parity_difference", rate="selection_rate", aggregate="difference"),
            Familiar(name="disparate_impact", rate="selection_rate", aggregate="ratio"),
            Familiar(
                name="p_percent_rule", rate="selection_rate", aggregate="ratio", factor=100.0,
                source="Zafar et al. 2017",
            ),
            Familiar(
                name="equal_opportunity_difference", rate="true_positive_rate", aggregate="difference",
                source="Hardt, Price & Srebro 2016",
            ),
            Familiar(
                name="equal_opportunity_ratio", rate="true_positive_rate", aggregate="ratio",
                source="Hardt, Price & Srebro 2016",
            ),
            Familiar(
                name="predictive_parity_difference", rate="positive_predictive_value", aggregate="difference",
                source="Chouldechova 2017",
            ),
            Familiar(
                name="predictive_equality_difference", rate="false_positive_rate", aggregate="difference",
                source="Corbett-Davies et al. 2017",
            ),
            Familiar(
                name="accuracy_equality_difference", rate="accuracy", aggregate="difference", source="Berk et al. 2021",
            ),
        )
    }
)  # fmt: skip
"""Familiar names of a rate's aggregate."""
