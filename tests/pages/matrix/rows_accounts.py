"""Who gets what of the pages by which people sign in."""

from __future__ import annotations

__all__ = ["ACCOUNTS"]

ACCOUNTS = ()
