"""Prepared: a check with its counts read and the levels known at which its verdicts fire."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hakari.standalone.python.numbers.bootstrap import score_rates
from hakari.standalone.python.numbers.contrasts import Reference
from hakari.standalone.python.numbers.counts import GroupRates, Tally, group_rates, read_tally
from hakari.standalone.python.numbers.draws import stream
from hakari.standalone.python.numbers.limits import Limits
from hakari.standalone.python.numbers.verdict import Rule, firing_levels
from hakari.standalone.python.words import Impossible, Message, plain_message, say

__all__ = ["SHARE_OF_SMALL_GROUPS", "Prepared", "prepare", "rule_of"]

# Of the error for `not_met`, this share is set aside for groups below min_rows, when there are such groups.
SHARE_OF_SMALL_GROUPS = 0.1

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Prepared:
    """One check with its counts read."""

    check: Record
    evidence_id: str
    rates: GroupRates | None = None
    limits: Limits | None = None
    rule: Rule | None = None
    in_scope: tuple[int, ...] = ()
    rows: int = 0
    firing: tuple[float, float] = (1.0, 1.0)
    """The p-values of `met` and of `not_met`."""
    blocked: Any = None
    """Why no verdict is possible although there is evidence, as records hold messages."""
    figure: float | None = None
    """The exact figure, for counts."""


def rule_of(check: Record, names: Sequence[str], kept: Sequence[int]) -> Rule:
    """Return the rule of a check over the groups `kept`."""
    reference: Reference = None
    wanted = check.get("reference")
    if wanted is not None and check["aggregation"] in ("difference", "ratio"):
        known = [names[place] for place in kept]
        if wanted != "rest" and wanted not in known:
            raise Impossible(
                say("assessment.reference.out_of_scope", check=check["id"], reference=wanted, groups=known)
            )
        reference = "rest" if wanted == "rest" else known.index(wanted)
    return Rule(
        check["aggregation"], check["operator"], check["threshold"], check["margin"], check["method"], reference
    )


def prepare(check: Record, evidence_id: str, evidence: Record) -> Prepared:
    """Read the counts that a check rests on and find the levels at which its verdicts fire."""
    blank = Prepared(check, evidence_id)
    if check["basis"] == "count":
        return _prepare_count(blank, evidence)
    table = next((item for item in evidence["tables"] if item["name"] == check["table"]), None)
    if table is None or not table["rows"]:
        return replace(blank, blocked=_estimate_reason(check, evidence))
    try:
        tally = read_tally(table)
        if check["basis"] == "smooth":
            return _prepare_smooth(blank, evidence, tally)
        return _prepare_groups(blank, group_rates(tally, check["metric"], check["columns"]))
    except Impossible as error:
        return replace(blank, blocked=_cannot(error.message))


def _cannot(problem: Message) -> Any:
    return plain_message(say("assessment.check.cannot", problem=problem))


def _estimate_reason(check: Record, evidence: Record) -> Any:
    for estimate in evidence["estimates"]:
        if estimate["metric"] == check["metric"] and isinstance(estimate["value"], dict):
            return estimate["value"]["unmeasured"]
    return plain_message(say("assessment.check.no_counts", table=check["table"]))


def _prepare_count(blank: Prepared, evidence: Record) -> Prepared:
    metric, columns = blank.check["metric"], list(blank.check["columns"])
    # Over all groups of a sensitive column a record states a figure for the slice `*`; over everything, for none.
    where = dict.fromkeys(columns, "*")
    found = next((item for item in evidence["estimates"] if item["metric"] == metric and item["slice"] == where), None)
    if found is None:
        absent = say("assessment.check.no_estimate", metric=metric)
        if columns:
            absent = say("assessment.check.no_slice_estimate", metric=metric, columns=columns)
        return replace(blank, blocked=plain_message(absent))
    if isinstance(found["value"], dict):
        return replace(blank, blocked=found["value"]["unmeasured"], rows=found["n"])
    return replace(blank, figure=found["value"], rows=found["n"])


def _prepare_smooth(blank: Prepared, evidence: Record, tally: Tally) -> Prepared:
    check = blank.check
    rates = score_rates(tally, check["metric"], check["columns"], stream(evidence["seed"], "check", check["id"]))
    if check["columns"]:
        return _prepare_groups(blank, rates)
    rows = rates.rows[0]
    prepared = replace(blank, limits=rates.limits, rows=rows, in_scope=(0,), rule=rule_of(check, ("",), (0,)))
    if rows < check["min_rows"]:
        reason = say("assessment.check.few_rows", rows=rows, least=check["min_rows"])
        return replace(prepared, blocked=plain_message(reason))
    if not math.isfinite(rates.limits.values[0]):
        return replace(prepared, blocked=_estimate_reason(check, evidence))
    assert prepared.rule is not None
    return replace(prepared, firing=firing_levels(prepared.rule, rates.limits))


def _prepare_groups(blank: Prepared, rates: GroupRates) -> Prepared:
    check, known = blank.check, rates.known()
    kept = tuple(place for place in known if rates.trials[place] >= check["min_rows"])
    prepared = replace(blank, rates=rates, rows=sum(rates.rows), in_scope=kept)
    least = 2 if check["aggregation"] in ("difference", "ratio") else 1
    try:
        rule = rule_of(check, rates.names, kept)
    except Impossible as error:
        return replace(prepared, blocked=_cannot(error.message))
    if len(kept) < least:
        return _prepare_small(prepared, rates, known, least)
    limits = rates.limits.take(kept)
    met, not_met = firing_levels(rule, limits)
    if len(kept) < len(known):
        small = firing_levels(rule_of(check, rates.names, known), rates.limits.take(known))[1]
        share = SHARE_OF_SMALL_GROUPS
        not_met = min(not_met / (1 - share), small / share, 1.0)
    return replace(prepared, rule=rule, limits=limits, firing=(met, not_met))


def _prepare_small(prepared: Prepared, rates: GroupRates, known: Sequence[int], least: int) -> Prepared:
    """Too few groups are large enough for `met`; the small ones may still show `not_met`, at their share."""
    check = prepared.check
    blocked = replace(prepared, blocked=plain_message(_too_few(check, rates, prepared.in_scope)))
    if len(known) < least or check.get("reference") is not None:
        return blocked
    limits = rates.limits.take(known)
    rule = rule_of(check, rates.names, known)
    p = min(firing_levels(rule, limits)[1] / SHARE_OF_SMALL_GROUPS, 1.0)
    return replace(blocked, rule=rule, limits=limits, firing=(1.0, p))


def _too_few(check: Record, rates: GroupRates, kept: Sequence[int]) -> Message:
    if not check["columns"]:
        return say("assessment.check.few_rows", rows=int(sum(rates.trials)), least=check["min_rows"])
    if len(rates.names) == 1:
        return say("assessment.check.one_group", column=list(check["columns"]), group=rates.names[0])
    return say("assessment.check.few_groups", groups=len(kept), least=check["min_rows"])
