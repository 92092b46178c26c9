"""Fairness: how differently a system treats groups of people, measured with its uncertainty.

A *group* is the rows that share the levels of one or more sensitive columns; a missing level is a group of its own.
The room says how large a difference is and how sure that is. It does not say what caused it, whether it is lawful, or
which definition of fairness is the right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.groups import GroupsParameters, measure_groups

__all__ = ["GroupsParameters", "measure_groups"]

__getattr__, __dir__ = exports(__name__, {"groups": ("GroupsParameters", "measure_groups")})
