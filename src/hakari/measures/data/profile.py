"""`data.profile`: what a table holds, counted; what it shares with the training table; how its groups are filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Estimate
from hakari.measures._contract import Measured
from hakari.measures._estimates import error_of, shortened, unmeasured
from hakari.measures.data._columns import ColumnFacts, columns_table, describe
from hakari.measures.data._counted import FEWEST_OF_A_CLASS
from hakari.measures.data._counts import count
from hakari.measures.data._groups import Groups, count_groups
from hakari.measures.data._training import Training, compare_training
from hakari.messages import Message, say

if TYPE_CHECKING:
    from hakari.inputs import Inputs
    from hakari.measures._context import Context

__all__ = ["ProfileParameters", "measure_profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileParameters:
    """What `data.profile` can be asked."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    columns: tuple[str, ...] | None = None
    """Columns that are looked at one by one; all if left out."""
    near_perfect: float = 0.995
    """From this AUC or balanced accuracy on, a single column counts as giving the label away."""
    identifier_share: float = 0.98
    """From this share of different values on, a column of names or whole numbers counts as an identifier."""
    shift_level: float = 0.01
    """Probability of flagging any column as shifted when both tables are draws from one distribution (Holm)."""
    confidence: float = 0.95
    """Of the simultaneous intervals of the label rates."""


def measure_profile(inputs: Inputs, parameters: ProfileParameters, *, context: Context) -> Measured:
    """Count what a table holds.

    Raises:
        InputError: an unknown column, or a parameter out of its range.
        InterruptedRun: the person asked to stop.
    """
    _check(parameters)
    data = inputs.data
    columns = data.columns if parameters.columns is None else parameters.columns
    data.require(columns)
    total, done = len(columns), iter(range(len(columns)))

    def step() -> None:
        if context.cancelled():
            raise InterruptedRun(say("measures.estimates.stopped", measure=context.measure))
        context.progress(next(done), total, say("measures.data.profile.progress"))

    facts = describe(
        inputs,
        columns,
        near_perfect=parameters.near_perfect,
        identifier_share=parameters.identifier_share,
        step=step,
    )
    groups = count_groups(inputs)
    training = compare_training(inputs, facts, level=parameters.shift_level)
    context.progress(total, total, say("measures.data.profile.progress"))
    estimates = [
        count("rows", data.rows, n=data.rows),
        count("columns", len(data.columns), n=data.rows),
        count("duplicate_share", data.duplicate_rows() / data.rows, n=data.rows),
        *_column_estimates(inputs, facts),
        *_label_estimates(inputs),
        *_training_estimates(training, data.rows),
        _smallest_group(groups, data.rows),
        *groups.estimates(confidence=parameters.confidence, rows=data.rows),
    ]
    shift = () if training is None else (training.table,)
    tables = (columns_table(facts, data.rows), *shift, groups.table(data.rows))
    return Measured(estimates=tuple(estimates), tables=tables, limits=tuple(_limits(facts, training, groups)))


def _check(parameters: ProfileParameters) -> None:
    error_of(parameters.confidence)
    for name, low in (("near_perfect", 0.5), ("identifier_share", 0.0), ("shift_level", 0.0)):
        value = getattr(parameters, name)
        if not low < value <= 1:
            raise InputError(say("measures.data.profile.parameter", parameter=name, value=value, low=low))


def _column_estimates(inputs: Inputs, facts: tuple[ColumnFacts, ...]) -> Iterator[Estimate]:
    rows = inputs.data.rows
    yield count("missing_share_max", max((fact.missing for fact in facts), default=0) / rows, n=rows)
    yield count("constant_columns", _flagged(facts, "constant"), n=rows)
    yield count("identifier_columns", _flagged(facts, "identifier"), n=rows)
    reason = None
    if inputs.columns.label is None:
        reason = say("measures.data.profile.no_label")
    elif all(fact.predicts is None for fact in facts):
        reason = say("measures.data.profile.few_labels", rows=FEWEST_OF_A_CLASS)
    if reason is not None:
        yield unmeasured("leaking_columns", reason, n=rows)
    else:
        yield count("leaking_columns", _flagged(facts, "leaking"), n=rows)


def _flagged(facts: tuple[ColumnFacts, ...], flag: str) -> int:
    return sum(flag in fact.flags for fact in facts)


def _label_estimates(inputs: Inputs) -> Iterator[Estimate]:
    label, rows = inputs.columns.label, inputs.data.rows
    if label is None:
        yield unmeasured("unlabelled_share", say("measures.data.profile.no_label"), n=rows)
    else:
        yield count("unlabelled_share", inputs.data.missing_counts()[label] / rows, n=rows)


def _training_estimates(training: Training | None, rows: int) -> Iterator[Estimate]:
    if training is None:
        reason = say("measures.data.profile.no_training")
        yield unmeasured("overlap_share", reason, n=rows)
        yield unmeasured("shifted_columns", reason, n=rows)
        return
    if training.overlap is None:
        yield unmeasured("overlap_share", say("measures.data.profile.nothing_shared"), n=rows)
    else:
        yield count("overlap_share", training.overlap / rows, n=rows)
    if training.lines:
        yield count("shifted_columns", sum(line.shifted for line in training.lines), n=rows)
    else:
        yield unmeasured("shifted_columns", say("measures.data.profile.nothing_compared"), n=rows)


def _smallest_group(groups: Groups, rows: int) -> Estimate:
    if groups.smallest is None:
        return unmeasured("smallest_group_rows", say("measures.data.profile.no_sensitive"), n=rows)
    return count("smallest_group_rows", groups.smallest, n=rows)


def _limits(facts: tuple[ColumnFacts, ...], training: Training | None, groups: Groups) -> Iterator[Message]:
    yield say("measures.data.profile.limit.count")
    if groups.labelled and groups.rates:
        yield say("measures.data.profile.limit.label_rates")
    leaking = [fact.name for fact in facts if "leaking" in fact.flags]
    if leaking:
        yield say("measures.data.profile.limit.leaking", columns=shortened(leaking))
    unexamined = [fact.name for fact in facts if "not_examined" in fact.flags]
    if unexamined:
        yield say("measures.data.profile.limit.not_examined", columns=shortened(unexamined))
    if training is None:
        return
    yield say("measures.data.profile.limit.overlap", columns=shortened(list(training.columns)))
    yield say("measures.data.profile.limit.shift")
    if training.left_out:
        yield say("measures.data.profile.limit.left_out", columns=shortened(list(training.left_out)))
