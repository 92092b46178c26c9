"""One line: how a text from outside stands in a message, so that it cannot break or steer what shows it."""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["shown", "unprintable"]

LONGEST_SHOWN: Final = 500
"""Characters that are shown of one text."""
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
# These turn the order of the letters behind them around: what is read is not what stands there.
_TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def unprintable(sign: str) -> bool:
    """Return whether a sign is no letter for a reader but a command to the program that shows it."""
    return unicodedata.category(sign) in _UNPRINTABLE or sign in _TURNING


def shown(text: str, most: int = LONGEST_SHOWN) -> str:
    """Return `text` on one line: line ends and tabs as spaces, other commands by their number, the rest cut off."""
    # A sign may become six: what is far beyond the end is not even looked at.
    line = text[: most + 1]
    if not line.isprintable():
        line = "".join(_sign(sign) if unprintable(sign) else sign for sign in line)
    return line if len(line) <= most else line[: most - 1] + "…"


def _sign(sign: str) -> str:
    if sign in "\n\r\t":
        return " "
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"\\u{ord(sign):04x}"
