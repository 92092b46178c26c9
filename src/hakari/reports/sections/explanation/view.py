"""View: the whole section on what the model rests on, made of the newest record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hakari.assessment.case import Case
from hakari.evidence import Evidence, Unmeasured
from hakari.messages import say
from hakari.reports.charts.readings import joined
from hakari.reports.figure import Figure
from hakari.reports.sections.explanation.curves import curves_figure
from hakari.reports.sections.explanation.imitation import IMITATION_LIMITS, ImitationView, imitation_view
from hakari.reports.sections.explanation.importance import importance_figure
from hakari.reports.sections.explanation.reading import estimate, known, numeral, value_of
from hakari.reports.sections.explanation.together import TOGETHER_LIMITS, TogetherView, together_view
from hakari.reports.sections.explanation.trials import TrialGroup, trial_groups
from hakari.reports.words import Words

__all__ = ["ExplanationView", "explanation_view"]

MEASURE: Final = "explanation.tabular"
_ALIKE: Final = 1e-9
"""Difference up to which two results are the same: the measure explains nothing beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplanationView:
    """One record of `explanation.tabular`, all text rendered; a part that the record does not know is None or empty."""

    absent: str
    """Why there is no explanation; empty where there is one."""
    figure: Figure | None
    effects: Figure | None
    together: TogetherView | None
    imitation: ImitationView | None
    groups: tuple[TrialGroup, ...]
    limits: tuple[str, ...]
    asked: str
    """How the model was asked, and what it cost."""


def explanation_view(case: Case, words: Words) -> ExplanationView | None:
    """Return what the report shows of the newest explanation in the case, or None where there is none."""
    records = [item for item in case.evidence.values() if item.measure is not None and item.measure.id == MEASURE]
    if not records:
        return None
    record = max(records, key=lambda item: item.collected_at)
    importance = estimate(record, "importance")
    if importance is None:
        return None
    figure = importance_figure(record, words)
    absent = words(importance.value.unmeasured) if figure is None and isinstance(importance.value, Unmeasured) else ""
    shown_above = (TOGETHER_LIMITS, IMITATION_LIMITS)
    limits = dict.fromkeys(words(limit) for limit in record.limits if not limit.key.startswith(shown_above))
    return ExplanationView(
        absent=absent,
        figure=figure,
        effects=curves_figure(record, words),
        together=together_view(record, words),
        imitation=imitation_view(record, words),
        groups=() if absent else trial_groups(record, words),
        limits=tuple(limit for limit in limits if limit != absent),
        asked=_asked(record, words),
    )


def _asked(record: Evidence, words: Words) -> str:
    found = []
    for item in known(record, "model_agreement"):
        found.append(say("reports.explanation.asked.agrees", share=f"{value_of(item):.1%}", rows=item.n))
    for item in known(record, "repeat_difference_max"):
        same = "alike" if value_of(item) <= _ALIKE else "differs"
        more = {} if same == "alike" else {"difference": numeral(float(f"{value_of(item):.2g}"))}
        found.append(say(f"reports.explanation.asked.{same}", rows=item.n, **more))
    for item in known(record, "model_rows"):
        found.append(say("reports.explanation.cost", n=int(value_of(item))))
    return joined(found, words)
