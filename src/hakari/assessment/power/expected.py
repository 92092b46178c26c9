"""Expected: what is assumed of the rows before they are collected: rates, and how many groups there will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hakari.assessment.model import PlannedCheck
from hakari.errors import InputError
from hakari.messages import Message, say
from hakari.statistics import ALIASES, RATES, GroupRates, RateDefinition, group_rates, rate_definition

if TYPE_CHECKING:
    from hakari.inputs import Inputs

__all__ = ["Expected", "read_expected"]

ANY = "*"
"""Stands for every metric that is not named."""
FEWEST_GROUPS = 2
"""Groups in each column taken where neither data nor a person says how many there are."""

Source = Literal["stated", "data"]


@dataclass(frozen=True, slots=True)
class Expected:
    """What is assumed of one check."""

    rate: float
    """The rate of every group."""
    source: Source
    """Whether a person stated it or it is the pooled rate of the data at hand."""
    share: float
    """Share of a group's rows that are in the metric's denominator."""
    groups: int
    """Number of groups; 1 for a check of the whole."""


def read_expected(stated: Sequence[str]) -> dict[str, float]:
    """Return rates by metric from texts such as `selection_rate=0.3`; a bare `0.3` is for all other metrics.

    Raises:
        InputError: an unknown metric, one that is named twice, or a rate that is not strictly between 0 and 1.
    """
    found: dict[str, float] = {}
    for text in stated:
        before, mark, after = text.rpartition("=")
        name = ALIASES.get(before.strip(), before.strip()) if mark else ANY
        if name != ANY:
            rate_definition(name)
        try:
            rate = float(after)
        except ValueError:
            rate = float("nan")
        if not 0 < rate < 1:
            raise InputError(say("assessment.power.rate", text=text))
        if name in found:
            raise InputError(say("assessment.power.twice", text=text))
        found[name] = rate
    return found


def expected_of(
    check: PlannedCheck, stated: Mapping[str, float], inputs: Inputs | None, groups: int | None
) -> Expected | Message:
    """Return what is assumed of a check, or what is not known."""
    definition = rate_definition(check.metric)
    rates = _present(definition, check, inputs)
    rate = stated.get(definition.name, stated.get(ANY))
    source: Source = "stated"
    if rate is None:
        if rates is None or not rates.trials.sum():
            return say("assessment.power.no_rate", metric=definition.name)
        rate, source = float(rates.successes.sum() / rates.trials.sum()), "data"
    share = _share(definition, stated, rates)
    if share is None:
        return say("assessment.power.no_share", metric=definition.name, needed=_conditioned(definition)[0])
    if not check.columns:
        return Expected(rate, source, share, 1)
    if groups is None and rates is not None:
        number = sum(rows > 0 for rows in rates.rows)
    else:
        number = (groups or FEWEST_GROUPS) ** len(check.columns)
    if number < FEWEST_GROUPS:
        return say("assessment.power.one_group", columns=list(check.columns))
    return Expected(rate, source, share, number)


def _present(definition: RateDefinition, check: PlannedCheck, inputs: Inputs | None) -> GroupRates | None:
    if inputs is None or check.table != "tally":
        # Counts that a measure makes itself are not there before it runs.
        return None
    if any(getattr(inputs.columns, axis) is None for axis in definition.needed_axes):
        return None
    tally = inputs.tally(by=check.columns, label=definition.needs_label, prediction=definition.needs_prediction)
    return group_rates(tally, check.metric, by=check.columns)


def _share(definition: RateDefinition, stated: Mapping[str, float], rates: GroupRates | None) -> float | None:
    """How much of the rows the denominator holds: all of them, or those of one label or one decision."""
    name, turned = _conditioned(definition)
    if name == "":
        return 1.0
    if name in stated:
        return 1.0 - stated[name] if turned else stated[name]
    if rates is None or not rates.trials.sum():
        return None
    return float(rates.trials.sum() / sum(rates.rows))


def _conditioned(definition: RateDefinition) -> tuple[str, bool]:
    """The rate that says how large the denominator is, and whether it is one minus that; "" where it is all rows."""
    for name in ("base_rate", "selection_rate"):
        other = RATES[name]
        if definition.trials == other.successes:
            return name, False
        if definition.trials == other.trials - other.successes:
            return name, True
    return "", False
