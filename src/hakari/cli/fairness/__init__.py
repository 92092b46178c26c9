"""Fairness on the command line: an audit of one table."""

from __future__ import annotations

from hakari.cli.fairness.audit import audit

__all__ = ["audit"]
