"""Legal tests: the figures of selection that courts and agencies look at, kept apart from verdicts and from causes.

A *selection* is the good side of a decision about a person. Each group is compared with all others, or with a named
reference group, overall and within *strata* of people who are alike in something else. What comes out are figures of
rules of thumb and of tests. Whether anything is lawful is not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hakari._lazy import exports

if TYPE_CHECKING:
    from hakari.measures.fairness.legal.parameters import LegalParameters
    from hakari.measures.fairness.legal.run import measure_legal

__all__ = ["LegalParameters", "measure_legal"]

__getattr__, __dir__ = exports(__name__, {"parameters": ("LegalParameters",), "run": ("measure_legal",)})
