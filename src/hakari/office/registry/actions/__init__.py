"""Everything that can be done to the register: each function is one act, one transaction and one event."""

from __future__ import annotations

from hakari.office.registry.actions.changes import change_code_name, change_visibility, describe, hand_over, rename
from hakari.office.registry.actions.components import (
    add_component,
    add_component_version,
    add_supplier,
    answer_component,
    change_component,
    change_supplier,
    drop_component,
    take_over,
)
from hakari.office.registry.actions.drafts import create_draft
from hakari.office.registry.actions.states import move_state, retire
from hakari.office.registry.actions.versions import add_version

__all__ = [
    "add_component",
    "add_component_version",
    "add_supplier",
    "add_version",
    "answer_component",
    "change_code_name",
    "change_component",
    "change_supplier",
    "change_visibility",
    "create_draft",
    "describe",
    "drop_component",
    "hand_over",
    "move_state",
    "rename",
    "retire",
    "take_over",
]
