"""The terminal: how messages, tables, pictures and progress are laid out for a reader in front of a screen or a log.

Widths are counted in columns of the terminal, so that Japanese text wraps and aligns. Colour only repeats what a word
or a sign already says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.cli.terminal.layout import paragraph, table, width_of
    from hakari.cli.terminal.session import Session
    from hakari.cli.terminal.steps import Steps
    from hakari.cli.terminal.strip import strip

__all__ = ["Session", "Steps", "paragraph", "strip", "table", "width_of"]

__getattr__, __dir__ = exports(
    __name__,
    {
        "layout": ("paragraph", "table", "width_of"),
        "session": ("Session",),
        "steps": ("Steps",),
        "strip": ("strip",),
    },
)
