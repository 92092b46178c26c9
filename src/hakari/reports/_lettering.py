"""Lettering: how much room words take on a chart, from the letters alone, because fonts differ between machines."""

from __future__ import annotations

from typing import Final
from unicodedata import combining, east_asian_width

__all__ = ["breadth", "shortened"]

_NARROW: Final = frozenset(" !'(),-.:;I[]fijlrt|")
_BROAD: Final = frozenset("%@MWmw—…")


def breadth(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how many pixels `text` takes in a sans-serif of `size` pixels; rather too many than too few."""
    return sum(_em(letter) for letter in text) * size * (1.08 if bold else 1.0)


def shortened(text: str, size: float, room: float) -> str:
    """Return `text`, cut so that it ends in “…” where it would take more than `room` pixels."""
    if breadth(text, size) <= room:
        return text
    left, kept = room - breadth("…", size), ""
    for letter in text:
        left -= breadth(letter, size)
        if left < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def _em(letter: str) -> float:
    if combining(letter):
        return 0.0
    if letter in _NARROW:
        return 0.36
    if letter in _BROAD:
        return 0.9
    if letter.isascii():
        return 0.68 if letter.isupper() else 0.58
    return 1.0 if east_asian_width(letter) in "WF" else 0.68
