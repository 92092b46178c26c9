"""Together: which features act together, or that the model only adds them up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hakari.evidence import Estimate, Evidence
from hakari.messages import Message, say
from hakari.reports.charts.readings import MISSING_NUMBER, joined
from hakari.reports.sections.explanation.reading import (
    above_zero,
    brief,
    column_places,
    known,
    quantity_word,
    span,
    table_of,
    value_of,
)
from hakari.reports.tables import Table
from hakari.reports.words import Words

__all__ = ["TOGETHER_LIMITS", "TogetherView", "together_view"]

TOGETHER_LIMITS: Final = "measures.explanation.tabular.interactions."
"""How the keys of the limits begin that this part shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherView:
    """What is known of features that act together, all text rendered."""

    sentence: str
    table: Table | None
    """The strongest pairs; None where there are none."""
    notes: tuple[str, ...]


def together_view(record: Evidence, words: Words) -> TogetherView | None:
    """Return the pairs of the record, or why it has none; None for a record that did not look for them."""
    pairs = sorted(known(record, "interaction"), key=lambda item: -value_of(item))
    said = tuple(words(limit) for limit in record.limits if limit.key.startswith(TOGETHER_LIMITS))
    if not pairs:
        return TogetherView(sentence=said[0], table=None, notes=said[1:]) if said else None
    unit = quantity_word(table_of(record, "importance"), words)
    places = column_places(pairs)
    return TogetherView(
        sentence=joined(_sentences(pairs), words),
        table=Table(
            caption=words.say("reports.explanation.together.table", unit=unit),
            headers=tuple(words.say(f"reports.explanation.header.{name}") for name in ("pair", "interaction", "clear")),
            rows=tuple(
                (" × ".join(_pair(item)), span(item, words, places=places), _clear(item, words)) for item in pairs
            ),
            numbers=frozenset({1}),
        ),
        notes=(words.say("reports.explanation.together.how", unit=unit), *said),
    )


def _sentences(pairs: list[Estimate]) -> list[Message]:
    sure = [item for item in pairs if above_zero(item)]
    if not sure:
        return [say("reports.explanation.together.none_sure", n=len(pairs))]
    first = sure[0]
    one, other = _pair(first)
    return [
        say("reports.explanation.together.strongest", first=one, second=other),
        say("reports.explanation.together.sure", sure=len(sure), n=len(pairs)),
    ]


def _clear(item: Estimate, words: Words) -> str:
    return words.say("reports.explanation.together.clear") if above_zero(item) else MISSING_NUMBER


def _pair(item: Estimate) -> tuple[str, str]:
    return brief(item.slice.get("feature", "")), brief(item.slice.get("with", ""))
