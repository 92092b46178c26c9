"""What a browser calls itself, in words that its owner recognises."""

from __future__ import annotations

from typing import Final

__all__ = ["device"]

# The first that fits counts: nearly every browser also calls itself Safari, and most of them Chrome.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """Return browser and system, such as `Firefox · Windows`; what is neither is shown as it is, cut short."""
    found = [next((name for sign, name in table if sign in user_agent), None) for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(name for name in found if name) or user_agent[:60] or "–"
