"""What later rooms know about an assessment: what keeps its gate shut, its change envelope, and what follows a change.

The committee knows decisions and conditions; this room asks through here and does not know it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hakari.assessment.decision import ChangeEnvelope
from hakari.assessment.model import Assessment
from hakari.messages import Message

if TYPE_CHECKING:
    from hakari.office.lifecycle.models import StageAssessment

__all__ = ["HOOKS", "Hooks"]


@dataclass
class Hooks:
    """Functions that later rooms add when they are loaded."""

    blockers: list[Callable[[StageAssessment], list[Message]]] = field(default_factory=list)
    """What keeps a stage from closing, besides its findings."""
    envelopes: list[Callable[[StageAssessment], ChangeEnvelope | None]] = field(default_factory=list)
    """The change envelope of the decision on an assessment."""
    projected: list[Callable[[StageAssessment, Assessment], None]] = field(default_factory=list)
    """Told the new findings, inside the transaction in which they became so."""
    outdated: list[Callable[[StageAssessment, Any], list[Message]]] = field(default_factory=list)
    """Why a decided or closed assessment does not stand on a day."""


HOOKS = Hooks()
