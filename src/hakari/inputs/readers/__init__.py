"""Readers: each turns one kind of source into a table that DuckDB counts without loading it."""

from __future__ import annotations

__all__: list[str] = []
