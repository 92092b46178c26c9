"""Opened: what a reader hands over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hakari.inputs.readers.temporary import TemporaryFolder
from hakari.messages import Message

if TYPE_CHECKING:
    import duckdb

__all__ = ["Opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A table that DuckDB can count, and what was learnt while opening it."""

    relation: duckdb.DuckDBPyRelation
    """The table; nothing of it is in memory."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Facts for the subject, such as the encoding."""
    notices: tuple[Message, ...] = ()
    """What a reader of the evidence should know about how the source was read."""
    folders: tuple[TemporaryFolder, ...] = ()
    """Temporary folders that must live as long as the table; they are deleted when it is no longer used."""
