"""Capture around a batch predict: every row that was answered is recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from hakari.capture.recorder import Reasons, Recorder
from hakari.errors import InputError
from hakari.messages import say

__all__ = ["wrap"]

Row = Mapping[str, Any]
P = ParamSpec("P")
R = TypeVar("R")


def wrap(
    recorder: Recorder,
    *,
    ids: str | Callable[[Row], str],
    decide: Callable[[Any], str | float | bool] | None = None,
    explain: Callable[[Sequence[Row], Any], Sequence[Reasons | None]] | None = None,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for a function that answers rows; what it answers is returned unchanged.

    The first argument of the function holds the rows: a list of mappings, a mapping of columns, or a frame of pandas or
    polars; they are read after the answer. It answers one value per row: a number is recorded as score, a text or truth
    value as decision; of an array of two dimensions the last column counts. What fails here is counted by the recorder,
    and raised only if it is strict.

    Args:
        recorder: Where to.
        ids: Column of the decision's name, which is no input, or a function of a row.
        decide: From a score to the decision.
        explain: From rows and answers to the reasons of each row.
    """

    def decorate(predict: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(predict)
        def captured(*args: P.args, **kwargs: P.kwargs) -> R:
            answers = predict(*args, **kwargs)
            _record(recorder, args[0] if args else None, answers, ids, decide, explain)
            return answers

        return captured

    return decorate


def _record(
    recorder: Recorder,
    given: Any,
    answers: Any,
    ids: str | Callable[[Row], str],
    decide: Callable[[Any], str | float | bool] | None,
    explain: Callable[[Sequence[Row], Any], Sequence[Reasons | None]] | None,
) -> None:
    try:
        rows, values = _rows(given), [_answer(value) for value in _listed(answers)]
        if len(values) != len(rows):
            raise InputError(say("capture.batch.lengths", rows=len(rows), answers=len(values)))
    except Exception as error:  # noqa: BLE001  # the recorder decides whether it is raised
        return _count(recorder, error, decisions=_size(answers))
    reasons: Sequence[Reasons | None] = [None] * len(rows)
    if explain is not None:
        # Without its reasons a decision is still recorded, and the failure stands in its line.
        with recorder.guarded():
            found = list(explain(rows, answers))
            if len(found) != len(rows):
                raise InputError(say("capture.batch.lengths", rows=len(rows), answers=len(found)))
            reasons = found
    for row, value, why in zip(rows, values, reasons, strict=True):
        _record_row(recorder, row, value, why, ids, decide)


def _count(recorder: Recorder, error: Exception, *, decisions: int) -> None:
    with recorder.guarded(decisions):
        raise error


def _record_row(
    recorder: Recorder,
    row: Row,
    value: Any,
    why: Reasons | None,
    ids: str | Callable[[Row], str],
    decide: Callable[[Any], str | float | bool] | None,
) -> None:
    found = None
    with recorder.guarded():
        named = ids(row) if callable(ids) else _named(row, ids)
        scored = isinstance(value, (int, float)) and not isinstance(value, bool)
        decision = decide(value) if decide is not None else None if scored else value
        inputs = row if callable(ids) else {name: item for name, item in row.items() if name != ids}
        found = named, inputs, value if scored else None, decision
    if found is not None:
        named, inputs, score, decision = found
        recorder.record(named, inputs=inputs, score=score, decision=decision, reasons=why)


def _named(row: Row, column: str) -> Any:
    if row.get(column) is None:
        raise InputError(say("capture.batch.no_id", column=column, columns=list(row)))
    return _item(row[column])


def _rows(given: Any) -> list[Row]:
    """Return rows as mappings, whatever holds them."""
    for method, arguments in (("to_dicts", ()), ("to_dict", ("records",))):
        found = getattr(given, method, None)
        if callable(found):
            return list(found(*arguments))
    if isinstance(given, Mapping):
        columns = {name: _listed(values) for name, values in given.items()}
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    rows = list(given) if isinstance(given, Sequence) and not isinstance(given, (str, bytes)) else []
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise InputError(say("capture.batch.rows", kind=type(given).__name__))
    return rows


def _listed(values: Any) -> list[Any]:
    lists = getattr(values, "tolist", None) or getattr(values, "to_list", None)
    return list(lists()) if callable(lists) else list(values)


def _answer(value: Any) -> Any:
    """Of a row of probabilities, that of the last class."""
    return _item(value[-1] if isinstance(value, (list, tuple)) and value else value)


def _item(value: Any) -> Any:
    found = getattr(value, "item", None)
    return found() if callable(found) else value


def _size(answers: Any) -> int:
    try:
        return max(len(answers), 1)
    except TypeError:
        return 1
