"""Derivation: by which measure a figure was made, and so how it follows from the record's cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from hakari.assessment.figures.legal import legal_figure
from hakari.assessment.figures.versions import versions_figure
from hakari.assessment.model import Plan, PlannedCheck
from hakari.errors import EvidenceError, HakariError
from hakari.evidence import Evidence, Table
from hakari.messages import say

__all__ = ["derive_figure"]

_Derive = Callable[[str, tuple[str, ...], Mapping[str, Any], Sequence[Table]], float | None]

_BY_MEASURE: Final[Mapping[str, _Derive]] = {"fairness.legal": legal_figure, "fairness.versions": versions_figure}


def derive_figure(check: PlannedCheck, plan: Plan, evidence: Evidence) -> float | None:
    """Return the figure of a check from the cells of its record, or None where it can only be read.

    The parameters are those of the plan, because the record's own could be bent to fit.

    Raises:
        HakariError: the figure should follow from cells, but they are not there or give none.
    """
    planned = next((item for item in plan.measurements if item.id == check.measurement), None)
    if planned is None or check.basis != "count" or planned.measure not in _BY_MEASURE:
        return None
    parameters = dict(planned.parameters)
    if parameters.get("columns") is None:
        declared = plan.use.get("columns")
        parameters["columns"] = declared.get("sensitive") if isinstance(declared, Mapping) else None
    try:
        return _BY_MEASURE[planned.measure](check.metric, check.columns, parameters, evidence.tables)
    except HakariError:
        raise
    except (LookupError, TypeError, ValueError, ArithmeticError) as error:
        raise EvidenceError(say("text", text=f"{type(error).__name__}: {error}")) from error
