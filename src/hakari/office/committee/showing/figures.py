"""The figure that closed a condition, in words: what was measured, its interval, and the limit that it faces."""

from __future__ import annotations

from typing import Any, Final

from hakari.assessment.model import PlannedCheck
from hakari.assessment.quantity import scale_of
from hakari.assessment.reasons import check_name, limit_words
from hakari.messages import Message, say
from hakari.office.lifecycle.policy import known_packs

__all__ = ["FIGURE_WORDS", "figure_words"]

FIGURE_WORDS: Final = ("aggregation", "basis", "columns", "margin", "metric", "operator", "reference", "threshold")
"""What of a planned check is kept with a figure, so that it can be told when the plan is another one."""


def figure_words(figure: dict[str, Any], requirement: str = "") -> Message:
    """Return which figure met which limit.

    Args:
        figure: As `ConditionClosing` keeps it.
        requirement: `urn@version`, to be named as well; for places that do not show it.
    """
    if figure.get("value") is None or figure.get("high") is None or figure.get("low") is None:
        return say("office.committee.figure.none")
    planned = _planned(figure)
    if planned is None:
        words = {name: figure[name] for name in ("check", "value", "low", "high", "threshold")}
        return say("office.committee.figure.bare", **words)
    # Figures are written with as many digits as keep them apart from their limits.
    scale = scale_of(planned)
    told = {
        "check": check_name(planned),
        "limit": limit_words(planned),
        "range": scale.span(figure["low"], figure["high"]),
        "value": scale.say(figure["value"]),
    }
    title = _title(requirement)
    if title is None:
        return say("office.committee.figure", **told)
    return say("office.committee.figure.titled", requirement=title, **told)


def _title(reference: str) -> Any:
    packs = known_packs().values() if reference else ()
    return next((item.title for pack in packs for item in pack.requirements if item.reference == reference), None)


def _planned(figure: dict[str, Any]) -> PlannedCheck | None:
    if not all(name in figure for name in FIGURE_WORDS):
        return None
    kept = {name: figure[name] for name in FIGURE_WORDS}
    return PlannedCheck(
        **{**kept, "columns": tuple(kept["columns"])},
        id=str(figure["check"]), requirement="", measurement="", measure="", table="", confidence=0.95,
        method="mover", family_met="none", min_rows=0, coverage_min=0.0, severity="major", look=1, set_by={},
        why={}, source={}, alternatives=(), confirmed=True,
    )  # fmt: skip
