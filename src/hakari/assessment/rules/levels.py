"""At which error each limit is computed: confidence, looks, candidates and Holm over the planned family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hakari.assessment.model import Plan, PlannedCheck
from hakari.statistics import FiringLevels, holm_levels, look_error

__all__ = ["Levels", "budget", "family_levels"]


@dataclass(frozen=True, slots=True)
class Levels:
    """The two one-sided errors of one check."""

    met: float
    """Error of the limit that faces b."""
    not_met: float
    """Error of the limit that faces a."""


def budget(check: PlannedCheck, *, look: int | None = None) -> float:
    """Return α_s,k: half of 1 - confidence, spent over looks, divided by candidates (verdicts.md, Looks and reuse)."""
    half = (1.0 - check.confidence) / 2.0
    return look_error(half, check.look if look is None else look) / check.candidates


def family_levels(plan: Plan, firing: Mapping[str, FiringLevels]) -> dict[str, Levels]:
    """Return the errors for every check of the family.

    `not_met` verdicts are held by Holm over all planned checks; one that could not be measured keeps its place with
    p = 1, so that the correction never shrinks because something failed. `met` verdicts of an assessment that needs
    all its checks form an intersection–union and need no correction, unless the pack asks for `family_met: holm`.
    """
    members = [check for check in plan.checks if check.basis != "count"]
    budgets = [budget(check) for check in members]
    not_met = holm_levels([_p(firing, check, "p_not_met") for check in members], budgets)
    held = [index for index, check in enumerate(members) if check.family_met == "holm"]
    met = list(budgets)
    if held:
        # The family of quoted `met` lines is the planned one too: its size does not depend on who asks for it.
        corrected = holm_levels([_p(firing, check, "p_met") for check in members], budgets)
        for index in held:
            met[index] = corrected[index]
    return {check.id: Levels(met[index], not_met[index]) for index, check in enumerate(members)}


def _p(firing: Mapping[str, FiringLevels], check: PlannedCheck, side: str) -> float:
    found = firing.get(check.id)
    return 1.0 if found is None else float(getattr(found, side))
