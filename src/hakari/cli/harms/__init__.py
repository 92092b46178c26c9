"""`hakari harms`: look at the harm library, and put its four questions to the use case at hand."""

from __future__ import annotations

from hakari.cli.harms import project
from hakari.cli.harms.look import harms

__all__ = ["harms", "project"]
