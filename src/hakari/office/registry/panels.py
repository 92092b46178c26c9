"""What stands on the page of a use case besides what the register knows: each room adds its panels and its actions.

    add_panel(Panel(key="intake.triage", place=20, template="intake/_triage.html", context=of_triage))

The template is included with `use_case`, `title`, and what `context` returns under `panel`; it must have one `<h2>` of
its own if it is a panel, and hold one link or one form if it is an action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hakari.office.people.access import Access
from hakari.office.registry.models import UseCase

__all__ = ["Panel", "add_panel", "panels"]

Where = Literal["main", "side", "action"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A part of the page of a use case."""

    key: str
    """Its name, such as `intake.triage`; a second one of the same name takes the place of the first."""
    place: int
    """Smaller stands earlier."""
    template: str
    context: Callable[[Access, UseCase], Mapping[str, Any]] = lambda access, use_case: {}
    """What the template is given besides `use_case` and `access`."""
    shown: Callable[[Access, UseCase], bool] = lambda access, use_case: True
    """Whether this reader, who sees the use case, sees this part of it."""
    where: Where = "main"
    """In the main column, beside it, or among the buttons at the top."""
    veiled: bool = False
    """Whether it may be shown to a reader who is told the code name only: it must then not say what the case is."""


_PANELS: dict[str, Panel] = {}


def add_panel(panel: Panel) -> None:
    """Add a part; called by a room when it is loaded."""
    _PANELS[panel.key] = panel


def panels(access: Access, use_case: UseCase, *, veiled: bool) -> dict[str, list[dict[str, Any]]]:
    """Return the parts that a reader sees, by where they stand."""
    found: dict[str, list[dict[str, Any]]] = {"main": [], "side": [], "action": []}
    for panel in sorted(_PANELS.values(), key=lambda item: (item.place, item.key)):
        if (panel.veiled or not veiled) and panel.shown(access, use_case):
            found[panel.where].append(
                {"key": panel.key, "template": panel.template, "context": dict(panel.context(access, use_case))}
            )
    return found
