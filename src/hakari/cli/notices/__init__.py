"""Notices on the command line: what one person is told about one decision."""

from __future__ import annotations

from hakari.cli.notices.letter import notice

__all__ = ["notice"]
