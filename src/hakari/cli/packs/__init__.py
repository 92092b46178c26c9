"""`hakari pack`: look at policy packs, compare them, see several at once, and write them."""

from __future__ import annotations

from hakari.cli.packs import author, overview
from hakari.cli.packs.look import find_pack, pack

__all__ = ["author", "find_pack", "overview", "pack"]
