"""Cells of tables that other programs open: nothing in them may be taken for a formula."""

from __future__ import annotations

from typing import Final

__all__ = ["defused", "restored"]

_BEGINS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|")  # full width counts in Japanese Excel


def defused(text: str) -> str:
    """Return a text that no spreadsheet computes: one that could begin a formula is led by an apostrophe.

    >>> defused("=1+1"), defused("1+1")
    ("'=1+1", '1+1')
    """
    plain = "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    return f"'{plain}" if plain.lstrip().startswith(_BEGINS) else plain


def restored(text: str) -> str:
    """Return a text that was defused as it was; others stay as they are."""
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(_BEGINS) else text
