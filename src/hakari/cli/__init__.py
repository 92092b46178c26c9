"""The command line: one file for each command, and nothing decided here.

A command reads its options, calls one workflow and prints what came back. What it prints are messages of the catalogue
in the reader's language, or one JSON document under `--json`. A command module is imported only when it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.cli._root import main

__all__ = ["main"]

__getattr__, __dir__ = exports(__name__, {"_root": ("main",)})
