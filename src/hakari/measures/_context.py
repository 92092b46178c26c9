"""What the run gives to a measure: chance, progress, a place for checkpoints, and whether to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hakari.messages import Message

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Context"]


def _no_progress(done: int, total: int, message: Message) -> None:
    """Say nothing."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every measure by keyword."""

    seed: int = 0
    """Seed of the plan, below 2**53."""
    measure: str = ""
    """Id of the measure that runs; part of every stream's seed."""
    progress: Callable[[int, int, Message], None] = field(default=_no_progress)
    """Called with (done, total, message)."""
    checkpoint_dir: Path | None = None
    """Folder of this measurement for restart files, or None."""
    cancelled: Callable[[], bool] = field(default=_never)
    """True once the person asked to stop."""

    def rng(self, name: str) -> np.random.Generator:
        """Return the PCG64 stream of (seed, measure, name): equal on every machine, independent between names."""
        from hakari.statistics.streams import stream

        return stream(self.seed, self.measure, name)
