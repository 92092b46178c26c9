"""The language of whoever reads this page, and texts in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from hakari.messages import Language, Message, render

__all__ = ["in_readers_words", "reader_language"]


def reader_language() -> Language:
    """Return the language that the middleware chose for this request; English outside of one."""
    return "ja" if (get_language() or "en").startswith("ja") else "en"


def in_readers_words(value: Any) -> str:
    """Return a message, or a text in several languages, in the reader's language."""
    if isinstance(value, Message):
        return render(value, reader_language())
    if isinstance(value, Mapping):
        return str(value.get(reader_language()) or value.get("en") or next(iter(value.values()), ""))
    return "" if value is None else str(value)
