"""What the model rests on, as the report shows it: one record of `explanation.tabular`, part by part.

*Importance* says how far features weigh, *curves* how the result moves along each, *together* which of them act
together, *imitation* which simple rules come near the model and how near, *trials* whether the account is true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.reports.sections.explanation.imitation import ImitationView, RuleView
    from hakari.reports.sections.explanation.together import TogetherView
    from hakari.reports.sections.explanation.trials import TrialGroup, TrialView
    from hakari.reports.sections.explanation.view import ExplanationView, explanation_view

__all__ = [
    "ExplanationView",
    "ImitationView",
    "RuleView",
    "TogetherView",
    "TrialGroup",
    "TrialView",
    "explanation_view",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "imitation": ("ImitationView", "RuleView"),
        "together": ("TogetherView",),
        "trials": ("TrialGroup", "TrialView"),
        "view": ("ExplanationView", "explanation_view"),
    },
)
