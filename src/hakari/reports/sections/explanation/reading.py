"""Reading: estimates and tables of a record, and how their numbers are written."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from hakari.evidence import Estimate, Evidence, Table, Unmeasured
from hakari.messages import say
from hakari.reports.words import Words

__all__ = [
    "above_zero", "brief", "column_places", "decimals", "ends_of", "estimate", "feature_of", "known", "level", "listed",
    "number_in", "numeral", "quantity_word", "rows_of", "span", "table_of", "value_of",
]  # fmt: skip

SHARES: Final = frozenset({"faithful_share", "sign_agreement", "stable_reasons_share", "top_overlap"})
"""Metrics that are written in per cent."""
_QUANTITIES: Final = frozenset({"score", "log_odds", "class"})
_LONGEST: Final = 40
"""Letters of a name that are written in a sentence; some levels are whole sentences themselves."""
_MOST_NAMES: Final = 6
_MOST_DECIMALS: Final = 8
_MOST_PLACES: Final = 6
"""Decimals that can be read at a glance; smaller numbers are written with a power of ten."""


def known(record: Evidence, metric: str) -> list[Estimate]:
    """Return the estimates of a metric that have a value."""
    return [item for item in record.estimates if item.metric == metric and not isinstance(item.value, Unmeasured)]


def estimate(record: Evidence, metric: str) -> Estimate | None:
    """Return the first estimate of a metric, with or without a value."""
    return next((item for item in record.estimates if item.metric == metric), None)


def feature_of(item: Estimate) -> str:
    """Return the feature that an estimate is about."""
    return item.slice.get("feature", "")


def value_of(item: Estimate) -> float:
    """Return the value of an estimate that has one."""
    assert not isinstance(item.value, Unmeasured)
    return item.value


def ends_of(item: Estimate) -> tuple[float, float]:
    """Return the limits; the value itself where there are none."""
    if isinstance(item.interval, Unmeasured):
        return value_of(item), value_of(item)
    return item.interval.low, item.interval.high


def above_zero(item: Estimate) -> bool:
    """Whether the whole interval lies above 0; without an interval nobody knows."""
    return not isinstance(item.interval, Unmeasured) and item.interval.low > 0


def table_of(record: Evidence, name: str) -> Table | None:
    """Return a table of the record; records of older versions lack some."""
    return next((table for table in record.tables if table.name == name), None)


def number_in(cell: Any) -> float | None:
    """Return the number that a cell holds, if it holds one."""
    plain = isinstance(cell, (int, float)) and math.isfinite(cell)
    return float(cell) if plain else None


def rows_of(table: Table) -> list[Mapping[str, Any]]:
    """Return the rows by column name."""
    return [dict(zip(table.columns, row, strict=False)) for row in table.rows]


def quantity_word(table: Table | None, words: Words) -> str:
    """Return what was explained, in words; the table says it, because `auto` is settled by the model."""
    said = "score" if table is None else str(table.details.get("quantity", "score"))
    return words.say(f"measures.explanation.quantity.{said if said in _QUANTITIES else 'score'}")


def span(item: Estimate, words: Words, *, places: int | None = None) -> str:
    """Return value and limits: shares in per cent, others with `places` decimals, else with those of their width."""
    low, high = ends_of(item)
    numbers = (value_of(item), low, high)
    if item.metric in SHARES:
        written = [f"{number:.1%}" for number in numbers]
    else:
        # Two digits of the width: more would be noise, fewer would write 0.997 as 1.
        places = decimals(high - low) if places is None else places
        written = [numeral(number, places) for number in numbers]
    if isinstance(item.interval, Unmeasured) or low == high:
        return written[0]
    value, low_, high_ = (number.replace("-", "−") for number in written)
    return words(say("reports.explanation.span", value=value, low=low_, high=high_))


def decimals(width: float) -> int | None:
    """Return the decimals with which a width has two digits; None for a width of 0."""
    if not 0 < width < math.inf:
        return None
    return min(max(1 - math.floor(math.log10(width)), 0), _MOST_DECIMALS)


def column_places(items: Sequence[Estimate]) -> int | None:
    """Return the decimals that a column of estimates shares: three digits of its largest limit."""
    places = decimals(max((abs(end) for item in items for end in ends_of(item)), default=0.0))
    return None if places is None else places + 1


def numeral(number: float, places: int | None = None, *, sign: bool = False) -> str:
    """Return a number as it is read: whole thousands apart from 10,000 on, so that years stay years."""
    if places is None or places > _MOST_PLACES:
        text = f"{number:.4g}" if not float(number).is_integer() else f"{number:.0f}"
    else:
        text = f"{round(number, places) + 0.0:.{places}f}"
    if 1e4 <= abs(number) < 1e9 and "e" not in text:
        text = f"{float(text):,.{len(text.partition('.')[2])}f}"
    elif abs(number) >= 1e9:
        text = f"{number:.4g}"
    return ("+" if sign and float(text.replace(",", "")) > 0 else "") + text.replace("-", "−")


def level(text: str, words: Words) -> str:
    """Return a level as it is named on the page."""
    if not text:
        return words.say("reports.explanation.effects.missing")
    return brief(text)


def brief(text: str) -> str:
    """Return a name as it stands in a sentence; tables of features have it whole."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"


def listed(names: Sequence[str]) -> list[Any]:
    """Return names for a sentence: six, and how many more there are."""
    shown = [brief(name) for name in names]
    if len(shown) <= _MOST_NAMES:
        return list(shown)
    return [*shown[:_MOST_NAMES], say("reasons.chart.more", n=len(names) - _MOST_NAMES)]
