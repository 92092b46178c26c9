"""Section: what one part of the page holds, with all text rendered."""

from __future__ import annotations

from dataclasses import dataclass

from hakari.reports.figure import Figure
from hakari.reports.tables import Table

__all__ = ["Folded", "Section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """What a reader may open: tables, and lines that say what is not in them."""

    title: str
    tables: tuple[Table, ...] = ()
    heading: str = ""
    """Over the lines."""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section under a heading of its own."""

    id: str
    title: str
    lead: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """Label and value, in small print under the heading."""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    """Tables that stand open."""
    folded: tuple[Folded, ...] = ()
