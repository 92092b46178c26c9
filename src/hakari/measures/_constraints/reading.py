"""Reading: a constraint file from the mapping that YAML or JSON gave; scalars may be texts or typed already."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NoReturn, cast

from hakari.errors import InputError
from hakari.measures._constraints.expressions import Expression
from hakari.measures._constraints.rules import ColumnRule, ConstraintFile, CostRule, MostChange, OneHot, Per, Within
from hakari.messages import Message, say

__all__ = ["read_constraints"]

_TOP = ("columns", "derived", "one_hot", "ordered", "others")
_COLUMN = ("action", "cost", "immutable", "integer", "levels", "monotone", "most_change", "range", "step")
_AMOUNT = ("amount", "per")
_GROUP = ("columns", "cost", "none")
_MOST_COLUMNS = 10_000


def read_constraints(content: Any, *, source: str = "constraints") -> ConstraintFile:
    """Return what a constraint file says; `source` is how messages call it.

    Raises:
        InputError: an unknown key, a value of the wrong kind, or rules that exclude each other; names the place.
    """
    top = _mapping(content, source, _TOP)
    columns = {
        name: _column(rule, f"{source}.columns.{name}")
        for name, rule in _named(top.get("columns") or {}, f"{source}.columns").items()
    }
    derived = {
        name: Expression.parse(str(text), place=f"{source}.derived.{name}")
        for name, text in _named(top.get("derived") or {}, f"{source}.derived").items()
    }
    groups = {
        name: _group(group, f"{source}.one_hot.{name}")
        for name, group in _named(top.get("one_hot") or {}, f"{source}.one_hot").items()
    }
    others: Literal["immutable", "free"] = "immutable"
    if "others" in top:
        others = cast('Literal["immutable", "free"]', _word(top["others"], f"{source}.others", ("immutable", "free")))
    pairs = _list(top.get("ordered") or [], f"{source}.ordered")
    ordered = tuple(_pair(pair, f"{source}.ordered.{place}") for place, pair in enumerate(pairs))
    found = ConstraintFile(
        columns=columns, others=others, one_hot=groups, derived=derived, ordered=ordered, source=source
    )
    _check_together(found)
    return found


def _column(content: Any, place: str) -> ColumnRule:
    rule = _mapping(content or {}, place, _COLUMN)
    low, high = _range(rule["range"], f"{place}.range") if "range" in rule else (None, None)
    step = _number(rule["step"], f"{place}.step") if "step" in rule else None
    if step is not None and step <= 0:
        _refuse(f"{place}.step", step, say("measures.constraints.expected.above_zero"))
    levels = tuple(_level(each, f"{place}.levels") for each in _list(rule.get("levels", []), f"{place}.levels"))
    if "levels" in rule and not levels:
        _refuse(f"{place}.levels", "[]", say("measures.constraints.expected.list"))
    direction = _word(rule["monotone"], f"{place}.monotone", ("up", "down")) if "monotone" in rule else None
    found = ColumnRule(
        immutable=_truth(rule.get("immutable", False), f"{place}.immutable"),
        action=_truth(rule.get("action", True), f"{place}.action"),
        monotone=cast('Literal["up", "down"] | None', direction),
        low=low,
        high=high,
        step=step,
        integer=_truth(rule.get("integer", False), f"{place}.integer"),
        levels=levels,
        most_change=None if "most_change" not in rule else _most_change(rule, step, f"{place}.most_change"),
        cost=_cost(rule["cost"], f"{place}.cost") if "cost" in rule else None,
    )
    if found.cost is not None and found.cost.per == "step" and step is None:
        _refuse(f"{place}.cost.per", "step", say("measures.constraints.expected.with_step"))
    if found.most_change is not None and found.most_change.per == "level" and not levels:
        _refuse(f"{place}.most_change.per", "level", say("measures.constraints.expected.with_levels"))
    if levels and (low is not None or high is not None or step is not None):
        raise InputError(say("measures.constraints.levels_and_range", place=place))
    return found


def _cost(content: Any, place: str) -> CostRule:
    if not isinstance(content, Mapping):
        return CostRule(amount=_amount(content, place))
    rule = _mapping(content, place, _AMOUNT)
    per = _word(rule.get("per", "spread"), f"{place}.per", ("spread", "unit", "step", "change"))
    return CostRule(amount=_amount(rule.get("amount", 1), f"{place}.amount"), per=cast(Per, per))


def _most_change(column: Mapping[str, Any], step: float | None, place: str) -> MostChange:
    """A number is in the column's own unit; steps are turned into it, so that the limit outlives another step."""
    content = column["most_change"]
    rule = _mapping(content if isinstance(content, Mapping) else {"amount": content}, place, _AMOUNT)
    if "amount" not in rule:
        _refuse(place, dict(rule), say("measures.constraints.expected.with_amount"))
    amount = _number(rule["amount"], place)
    if amount <= 0:
        _refuse(place, amount, say("measures.constraints.expected.above_zero"))
    per = _word(rule.get("per", "unit"), f"{place}.per", ("unit", "value", "spread", "step", "level"))
    if per != "step":
        return MostChange(amount=amount, per=cast(Within, per))
    if step is None:
        _refuse(f"{place}.per", "step", say("measures.constraints.expected.with_step"))
    return MostChange(amount=amount * step)


