"""Comparison: whether the newer version is not worse for any group, and in which groups it does harm."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hakari.errors import InputError
from hakari.messages import say
from hakari.statistics.paired.change import Change
from hakari.statistics.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the rows say of one rate in the groups that are compared."""

    verdict: Verdict
    """met: not worse by the margin in any group; not_met: worse in some group; inconclusive."""
    reason: str
    """Short key: "", within_margin, no_groups, coverage, too_few_clusters."""
    worst: int | None
    """Index of the group whose change may be worst, the one that decides `met`; None without groups."""
    value: float
    """The worst plain change over the groups, in its own sign; nan without groups."""
    bound: float
    """No group's change is worse than this: the worst of the groups' limits at `error`, in the change's own sign."""
    other: float
    """Some group's change is at least as bad as this: the worst limit of the other side at `error` / G."""
    harmed: tuple[int, ...]
    """The groups shown to be worse, as given."""


def compare(
    change: Change, harmed: tuple[int, ...], *, margin: float, worse: int, error: float, covered: bool = True
) -> Comparison:
    """Join non-inferiority and harm into one verdict.

    Not worse in any group is an intersection–union test (Berger 1982): every group's own limit at `error` must lie
    within the margin, without any correction. `harmed` are the groups shown to be worse at levels that hold together
    (see `harm_levels`). Both may be true of a small loss: then `met`, within_margin.

    Args:
        change: limits of the groups that are compared.
        harmed: which groups are harmed, in any numbering: small groups that are not compared may be among them.
        margin: a change for the worse of less than this is accepted, above 0.
        worse: −1 where a fall is worse, 1 where a rise is.
        error: one-sided error of `met`.
        covered: whether the groups compared hold enough of the rows for `met`.
    """
    if not (0 < margin < 1 and math.isfinite(margin)):
        raise InputError(say("statistics.paired.margin", margin=f"{margin:g}"))
    groups = len(change.values)
    if not groups:
        return Comparison(
            verdict="not_met" if harmed else "inconclusive", reason="" if harmed else "no_groups", worst=None,
            value=math.nan, bound=worse * 1.0, other=-worse * 1.0, harmed=harmed,
        )  # fmt: skip
    near = change.lower(error) if worse < 0 else -change.upper(error)
    far = change.upper(error / groups) if worse < 0 else -change.lower(error / groups)
    values = change.values if worse < 0 else -change.values
    worst = int(np.argmin(near))
    within = bool(near.min() > -margin)
    passes = within and covered
    verdict: Verdict = "met" if passes else "not_met" if harmed else "inconclusive"
    reason = "within_margin" if passes and harmed else "coverage" if within and verdict == "inconclusive" else ""
    if change.too_few_clusters:
        verdict, reason = "inconclusive", "too_few_clusters"
    sign = 1.0 if worse < 0 else -1.0
    return Comparison(
        verdict=verdict,
        reason=reason,
        worst=worst,
        value=sign * float(values.min()),
        bound=sign * float(near.min()),
        other=sign * float(far.min()),
        harmed=harmed,
    )
