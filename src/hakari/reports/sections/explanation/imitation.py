"""Imitation: the rules of a small tree that imitates the model, and how near it comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from hakari.evidence import Estimate, Evidence, Unmeasured
from hakari.messages import Message, say
from hakari.reports.charts.readings import joined
from hakari.reports.sections.explanation.reading import (
    brief,
    decimals,
    ends_of,
    estimate,
    level,
    number_in,
    numeral,
    quantity_word,
    rows_of,
    table_of,
    value_of,
)
from hakari.reports.words import Words

__all__ = ["IMITATION_LIMITS", "ImitationView", "RuleView", "imitation_view"]

IMITATION_LIMITS: Final = "measures.explanation.surrogate.limit."
"""How the keys of the limits begin that this part shows."""
CLOSE: Final = 0.8
"""Share of what sets results apart that a stand-in repeats if it is to be called close. Our choice: nothing fixes it.

Below it with its whole interval, the rules are called a poor likeness; unless wholly above it, not shown to be close.
"""
_OPERATORS: Final[Mapping[str, str]] = {
    "<=": "at_most",
    ">": "above",
    "between": "between",
    "is": "is",
    "is_not": "is_not",
    "missing": "missing",
    "known": "known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """One rule: what must hold, the result, and how many rows it covers."""

    conditions: tuple[str, ...]
    output: str
    share: str
    bar: Markup
    """The share as a small bar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImitationView:
    """The stand-in, all text rendered."""

    sentence: str
    warning: str
    """Empty where the stand-in is close."""
    unit: str
    rules: tuple[RuleView, ...]
    notes: tuple[str, ...]


def imitation_view(record: Evidence, words: Words) -> ImitationView | None:
    """Return the stand-in and its likeness; None for a record that knows neither."""
    fidelity, agreement = estimate(record, "surrogate_fidelity"), estimate(record, "decision_agreement")
    table = table_of(record, "rules")
    if fidelity is None and agreement is None and table is None:
        return None
    rules = () if table is None else tuple(_rules(rows_of(table), words))
    likeness, warning = _likeness(fidelity, agreement), _warning(fidelity)
    said = [words(limit) for limit in record.limits if limit.key.startswith(IMITATION_LIMITS)]
    return ImitationView(
        sentence=joined(likeness, words),
        warning="" if warning is None else words(warning),
        unit=quantity_word(table, words),
        rules=rules,
        notes=(*([words.say("reports.explanation.rules.how")] if rules else []), *said),
    )


def _likeness(fidelity: Estimate | None, agreement: Estimate | None) -> list[Message]:
    found: list[Message] = []
    for key, item in (("repeats", fidelity), ("agrees", agreement)):
        if item is None:
            continue
        if isinstance(item.value, Unmeasured):
            # The same reason stands behind both figures where no tree was grown.
            if item.value.unmeasured not in found:
                found.append(item.value.unmeasured)
            continue
        low, high = ends_of(item)
        sure = "" if isinstance(item.interval, Unmeasured) else "_span"
        found.append(
            say(
                f"reports.explanation.rules.{key}{sure}",
                value=_percent(value_of(item)), low=_percent(low), high=_percent(high), rows=item.n,
            )
            if sure
            else say(f"reports.explanation.rules.{key}", value=_percent(value_of(item)), rows=item.n)
        )  # fmt: skip
    return found


def _warning(fidelity: Estimate | None) -> Message | None:
    if fidelity is None or isinstance(fidelity.value, Unmeasured):
        return None
    low, high = ends_of(fidelity)
    if not isinstance(fidelity.interval, Unmeasured) and low >= CLOSE:
        return None
    key = "poor" if high < CLOSE else "not_shown"
    return say(f"reports.explanation.rules.{key}", close=_percent(CLOSE))


def _rules(rows: list[Mapping[str, Any]], words: Words) -> list[RuleView]:
    leaves = [list(part) for _, part in groupby(rows, key=lambda row: row.get("rule"))]
    known = [
        (conditions, output, share)
        for conditions in leaves
        if (output := number_in(conditions[0].get("output"))) is not None
        and (share := number_in(conditions[0].get("share"))) is not None
    ]
    outputs = [output for _, output, _ in known]
    places = decimals(max(outputs, default=0.0) - min(outputs, default=0.0))
    return [
        RuleView(
            conditions=tuple(_condition(row, words) for row in _joined_bounds(conditions)),
            output=numeral(output, places),
            share=f"{share:.1%}",
            bar=_bar(min(max(share, 0.0), 1.0)),
        )
        for conditions, output, share in known
    ]


def _joined_bounds(rows: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A lower and an upper bound of one feature, made one condition."""
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for place, row in enumerate(rows):
        bound = row.get("operator") in ("<=", ">")
        key = (row.get("feature"), "bound") if bound else (place,)
        if key not in found:
            found[key] = row
            continue
        low, high = sorted((found[key], row), key=lambda each: str(each.get("operator")), reverse=True)
        missing = bool(low.get("or_missing") and high.get("or_missing"))
        found[key] = {**high, "operator": "between", "low": low.get("value"), "or_missing": missing}
    return list(found.values())


def _condition(row: Mapping[str, Any], words: Words) -> str:
    name = _OPERATORS.get(str(row.get("operator", "")))
    if name is None:
        # A tree that did not split has one rule, and it asks nothing.
        return words.say("reports.explanation.rules.always")
    said = say(
        f"reports.explanation.rules.condition.{name}",
        feature=brief(str(row.get("feature", ""))),
        value=_value(row.get("value", ""), words),
        **({"low": _value(row["low"], words)} if "low" in row else {}),
    )
    if row.get("or_missing"):
        said = say("reports.explanation.rules.condition.or_missing", condition=said)
    return words(said)


def _value(cell: Any, words: Words) -> str:
    number = number_in(cell)
    return level(str(cell), words) if number is None else numeral(number)


def _bar(share: float) -> Markup:
    width = max(60 * share, 0.5)
    return Markup(  # noqa: S704  # a number of our own
        '<svg class="share" viewBox="0 0 60 6" aria-hidden="true" focusable="false"><rect class="share-all" width="60" '
        f'height="6" rx="2"/><rect class="share-part" width="{width:.1f}" height="6" rx="1"/></svg>'
    )


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("-", "−")
