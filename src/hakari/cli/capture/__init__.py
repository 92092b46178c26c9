"""Captured decisions on the command line: check a store, look a decision up, write a head, join with the log."""

from __future__ import annotations

from hakari.cli.capture.store import capture

__all__ = ["capture"]