def _group(content: Any, place: str) -> OneHot:
    rule = _mapping({"columns": content} if isinstance(content, list | tuple) else content, place, _GROUP)
    members = tuple(str(name) for name in _list(rule.get("columns"), f"{place}.columns"))
    if len(members) < 2 or len(set(members)) < len(members):
        _refuse(f"{place}.columns", ", ".join(members), say("measures.constraints.expected.two_columns"))
    return OneHot(
        columns=members,
        none=_truth(rule.get("none", False), f"{place}.none"),
        cost=_amount(rule.get("cost", 1), f"{place}.cost"),
    )


def _check_together(found: ConstraintFile) -> None:
    """Refuse a column that two rules would set, and columns that follow from themselves."""
    members: dict[str, str] = {}
    for name, group in found.one_hot.items():
        for column in group.columns:
            if column in members or column in found.derived:
                raise InputError(say("measures.constraints.twice", column=column, source=found.source))
            members[column] = name
    left = dict(found.derived)
    while left:
        ready = [name for name, expression in left.items() if not expression.columns & set(left)]
        if not ready:
            raise InputError(say("measures.constraints.circle", columns=sorted(left), source=found.source))
        for name in ready:
            del left[name]


def _refuse(place: str, value: object, expected: Message) -> NoReturn:
    raise InputError(say("measures.constraints.wrong", place=place, value=str(value)[:60], expected=expected))


def _mapping(content: Any, place: str, known: Sequence[str]) -> Mapping[str, Any]:
    found = _named(content, place)
    for key in found:
        if key not in known:
            raise InputError(say("measures.constraints.key", place=place, key=key, known=list(known)))
    return found


def _named(content: Any, place: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        _refuse(place, content, say("measures.constraints.expected.mapping"))
    if len(content) > _MOST_COLUMNS:
        _refuse(place, len(content), say("measures.constraints.expected.fewer", limit=_MOST_COLUMNS))
    return {str(key): value for key, value in content.items()}


def _list(content: Any, place: str) -> Sequence[Any]:
    if not isinstance(content, list | tuple):
        _refuse(place, content, say("measures.constraints.expected.list"))
    return content


def _number(content: Any, place: str) -> float:
    try:
        number = math.nan if isinstance(content, bool) else float(content)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        _refuse(place, content, say("measures.constraints.expected.number"))
    return number


def _amount(content: Any, place: str) -> float:
    number = _number(content, place)
    if number < 0:
        _refuse(place, content, say("measures.constraints.expected.amount"))
    return number


def _truth(content: Any, place: str) -> bool:
    if isinstance(content, bool):
        return content
    if str(content).casefold() not in ("true", "false"):
        _refuse(place, content, say("measures.constraints.expected.truth"))
    return str(content).casefold() == "true"


def _word(content: Any, place: str, known: Sequence[str]) -> str:
    if content not in known:
        _refuse(place, content, say("measures.constraints.expected.word", known=list(known)))
    return str(content)


def _level(content: Any, place: str) -> str | float:
    if isinstance(content, bool) or content is None or isinstance(content, list | Mapping):
        _refuse(place, content, say("measures.constraints.expected.level"))
    return content if isinstance(content, str) else float(content)


def _range(content: Any, place: str) -> tuple[float | None, float | None]:
    ends = _list(content, place)
    if len(ends) != 2:
        _refuse(place, list(ends), say("measures.constraints.expected.range"))
    low, high = (None if end in (None, "", "null", "~") else _number(end, place) for end in ends)
    if low is not None and high is not None and low > high:
        _refuse(place, f"{low:g} … {high:g}", say("measures.constraints.expected.range"))
    return low, high


def _pair(content: Any, place: str) -> tuple[str, str]:
    pair = _list(content, place)
    if len(pair) != 2 or pair[0] == pair[1]:
        _refuse(place, list(pair), say("measures.constraints.expected.pair"))
    return str(pair[0]), str(pair[1])
