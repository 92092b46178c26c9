"""Run: the measure `fairness.legal` from counting to limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate, Table
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, group_name, shortened, slicings, tally_table
from hakari.measures.fairness.legal.figures import Tested, apply_tests
from hakari.measures.fairness.legal.parameters import LegalParameters
from hakari.measures.fairness.legal.selections import Selections, count_selections
from hakari.measures.fairness.legal.summary import summary_estimates
from hakari.messages import Message, say
from hakari.statistics import MISSING
from hakari.statistics.description import holm_adjusted

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["measure_legal"]

_NOTEWORTHY = 0.05
# Only chooses which groups a sentence names; no verdict rests on it.


def measure_legal(inputs: Inputs, parameters: LegalParameters, *, context: Context) -> Measured:
    """Measure impact ratios and put the tests of difference, within strata too, to every group.

    Raises:
        InputError: no sensitive column, a column that is not there, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    columns = tuple(parameters.columns or inputs.columns.sensitive)
    _check(parameters, columns)
    parts = slicings(columns, intersections=parameters.intersections)
    found: list[Selections] = []
    for number, slicing in enumerate(parts):
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(number, len(parts), say("measures.fairness.legal.progress", columns=list(slicing)))
        found.append(count_selections(inputs, slicing, parameters))
    _check_reference(parameters, found)
    tested = _adjusted([apply_tests(part, parameters) for part in found])
    context.progress(len(parts), len(parts), say("measures.fairness.legal.progress", columns=list(columns)))
    estimates: list[Estimate] = []
    for part in tested:
        estimates += part.estimates()
        estimates += summary_estimates([part], parameters)
    estimates += summary_estimates(tested, parameters, overall=True)
    tables = [tally_table(part.tally, name=f"tally {' × '.join(part.columns)}") for part in found]
    return Measured(
        estimates=tuple(estimates),
        tables=(*tables, _comparisons(tested)),
        limits=tuple(_limits(tested, parameters)),
    )


def _check(parameters: LegalParameters, columns: tuple[str, ...]) -> None:
    if not columns:
        raise InputError(say("measures.fairness.legal.no_columns"))
    if parameters.min_rows < 1:
        raise InputError(say("measures.fairness.legal.min_rows", rows=parameters.min_rows))
    error_of(parameters.confidence)
    for column in parameters.availability or {}:
        if column not in columns:
            raise InputError(say("measures.fairness.legal.other_column", column=column, columns=list(columns)))


def _check_reference(parameters: LegalParameters, found: list[Selections]) -> None:
    """Refuse a reference that is a group of no column: every comparison would silently be with the rest."""
    wanted = parameters.reference
    if wanted in (None, "rest") or any(part.reference is not None for part in found):
        return
    known = [group_name(group) for part in found for group in part.rates.groups]
    raise InputError(say("measures.fairness.legal.reference", group=wanted, groups=shortened(known)))


def _adjusted(tested: list[Tested]) -> list[Tested]:
    """Return the tests with p-values adjusted over the whole measurement, every different comparison counted once."""
    for name in ("fisher_p", "mantel_haenszel_p"):
        family = [(part, place) for part in tested for place in part.family(name)]
        adjusted = holm_adjusted([part.figures[place][name] for part, place in family]).tolist()
        for (part, place), p in zip(family, adjusted, strict=True):
            for twin in part.twins(place):
                part.figures[twin][f"{name}_adjusted"] = p
    return tested


def _comparisons(tested: list[Tested]) -> Table:
    rows: list[tuple[str, str, str, int, int, int, int]] = []
    for part in tested:
        groups, reference = part.selections.rates.groups, part.selections.reference
        against = "*" if reference is None else group_name(groups[reference])
        name = " × ".join(part.selections.columns)
        for each in part.comparisons:
            pair = each.pair
            counts = (pair.selected, pair.rows, pair.other_selected, pair.other_rows)
            rows.append((name, group_name(groups[each.place]), against, *counts))
    heads = ("columns", "group", "compared_with", "selected", "rows", "other_selected", "other_rows")
    return Table(name="comparisons", columns=heads, rows=tuple(rows))


def _limits(tested: list[Tested], parameters: LegalParameters) -> Iterator[Message]:
    for key in ("not_cause", "not_law", "no_verdict", "four_fifths"):
        yield say(f"measures.fairness.legal.limit.{key}")
    yield say("measures.fairness.legal.limit.family", n=sum(len(part.family("fisher_p")) for part in tested))
    if parameters.outcome == "label":
        yield say("measures.fairness.legal.limit.label")
    if not all(part.selections.independent for part in tested):
        yield say("measures.fairness.legal.limit.dependent")
    for part in tested:
        yield from _part_limits(part, parameters)
    if any(part.selections.controls for part in tested):
        yield say("measures.fairness.legal.limit.controls", columns=list(parameters.controls))


def _part_limits(part: Tested, parameters: LegalParameters) -> Iterator[Message]:
    selections = part.selections
    groups, rows = selections.rates.groups, selections.rates.rows
    columns = list(selections.columns)
    small = [group_name(group) for place, group in enumerate(groups) if place not in selections.large]
    if small:
        words = {"columns": columns, "groups": shortened(small), "minimum": parameters.min_rows}
        yield say("measures.fairness.legal.limit.small", **words, n=len(small))
    shaky = [name for place, name in part.below() if _is_shaky(part.figures[place])]
    if shaky:
        yield say("measures.fairness.legal.limit.shaky", columns=columns, groups=shortened(shaky))
    hidden = [name for place, name in part.above() if _is_clear(part.figures[place])]
    if hidden:
        yield say("measures.fairness.legal.limit.hidden", columns=columns, groups=shortened(hidden))
    missing = sum(n for group, n in zip(groups, rows, strict=True) if group == (MISSING,))
    if missing:
        yield say("measures.fairness.legal.limit.missing", columns=columns, rows=missing)
    silent = part.silent_share()
    if selections.controls and silent:
        yield say("measures.fairness.legal.limit.silent", columns=columns, share=silent)


def _is_shaky(figures: Mapping[str, float]) -> bool:
    """Whether the ratio could rest on one selection, or on chance."""
    return figures.get("selections_to_flip", 2) <= 1 or figures.get("fisher_p_adjusted", 0.0) > _NOTEWORTHY


def _is_clear(figures: Mapping[str, float]) -> bool:
    return figures.get("fisher_p_adjusted", 1.0) <= _NOTEWORTHY and figures.get("standard_deviations", 0.0) < 0
