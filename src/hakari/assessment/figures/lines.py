"""Lines: every verdict of the basis *count*, with where its figure comes from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hakari.assessment.figures.derivation import derive_figure
from hakari.assessment.model import Assessment, Plan
from hakari.errors import HakariError
from hakari.evidence import Evidence, Unmeasured

__all__ = ["FigureLine", "figure_lines"]

ROUNDING = 1e-9
"""Relative difference that counts as rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One verdict that compares a figure of a record with a line."""

    requirement: str
    """`urn@version`."""
    check: str
    metric: str
    status: str
    figure: float
    """As it stands in the record."""
    evidence: str
    origin: Literal["derived", "differs", "absent", "read"]
    """derived: the cells give it; differs: they give another; absent: they should and do not; read: nobody looked."""
    derived: float | None = None
    """What the cells give."""


def figure_lines(assessment: Assessment, plan: Plan, evidence: Mapping[str, Evidence]) -> tuple[FigureLine, ...]:
    """Return a line for each verdict of an assessment that rests on a figure of a record."""
    return tuple(_lines(assessment, plan, evidence))


def _lines(assessment: Assessment, plan: Plan, evidence: Mapping[str, Evidence]) -> Iterator[FigureLine]:
    planned = {check.id: check for check in plan.checks if check.basis == "count"}
    for finding in assessment.findings:
        for result in finding.checks:
            check, record = planned.get(result.check), evidence.get(result.evidence or "")
            if check is None or record is None or isinstance(result.value, Unmeasured):
                continue
            figure = float(result.value)
            try:
                derived = derive_figure(check, plan, record)
            except HakariError:
                origin: Literal["derived", "differs", "absent", "read"] = "absent"
                derived = None
            else:
                same = derived is not None and math.isclose(figure, derived, rel_tol=ROUNDING, abs_tol=1e-12)
                origin = "read" if derived is None else "derived" if same else "differs"
            yield FigureLine(
                requirement=finding.requirement, check=check.id, metric=check.metric, status=result.status,
                figure=figure, evidence=result.evidence or "", origin=origin, derived=derived,
            )  # fmt: skip
