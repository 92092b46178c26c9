"""Picture: from a check and its result to the strip that shows the interval against the limit."""

from __future__ import annotations

from hakari.assessment.model import CheckResult, PlannedCheck
from hakari.assessment.quantity import scale_of
from hakari.cli.terminal.session import Session
from hakari.cli.terminal.strip import ASCII, UNICODE, Strip, strip
from hakari.evidence import Unmeasured

__all__ = ["picture"]

_NATURAL = {
    "percent": (0.0, 100.0),
    "points": (0.0, 100.0),
}


def picture(planned: PlannedCheck, result: CheckResult, session: Session) -> tuple[str, str] | None:
    """Return the two lines of the picture, or None where there is no interval to draw."""
    if (
        isinstance(result.value, Unmeasured)
        or isinstance(result.low, Unmeasured)
        or isinstance(result.high, Unmeasured)
    ):
        return None
    if planned.basis == "count":
        return None
    scale = scale_of(planned, result)
    natural = (0.0, 1.0) if planned.aggregation == "ratio" and planned.reference is None else _NATURAL.get(scale.unit)
    drawn = Strip(
        value=scale.axis(result.value),
        low=scale.axis(result.low),
        high=scale.axis(result.high),
        limit=scale.axis(result.threshold),
        line=scale.axis(result.unacceptable),
        at_most=planned.operator == "<=",
        natural=natural,
    )
    labels = (session.text(scale.bare(result.threshold)), session.text(scale.bare(result.unacceptable)))
    unit = session.say(f"cli.picture.unit.{scale.unit}") if scale.unit in _NATURAL else ""
    return strip(drawn, UNICODE if session.unicode else ASCII, width=session.width - 4, labels=labels, unit=unit)
