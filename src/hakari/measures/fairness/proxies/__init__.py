"""Proxies: how much other columns tell about the group that a person belongs to.

A system that never reads an attribute can still act on it through a column that stands in for it. The scan asks of each
column alone how well it gives away each sensitive column: as a share of uncertainty, as an association, and as what a
stranger would guess from it. It needs no label and no prediction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.proxies.parameters import ProxiesParameters
    from hakari.measures.fairness.proxies.run import measure_proxies

__all__ = ["ProxiesParameters", "measure_proxies"]

__getattr__, __dir__ = exports(__name__, {"parameters": ("ProxiesParameters",), "run": ("measure_proxies",)})
