"""Embedded: the texts and the shapes of records, filled in when the parts are joined into one file."""

from __future__ import annotations

from typing import Any

__all__ = ["MADE_BY", "SHAPES", "TEXTS"]

MADE_BY = ""
"""Release that the file was made from."""
TEXTS: dict[str, dict[str, str]] = {}
"""Message key → language → template."""
SHAPES: dict[str, Any] = {}
"""Record (evidence, plan, assessment, exception, decision) → its JSON schema, without descriptions."""
