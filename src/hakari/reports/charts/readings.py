"""Readings: numbers of groups as charts take them, and what can be said of their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import bidirectional

from hakari.assessment.quantity import Scale
from hakari.messages import Message, say
from hakari.reports.words import Words

__all__ = ["MISSING_NUMBER", "Reading", "drawn_groups", "group_title", "joined", "order_sentences", "signed", "written"]

MISSING_NUMBER: Final = "–"
_MOST_NAMES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number of one group, as a share or in its own unit."""

    value: float | None
    """None where nothing was measured; the table then has a dash."""
    low: float | None = None
    high: float | None = None
    n: int = 0
    """Rows in the number's own denominator."""
    assessed: bool = True
    """False for groups with too few rows to be compared."""

    @property
    def span(self) -> tuple[float, float]:
        """Where the value may lie; the value itself where there is no interval."""
        assert self.value is not None
        return (self.value if self.low is None else self.low, self.value if self.high is None else self.high)


def written(reading: Reading | None, scale: Scale) -> tuple[str, str, str]:
    """Return value, low and high as text."""
    if reading is None or reading.value is None:
        return (MISSING_NUMBER,) * 3
    numbers = (reading.value, reading.low, reading.high)
    value, low, high = (MISSING_NUMBER if number is None else signed(scale, number) for number in numbers)
    return value, low, high


def signed(scale: Scale, number: float) -> str:
    """Return a number with a true minus sign; numbers read alike in every language."""
    return str(scale.bare(number)).replace("-", "−")


def group_title(levels: Sequence[str]) -> str:
    """Return the levels of a group as one name; each keeps its own direction where one of them runs to the left."""
    if any(bidirectional(letter) in ("R", "AL") for level in levels for letter in level):
        levels = [f"\u2068{level}\u2069" for level in levels]
    return " × ".join(levels)


def joined(sentences: Sequence[Message], words: Words) -> str:
    """Return sentences one after the other, with a space between them where the language has one."""
    return (" " if words.language == "en" else "").join(words(each) for each in sentences)


def drawn_groups(rows: Mapping[str, int], most: int) -> list[str]:
    """Return the groups that a chart draws, at most `most`: those with most rows, in the order they came in."""
    largest = set(sorted(rows, key=lambda name: -rows[name])[:most])
    return [name for name in rows if name in largest]


def order_sentences(readings: Mapping[str, Reading], scale: Scale) -> list[Message]:
    """Say which groups are highest and lowest, naming every group that the intervals do not exclude from being it."""
    known = [
        (name, each.value, *each.span)
        for name, each in readings.items()
        if each.assessed and each.value is not None and each.low is not None
    ]
    groups = sorted(known, key=lambda group: (-group[1], group[0]))
    if not groups:
        return [say("reasons.chart.none_in_scope")]
    first, last = (
        say("reasons.chart.group_value", group=group[0], value=scale.say(group[1])) for group in (groups[0], groups[-1])
    )
    if len(groups) == 1:
        return [say("reasons.chart.one", group=groups[0][0], value=scale.say(groups[0][1]))]
    floor, ceiling = max(group[2] for group in groups), min(group[3] for group in groups)
    may_high = [group[0] for group in groups if group[3] >= floor]
    may_low = [group[0] for group in reversed(groups) if group[2] <= ceiling]
    if len(may_high) == len(groups) == len(may_low):
        return [say("reasons.chart.overlap", highest=first, lowest=last, n=len(groups))]
    return [_end("highest", first, may_high, groups[0][0]), _end("lowest", last, may_low, groups[-1][0])]


def _end(end: str, shown: Message, may: Sequence[str], itself: str) -> Message:
    others: list[str | Message] = [name for name in may if name != itself]
    if not others:
        return say(f"reasons.chart.{end}.sure", group=shown)
    if len(others) > _MOST_NAMES:
        others = [*others[:_MOST_NAMES], say("reasons.chart.more", n=len(others) - _MOST_NAMES)]
    return say(f"reasons.chart.{end}.open", group=shown, others=others)
