"""Hakari: an open-source AI ethics office.

use case → requirement → check → measurement → evidence → finding → decision: each link is measured, signed and can be
checked by a stranger. The floors are packages of their own (`hakari.statistics`, `hakari.packs`, …); this module
offers the few names that a script needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.errors import HakariError
    from hakari.inputs import Columns, Inputs, open_data
    from hakari.packs import load_pack
    from hakari.statistics import Rule, Tally, decide, group_rates
    from hakari.workflows import assess_project, open_project, plan_project, verify_bundle

__version__ = "0.1.0"

__all__ = [
    "Columns",
    "HakariError",
    "Inputs",
    "Rule",
    "Tally",
    "__version__",
    "assess_project",
    "decide",
    "group_rates",
    "load_pack",
    "open_data",
    "open_project",
    "plan_project",
    "verify_bundle",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "errors": ("HakariError",),
        "inputs": ("Columns", "Inputs", "open_data"),
        "packs": ("load_pack",),
        "statistics": ("Rule", "Tally", "decide", "group_rates"),
        "workflows": ("assess_project", "open_project", "plan_project", "verify_bundle"),
    },
)
