"""Table: every metric of fairness that this package knows, by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics.metrics import classes, decisions, individual, items, ranking, regression, scores
from hakari.statistics.metrics.definition import MetricDefinition

__all__ = ["METRICS", "metric_definition"]


def _joined(*families: tuple[MetricDefinition, ...]) -> Mapping[str, MetricDefinition]:
    found: dict[str, MetricDefinition] = {}
    for each in (definition for family in families for definition in family):
        if each.name in found:
            raise ValueError(f"{each.name} is defined by {found[each.name].family} and by {each.family}")
        found[each.name] = each
    return MappingProxyType(found)


METRICS = _joined(
    decisions.DEFINITIONS,
    scores.DEFINITIONS,
    classes.DEFINITIONS,
    regression.DEFINITIONS,
    ranking.DEFINITIONS,
    individual.DEFINITIONS,
    items.DEFINITIONS,
)
"""Every definition by its name, family by family."""


def metric_definition(name: str) -> MetricDefinition:
    """Return the definition of a metric by its name or by another name of it; InputError for an unknown one."""
    if name in METRICS:
        return METRICS[name]
    for each in METRICS.values():
        if name in each.also:
            return each
    from difflib import get_close_matches

    known = sorted([*METRICS, *(other for each in METRICS.values() for other in each.also)])
    nearest = get_close_matches(name, known, n=3) or known[:5]
    raise InputError(say("statistics.metrics.unknown", metric=name, nearest=nearest))
