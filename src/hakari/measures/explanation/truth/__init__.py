"""Truth: whether an explanation says what the model does, measured on the model itself.

A *trial* puts one explanation to one question. Does taking away what it names first change the output most
(`deletion_insertion`)? Do its values foretell what replacing features does (`infidelity_of`)? Does it hold under small
noise (`max_sensitivity`) and other chance (`rank_stability`)? Does it change when the model forgets what it learnt
(`randomisation_similarity`)? Do two methods name the same features (`method_agreement`)? None of them proves an
explanation right; each can show that one is wrong, and `says_first` then puts that before everything else. `Trying`
says how all of them are asked, and `tried` returns the attributions with what they found.

Rows are a random sample and count once each; the intervals are over such samples, for this background.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.explanation.truth.agreement import method_agreement
    from hakari.measures.explanation.truth.deletion import deletion_insertion
    from hakari.measures.explanation.truth.first_sentence import LINES, says_first
    from hakari.measures.explanation.truth.infidelity import infidelity_of
    from hakari.measures.explanation.truth.noise import Noise
    from hakari.measures.explanation.truth.randomisation import randomisation_similarity
    from hakari.measures.explanation.truth.randomised import randomised_model
    from hakari.measures.explanation.truth.ranks import RankStability, rank_stability
    from hakari.measures.explanation.truth.sensitivity import max_sensitivity
    from hakari.measures.explanation.truth.trial import Explain, ExplainModel, Trial
    from hakari.measures.explanation.truth.trying import Trying, tried

__all__ = [
    "LINES",
    "Explain",
    "ExplainModel",
    "Noise",
    "RankStability",
    "Trial",
    "Trying",
    "deletion_insertion",
    "infidelity_of",
    "max_sensitivity",
    "method_agreement",
    "randomisation_similarity",
    "randomised_model",
    "rank_stability",
    "says_first",
    "tried",
]

__getattr__, __dir__ = exports(
    __name__,
    {
        "agreement": ("method_agreement",),
        "deletion": ("deletion_insertion",),
        "first_sentence": ("LINES", "says_first"),
        "infidelity": ("infidelity_of",),
        "noise": ("Noise",),
        "randomisation": ("randomisation_similarity",),
        "randomised": ("randomised_model",),
        "ranks": ("RankStability", "rank_stability"),
        "sensitivity": ("max_sensitivity",),
        "trial": ("Explain", "ExplainModel", "Trial"),
        "trying": ("Trying", "tried"),
    },
)
