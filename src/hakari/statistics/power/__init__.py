"""Power: what a plan can expect to decide, before any row is collected.

A *chance* is the probability of a verdict if the rates were as stated, with equally many trials in every group; the
*trials needed* are the fewest at which that chance is .8. Both follow the verdict rule itself, at the error that a look
may spend, so that caution, Holm and looks all show in the number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.statistics.power.chance import Chances, verdict_chances
    from hakari.statistics.power.needed import CHANCE, MOST_TRIALS, trials_needed

__all__ = ["CHANCE", "MOST_TRIALS", "Chances", "trials_needed", "verdict_chances"]

__getattr__, __dir__ = exports(
    __name__,
    {"chance": ("Chances", "verdict_chances"), "needed": ("CHANCE", "MOST_TRIALS", "trials_needed")},
)
