"""Reasons in words: from a player of the explanation to a line of the notice, by the glossary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hakari.assessment.notice.glossary import VALUE, Entry, Glossary, is_missing
from hakari.assessment.notice.model import ReasonLine, ReasonSide
from hakari.inputs.values import class_text
from hakari.packs.model import Text

if TYPE_CHECKING:
    from hakari.measures.explanation import Features
    from hakari.measures.explanation._reasons import Reason

__all__ = ["cell", "middles", "reason_line"]

Languages = tuple[str, ...]
_BETWEEN = {"en": ", ", "ja": "、"}
_AFTER_SENTENCE = {"en": " ", "ja": ""}


def cell(features: Features, column: str) -> Any:
    """Return the value of a column in the first row as a plain Python value."""
    value = features.columns[column][0]
    return value.item() if isinstance(value, np.generic) else value


def middles(background: Features) -> dict[str, float]:
    """Return the median of each column of numbers; a column that is all missing has none."""
    found = {}
    for name in background.numeric:
        values = background.columns[name].astype(float)
        present = values[~np.isnan(values)]
        if len(present):
            found[name] = float(np.median(present))
    return found


def reason_line(
    reason: Reason, row: Features, middle: Mapping[str, float], glossary: Glossary, languages: Languages
) -> ReasonLine:
    """Return a reason in the words of the glossary, with how its value stands to the middle of the other cases."""
    entry = glossary.entry(reason.player)
    assert entry is not None  # one without an entry may not be named
    columns = [column for column in entry.columns if column in row.columns] or [reason.player]
    first = glossary.columns[columns[0]]
    value = cell(row, columns[0])
    shown = first.shown(value, languages)
    side, sentence = _told(entry, first, value, middle.get(columns[0]))
    if entry.columns:
        said = _said_levels(columns, row, glossary, languages)
        if said:
            side, sentence = "level", said
        elif not sentence:
            side, shown = "group", _listed(columns, row, glossary, languages)
    filled = {language: words.replace(VALUE, shown.get(language, "")) for language, words in sentence.items()}
    return ReasonLine(
        player=reason.player,
        code=entry.code,
        name=_in(entry.name, languages),
        value=shown,
        side=side,
        sentence=_in(filled, languages),
        correct=_in(entry.correct or first.correct, languages),
        share=reason.share,
        kept=reason.kept,
    )


def _told(entry: Entry, first: Entry, value: Any, middle: float | None) -> tuple[ReasonSide, Text]:
    if is_missing(value):
        return "missing", entry.missing
    said = entry.says.get(class_text(value))
    if said is not None:
        return "level", said
    if first.levels or middle is None or not isinstance(value, (int, float)) or value == middle:
        return "plain", {}
    return ("high", entry.high) if value > middle else ("low", entry.low)


def _said_levels(columns: list[str], row: Features, glossary: Glossary, languages: Languages) -> Text:
    """What the columns of a group say by themselves, such as the one of several yes-or-no columns that is yes."""
    said = [glossary.columns[column].says.get(class_text(cell(row, column))) for column in columns]
    found = [text for text in said if text]
    return (
        {language: _AFTER_SENTENCE[language].join(text[language] for text in found) for language in languages}
        if (found)
        else {}
    )


def _listed(columns: list[str], row: Features, glossary: Glossary, languages: Languages) -> Text:
    parts = []
    for column in columns:
        entry = glossary.columns[column]
        shown = entry.shown(cell(row, column), languages)
        if shown:
            parts.append({language: f"{entry.name[language]} {shown[language]}" for language in languages})
    return (
        {language: _BETWEEN[language].join(part[language] for part in parts) for language in languages} if parts else {}
    )


def _in(text: Text, languages: Languages) -> Text:
    return {language: text[language] for language in languages if language in text}
