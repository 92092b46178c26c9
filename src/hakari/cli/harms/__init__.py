"""`hakari harms`: look at the harm library, put its four questions to the use case at hand, and record the answers."""

from __future__ import annotations

from hakari.cli.harms import mapping, project
from hakari.cli.harms.look import harms

__all__ = ["harms", "mapping", "project"]
