"""`hakari attributes`: where attributes of people are used, and what the record of it lacks."""

from __future__ import annotations

from hakari.cli.attributes import check
from hakari.cli.attributes.show import attributes

__all__ = ["attributes", "check"]
